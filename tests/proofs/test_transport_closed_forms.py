"""Bures' distance by the optimal map and by roots of roots; Sinkhorn's divergence by its definition and its limits."""

import numpy as np
import pytest
import scipy.linalg
import scipy.optimize

from helpers import kernels
from proofs import close, close32
from proofs.arguments import unchanged


def covariance(rng, dim, rank):
    A = rng.normal(size=(dim, rank))
    return A @ A.T / rank


@pytest.mark.parametrize("dim", [1, 2, 5])
def test_gaussians_by_roots_of_roots(dim, rng):
    (m1, m2), S1, S2 = rng.normal(size=(2, dim)), covariance(rng, dim, dim + 2), covariance(rng, dim, dim + 2)
    root = scipy.linalg.sqrtm(S1)
    expected = ((m1 - m2) ** 2).sum() + np.trace(S1 + S2 - 2 * scipy.linalg.sqrtm(root @ S2 @ root)).real
    assert kernels.gaussian_w2(m1, S1, m2, S2) == pytest.approx(expected, rel=1e-11)
    # The optimal map x -> m2 + T (x - m1) carries the one to the other, and costs what it says.
    T = np.linalg.inv(root) @ scipy.linalg.sqrtm(root @ S2 @ root) @ np.linalg.inv(root)
    np.testing.assert_allclose(T @ S1 @ T, S2, rtol=1e-8, atol=1e-9)
    cost = ((m1 - m2) ** 2).sum() + np.trace((T - np.eye(dim)) @ S1 @ (T - np.eye(dim)))
    assert kernels.gaussian_w2(m1, S1, m2, S2) == pytest.approx(cost, rel=1e-9)


def test_singular_covariances(rng):
    A, B = rng.normal(size=(5, 2)), rng.normal(size=(5, 3))
    overlap = np.linalg.svd(A.T @ B, compute_uv=False).sum()
    zero = np.zeros(5)
    expected = np.trace(A @ A.T) + np.trace(B @ B.T) - 2 * overlap
    assert kernels.gaussian_w2(zero, A @ A.T, zero, B @ B.T) == pytest.approx(expected, rel=1e-9)
    assert kernels.gaussian_w2(zero, A @ A.T, zero, A @ A.T) < 1e-12
    assert kernels.gaussian_w2(zero, np.zeros((5, 5)), zero, B @ B.T) == pytest.approx(np.sum(B * B), rel=1e-12)
    assert kernels.gaussian_w2(zero, np.zeros((5, 5)), zero + 1, np.zeros((5, 5))) == 5


def test_batches_of_gaussians_and_what_does_not_fit(rng):
    means, factors = rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 3, 2, 4))
    S = factors @ np.swapaxes(factors, -1, -2)
    together = kernels.gaussian_w2(means[0], S[0], means[1], S[1])
    alone = [kernels.gaussian_w2(means[0, k], S[0, k], means[1, k], S[1, k]) for k in range(3)]
    close(together, np.array(alone))
    close32(kernels.gaussian_w2(*(a.astype(np.float32) for a in (means[0], S[0], means[1], S[1]))), together, 1e-5)
    with pytest.raises(ValueError, match=r"means \(2,\) and \(3,\)"):
        kernels.gaussian_w2(np.zeros(2), np.eye(2), np.zeros(3), np.eye(3))


def entropic_cost(x, p, y, q, eps):
    """The regularized cost by a quasi-Newton method on its dual, without any iteration of Sinkhorn's."""
    C = np.square(np.subtract.outer(x, y))

    def minus_dual(fg):
        f, g = fg[: len(x)], fg[len(x) :]
        plan = np.outer(p, q) * np.exp((np.add.outer(f, g) - C) / eps)
        value = p @ f + q @ g - eps * (plan.sum() - 1)
        return -value, -np.concatenate([p - plan.sum(1), q - plan.sum(0)])

    start = np.zeros(len(x) + len(y))
    return -scipy.optimize.minimize(minus_dual, start, jac=True, method="BFGS", options={"gtol": 1e-11}).fun


def measures(rng, m, n):
    return rng.random(m), rng.dirichlet(np.full(m, 3.0)), rng.random(n), rng.dirichlet(np.full(n, 3.0))


@pytest.mark.parametrize(("m", "n"), [(1, 1), (4, 3), (5, 5)])
def test_sinkhorns_divergence_by_the_dual(m, n, rng):
    x, p, y, q = measures(rng, m, n)
    expected = entropic_cost(x, p, y, q, 0.4)
    expected -= (entropic_cost(x, p, x, p, 0.4) + entropic_cost(y, q, y, q, 0.4)) / 2
    assert kernels.sinkhorn_divergence(x, p, y, q, 0.4, 300) == pytest.approx(expected, abs=1e-10)


def test_what_sinkhorns_divergence_promises(rng):
    x, p, y, q = measures(rng, 6, 5)
    value = kernels.sinkhorn_divergence(x, p, y, q, 0.3, 300)
    assert value > 0
    assert kernels.sinkhorn_divergence(y, q, x, p, 0.3, 300) == pytest.approx(value, rel=1e-10)
    assert kernels.sinkhorn_divergence(x, p, x[::-1], p[::-1], 0.3, 300) == pytest.approx(0, abs=1e-14)
    assert kernels.sinkhorn_divergence(x, p, x + 100, p, 0.3, 300) == pytest.approx(1e4, rel=1e-12)
    means = (p @ x - q @ y) ** 2
    assert kernels.sinkhorn_divergence(x, p, y, q, 1e5, 20) == pytest.approx(means, rel=1e-4)
    order = np.argsort(x), np.argsort(y)
    plan = kernels.monotone_plan(p[order[0]], q[order[1]])
    w2 = kernels.transport_cost(plan, x[order[0]], y[order[1]], 2)
    assert kernels.sinkhorn_divergence(x, p, y, q, 1e-3, 5000) == pytest.approx(w2, rel=0.02)
    unchanged(kernels.sinkhorn_divergence, x, p, y, q, 0.3, 10)
    for wrong in ({"eps": 0.0, "iters": 5}, {"eps": 1.0, "iters": 0}):
        with pytest.raises(ValueError, match="must be positive"):
            kernels.sinkhorn_divergence(x, p, y, q, **wrong)
    with pytest.raises(ValueError, match=r"p \(5,\)"):
        kernels.sinkhorn_divergence(x, q, y, q, 1.0, 5)
