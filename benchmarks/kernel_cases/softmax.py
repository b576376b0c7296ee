"""Softmax, log-sum-exp and cross-entropy of 10,000 rows of 1,000 logits."""

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import scipy_special, torch

ROWS, CLASSES = 10_000, 1000
ONE_HOT = "one-hot, log(y + 1e-7)"


def cases(dtype, rng):
    """Yield the cases of this family."""
    x = rng.normal(size=(ROWS, CLASSES)).astype(dtype) * 4
    yield _softmax(x)
    yield _logsumexp(x)
    yield _cross_entropy(x, rng.integers(0, CLASSES, ROWS))
    s, v = kernels.softmax(x[:500, :100]), x[500:1000, :100].copy()
    vjp = {"Jacobian": lambda: jacobian_vjp(s, v)}
    yield Case("softmax_vjp (500, 100)", lambda: kernels.softmax_vjp(s, v), vjp)


def _softmax(x):
    peers = {}
    if torch:
        t = torch.from_numpy(x)
        peers["torch"] = lambda: torch.softmax(t, -1).numpy()
    if scipy_special:
        peers["scipy"] = lambda: scipy_special.softmax(x, axis=-1)
    peers["vectorized"] = lambda: stable_softmax(x)
    twice = np.vstack([x, x])
    return Case("softmax", lambda: kernels.softmax(x), peers, doubled=lambda: kernels.softmax(twice))


def _logsumexp(x):
    peers = {}
    if torch:
        t = torch.from_numpy(x)
        peers["torch"] = lambda: torch.logsumexp(t, -1).numpy()
    if scipy_special:
        peers["scipy"] = lambda: scipy_special.logsumexp(x, axis=-1)
    peers["vectorized"] = lambda: np.log(np.exp(x - x.max(-1, keepdims=True)).sum(-1)) + x.max(-1)
    target = 0.9 if x.dtype == np.float32 else 0.8
    twice = np.vstack([x, x])
    return Case("logsumexp", lambda: kernels.logsumexp(x), peers, target, doubled=lambda: kernels.logsumexp(twice))


def _cross_entropy(x, labels):
    c = np.eye(CLASSES, dtype=x.dtype)[labels]
    peers = {}
    if torch:
        t, k = torch.from_numpy(x).requires_grad_(), torch.from_numpy(labels)

        def eager():
            t.grad = None
            loss = torch.nn.functional.cross_entropy(t, k)
            loss.backward()
            return float(loss.detach()), t.grad.numpy()

        peers["torch, autograd"] = eager
    peers[ONE_HOT] = lambda: one_hot_cross_entropy(x, c)
    return Case(
        "cross_entropy_from_logits",
        lambda: kernels.cross_entropy_from_logits(x, c),
        peers,
        target=1.2 if x.dtype == np.float32 else 0.8,
        incomparable=frozenset([ONE_HOT]),
    )


def stable_softmax(x):
    """The vectorized form: a temporary of the array's size at each step."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def one_hot_cross_entropy(x, c):
    """Softmax, then log(y + 1e-7): the widespread form, whose loss is capped at 16.1."""
    y = stable_softmax(x)
    return -(c * np.log(y + 1e-7)).sum() / len(x), (y - c) / len(x)


def jacobian_vjp(s, v):
    """The product with the Jacobian, which is built for every row."""
    jacobian = s[:, :, None] * (np.eye(s.shape[1], dtype=s.dtype) - s[:, None, :])
    return np.einsum("nij,nj->ni", jacobian, v)
