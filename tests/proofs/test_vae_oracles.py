"""A step of the variational autoencoder against torch and its automatic differentiation."""

import numpy as np
import pytest

from helpers import kernels
from proofs.oracles import oracle

torch = oracle("torch")

TOLERANCE = {np.float64: 1e-10, np.float32: 2e-5}


def torch_halves(x, eps, weights):
    """Log-likelihoods and KL terms, written with torch's own losses and distributions."""
    W_in, b_in, W_code, b_code, V_in, c_in, V_out, c_out = weights
    code = torch.tanh(x @ W_in + b_in) @ W_code + b_code
    mu, log_variance = code.chunk(2, dim=1)
    sigma = torch.exp(log_variance / 2)
    logits = torch.tanh((mu + sigma * eps) @ V_in + c_in) @ V_out + c_out
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)
    q, p = torch.distributions.Normal(mu, sigma), torch.distributions.Normal(0.0, 1.0)
    return -loss, torch.distributions.kl_divergence(q, p)


def agree(observed, expected, dtype):
    """Equal in dtype and, to a tolerance beside the largest value, in value."""
    expected = expected.detach().numpy()
    assert np.asarray(observed).dtype == dtype
    np.testing.assert_allclose(observed, expected, rtol=0, atol=TOLERANCE[dtype] * max(1, np.abs(expected).max()))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("pixels", "hidden", "latents"), [(64, 48, 8), (30, 30, 1)])
def test_forward_and_backward(dtype, pixels, hidden, latents, rng):
    x, eps = rng.random((40, pixels)).astype(dtype), rng.normal(size=(40, latents)).astype(dtype)
    weights = [one + 0.1 * rng.normal(size=one.shape) for one in kernels.vae_weights(pixels, hidden, latents, rng)]
    weights = [one.astype(dtype) for one in weights]
    dlog, dkl = rng.normal(size=40).astype(dtype), rng.normal(size=(40, latents)).astype(dtype)
    tensors = [torch.from_numpy(one).requires_grad_() for one in weights]
    expected = torch_halves(torch.from_numpy(x), torch.from_numpy(eps), tensors)
    sum((half * torch.from_numpy(d)).sum() for half, d in zip(expected, (dlog, dkl), strict=True)).backward()
    *halves, cache = kernels.vae_forward(x, eps, weights)
    for observed, half in zip(halves, expected, strict=True):
        agree(observed, half, dtype)
    for observed, tensor in zip(kernels.vae_backward(dlog, dkl, cache), tensors, strict=True):
        agree(observed, tensor.grad, dtype)
