"""The IWAE bound of 1,000 examples with 10,000 samples, its encoder's gradients, estimators, Gumbel-softmax."""

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import scipy_special, torch

EXAMPLES, SAMPLES, CHUNK = 1000, 10_000, 64
DRAWS, DIMENSIONS = 20_000, 64


def cases(dtype, rng):
    """Yield the cases of this family."""
    logw = (rng.normal(size=(EXAMPLES, SAMPLES)) * 8 - 300).astype(dtype)
    yield _bound(logw)
    yield _bound_and_weights(logw)
    few = logw[:, :100].copy()
    yield from (_bound(few), _bound_and_weights(few))
    yield from _estimators(dtype, rng)
    yield _encoder_gradients(dtype, rng)
    yield _gumbel_softmax(rng.normal(size=(2000, 1000)).astype(dtype), rng.random((2000, 1000)).astype(dtype))


def _bound(logw):
    peers, dtype = {}, logw.dtype
    if torch:
        t = torch.from_numpy(logw)
        peers["torch, logsumexp"] = lambda: torch.logsumexp(t, 1).numpy() - dtype.type(np.log(logw.shape[1]))
    # The peers that are other forms of the kernel show what streaming costs, and what it saves in memory.
    by_sample = np.ascontiguousarray(logw.T)
    peers["iwae_bound_streaming"] = lambda: kernels.iwae_bound_streaming(chunks(by_sample))
    if scipy_special:
        peers["scipy"] = lambda: scipy_special.logsumexp(logw, axis=1) - dtype.type(np.log(logw.shape[1]))
    peers["vectorized"] = lambda: stable_bound(logw)
    return Case(f"iwae_bound, K = {logw.shape[1]:,}", lambda: kernels.iwae_bound(logw), peers)


def _bound_and_weights(logw):
    peers = {}
    if torch:
        t = torch.from_numpy(logw).requires_grad_()

        def eager():
            t.grad = None
            bound = torch.logsumexp(t, 1) - np.log(logw.shape[1])
            bound.sum().backward()
            return bound.detach().numpy(), t.grad.numpy()

        peers["torch, autograd"] = eager
    peers["vectorized"] = lambda: (stable_bound(logw), stable_weights(logw))
    many = logw.shape[1] == SAMPLES
    twice = np.vstack([logw, logw]) if many else None
    return Case(
        f"iwae_bound_and_weights, K = {logw.shape[1]:,}",
        lambda: kernels.iwae_bound_and_weights(logw),
        peers,
        target=0.5 if many else None,
        same=1e-4,  # autograd takes exp(log w - bound), and in float32 a bound of -270 is rounded to 1.5e-5
        doubled=(lambda: kernels.iwae_bound_and_weights(twice)) if many else None,
    )


def chunks(by_sample):
    """Blocks of samples, (chunk, examples), as a model would make them one after the other."""
    return (by_sample[i : i + CHUNK] for i in range(0, len(by_sample), CHUNK))


def stable_bound(logw):
    """The vectorized form: a temporary of the array's size at each step."""
    highest = logw.max(axis=1, keepdims=True)
    return np.log(np.exp(logw - highest).mean(axis=1)) + highest[:, 0]


