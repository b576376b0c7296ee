"""The figure of lesson 09: honest numbers, sentences for broken functions, a drawing at every corner."""

import numpy as np
import pytest

from helpers import figures, kernels
from helpers.figures import interactive, transport
from helpers.figures.guarded import Unusable
from helpers.figures.heaps import distance, four_numbers, heaps, leash, plan_and_cost, price_list, staircases

NAMES = (
    "transport_cost", "monotone_plan", "sinkhorn", "wasserstein_1d", "optimal_critic", "shifted_uniform_divergences",
    "lipschitz_bound_from_clipping",
)  # fmt: skip
OURS = [getattr(kernels, name) for name in NAMES]
PLANNERS = OURS[:3]
START = {name: control.value for name, control in transport.CONTROLS.items()}


@pytest.fixture
def rendered(monkeypatch):
    """Draw the figure with the given functions at the given settings."""

    def render(functions=OURS, **values):
        kept = []
        monkeypatch.setattr(transport, "show", lambda draw, controls, *, alt: kept.append((draw, alt)))
        figures.moving_earth(*functions)
        return interactive.rendered(*kept[0], {**START, **values})

    return render


@pytest.mark.parametrize("shape", transport.SHAPES)
@pytest.mark.parametrize("theta", [-4.0, 0.0, 1.3])
def test_the_queue_the_area_and_the_best_prices_agree(shape, theta):
    given = heaps(theta, shape)
    _, cost, off = plan_and_cost(given, *PLANNERS, "queue", 0.1)
    assert off < 1e-12
    w1 = distance(given, kernels.wasserstein_1d)
    z, F, G = staircases(given)
    assert cost == pytest.approx(w1, abs=1e-12)
    assert price_list(given, kernels.optimal_critic)[2] == pytest.approx(w1, abs=1e-12)
    assert np.abs(F - G)[:-1] @ np.diff(z) == pytest.approx(w1, abs=1e-12)


def test_every_other_plan_costs_more_and_less_blur_costs_less():
    given = heaps(0.6, "two bumps")
    best = distance(given, kernels.wasserstein_1d)
    costs = [plan_and_cost(given, *PLANNERS, "Sinkhorn", eps)[1] for eps in (0.3, 1.0, 3.0)]
    independent = plan_and_cost(given, *PLANNERS, "independent", 0.1)[1]
    assert best < costs[0] < costs[1] < costs[2] < independent
    offs = [plan_and_cost(given, *PLANNERS, "Sinkhorn", eps)[2] for eps in (0.01, 0.3)]
    assert offs[0] > 1e-4 > 1e-9 > offs[1]


def test_two_boxes_and_a_leash():
    js, w1 = four_numbers(kernels.shifted_uniform_divergences, -2.5)
    assert (js[-1], w1[-1]) == pytest.approx((np.log(2), 2.5))
    assert js.max() == pytest.approx(np.log(2))
    bounds, slope = leash(kernels.lipschitz_bound_from_clipping, 2, 0.1)
    assert bounds[-1] == pytest.approx(0.1**3 * np.sqrt(2 * 64 * 64 * 64 * 64))
    assert 0 < slope < bounds[-1]


def test_the_numbers_are_those_of_the_given_functions():
    given = heaps(0.6, "box")
    assert distance(given, lambda *a: 7) == 7
    with pytest.raises(Unusable, match="Your monotone_plan returned an array of shape"):
        plan_and_cost(given, kernels.transport_cost, lambda p, q: p, kernels.sinkhorn, "queue", 0.1)
    with pytest.raises(Unusable, match="do not increase"):
        price_list(given, lambda x, p, y, q: (np.zeros(5), np.zeros(5)))


def raises(*arguments):
    raise KeyError("mine")


@pytest.mark.parametrize("place", range(len(NAMES)))
def test_it_says_what_a_broken_function_did(rendered, place):
    functions = [raises if i == place else one for i, one in enumerate(OURS)]
    picture = rendered(functions, plan="queue" if place == 1 else "Sinkhorn")
    assert f"Your {NAMES[place]} could not be drawn: KeyError" in repr(picture)
    assert "This figure could not be drawn" not in repr(picture)


@pytest.mark.parametrize("values", [
    {}, {"theta": -4.0, "shape": "ramp", "plan": "queue", "clip": 1.0, "layers": 6}, {"theta": 4.0, "eps": 0.001},
    {"theta": 0.0, "shape": "one bump", "eps": 10.0, "clip": 0.001, "layers": 1},
    {"plan": "independent", "shape": "box"},
])  # fmt: skip
def test_it_draws_at_every_corner(rendered, values):
    assert "could not be drawn" not in repr(rendered(**values))


def test_every_control_makes_a_widget_with_a_description():
    for control in transport.CONTROLS.values():
        widget = control.widget()
        assert (widget.description, widget.value) == (control.description, control.value)
