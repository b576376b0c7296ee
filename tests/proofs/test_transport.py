"""Optimal transport: distances on the line, exact plans and Sinkhorn, against slow integrals and each other."""

import itertools
import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import kernels
from proofs import close, close32
from proofs.arguments import unchanged

points = hnp.arrays(np.float64, st.integers(1, 8), elements=st.floats(-100, 100))


def slow_w1(x, p, y, q):
    """The integral of |F - G|, one interval after the other."""
    cuts = sorted([*x, *y])
    total = []
    for a, b in itertools.pairwise(cuts):
        f = math.fsum(weight for point, weight in zip(x, p, strict=True) if point <= a)
        g = math.fsum(weight for point, weight in zip(y, q, strict=True) if point <= a)
        total.append(abs(f - g) * (b - a))
    return math.fsum(total)


def uniform(x):
    return np.full(len(x), 1 / len(x))


# --- distances on the line


@pytest.mark.parametrize(("m", "n"), [(1, 1), (4, 3), (1, 6), (30, 30)])
def test_weighted_points_agree_with_the_integral(m, n, rng):
    x, y, p, q = rng.normal(size=m), rng.normal(size=n), rng.dirichlet(np.ones(m)), rng.dirichlet(np.ones(n))
    observed = kernels.wasserstein_1d(x, p, y, q)
    assert type(observed) is float
    assert observed == pytest.approx(slow_w1(x, p, y, q), rel=1e-13)
    assert observed == pytest.approx(scipy.stats.wasserstein_distance(x, y, p, q), rel=1e-12)
    singles = kernels.wasserstein_1d(*(a.astype(np.float32) for a in (x, p, y, q)))
    assert singles == pytest.approx(observed, rel=1e-5, abs=1e-6)
    assert kernels.wasserstein_1d(x, p, x[::-1], p[::-1]) <= 1e-15


@pytest.mark.parametrize(("arguments", "expected"), [
    (([0], [1], [5], [1]), 5), (([3, 1], [0.5, 0.5], [2, 0], [0.5, 0.5]), 1), (([0, 10], [0.5, 0.5], [5], [1]), 5),
    (([0, 1, 2], [0.5, 0, 0.5], [0, 1, 2], [0, 1, 0]), 1), (([], [], [], []), 0),
])  # fmt: skip
def test_distances_worked_by_hand(arguments, expected):
    assert kernels.wasserstein_1d(*arguments) == expected


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize(
    ("shape", "axis"), [((9,), -1), ((4, 5), -1), ((4, 5), 0), ((2, 3, 4), 1), ((3, 1), 1), ((0, 5), 1)]
)
def test_samples_of_equal_size(shape, axis, rng):
    x, y = rng.normal(size=shape), rng.normal(size=shape)
    x_rows, y_rows = np.moveaxis(x, axis, -1), np.moveaxis(y, axis, -1)
    expected = np.empty(x_rows.shape[:-1])
    for index in np.ndindex(expected.shape):
        expected[index] = scipy.stats.wasserstein_distance(x_rows[index], y_rows[index])
    close(kernels.empirical_w1(x, y, axis), expected[()])
    close32(kernels.empirical_w1(x.astype(np.float32), y.astype(np.float32), axis), expected)


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("shape", [(6,), (5, 4), (2, 3, 7), (3, 1), (0, 4), (3, 0)])
def test_histograms_on_a_grid(shape, rng):
    p, q = rng.dirichlet(np.ones(max(1, shape[-1])), (2, *shape[:-1]))[..., : shape[-1]]
    grid = 0.25 * np.arange(shape[-1])
    expected = np.empty(shape[:-1])
    for index in np.ndindex(expected.shape):
        expected[index] = slow_w1(grid.tolist(), p[index], grid.tolist(), q[index])
    close(kernels.histogram_w1(p, q, 0.25), expected[()], atol=1e-12)
    close32(kernels.histogram_w1(p.astype(np.float32), q.astype(np.float32), 0.25), expected, 1e-5)


