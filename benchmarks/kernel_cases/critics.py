"""A penalized critic against torch, with double backward; Bures against POT and SciPy; the divergence of Sinkhorn."""

import itertools

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import ot, scipy_linalg, torch

EPS, ROUNDS = 0.1, 100


def cases(dtype, rng):
    """Yield the cases of this family."""
    for batch, units in ((64, 32), (256, 128)):
        yield _critic(batch, units, dtype, rng)
    for dim in (64, 256):
        yield _bures(dim, dtype, rng)
    yield _divergence(200, dtype, rng)


def _critic(batch, units, dtype, rng):
    layers = itertools.pairwise((2, units, units, 1))
    weights = [(rng.normal(size=s) / 4).astype(dtype) for pair in layers for s in (pair, pair[1:])]
    real, fake = rng.normal(size=(2, batch, 2)).astype(dtype)
    t = rng.random(batch).astype(dtype)
    peers = {}
    if torch:
        given = [torch.tensor(weight, requires_grad=True) for weight in weights]
        points = [torch.tensor(array) for array in (real, fake, t)]
        peers["torch, double backward"] = lambda: _flat(_torch_step(given, *points))
    return Case(
        f"penalized_critic_gradients, batch {batch}, 2 x {units} units",
        lambda: _flat(kernels.penalized_critic_gradients(weights, real, fake, t)[3]),
        peers,
        target=0.7,
        same=1e-4 if dtype == np.float32 else 1e-12,
    )


def _flat(gradients):
    return np.concatenate([np.ravel(gradient) for gradient in gradients])


def _torch_step(weights, real, fake, t):
    """The gradients of the same loss, through the graph of the slope."""

    def value(x):
        for k in range(0, len(weights) - 2, 2):
            x = torch.tanh(x @ weights[k] + weights[k + 1])
        return (x @ weights[-2] + weights[-1])[:, 0]

    between = (fake + t[:, None] * (real - fake)).requires_grad_()
    (slope,) = torch.autograd.grad(value(between).sum(), between, create_graph=True)
    loss = value(fake).mean() - value(real).mean() + 10 * ((slope.norm(dim=1) - 1) ** 2).mean()
    return [gradient.numpy() for gradient in torch.autograd.grad(loss, weights, materialize_grads=True)]


def _bures(dim, dtype, rng):
    A, B = rng.normal(size=(2, dim, 2 * dim)) / np.sqrt(2 * dim)
    m1, m2, S1, S2 = (a.astype(dtype) for a in (rng.normal(size=dim), rng.normal(size=dim), A @ A.T, B @ B.T))
    peers = {}
    if ot:
        peers["POT"] = lambda: float(ot.gaussian.bures_wasserstein_distance(m1, m2, S1, S2)) ** 2
    if scipy_linalg:
        peers["sqrtm, as FID codes do"] = lambda: _with_sqrtm(m1, S1, m2, S2)
    same = 1e-4 if dtype == np.float32 else 1e-9
    return Case(f"gaussian_w2, D = {dim}", lambda: float(kernels.gaussian_w2(m1, S1, m2, S2)), peers, same=same)


def _with_sqrtm(m1, S1, m2, S2):
    root = scipy_linalg.sqrtm(S1 @ S2)
    return float(np.sum((m1 - m2) ** 2) + np.trace(S1) + np.trace(S2) - 2 * np.trace(root).real)


def _divergence(n, dtype, rng):
    (x, y), (p, q) = rng.random((2, n)), (w / w.sum() for w in rng.random((2, n)) + 0.5)
    x, p, y, q = (array.astype(dtype) for array in (x, p, y, q))
    peers = {"np.logaddexp.reduce, three costs": lambda: _by_logaddexp(x, p, y, q)}
    return Case(
        f"sinkhorn_divergence, n = {n}",
        lambda: kernels.sinkhorn_divergence(x, p, y, q, EPS, ROUNDS),
        peers,
        target=0.7,
        same=1e-3 if dtype == np.float32 else 1e-9,
    )


def _by_logaddexp(x, p, y, q):
    def cost(x, p, y, q):
        C, g = np.square(np.subtract.outer(x, y)) / EPS, np.zeros_like(y)
        for _ in range(ROUNDS):
            f = -np.logaddexp.reduce(np.log(q) + g - C, axis=1)
            g = -np.logaddexp.reduce((np.log(p) + f)[:, None] - C, axis=0)
        return EPS * float(p @ f + q @ g)

    return cost(x, p, y, q) - (cost(x, p, x, p) + cost(y, q, y, q)) / 2
