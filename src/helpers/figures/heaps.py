"""Two heaps on the line, plans between them, prices, and leashes: the numbers of `transport`. No drawing here.

Plans, costs, distances, price lists and bounds come from the student's functions.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from helpers.figures.guarded import Unusable, numbers_from

PLACES = np.linspace(-1.5, 1.5, 24)
THETAS = np.linspace(-4, 4, 33)
CLIPS = np.logspace(-3, 0, 13)
WIDTH, ROUNDS = 64, 100
PLANS = ("queue", "independent", "Sinkhorn")


@dataclass(frozen=True)
class Heaps:
    """Real points x with masses p, and generated points y with masses q, both from left to right."""

    x: np.ndarray
    p: np.ndarray
    y: np.ndarray
    q: np.ndarray

    @property
    def ends(self):
        """The left and the right end of the picture."""
        return min(self.x[0], self.y[0]) - 0.3, max(self.x[-1], self.y[-1]) + 0.3


def heaps(theta, shape):
    """Return the `Heaps`: one bump at 0, and another shape around theta."""
    masses = {
        "one bump": _bump(0, 0.45),
        "two bumps": _bump(-0.9, 0.2) + _bump(0.9, 0.2),
        "box": np.ones(len(PLACES)),
        "ramp": np.linspace(0.1, 2, len(PLACES)),
    }[shape]
    real = _bump(0, 0.45)
    return Heaps(PLACES, real / real.sum(), PLACES + theta, masses / masses.sum())


def _bump(center, width):
    return np.exp(-(((PLACES - center) / width) ** 2) / 2) + 1e-3


def plan_and_cost(given, transport_cost, monotone_plan, sinkhorn, kind, eps):
    """Return the plan (24, 24) of a kind, what it costs, and how far a row's sum is off at most.

    raises: `Unusable` if a function gives nothing to work with.
    """
    shape = len(given.x), len(given.y)
    if kind == "queue":
        plan = numbers_from("Your monotone_plan", monotone_plan, given.p, given.q, shape=shape)
    elif kind == "independent":
        plan = np.outer(given.p, given.q)
    else:
        C = np.abs(np.subtract.outer(given.x, given.y))
        plan = numbers_from("Your sinkhorn", sinkhorn, C, given.p, given.q, eps, ROUNDS, shape=shape)
    cost = float(numbers_from("Your transport_cost", transport_cost, plan, given.x, given.y, shape=()))
    return plan, cost, float(np.abs(plan.sum(axis=1) - given.p).max())


def staircases(given):
    """Return the merged points (48,) in order, and F and G behind each of them."""
    z = np.sort(np.concatenate([given.x, given.y]))
    F = np.cumsum(given.p)[np.searchsorted(given.x, z, side="right") - 1] * (z >= given.x[0])
    G = np.cumsum(given.q)[np.searchsorted(given.y, z, side="right") - 1] * (z >= given.y[0])
    return z, F, G


def distance(given, wasserstein_1d):
    """Return W1 of two heaps."""
    return float(numbers_from("Your wasserstein_1d", wasserstein_1d, given.x, given.p, given.y, given.q, shape=()))


def price_list(given, optimal_critic):
    """Return the points (K,), the prices there (K,), and what they earn."""
    name, arguments = "Your optimal_critic", (given.x, given.p, given.y, given.q)
    z = numbers_from(name, optimal_critic, *arguments, part=0)
    if z.ndim != 1 or len(z) < 2 or np.any(np.diff(z) <= 0):
        raise Unusable(f"{name} returned points that do not increase.")
    f = numbers_from(name, optimal_critic, *arguments, part=1, shape=z.shape)
    return z, f, float(given.p @ np.interp(given.x, z, f) - given.q @ np.interp(given.y, z, f))


def four_numbers(shifted_uniform_divergences, theta):
    """Return JS and W1 (34,) of boxes at all shifts, the given one last; both KL are infinite but at 0."""
    name = "Your shifted_uniform_divergences"

    def finite_ones(shift):
        return shifted_uniform_divergences(shift)[2:]

    found = [numbers_from(name, finite_ones, float(shift), shape=(2,)) for shift in (*THETAS, theta)]
    return np.array(found).T


def leash(lipschitz_bound_from_clipping, layers, c):
    """Return the bounds (14,) at all clips, the given one last, and the slope that random weights have at that one."""
    from helpers.kernels import critic_forward, critic_slope

    widths, name = [2, *[WIDTH] * layers, 1], "Your lipschitz_bound_from_clipping"
    function = lipschitz_bound_from_clipping
    bounds = [numbers_from(name, function, list(widths), float(clip), shape=()) for clip in (*CLIPS, c)]
    rng, weights = np.random.default_rng(0), []
    for inputs, outputs in itertools.pairwise(widths):
        weights += [rng.uniform(-c, c, (inputs, outputs)), rng.uniform(-c, c, outputs)]
    slopes = critic_slope(critic_forward(rng.normal(size=(100, 2)), weights)[1])
    return np.array(bounds), float(np.linalg.norm(slopes, axis=1).max())
