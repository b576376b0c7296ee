"""Critics, spectral norms, Gaussians and Sinkhorn's divergence against torch and POT."""

import numpy as np
import pytest

from helpers import kernels
from proofs.oracles import oracle


def test_a_penalized_critic_by_double_backward(rng):
    torch = oracle("torch")
    widths = [(2, 16), (16, 8), (8, 1)]
    weights = [0.7 * rng.normal(size=shape) for pair in widths for shape in (pair, pair[1:])]
    real, fake, t = rng.normal(size=(32, 2)), rng.normal(size=(32, 2)), rng.random(32)
    given = [torch.tensor(weight, requires_grad=True) for weight in weights]

    def value(x):
        for k in range(0, len(given) - 2, 2):
            x = torch.tanh(x @ given[k] + given[k + 1])
        return (x @ given[-2] + given[-1])[:, 0]

    real_, fake_, t_ = (torch.tensor(array) for array in (real, fake, t))
    between = (t_[:, None] * real_ + (1 - t_[:, None]) * fake_).requires_grad_()
    (slope,) = torch.autograd.grad(value(between).sum(), between, create_graph=True)
    penalty = 10 * ((slope.norm(dim=1) - 1) ** 2).mean()
    loss = value(fake_).mean() - value(real_).mean() + penalty
    loss.backward()
    found, _, found_penalty, gradients = kernels.penalized_critic_gradients(weights, real, fake, t)
    assert (found, found_penalty) == pytest.approx((loss.item(), penalty.item()), rel=1e-12)
    for gradient, wanted in zip(gradients, given, strict=True):
        expected = np.zeros(wanted.shape) if wanted.grad is None else wanted.grad.numpy()
        np.testing.assert_allclose(gradient, expected, rtol=1e-10, atol=1e-13)


def test_the_spectral_norm_of_torch(rng):
    torch = oracle("torch")
    from torch.nn.utils import parametrizations

    W = rng.normal(size=(5, 7))
    layer = torch.nn.Linear(7, 5, bias=False, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(W))
    torch.manual_seed(0)
    parametrizations.spectral_norm(layer, n_power_iterations=3)
    start = layer.parametrizations.weight[0]._u.clone().numpy()
    scaled = layer.weight.detach().numpy()
    sigma, u, _ = kernels.spectral_norm(W, start, 3)
    np.testing.assert_allclose(scaled, W / sigma, rtol=1e-12)
    np.testing.assert_allclose(layer.parametrizations.weight[0]._u.numpy(), u, rtol=1e-12)


def test_gaussians_and_the_dual_of_pot(rng):
    ot = oracle("ot")
    A, B = rng.normal(size=(2, 3, 5))
    m1, m2, S1, S2 = rng.normal(size=3), rng.normal(size=3), A @ A.T, B @ B.T
    expected = ot.gaussian.bures_wasserstein_distance(m1, m2, S1, S2) ** 2
    assert kernels.gaussian_w2(m1, S1, m2, S2) == pytest.approx(float(expected), rel=1e-10)
    x, y, p, q = rng.normal(size=6), rng.normal(size=4), rng.dirichlet(np.ones(6)), rng.dirichlet(np.ones(4))
    log = ot.emd(p, q, np.abs(np.subtract.outer(x, y)), log=True)[1]
    z, f = kernels.optimal_critic(x, p, y, q)
    dual = p @ np.interp(x, z, f) - q @ np.interp(y, z, f)
    assert dual == pytest.approx(p @ log["u"] + q @ log["v"], rel=1e-12)


def test_sinkhorns_divergence_from_pots_plans(rng):
    ot = oracle("ot")
    x, y, p, q = rng.random(6), rng.random(5), rng.dirichlet(np.full(6, 3.0)), rng.dirichlet(np.full(5, 3.0))

    def cost(x, p, y, q, eps):
        C = np.square(np.subtract.outer(x, y))
        plan = ot.sinkhorn(p, q, C, eps, method="sinkhorn_log", numItermax=3000, stopThr=1e-15, warn=False)
        return np.sum(plan * C) + eps * np.sum(plan * np.log(plan / np.outer(p, q)))

    expected = cost(x, p, y, q, 0.2) - (cost(x, p, x, p, 0.2) + cost(y, q, y, q, 0.2)) / 2
    assert kernels.sinkhorn_divergence(x, p, y, q, 0.2, 500) == pytest.approx(expected, abs=1e-12)
