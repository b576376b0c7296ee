"""The figure of lesson 06: honest numbers, sentences for broken functions, a drawing at every corner."""

import numpy as np
import pytest

from helpers import figures, kernels
from helpers.figures import fitting, interactive, two_fits
from helpers.figures.guarded import Unusable

OURS = (kernels.kl_divergence, kernels.js_divergence, kernels.moment_match, kernels.linear_autoencoder)
START = {name: control.value for name, control in two_fits.CONTROLS.items()}
SHAPE = {"separation": 4.0, "share": 0.4, "left": 0.5, "right": 0.8}


def fitted(functions=OURS[:3], **values):
    return fitting.fit(functions, **{**SHAPE, "chosen": "sliders", "mean": 0.0, "sigma": 1.0, **values})


@pytest.fixture
def rendered(monkeypatch):
    """Draw the figure with the given functions at the given settings."""

    def render(functions=OURS, **values):
        kept = []
        monkeypatch.setattr(two_fits, "show", lambda draw, controls, *, alt: kept.append((draw, alt)))
        figures.two_ways_to_fit(*functions)
        return interactive.rendered(*kept[0], {**START, **values})

    return render


def test_between_two_gaussians_the_histograms_are_as_far_apart_as_the_formula_says():
    found = fitted(share=1.0, mean=1.0, sigma=1.3)
    exact = [float(kernels.kl_gaussians([a], [[b]], [c], [[d]])) for a, b, c, d in
             ((-2.0, 0.25, 1.0, 1.69), (1.0, 1.69, -2.0, 0.25))]  # fmt: skip
    np.testing.assert_allclose(found.divergences[:2], exact, rtol=1e-4)
    assert found.divergences[2] == pytest.approx(kernels.js_divergence(found.p, found.q))
    assert found.curves[0, np.argmin(abs(fitting.PLACES - 1.0))] == pytest.approx(found.divergences[0])


def test_each_fit_is_the_best_from_its_own_side():
    forward, reverse = fitted(chosen="forward"), fitted(chosen="reverse")
    assert forward.mean == pytest.approx(0.4 * -2 + 0.6 * 2)
    assert reverse.mean == pytest.approx(2.0, abs=0.03)
    for best, side in ((forward, 0), (reverse, 1)):
        for shift, factor in ((0.05, 1.0), (-0.05, 1.0), (0.0, 1.05), (0.0, 0.95)):
            other = fitted(mean=best.mean + shift, sigma=best.sigma * factor)
            assert other.divergences[side] > best.divergences[side]
    assert reverse.divergences[1] < forward.divergences[1]


def test_with_one_heap_all_fits_are_that_heap():
    for chosen in ("forward", "reverse"):
        found = fitted(chosen=chosen, separation=0.0, left=0.7, right=0.7)
        np.testing.assert_allclose(found.divergences, 0, atol=1e-3)
        assert found.sigma == pytest.approx(0.7, abs=0.02)


def test_the_mirror_image_makes_the_autoencoder_one_without_biases():
    found = fitting.plane(kernels.linear_autoencoder, 3.0)
    _, sizes, directions = np.linalg.svd(found.points)
    assert found.errors[1] == pytest.approx(sizes[1] ** 2)
    assert abs(directions[0] @ found.directions[1]) == pytest.approx(np.linalg.norm(found.directions[1]))
    assert found.errors[0] < found.errors[1]
    at_home = fitting.plane(kernels.linear_autoencoder, 0.0)
    assert at_home.errors[0] == pytest.approx(at_home.errors[1])


def test_the_numbers_are_those_of_the_given_functions():
    doubled = fitted((lambda p, q: 2 * kernels.kl_divergence(p, q), *OURS[1:3]))
    np.testing.assert_allclose(doubled.divergences[:2], 2 * fitted().divergences[:2])
    with pytest.raises(Unusable, match="Your moment_match returned an array of shape"):
        fitted((*OURS[:2], lambda x, w: (x, w)), chosen="forward")


def raises(*arguments):
    raise KeyError("mine")


NAMES = ["kl_divergence", "js_divergence", "moment_match", "linear_autoencoder"]


@pytest.mark.parametrize(("place", "name"), list(enumerate(NAMES)))
def test_it_says_what_a_broken_function_did(rendered, place, name):
    functions = [raises if i == place else one for i, one in enumerate(OURS)]
    picture = rendered(functions, chosen="forward")
    assert f"Your {name} could not be drawn: KeyError" in repr(picture)
    assert "This figure could not be drawn" not in repr(picture)


@pytest.mark.parametrize("values", [
    {}, {"separation": 0.0, "distance": 0.0}, {"chosen": "reverse", "separation": 6.0, "left": 0.3, "right": 0.3},
    {"left": 0.3, "right": 0.3, "separation": 0.0, "mean": -4.0, "sigma": 0.3, "biases": True, "distance": 4.0},
    {"share": 0.05, "chosen": "forward", "separation": 6.0}, {"mean": 4.0, "sigma": 3.5, "share": 0.95},
])  # fmt: skip
def test_it_draws_at_every_corner(rendered, values):
    assert "could not be drawn" not in repr(rendered(**values))


def test_every_control_makes_a_widget_with_a_description():
    for control in two_fits.CONTROLS.values():
        widget = control.widget()
        assert (widget.description, widget.value) == (control.description, control.value)
