"""The figure of lesson 03: it draws what the given functions do, and says it where they do nothing sensible."""

import numpy as np
import pytest

from helpers import figures, kernels
from helpers.figures import interactive, ravine
from helpers.figures import ravine_numbers as bowl
from helpers.figures.guarded import Unusable

NAMES = ("momentum_step", "adaptive_step", "adam_step", "ridge", "soft_threshold", "gradient_descent_after")
START = {name: control.value for name, control in ravine.CONTROLS.items()}


def ours(**instead):
    return {**{name: getattr(kernels, name) for name in NAMES}, **instead}


def rendered(monkeypatch, given, **values):
    kept = []
    monkeypatch.setattr(ravine, "show", lambda draw, controls, *, alt: kept.append((draw, alt)))
    figures.ravine_and_shrinkage(**given)
    return interactive.rendered(*kept[0], {**START, **values})


def test_nothing_is_drawn_under_grading(monkeypatch):
    monkeypatch.setenv(interactive.GRADING, "1")
    figures.ravine_and_shrinkage(*[None] * 6)


def test_every_control_makes_a_widget_with_a_description():
    for control in ravine.CONTROLS.values():
        widget = control.widget()
        assert widget.description == control.description
        assert widget.value == control.value


@pytest.mark.parametrize("values", [
    {}, {"start": "elsewhere"},
    {"kappa": 60.0, "lr": 10**-0.5, "steps": 200, "mu": 0.98}, {"kappa": 1.0, "lr": 1e-3, "steps": 1},
])  # fmt: skip
def test_it_draws_at_every_corner(values, monkeypatch):
    picture = rendered(monkeypatch, ours(), **values)
    assert "could not be drawn" not in repr(picture)
    assert "returned" not in repr(picture)
    assert ("diverges" in repr(picture)) == (values.get("kappa", 0) == 60.0)


def raises(*arguments):
    raise KeyError("mine")


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_a_broken_function_did(name, monkeypatch):
    picture = rendered(monkeypatch, ours(**{name: raises}))
    assert f"Your {name} could not be drawn: KeyError: 'mine'." in repr(picture)


def test_the_path_of_gradient_descent_is_the_closed_form():
    H, c = bowl.bowl(20.0)
    path = bowl.paths(bowl.Functions(**ours()), **{**START, "kappa": 20.0, "lr": 0.05})["gradient descent"]
    end = kernels.gradient_descent_after(H, c, np.zeros(2), 0.05, START["steps"])
    np.testing.assert_allclose(path[-1], end, rtol=1e-10)
    assert bowl.height(H, bowl.OPTIMUM) == 0


def test_weights_go_from_the_origin_or_the_start_to_the_optimum():
    for start, first in bowl.STARTS.items():
        held = bowl.coefficients(bowl.Functions(**ours()), kappa=20.0, lr=0.05, start=start)
        H, c = bowl.bowl(20.0)
        a_fifth = first - 0.2 * 0.05 * (H @ first - c)  # alpha = 100 and eta = 0.05 are a fifth of a step
        np.testing.assert_allclose(held["early stopping"][0], a_fifth, atol=1e-12)
        assert np.abs(np.diff(held["early stopping"], axis=0)).max() < 0.4  # no plateau, no jump
        np.testing.assert_allclose(held["ridge"][0], 0, atol=0.2)
        np.testing.assert_array_equal(held["lasso"][0], [0, 0])
        for weights in held.values():
            np.testing.assert_allclose(weights[-1], bowl.OPTIMUM, atol=0.02)


def test_the_lasso_of_the_bowl_obeys_its_optimality_conditions():
    for kappa in (1.0, 20.0, 60.0):
        H, c = bowl.bowl(kappa)
        for w, alpha in zip(bowl.lasso(bowl.Functions(**ours()), H, c), bowl.STRENGTHS, strict=True):
            slope = c - H @ w
            assert (np.abs(slope[w == 0]) <= alpha + 1e-9).all()
            np.testing.assert_allclose(slope[w != 0], alpha * np.sign(w[w != 0]), atol=0.02)


def test_the_filters_lie_0_2036_apart_for_small_steps():
    eigenvalues, stopped, held = bowl.filters(bowl.Functions(**ours()), lr=1e-3, steps=200)
    gap = stopped - held
    assert gap.max() == pytest.approx(0.2036, abs=2e-3)
    assert eigenvalues[gap.argmax()] * 0.2 == pytest.approx(2.51, rel=0.1)
    with pytest.raises(Unusable, match="returned None"):
        bowl.filters(bowl.Functions(**ours(gradient_descent_after=lambda *_: None)), lr=1e-3, steps=200)