@given(points, points, points)
def test_it_is_a_distance_that_moves_with_a_shift(x, y, z):
    def distance(x, y):
        return kernels.wasserstein_1d(x, uniform(x), y, uniform(y))

    assert distance(x, y) == pytest.approx(distance(y, x), rel=1e-12, abs=1e-12)
    assert distance(x, z) <= distance(x, y) + distance(y, z) + 1e-10
    assert distance(x, x + 3) == pytest.approx(3, rel=1e-12)
    assert distance(x, y) >= abs(x.mean() - y.mean()) - 1e-10


@given(points)
def test_the_gradient_of_the_empirical_distance(x):
    y = np.sort(x)[::-1] + np.linspace(-1, 2, len(x))
    w1, gradient = kernels.empirical_w1_gradient(x, y)
    assert type(w1) is float
    assert w1 == pytest.approx(kernels.empirical_w1(x, y), rel=1e-14)
    order, partners = np.argsort(x, kind="stable"), np.sort(y)
    expected = np.empty(len(x))
    expected[order] = np.sign(x[order] - partners) / len(x)
    if len(set(x)) == len(x):
        close(gradient, expected)


def test_the_gradient_is_the_slope(rng):
    x, y, step = rng.normal(size=6), rng.normal(size=6) + 0.5, 1e-7
    gradient = kernels.empirical_w1_gradient(x, y)[1]
    for i, shift in enumerate(step * np.eye(6)):
        slope = (kernels.empirical_w1(x + shift, y) - kernels.empirical_w1(x - shift, y)) / (2 * step)
        assert slope == pytest.approx(gradient[i], abs=1e-8)
    close(kernels.empirical_w1_gradient([10, 0], [4, 6])[1], np.array([0.5, -0.5]))
    close32(kernels.empirical_w1_gradient(x.astype(np.float32), y.astype(np.float32))[1], gradient)


def test_distances_name_what_does_not_fit():
    one, two = np.ones(1), np.full(2, 0.5)
    with pytest.raises(ValueError, match=r"x \(2,\), p \(1,\), y \(1,\), q \(1,\)"):
        kernels.wasserstein_1d(two, one, one, one)
    with pytest.raises(ValueError, match=r"p sums to 1 and q to 0\.9"):
        kernels.wasserstein_1d(one, one, one, 0.9 * one)
    with pytest.raises(ValueError, match="nan"):
        kernels.wasserstein_1d(one, np.nan * one, one, one)
    for function in (kernels.empirical_w1, kernels.empirical_w1_gradient, kernels.histogram_w1):
        with pytest.raises(ValueError, match=r"\(1,\)"):
            function(two, one)
    for function in (kernels.empirical_w1, kernels.empirical_w1_gradient):
        with pytest.raises(ValueError, match=r"no sample|at least one point"):
            function(one[:0], one[:0])
    with pytest.raises(ValueError, match=r"not \(2, 2\)"):
        kernels.empirical_w1_gradient(np.eye(2), np.eye(2))
    with pytest.raises(IndexError):
        kernels.empirical_w1(one, one, 1)


def test_no_argument_is_changed(rng):
    (x, y), (p, q) = rng.normal(size=(2, 4)), rng.dirichlet(np.ones(4), 2)
    cost = rng.random((4, 4))
    unchanged(kernels.wasserstein_1d, x, p, y, q)
    for function in (kernels.empirical_w1, kernels.empirical_w1_gradient):
        unchanged(function, x, y)
    for function in (kernels.histogram_w1, kernels.monotone_plan, kernels.north_west_corner):
        unchanged(function, p, q)
    unchanged(kernels.transport_cost, cost, x, y, 2)
    unchanged(kernels.optimal_transport, cost, p, q)
    for function in (kernels.sinkhorn, kernels.sinkhorn_stabilized):
        unchanged(function, cost, p, q, 1e-3, 7)
