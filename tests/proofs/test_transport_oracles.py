"""Optimal transport against POT."""

import numpy as np
import pytest

from helpers import kernels
from proofs.oracles import oracle

ot = oracle("ot")


def test_distances_on_the_line(rng):
    x, y = rng.normal(size=(2, 1000))
    p, q = rng.dirichlet(np.ones(1000), 2)
    uniform = ot.emd2_1d(x, y, metric="euclidean")
    assert kernels.empirical_w1(x, y) == pytest.approx(uniform, rel=1e-12)
    weighted = ot.emd2_1d(x, y, p, q, metric="euclidean")
    assert kernels.wasserstein_1d(x, p, y, q) == pytest.approx(weighted, rel=1e-11)
    order = np.argsort(x), np.argsort(y)
    plan = ot.emd_1d(x[order[0]], y[order[1]], p[order[0]], q[order[1]], metric="euclidean")
    np.testing.assert_allclose(kernels.monotone_plan(p[order[0]], q[order[1]]), plan, atol=1e-14)


@pytest.mark.parametrize(("m", "n"), [(20, 30), (40, 40)])
def test_exact_plans(m, n, rng):
    cost, p, q = rng.random((m, n)), rng.dirichlet(np.ones(m)), rng.dirichlet(np.ones(n))
    plan, value = kernels.optimal_transport(cost, p, q)
    assert value == pytest.approx(ot.emd2(p, q, cost), rel=1e-12)
    np.testing.assert_allclose(plan, ot.emd(p, q, cost), atol=1e-14)  # the costs are generic, so the plan is unique
    if m == n:
        assert kernels.optimal_transport(cost)[1] == pytest.approx(ot.emd2([], [], cost), rel=1e-12)


@pytest.mark.parametrize("eps", [1.0, 0.05, 1e-2])
def test_entropic_plans(eps, rng):
    """POT scales the columns first: the transposed problem goes through the same plans."""
    C, p, q = rng.random((30, 20)), rng.dirichlet(np.full(30, 5.0)), rng.dirichlet(np.full(20, 5.0))
    expected = ot.bregman.sinkhorn_log(q, p, C.T, eps, numItermax=50, stopThr=0, warn=False).T
    for sinkhorn in (kernels.sinkhorn, kernels.sinkhorn_stabilized):
        np.testing.assert_allclose(sinkhorn(C, p, q, eps, 50), expected, rtol=1e-9, atol=1e-14)
