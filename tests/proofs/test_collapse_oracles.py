"""Free bits and active units against torch: its clamp, the gradient at equality included, and its variance."""

import numpy as np
import pytest

from helpers import kernels
from proofs.oracles import oracle

torch = oracle("torch")


@pytest.mark.parametrize("floor", [0.0, 0.4, 0.5, 20.0])
def test_free_bits(floor, rng):
    kl = rng.exponential(1.0, (6, 5)) * np.array([2.0, 1.0, 0.3, 0.05, 0.0])
    kl[:, 1] = np.repeat([0.25, 0.75], 3)  # a mean of exactly 0.5
    t = torch.from_numpy(kl).requires_grad_()
    expected = torch.clamp(t.mean(0), min=floor).sum()
    expected.backward()
    value, gradient = kernels.free_bits(kl, floor)
    assert value == pytest.approx(float(expected.detach()), rel=1e-13)
    np.testing.assert_allclose(gradient, t.grad.numpy(), rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_active_units(dtype, rng):
    mu = (rng.normal(size=(200, 6)) * np.array([1.0, 0.5, 0.2, 0.05, 0.01, 0.0]) + 3).astype(dtype)
    expected = torch.var(torch.from_numpy(mu), dim=0, unbiased=False)
    number, variances = kernels.active_units(mu)
    np.testing.assert_allclose(variances, expected.numpy(), rtol=1e-3 if dtype == np.float32 else 1e-10, atol=1e-12)
    assert number == int((expected > 0.01).sum())
