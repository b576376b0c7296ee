"""Transport plans: monotone, exact and entropic, by their marginals, their costs, and against each other."""

import importlib
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import kernels
from proofs import close, close32

sizes = st.integers(1, 7)
seeds = st.integers(0, 2**32 - 1)
ENTROPIC = [kernels.sinkhorn, kernels.sinkhorn_stabilized]


def textbook_monotone_plan(p, q):
    f, g = np.r_[0, np.cumsum(p)], np.r_[0, np.cumsum(q)]
    return np.maximum(np.minimum(f[1:, None], g[None, 1:]) - np.maximum(f[:-1, None], g[None, :-1]), 0.0)


def masses(rng, n):
    """Weights that sum to 1, some of them 0."""
    weights = rng.exponential(size=n) * (rng.random(n) < 0.8)
    weights[rng.integers(n)] += 0.5
    return weights / weights.sum()


def assert_is_plan(plan, p, q, atol=1e-12):
    assert plan.shape == (len(p), len(q))
    assert (plan >= 0).all()
    np.testing.assert_allclose(plan.sum(1), p, rtol=0, atol=atol)
    np.testing.assert_allclose(plan.sum(0), q, rtol=0, atol=atol)


# --- on the line


@given(sizes, sizes, seeds)
def test_the_monotone_plan_three_ways(m, n, seed):
    rng = np.random.default_rng(seed)
    p, q = masses(rng, m), masses(rng, n)
    plan = kernels.monotone_plan(p, q)
    assert_is_plan(plan, p, q)
    np.testing.assert_allclose(plan, textbook_monotone_plan(p, q), atol=1e-15)
    np.testing.assert_allclose(plan, kernels.north_west_corner(p, q), atol=1e-14)
    assert np.count_nonzero(plan > 1e-14) <= m + n - 1
    close32(kernels.monotone_plan(p.astype(np.float32), q.astype(np.float32)), plan, 1e-6)
    x, y = np.sort(rng.normal(size=m)), np.sort(rng.normal(size=n))
    assert kernels.transport_cost(plan, x, y) == pytest.approx(kernels.wasserstein_1d(x, p, y, q), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("plan", [kernels.monotone_plan, kernels.north_west_corner])
def test_monotone_plans_worked_by_hand(plan):
    close(plan([0.5, 0.5], [0.25, 0.5, 0.25]), np.array([[0.25, 0.25, 0], [0, 0.25, 0.25]]))
    close(plan([0.5, 0.0, 0.5], [0.3, 0.7]), np.array([[0.3, 0.2], [0, 0], [0, 0.5]]))
    close(plan([1], [1]), np.ones((1, 1)))
    assert plan([], []).shape == (0, 0)
    p = np.full(10, 0.1)
    close(plan(p, p), np.diag(p))
    with pytest.raises(ValueError, match="sums to 1 and q to 2"):
        plan([1.0], [1.0, 1.0])
    with pytest.raises(ValueError, match=r"\(1, 1\) and \(1,\)"):
        plan([[1.0]], [1.0])


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("r", [1, 2, 0.5])
def test_transport_cost_by_a_slow_loop(r, rng):
    g, x, y = rng.random((5, 4)), rng.normal(size=5), rng.normal(size=4)
    expected = sum(g[i, j] * abs(x[i] - y[j]) ** r for i in range(5) for j in range(4))
    observed = kernels.transport_cost(g, x, y, r)
    assert type(observed) is float
    assert observed == pytest.approx(expected, rel=1e-14)
    assert kernels.transport_cost(np.zeros((0, 3)), [], [1, 2, 3]) == 0
    with pytest.raises(ValueError, match=r"\(5, 4\) for \(4,\) and \(5,\)"):
        kernels.transport_cost(g, y, x)
    with pytest.raises(ValueError, match=r"for \(5, 1\) and \(4,\)"):
        kernels.transport_cost(g, x[:, None], y)


# --- exact plans for any cost


@pytest.mark.parametrize("r", [1, 2])
@pytest.mark.parametrize(("m", "n"), [(1, 1), (4, 6), (7, 7), (1, 5), (12, 3)])
def test_on_the_line_the_linear_program_finds_the_monotone_cost(m, n, r, rng):
    x, y, p, q = np.sort(rng.normal(size=m)), np.sort(rng.normal(size=n)), masses(rng, m), masses(rng, n)
    cost = np.abs(np.subtract.outer(x, y)) ** r
    plan, value = kernels.optimal_transport(cost, p, q)
    assert_is_plan(plan, p, q)
    assert type(value) is float
    assert value == pytest.approx(kernels.transport_cost(kernels.monotone_plan(p, q), x, y, r), rel=1e-10, abs=1e-13)
    single, _ = kernels.optimal_transport(cost.astype(np.float32), p.astype(np.float32), q.astype(np.float32))
    assert single.dtype == np.float32
    assert_is_plan(single, p, q, 1e-6)


def test_with_equal_weights_the_plan_is_a_permutation(rng):
    cost = rng.random((6, 6))
    plan, value = kernels.optimal_transport(cost)
    assert_is_plan(plan, np.full(6, 1 / 6), np.full(6, 1 / 6))
    assert np.count_nonzero(plan) == 6
    perturbed = np.full(6, 1 / 6) + 1e-12 * np.arange(6)  # no longer equal: the linear program must agree
    assert kernels.optimal_transport(cost, perturbed, perturbed)[1] == pytest.approx(value, rel=1e-9)
    assert kernels.optimal_transport(cost, np.full(6, 2.0), np.full(6, 2.0))[1] == pytest.approx(12 * value, rel=1e-13)
    assert kernels.optimal_transport([[1, 2, 3]])[1] == pytest.approx(2)


@given(sizes, sizes, seeds)
def test_no_feasible_plan_is_cheaper(m, n, seed):
    rng = np.random.default_rng(seed)
    cost, p, q = rng.normal(size=(m, n)), masses(rng, m), masses(rng, n)
    plan, value = kernels.optimal_transport(cost, p, q)
    assert_is_plan(plan, p, q)
    for other in (np.outer(p, q), kernels.monotone_plan(p, q), kernels.monotone_plan(p, q[::-1])[:, ::-1]):
        assert value <= np.vdot(cost, other) + 1e-12


def test_exact_transport_names_what_is_wrong(monkeypatch):
    two, half = np.ones((2, 2)), np.full(2, 0.5)
    for cost in (np.zeros((0, 2)), np.ones(2), np.full((2, 2), np.inf)):
        with pytest.raises(ValueError, match="finite costs"):
            kernels.optimal_transport(cost)
    for p, q in ((np.full(3, 1 / 3), half), (np.array([1.5, -0.5]), half)):
        with pytest.raises(ValueError, match="as many weights of at least 0"):
            kernels.optimal_transport(two, p, q)
    with pytest.raises(ValueError, match="sums to 1 and q to 2"):
        kernels.optimal_transport(two, half, np.ones(2))
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(ImportError, match="pip install scipy"):
        kernels.optimal_transport(two)


# --- entropic plans


def reference_sinkhorn(C, p, q, eps, iters):
    """The exercise's contract, written out."""

    def logsumexp(a, axis):
        top = a.max(axis, keepdims=True)
        return np.squeeze(top + np.log(np.exp(a - top).sum(axis, keepdims=True)), axis)

    u, v = np.zeros(len(p)), np.zeros(len(q))
    for _ in range(iters):
        u = np.log(p) - logsumexp(v[None] - C / eps, 1)
        v = np.log(q) - logsumexp(u[:, None] - C / eps, 0)
    return np.exp(u[:, None] + v[None] - C / eps)


def problem(rng, m, n):
    C = rng.random((m, n))
    return C, *(rng.dirichlet(3 * np.ones(k)) + 1e-6 for k in (m, n))


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("sinkhorn", ENTROPIC)
@pytest.mark.parametrize("iters", [0, 1, 2, 30])
@pytest.mark.parametrize("eps", [1.0, 0.05, 1e-3, 1e-4])
@pytest.mark.parametrize(("m", "n"), [(3, 4), (1, 5), (5, 1), (12, 9)])
def test_sinkhorn_does_exactly_its_iterations(sinkhorn, m, n, eps, iters, rng):
    C, p, q = problem(rng, m, n)
    p, q = p / p.sum(), q / q.sum()
    expected = reference_sinkhorn(C, p, q, eps, iters)
    plan = sinkhorn(C, p, q, eps, iters)
    close(plan, expected, rtol=1e-9, atol=1e-14)
    if iters:
        np.testing.assert_allclose(plan.sum(0), q, rtol=1e-10)
    single = sinkhorn(*(a.astype(np.float32) for a in (C, p, q)), eps, iters)
    assert single.dtype == np.float32
    exact = reference_sinkhorn(*(a.astype(np.float32).astype(np.float64) for a in (C, p, q)), eps, iters)
    np.testing.assert_allclose(single, exact, atol=2e-6)


def test_the_stabilized_form_moves_its_scalings_where_it_must(monkeypatch, rng):
    """With costs of thousands of eps the K-domain is out of range; each way of leaving it must be met."""
    module = importlib.import_module("helpers.kernels.sinkhorn")
    sides = []
    half_step = module._log_half_step
    monkeypatch.setattr(module, "_log_half_step", lambda C, *rest: sides.append(len(C)) or half_step(C, *rest))
    grid = np.linspace(0, 1, 30)
    C, p, q = np.subtract.outer(grid, grid[:25]) ** 2, np.linspace(1, 3, 30) / 60, np.linspace(3, 1, 25) / 50
    for iters in (1, 5, 200):
        plan = kernels.sinkhorn_stabilized(C, p, q, 1e-4, iters)
        close(plan, kernels.sinkhorn(C, p, q, 1e-4, iters), rtol=1e-9, atol=1e-14)
    assert {30, 25} <= set(sides)
    assert len(sides) < 60  # of more than 400 half steps


def test_sinkhorn_meets_both_marginals_and_tends_to_the_exact_cost(rng):
    C, p, q = problem(rng, 8, 8)
    p, q = p / p.sum(), q / q.sum()
    exact = kernels.optimal_transport(C, p, q)[1]
    gaps = []
    for eps in (0.3, 0.1, 0.03, 0.01):
        plan = kernels.sinkhorn_stabilized(C, p, q, eps, 3000)
        assert_is_plan(plan, p, q, 1e-3 if eps < 0.03 else 1e-6)
        gaps.append(np.vdot(C, plan) - exact)
    assert gaps[0] > gaps[1] > gaps[2] > gaps[3] > -1e-4
    assert gaps[3] < 0.01


@pytest.mark.parametrize("sinkhorn", ENTROPIC)
def test_sinkhorn_at_the_edges(sinkhorn):
    half = np.array([0.5, 0.5])
    with np.errstate(all="raise"):
        close(sinkhorn([[0, 5000], [5000, 0]], half, half, 1, 3), np.diag(half))
        close(sinkhorn([[0.0, np.inf], [1.0, 0.0]], half, half, 1e-3, 3), np.diag(half), atol=1e-9)
    for C, p, q, eps, words in (
        (np.ones((2, 3)), half, half, 1.0, r"\(2, 3\) for \(2,\) and \(2,\)"),
        (np.ones((0, 2)), half[:0], half, 1.0, r"\(0, 2\)"),
        (np.ones((2, 2)), np.array([1.0, 0.0]), half, 1.0, "must be positive"),
        (np.ones((2, 2)), half, half, 0.0, "must be positive"),
        (np.ones((2, 2)), half, 2 * half, 1.0, "q to 2"),
    ):
        with pytest.raises(ValueError, match=words):
            sinkhorn(C, p, q, eps, 3)
