"""The figure of lesson 05: honest numbers, sentences for broken functions, a drawing at every corner."""

import numpy as np
import pytest

from helpers import figures, kernels
from helpers.figures import interactive, sequence
from helpers.figures.guarded import Unusable
from helpers.figures.sequence_numbers import journey, two_gradients

OURS = (kernels.rnn_forward, kernels.bptt, kernels.penalized_bptt, kernels.cec_gradient)
START = {name: control.value for name, control in sequence.CONTROLS.items()}


def sent(**values):
    settings = {"radius": 1.0, "steps": 30, "activation": "linear", "forget": 1.0, **values}
    return journey(kernels.rnn_forward, kernels.cec_gradient, **settings)


@pytest.fixture
def rendered(monkeypatch):
    """Draw the figure with the given functions at the given settings."""

    def render(functions=OURS, **values):
        kept = []
        monkeypatch.setattr(sequence, "show", lambda draw, controls, *, alt: kept.append((draw, alt)))
        figures.gradient_through_time(*functions)
        return interactive.rendered(*kept[0], {**START, **values})

    return render


def test_a_linear_network_multiplies_by_its_radius_and_the_belt_by_its_gate():
    found = sent(radius=1.3, forget=0.9)
    np.testing.assert_allclose(found.network, 1.3 ** np.arange(29, -1, -1.0))
    np.testing.assert_allclose(found.belt, 0.9 ** np.arange(29, -1, -1.0))


def test_sigmoids_lose_three_quarters_a_step_and_tanh_less():
    sigmoid, tanh = sent(activation="sigmoid"), sent(activation="tanh")
    assert np.all(sigmoid.network[:-1] <= 0.25 * sigmoid.network[1:] * (1 + 1e-9))
    assert sigmoid.network[0] < 1e-15 < tanh.network[0] < 1


def test_the_two_gradients_agree_without_a_penalty_and_part_with_it():
    found = two_gradients(*OURS[:3], np.array([0.0, 1.0, 10.0]), met=False)
    np.testing.assert_allclose(found.cosine[0], 1)
    assert found.cosine[1] < 0.97
    assert found.cosine[2] < -0.9


def test_with_targets_met_only_the_true_gradient_is_left():
    found = two_gradients(*OURS[:3], np.array([1.0, 2.0]), met=True)
    assert np.all(found.sheet == 0)
    assert np.all(np.isnan(found.cosine))
    assert found.true[1] == pytest.approx(2 * found.true[0])
    assert found.true[0] > 0.01


def test_the_curves_are_those_of_the_given_functions():
    halved = two_gradients(
        kernels.rnn_forward, kernels.bptt, lambda *a: [g / 2 for g in kernels.penalized_bptt(*a)], [1.0], met=False
    )
    whole = two_gradients(*OURS[:3], [1.0], met=False)
    np.testing.assert_allclose(halved.true, whole.true / 2)
    with pytest.raises(Unusable, match="Your cec_gradient returned an array of shape"):
        journey(kernels.rnn_forward, lambda f: f, radius=1.0, steps=5, activation="tanh", forget=1.0)


def raises(*arguments):
    raise KeyError("mine")


@pytest.mark.parametrize(("place", "sentence"), [
    (0, "Your rnn_forward could not be drawn: KeyError"), (1, "Your bptt could not be drawn"),
    (2, "Your penalized_bptt could not be drawn"), (3, "Your cec_gradient could not be drawn"),
])  # fmt: skip
def test_it_says_what_a_broken_function_did(rendered, place, sentence):
    functions = [raises if i == place else one for i, one in enumerate(OURS)]
    picture = rendered(functions, activation="sigmoid", met=True)
    assert sentence in repr(picture)
    assert "This figure could not be drawn" not in repr(picture)


@pytest.mark.parametrize("values", [
    {}, {"steps": 2, "forget": 0.5}, {"activation": "linear", "radius": 6.0, "steps": 100, "met": True},
    {"activation": "sigmoid", "radius": 0.1, "steps": 100, "forget": 0.5, "lam": 100.0}, {"lam": 0.001, "met": True},
])  # fmt: skip
def test_it_draws_at_every_corner(rendered, values):
    assert "could not be drawn" not in repr(rendered(**values))


def test_every_control_makes_a_widget_with_a_description():
    for control in sequence.CONTROLS.values():
        widget = control.widget()
        assert (widget.description, widget.value) == (control.description, control.value)
