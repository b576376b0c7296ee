"""Entropy and divergences against torch."""

import numpy as np
import pytest

from helpers import kernels
from proofs.oracles import oracle

torch = oracle("torch")

TOLERANCE = {np.float64: 1e-13, np.float32: 3e-6}


def agree(observed, expected, dtype, scale=1):
    """Equal in dtype and, to a tolerance, in value."""
    assert np.asarray(observed).dtype == dtype
    np.testing.assert_allclose(observed, expected.numpy(), rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype] * scale)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_discrete_divergences(dtype, rng):
    p, q = (rng.dirichlet(np.full(200, 0.3), 50).astype(dtype) for _ in range(2))
    p[:, ::7] = 0
    p /= p.sum(axis=-1, keepdims=True)
    s, t = torch.from_numpy(p), torch.from_numpy(q)
    agree(kernels.entropy(p), torch.special.entr(s).sum(-1), dtype)
    agree(kernels.cross_entropy(p, q), -torch.xlogy(s, t).sum(-1), dtype, 10)
    agree(kernels.kl_divergence(p, q), torch.nn.functional.kl_div(t.log(), s, reduction="none").sum(-1), dtype, 10)
    m = (s + t) / 2
    agree(kernels.js_divergence(p, q), (torch.xlogy(s, s / m) + torch.xlogy(t, t / m)).sum(-1) / 2, dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_gaussians(dtype, rng):
    m1, lv1, m2, lv2 = rng.normal(size=(4, 20, 6)).astype(dtype)
    first, second = (
        torch.distributions.Normal(torch.from_numpy(m), torch.from_numpy(np.exp(lv / 2)))
        for m, lv in ((m1, lv1), (m2, lv2))
    )
    expected = torch.distributions.kl_divergence(first, second).sum(-1)
    agree(kernels.kl_diagonal_gaussians(m1, lv1, m2, lv2), expected, dtype, 10)
    a, b = rng.normal(size=(2, 20, 6, 6))
    s1, s2 = ((x @ x.swapaxes(1, 2) + np.eye(6)).astype(dtype) for x in (a, b))
    first, second = (
        torch.distributions.MultivariateNormal(torch.from_numpy(m), torch.from_numpy(s))
        for m, s in ((m1, s1), (m2, s2))
    )
    agree(kernels.kl_gaussians(m1, s1, m2, s2), torch.distributions.kl_divergence(first, second), dtype, 300)
