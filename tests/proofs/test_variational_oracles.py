"""Bounds, weights and gradient estimators against torch and its automatic differentiation."""

import numpy as np
import pytest

from helpers import kernels
from proofs.oracles import oracle

torch = oracle("torch")

TOLERANCE = {np.float64: 1e-10, np.float32: 3e-5}


def agree(observed, expected, dtype, scale=1):
    """Equal in dtype and, to a tolerance, in value."""
    assert np.asarray(observed).dtype == dtype
    expected = expected.detach().numpy()
    np.testing.assert_allclose(observed, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype] * scale)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_bound_and_weights(dtype, rng):
    logw = (rng.normal(size=(40, 300)) * 8 - 300).astype(dtype)
    t = torch.from_numpy(logw).requires_grad_()
    bound = torch.logsumexp(t, 1) - np.log(300)
    bound.sum().backward()
    observed, weights = kernels.iwae_bound_and_weights(logw)
    agree(observed, bound, dtype)
    agree(kernels.iwae_bound(logw), bound, dtype)
    agree(kernels.iwae_bound_streaming(logw.T[i : i + 64] for i in range(0, 300, 64)), bound, dtype)
    agree(weights, t.grad, dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_gradient_estimators(dtype, rng):
    mu, c, sigma = (a.astype(dtype) for a in (rng.normal(size=5), rng.normal(size=5), rng.uniform(0.5, 2, 5)))
    eps = rng.normal(size=(3000, 5)).astype(dtype)
    m, s = (torch.from_numpy(a).requires_grad_() for a in (mu, sigma))
    e, center = torch.from_numpy(eps), torch.from_numpy(c)
    torch.sin(m + s * e - center).prod(1).mean().backward()

    def slopes(z):
        return np.cos(z - c) * np.sin(z - c).prod(1, keepdims=True) / np.sin(z - c)

    for observed, expected in zip(kernels.reparameterized_gradient(slopes, mu, sigma, eps), (m, s), strict=True):
        agree(observed, expected.grad, dtype)
    m.grad = s.grad = None
    with torch.no_grad():
        z = m + s * e
        values = torch.sin(z - center).prod(1)
    (values * torch.distributions.Normal(m, s).log_prob(z).sum(1)).mean().backward()
    found = kernels.score_function_gradient(lambda z: np.sin(z - c).prod(1), mu, sigma, eps)
    for observed, expected in zip(found, (m, s), strict=True):
        agree(observed, expected.grad, dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_categorical_latents(dtype, rng):
    logits, u = rng.normal(size=(20, 6)).astype(dtype), rng.uniform(0.01, 0.99, (20, 6)).astype(dtype)
    noisy = torch.from_numpy(logits) - torch.log(-torch.log(torch.from_numpy(u)))
    soft, hard = kernels.gumbel_softmax(logits, u, 0.4)
    agree(soft, torch.softmax(noisy / 0.4, -1), dtype)
    agree(hard, torch.nn.functional.one_hot(noisy.argmax(-1), 6).to(noisy.dtype), dtype)
    x, fvals = torch.from_numpy(logits[0]).requires_grad_(), u[0] * 10
    (torch.softmax(x, -1) @ torch.from_numpy(fvals)).backward()
    agree(kernels.reinforce(logits[0], fvals, np.arange(6), 0.0)[1], x.grad, dtype)
    gradients, _ = kernels.reinforce(logits[0], fvals, np.arange(6), 2.0)
    for k in range(6):
        x.grad = None
        (torch.log_softmax(x, -1)[k] * float(fvals[k] - 2)).backward()
        agree(gradients[k], x.grad, dtype)
