"""Wasserstein-1 on the line against SciPy, exact plans against POT, Sinkhorn against the K-domain loop."""

from functools import partial

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import ot, scipy_stats

EPS, ITERATIONS = 0.05, 100


def cases(dtype, rng):
    """Yield the cases of this family."""
    x, y = rng.normal(size=(2, 200_000)).astype(dtype)
    yield from (_equal_sizes(x[:1000].copy(), y[:1000].copy()), _equal_sizes(x, y))
    p, q = (weights / weights.sum() for weights in rng.random((2, 100_000)))
    yield _weighted(x[:100_000], p.astype(dtype), y[:100_000], q.astype(dtype))
    yield _batch_of_samples(*rng.normal(size=(2, 500, 500)).astype(dtype))
    yield _batch_of_histograms(*(rng.dirichlet(np.ones(500), 500).astype(dtype) for _ in range(2)))
    yield from _exact(dtype, rng)
    for n in (500, 1000):
        yield _sinkhorn(n, dtype, rng)


def _equal_sizes(x, y):
    peers = {}
    if scipy_stats:
        peers["scipy"] = lambda: scipy_stats.wasserstein_distance(x, y)
    if ot:
        peers["POT"] = lambda: ot.emd2_1d(x, y, metric="euclidean")
    return Case(f"empirical_w1, n = {len(x):,}", lambda: kernels.empirical_w1(x, y), peers, target=0.5)


def _weighted(x, p, y, q):
    peers = {}
    if scipy_stats:
        peers["scipy"] = lambda: scipy_stats.wasserstein_distance(x, y, p, q)
    return Case(f"wasserstein_1d, n = {len(x):,}", lambda: kernels.wasserstein_1d(x, p, y, q), peers, target=0.5)


def _batch_of_samples(x, y):
    peers = {}
    if scipy_stats:
        peers["scipy, loop"] = lambda: [scipy_stats.wasserstein_distance(*pair) for pair in zip(x, y, strict=True)]
    twice = np.vstack([x, x]), np.vstack([y, y])
    return Case(
        "empirical_w1, 500 pairs x 500",
        lambda: kernels.empirical_w1(x, y),
        peers | {"vectorized": lambda: np.abs(np.sort(x) - np.sort(y)).mean(-1)},
        target=0.5,
        doubled=lambda: kernels.empirical_w1(*twice),
    )


def _batch_of_histograms(p, q):
    peers = {}
    if scipy_stats:
        grid, distance = np.arange(p.shape[1]), scipy_stats.wasserstein_distance
        peers["scipy, loop"] = lambda: [distance(grid, grid, *pair) for pair in zip(p, q, strict=True)]
    peers["vectorized"] = lambda: np.abs(np.cumsum(p - q, axis=1)).sum(1)
    return Case("histogram_w1, 500 pairs x 500", lambda: kernels.histogram_w1(p, q), peers, target=0.5, same=1e-4)


def _exact(dtype, rng):
    for n, weighted in ((200, True), (200, False), (500, False)):
        cost = rng.random((n, n)).astype(dtype)
        p, q = rng.dirichlet(np.ones(n), 2).astype(dtype) if weighted else np.full((2, n), 1 / n, dtype)
        peers = {}
        if ot:
            peers["POT, emd"] = lambda cost=cost, p=p, q=q: float(np.vdot(ot.emd(p, q, cost), cost))
        how = "weighted" if weighted else "uniform"
        kernel = partial(exact_cost, cost, p, q)
        yield Case(f"optimal_transport, {how}, n = {n} (500 ms will do)", kernel, peers)


def exact_cost(cost, p, q):
    """The cost alone, because the plan need not be unique."""
    return kernels.optimal_transport(cost, p, q)[1]


def _sinkhorn(n, dtype, rng):
    x, y = rng.random((2, n, 2))
    cost = np.square(x[:, None] - y).sum(-1)
    cost = (cost / cost.max()).astype(dtype)
    p, q = (weights / weights.sum() for weights in rng.random((2, n)) + 0.5)
    p, q = p.astype(dtype), q.astype(dtype)
    peers = {"K-domain loop": lambda: n * n * k_domain(cost, p, q)}
    if ot:
        options = {"numItermax": ITERATIONS, "stopThr": 0, "warn": False}
        for name in ("sinkhorn", "sinkhorn_log", "sinkhorn_stabilized"):
            if n == 500 or name == "sinkhorn":
                peers[f"POT, {name}"] = lambda m=name: n * n * ot.sinkhorn(p, q, cost, EPS, method=m, **options)
    if n == 500:
        peers["log domain"] = lambda: n * n * kernels.sinkhorn(cost, p, q, EPS, ITERATIONS)
    return Case(
        f"sinkhorn_stabilized, n = {n}",
        lambda: n * n * kernels.sinkhorn_stabilized(cost, p, q, EPS, ITERATIONS),
        peers,
        target=1.5,
        same=1e-3 if dtype == np.float32 else 1e-12,
        # POT scales the columns first: the same fixed point, other plans on the way.
        incomparable=frozenset(name for name in peers if "POT" in name),
    )


def k_domain(cost, p, q):
    """The textbook loop, whose kernel underflows for a small eps."""
    kernel = np.exp(-cost / cost.dtype.type(EPS))
    u, v = np.ones_like(p), np.ones_like(q)
    for _ in range(ITERATIONS):
        u = p / (kernel @ v)
        v = q / (u @ kernel)
    return u[:, None] * kernel * v
