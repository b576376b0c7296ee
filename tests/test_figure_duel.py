"""The figure of lesson 08: honest numbers, sentences for broken functions, a drawing at every corner."""

import numpy as np
import pytest

from helpers import figures, kernels
from helpers.figures import duel_figure, interactive
from helpers.figures.duel_numbers import DISTANCES, SPREAD, chase, noisy_divergence, verdict
from helpers.figures.guarded import Unusable

OURS = (
    kernels.xy_game, kernels.optimal_discriminator, kernels.discriminator_loss, kernels.generator_logit_gradient,
    kernels.js_with_noise,
)  # fmt: skip
START = {name: control.value for name, control in duel_figure.CONTROLS.items()}


def judged(**values):
    return verdict(*OURS[1:4], **{"distance": 2.0, "noise": 1.0, "steps": 50, **values})


@pytest.fixture
def rendered(monkeypatch):
    """Draw the figure with the given functions at the given settings."""

    def render(functions=OURS, **values):
        kept = []
        monkeypatch.setattr(duel_figure, "show", lambda draw, controls, *, alt: kept.append((draw, alt)))
        figures.duel(*functions)
        return interactive.rendered(*kept[0], {**START, **values})

    return render


def test_paths_leave_stay_and_arrive():
    radius = {rule: np.hypot(*chase(kernels.xy_game, rule=rule, eta=0.2, n=150).T) for _, rule in duel_figure.RULES}
    np.testing.assert_allclose(radius["sim"], np.sqrt(2) * 1.04 ** (np.arange(151) / 2))
    assert np.all(np.abs(radius["alt"] - np.sqrt(2)) < 0.2)
    assert radius["eg"][-1] < 0.1
    assert radius["optimistic"][-1] < 0.1


def test_the_best_discriminator_pulls_by_the_closed_forms():
    found, variance = judged(), SPREAD**2 + 1
    # With D* and equal spreads, E sigma(a) = E (1 - sigma(a)) under the other density: both come from one integral.
    z = np.linspace(-9, 9, 20001)
    weights = np.exp(-z * z / 2) / np.exp(-z * z / 2).sum()
    x = 2.0 + np.sqrt(variance) * z
    sigma = 1 / (1 + np.exp(-(2.0 - 2.0 * x) / variance))
    np.testing.assert_allclose(
        found.pulls[:, 0], 2.0 / variance * np.array([weights @ sigma, weights @ (1 - sigma)]), rtol=0.01
    )
    np.testing.assert_allclose(found.best, found.p / (found.p + found.q))


def test_training_leads_to_the_best_discriminator_where_the_two_overlap():
    found = judged(steps=3000)
    overlap = (found.p > 0.02) & (found.q > 0.02)
    np.testing.assert_allclose(found.trained[overlap], found.best[overlap], atol=0.03)
    assert np.all(judged(steps=0).trained == 0.5)
    assert np.all(judged(steps=0).pulls[:, 1] == 0)


def test_a_winning_discriminator_silences_the_saturating_loss_alone():
    near, far = judged(distance=1.0, noise=0.0), judged(distance=6.0, noise=0.0)
    assert far.pulls[0, 0] < 1e-30
    assert near.pulls[0, 0] > 0.1
    assert far.pulls[1, 0] > near.pulls[1, 0]


def test_noise_bends_the_divergence():
    sharp, soft = noisy_divergence(kernels.js_with_noise, 0.0), noisy_divergence(kernels.js_with_noise, 2.0)
    assert sharp[0] == soft[0] == 0
    assert sharp[DISTANCES > 2].min() > 0.69
    assert np.all(np.diff(soft) > 0)


def test_the_numbers_are_those_of_the_given_functions():
    doubled = verdict(*OURS[1:3], lambda a, kind: 2 * OURS[3](a, kind), distance=2.0, noise=1.0, steps=50)
    np.testing.assert_allclose(doubled.pulls, 2 * judged().pulls)
    with pytest.raises(Unusable, match="Your xy_game returned an array of shape"):
        chase(lambda x, y, eta, n, rule: np.zeros((n, 2)), rule="sim", eta=0.1, n=3)


def raises(*arguments):
    raise KeyError("mine")


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("broken", [raises, lambda *arguments: None])
def test_it_says_what_a_broken_function_did(rendered, place, broken):
    functions = [broken if i == place else one for i, one in enumerate(OURS)]
    picture = rendered(functions)
    assert f"Your {OURS[place].__name__} " in repr(picture)
    assert "This figure could not be drawn" not in repr(picture)


@pytest.mark.parametrize("values", [
    {}, {"eta": 1.0, "n": 200, "distance": 0.0, "noise": 0.0, "steps": 0}, {"rule": "alt", "eta": 1.0, "n": 200},
    {"rule": "eg", "eta": 0.02, "n": 1, "steps": 200, "noise": 0.0, "distance": 6.0},
    {"rule": "optimistic", "distance": 6.0, "noise": 3.0},
])  # fmt: skip
def test_it_draws_at_every_corner(rendered, values):
    assert "could not be drawn" not in repr(rendered(**values))


def test_every_control_makes_a_widget_with_a_description():
    for control in duel_figure.CONTROLS.values():
        widget = control.widget()
        assert (widget.description, widget.value) == (control.description, control.value)
