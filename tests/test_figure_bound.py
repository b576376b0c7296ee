"""The figure of lesson 07: honest numbers, sentences for broken functions, a drawing at every corner."""

import math

import numpy as np
import pytest

from helpers import figures, kernels
from helpers.figures import bound, interactive
from helpers.figures import bound_numbers as numbers
from helpers.figures.guarded import Unusable

NAMES = (
    "gaussian_elbo", "iwae_bound", "iwae_bias", "iwae_gradients", "effective_sample_size", "gumbel_softmax",
    "beta_posterior",
)  # fmt: skip


def tempered(x, beta):
    return x / (1 + beta), beta / (1 + beta)


OURS = (*(getattr(kernels, name) for name in NAMES[:-1]), tempered)
FUNCTIONS = numbers.Functions(*OURS)
START = {name: control.value for name, control in bound.CONTROLS.items()}


@pytest.fixture
def rendered(monkeypatch):
    """Draw the figure with the given functions at the given settings."""

    def render(functions=OURS, **values):
        kept = []
        monkeypatch.setattr(bound, "show", lambda draw, controls, *, alt: kept.append((draw, alt)))
        figures.how_good_is_the_bound(*functions)
        return interactive.rendered(*kept[0], {**START, **values})

    return render


def test_at_the_posterior_nothing_is_missing_and_dreg_is_silent():
    found = numbers.curve(FUNCTIONS, K=10, m=1.0, s2=0.5)
    np.testing.assert_allclose(found.bound, numbers.LOG_P, atol=1e-12)
    np.testing.assert_allclose(found.expected, numbers.LOG_P, atol=1e-12)
    gradients = numbers.signals(FUNCTIONS, K=10, m=1.0, s2=0.5)
    assert np.all(np.isnan(gradients.dreg))
    assert np.all(gradients.encoder < 1e-6)
    assert numbers.worth(FUNCTIONS, K=10, m=1.0, s2=0.5)[0] == pytest.approx(10)
    assert numbers.bound_of(FUNCTIONS, m=1.0, s2=0.5) == pytest.approx(numbers.LOG_P)


def test_the_curve_starts_at_the_elbo_and_rises_as_the_delta_method_says():
    found = numbers.curve(FUNCTIONS, K=10, m=0.2, s2=0.7)
    assert found.bound[0] == pytest.approx(numbers.bound_of(FUNCTIONS, m=0.2, s2=0.7), abs=1e-3)
    assert np.all(np.diff(found.bound) > 0)
    assert found.bound[-1] < numbers.LOG_P
    np.testing.assert_allclose(found.expected[-4:], found.bound[-4:], atol=1e-3)
    assert 10 in found.Ks


@pytest.mark.parametrize(("m", "s2"), [(0.2, 0.7), (0.0, 1.0), (1.0, 0.4), (-1.0, 2.0)])
def test_the_relative_variance_is_that_of_the_weights(m, s2):
    z = np.linspace(-30, 30, 200_001)
    log_joint = -(z**2 + (numbers.X - z) ** 2) / 2 - math.log(2 * math.pi)
    log_q = -((z - m) ** 2) / (2 * s2) - math.log(2 * math.pi * s2) / 2
    second = np.trapezoid(np.exp(2 * log_joint - log_q), z)
    assert numbers.relative_variance(m, s2) == pytest.approx(second / math.exp(2 * numbers.LOG_P) - 1, rel=1e-6)


def test_below_half_the_posterior_variance_it_is_infinite():
    np.testing.assert_array_equal(numbers.relative_variance(0.5, np.array([0.1, 0.25])), [np.inf, np.inf])


def test_the_encoder_drowns_and_dreg_and_the_decoder_do_not():
    found = numbers.signals(FUNCTIONS, K=10, m=0.2, s2=0.7)
    first, last = found.Ks.tolist().index(16), found.Ks.tolist().index(256)
    assert found.encoder[last] == pytest.approx(found.encoder[first] / 4, rel=0.15)
    for rising in (found.dreg, found.decoder):
        assert 2.5 < rising[last] / rising[first] < 6


def test_relaxed_samples_are_corners_when_it_is_cold_and_in_the_middle_when_it_is_hot():
    cold, classes = numbers.relaxed(FUNCTIONS, tau=1e-3)
    np.testing.assert_allclose(cold, numbers.CORNERS[classes], atol=0.2)
    hot, same = numbers.relaxed(FUNCTIONS, tau=1e3)
    np.testing.assert_allclose(hot, np.tile(numbers.CORNERS.mean(axis=0), (numbers.DOTS, 1)), atol=0.02)
    np.testing.assert_array_equal(classes, same)
    assert np.mean(classes == 0) == pytest.approx(0.5, abs=0.12)


def test_the_curves_are_those_of_the_given_functions():
    lower = numbers.Functions(*OURS[:1], lambda logw: kernels.iwae_bound(logw) - 1, *OURS[2:])
    values = {"K": 10, "m": 0.2, "s2": 0.7}
    ours = numbers.curve(FUNCTIONS, **values)
    np.testing.assert_allclose(numbers.curve(lower, **values).bound, ours.bound - 1)
    with pytest.raises(Unusable, match="variance -1"):
        numbers.moved(numbers.Functions(*OURS[:-1], lambda x, beta: (0.0, -1.0)), beta=2.0)


def raises(*arguments):
    raise KeyError("mine")


@pytest.mark.parametrize("place", range(7))
def test_it_says_what_a_broken_function_did(rendered, place):
    functions = [raises if i == place else one for i, one in enumerate(OURS)]
    picture = rendered(functions)
    assert f"Your {NAMES[place]} could not be drawn: KeyError" in repr(picture)
    assert "This figure could not be drawn" not in repr(picture)


@pytest.mark.parametrize("values", [
    {}, {"m": 1.0, "s2": 0.5, "tau": 10**-1.5, "beta": 10**-1.5}, {"m": -1.0, "s2": 2.0, "K": 10**2.7},
    {"m": 3.0, "s2": 0.05, "K": 1.0, "tau": 10**1.5, "beta": 10**1.5}, {"m": 0.0, "s2": 0.25},
])  # fmt: skip
def test_it_draws_at_every_corner(rendered, values):
    picture = rendered(**values)
    assert "could not be drawn" not in repr(picture)
    assert picture.height <= 420


def test_every_control_makes_a_widget_with_a_description():
    for control in bound.CONTROLS.values():
        widget = control.widget()
        assert (widget.description, widget.value) == (control.description, control.value)
