"""A step of a variational autoencoder, and the importance-weighted bound of 10,000 samples through its decoder."""

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import torch

BATCH, PIXELS, HIDDEN, LATENTS = 256, 784, 400, 20  # the size of the first papers, and of most tutorials
FEW, SMALL_HIDDEN, SAMPLES = 20, 64, 10_000  # digits of 8 x 8 pixels


def cases(dtype, rng):
    """Yield the cases of this family."""
    yield _step("vae, forward and backward, 784-400-20", BATCH, PIXELS, HIDDEN, LATENTS, dtype, rng)
    yield _step("vae, forward and backward, 64-64-8", 100, 64, SMALL_HIDDEN, 8, dtype, rng)
    yield _bound(dtype, rng)


def _step(name, batch, pixels, hidden, latents, dtype, rng):
    x, eps = (rng.random((batch, pixels)) < 0.3).astype(dtype), rng.normal(size=(batch, latents)).astype(dtype)
    weights = kernels.vae_weights(pixels, hidden, latents, rng, dtype=dtype)
    dlog, dkl = np.full(batch, -1 / batch, dtype), np.full((batch, latents), 1 / batch, dtype)

    def step():
        log_likelihood, kl, cache = kernels.vae_forward(x, eps, weights)
        return (log_likelihood, kl, *kernels.vae_backward(dlog, dkl, cache))

    peers = {}
    if torch:
        images, draws = torch.from_numpy(x), torch.from_numpy(eps)
        tensors = [torch.from_numpy(one).requires_grad_() for one in weights]

        def eager():
            for one in tensors:
                one.grad = None
            log_likelihood, kl = torch_halves(images, draws, tensors)
            ((kl.sum() - log_likelihood.sum()) / batch).backward()
            return (log_likelihood.detach().numpy(), kl.detach().numpy(), *(one.grad.numpy() for one in tensors))

        peers["torch, autograd"] = eager
    return Case(name, step, peers, target=1.0, same=1e-4, flops=2 * batch * hidden * (5 * pixels + 9 * latents))


def torch_halves(x, eps, weights):
    """Both halves of the ELBO, as a tutorial writes them."""
    W_in, b_in, W_code, b_code, V_in, c_in, V_out, c_out = weights
    code = torch.tanh(torch.addmm(b_in, x, W_in)) @ W_code + b_code
    mu, log_variance = code.chunk(2, dim=-1)
    z = mu + torch.exp(log_variance / 2) * eps
    logits = torch.tanh(z @ V_in + c_in) @ V_out + c_out
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, x.expand(logits.shape), reduction="none")
    return -loss.sum(-1), (mu**2 + log_variance.exp() - 1 - log_variance) / 2


def _bound(dtype, rng):
    """All samples at once would take 2 x 200,000 x 64 numbers; the kernel keeps a block."""
    x = (rng.random((FEW, 64)) < 0.3).astype(dtype)
    weights = kernels.vae_weights(64, SMALL_HIDDEN, 2, rng, dtype=dtype)

    def kernel():
        return kernels.iwae_bound_streaming(kernels.vae_log_weights(x, weights, SAMPLES, np.random.default_rng(0)))

    peers = {"vectorized": lambda: at_once(x, weights)}
    if torch:
        peers = {"torch, all at once": lambda: torch_bound(x, weights), **peers}
    return Case(f"vae, IWAE bound streamed, K = {SAMPLES:,}", kernel, peers, target=1.0, same=1e-4)


def drawn(x, latents):
    """The same draws for everybody."""
    return np.random.default_rng(0).standard_normal((SAMPLES, len(x), latents), dtype=x.dtype)


def at_once(x, weights):
    """The vectorized form: a temporary of all samples at each step."""
    mu, log_variance = kernels.vae_encode(x, weights)
    eps = drawn(x, mu.shape[1])
    z = mu + np.exp(log_variance / 2) * eps
    logits = np.tanh(z @ weights[4] + weights[5]) @ weights[6] + weights[7]
    log_likelihood = (x * logits - np.logaddexp(0, logits)).sum(axis=-1)
    logw = log_likelihood + (eps**2 + log_variance - z**2).sum(axis=-1) / 2
    highest = logw.max(axis=0)
    return np.log(np.exp(logw - highest).mean(axis=0)) + highest


def torch_bound(x, weights):
    """The same in torch, without a graph."""
    with torch.no_grad():
        tensors = [torch.from_numpy(one) for one in weights]
        images = torch.from_numpy(x)
        mu, log_variance = (torch.tanh(images @ tensors[0] + tensors[1]) @ tensors[2] + tensors[3]).chunk(2, -1)
        eps = torch.from_numpy(drawn(x, mu.shape[1]))
        z = mu + torch.exp(log_variance / 2) * eps
        logits = torch.tanh(z @ tensors[4] + tensors[5]) @ tensors[6] + tensors[7]
        spread = images.expand(logits.shape)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, spread, reduction="none").sum(-1)
        logw = (eps**2 + log_variance - z**2).sum(-1) / 2 - loss
        return (torch.logsumexp(logw, 0) - np.log(SAMPLES)).numpy()