def stable_weights(logw):
    """The softmax of the log-weights, vectorized."""
    weights = np.exp(logw - logw.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def _estimators(dtype, rng):
    """The gradients of E[|z - 1|^2 / 2] for a diagonal Gaussian."""
    mu = rng.normal(size=DIMENSIONS).astype(dtype)
    sigma = np.exp(rng.normal(size=DIMENSIONS) / 10).astype(dtype)
    eps = rng.normal(size=(DRAWS, DIMENSIONS)).astype(dtype)

    def half_square(z):
        gap = z - 1
        return np.vecdot(gap, gap) / 2

    pathwise, score = {}, {}
    if torch:
        m, s, e = (torch.from_numpy(array) for array in (mu, sigma, eps))
        m.requires_grad_()
        s.requires_grad_()
        pathwise["torch, autograd"] = lambda: eager_gradients(m, s, lambda: pathwise_loss(m, s, e))
        score["torch, autograd"] = lambda: eager_gradients(m, s, lambda: score_loss(m, s, e))
    pathwise["vectorized"] = lambda: vectorized_pathwise(mu, sigma, eps)
    score["vectorized"] = lambda: vectorized_score(mu, sigma, eps, half_square)
    yield Case(
        "reparameterized_gradient",
        lambda: kernels.reparameterized_gradient(lambda z: z - 1, mu, sigma, eps),
        pathwise,
        target=0.3,
    )
    kernel = kernels.score_function_gradient
    yield Case("score_function_gradient", lambda: kernel(half_square, mu, sigma, eps), score, target=0.15, same=1e-4)


def _encoder_gradients(dtype, rng):
    """The standard and the doubly reparameterized gradient of 1,000 examples with 1,000 samples each."""
    z, dlogp = rng.normal(size=(2, EXAMPLES, 1000)).astype(dtype)
    logw = (rng.normal(size=(EXAMPLES, 1000)) * 8 - 300).astype(dtype)
    b, s = dtype.type(0.5), dtype.type(0.8)
    peers = {}
    if torch:
        t = [torch.from_numpy(array) for array in (z, dlogp, logw)]
        peers["torch"] = lambda: tuple(each.numpy() for each in torch_gradients(*t, float(b), float(s)))
    peers["vectorized"] = lambda: both_gradients(stable_weights(logw), z, dlogp, b, s)
    return Case("iwae_gradients", lambda: kernels.iwae_gradients(z, b, s, dlogp, logw), peers, same=1e-4)


def both_gradients(weights, z, dlogp, b, s):
    """The two formulas, word by word."""
    return (weights * dlogp).sum(1), (weights**2 * (dlogp + (z - b) / s**2)).sum(1)


def torch_gradients(z, dlogp, logw, b, s):
    """The same two formulas in torch."""
    return both_gradients(torch.softmax(logw, 1), z, dlogp, b, s)


def pathwise_loss(m, s, e):
    """Through the samples."""
    return ((m + s * e - 1) ** 2).sum(1).mean() / 2


def score_loss(m, s, e):
    """The surrogate whose gradient is the score-function estimate."""
    with torch.no_grad():
        z = m + s * e
        value = ((z - 1) ** 2).sum(1) / 2
    log_density = (-(((z - m) / s) ** 2) / 2 - s.log()).sum(1)
    return (value * log_density).mean()


def eager_gradients(m, s, loss):
    """Both gradients of a loss by autograd."""
    m.grad = s.grad = None
    loss().backward()
    return m.grad.numpy(), s.grad.numpy()


def vectorized_pathwise(mu, sigma, eps):
    """Every sample's gradient, then the mean."""
    slopes = mu + sigma * eps - 1
    return slopes.mean(axis=0), (slopes * eps).mean(axis=0)


def vectorized_score(mu, sigma, eps, fun):
    """Every sample's gradient, then the mean."""
    values = fun(mu + sigma * eps)[:, None]
    return (values * eps / sigma).mean(axis=0), (values * (eps**2 - 1) / sigma).mean(axis=0)


def _gumbel_softmax(logits, u):
    peers = {}
    if torch:
        x, uniform = torch.from_numpy(logits), torch.from_numpy(u).clamp(1e-12, 1 - 1e-7)

        def eager():
            noisy = x - torch.log(-torch.log(uniform))
            hard = torch.zeros_like(x).scatter_(-1, noisy.argmax(-1, keepdim=True), 1.0)
            return torch.softmax(noisy / 0.5, -1).numpy(), hard.numpy()

        peers["torch"] = eager

    def vectorized():
        noisy = logits - np.log(-np.log(u.clip(1e-12, 1 - 1e-7)))
        return stable_weights(noisy / 0.5), np.eye(logits.shape[1], dtype=logits.dtype)[noisy.argmax(1)]

    peers["vectorized"] = vectorized
    return Case("gumbel_softmax (2,000, 1,000)", lambda: kernels.gumbel_softmax(logits, u, 0.5), peers)
