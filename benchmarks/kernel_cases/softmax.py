"""Softmax, its logarithm, log-sum-exp and the losses from logits, of 10,000 rows of 1,000 logits."""

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import scipy_special, torch

ROWS, CLASSES = 10_000, 1000
ONE_HOT = "one-hot, log(y + 1e-7)"


def cases(dtype, rng):
    """Yield the cases of this family."""
    x = rng.normal(size=(ROWS, CLASSES)).astype(dtype) * 4
    labels = rng.integers(0, CLASSES, ROWS)
    yield _softmax(x)
    yield _softmax_down(x)
    yield _log_softmax(x)
    yield _logsumexp(x)
    yield _cross_entropy_from_labels(x, labels)
    yield _cross_entropy(x, labels)
    yield _bernoulli(x[:2000], rng.random((2000, CLASSES)).astype(dtype))
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


def _softmax_down(x):
    peers = {}
    if torch:
        t = torch.from_numpy(x)
        peers["torch"] = lambda: torch.softmax(t, 0).numpy()
    if scipy_special:
        peers["scipy"] = lambda: scipy_special.softmax(x, axis=0)
    return Case("softmax, axis 0", lambda: kernels.softmax(x, 0), peers)


def _log_softmax(x):
    peers = {}
    if torch:
        t = torch.from_numpy(x)
        peers["torch"] = lambda: torch.log_softmax(t, -1).numpy()
    if scipy_special:
        peers["scipy"] = lambda: scipy_special.log_softmax(x, axis=-1)
    peers["vectorized"] = lambda: stable_log_softmax(x)
    peers["row by row"] = lambda: np.stack([stable_log_softmax(row) for row in x])
    target = 2.1 if x.dtype == np.float32 else 1.5
    twice = np.vstack([x, x])
    return Case(
        "log_softmax", lambda: kernels.log_softmax(x), peers, target, doubled=lambda: kernels.log_softmax(twice)
    )


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


def _cross_entropy_from_labels(x, labels):
    peers = {}
    if torch:
        peers["torch, autograd"] = _eager_cross_entropy(x, torch.from_numpy(labels))
    peers["gathered"] = lambda: gathered_cross_entropy(x, labels)
    peers[ONE_HOT] = lambda: one_hot_cross_entropy(x, np.eye(CLASSES, dtype=x.dtype)[labels])
    twice = np.vstack([x, x]), np.concatenate([labels, labels])
    return Case(
        "cross_entropy_from_labels",
        lambda: kernels.cross_entropy_from_labels(x, labels),
        peers,
        target=1.2 if x.dtype == np.float32 else 0.8,
        doubled=lambda: kernels.cross_entropy_from_labels(*twice),
        incomparable=frozenset([ONE_HOT]),
    )


def _cross_entropy(x, labels):
    c = np.eye(CLASSES, dtype=x.dtype)[labels]
    peers = {}
    if torch:
        peers["torch, autograd"] = _eager_cross_entropy(x, torch.from_numpy(c))
    peers[ONE_HOT] = lambda: one_hot_cross_entropy(x, c)
    return Case(
        "cross_entropy_from_logits, weights",
        lambda: kernels.cross_entropy_from_logits(x, c),
        peers,
        target=1.2 if x.dtype == np.float32 else 0.8,
        incomparable=frozenset([ONE_HOT]),
    )


def _eager_cross_entropy(x, target):
    """Loss and gradient; class numbers or class probabilities, as torch takes them."""
    t = torch.from_numpy(x).requires_grad_()

    def eager():
        t.grad = None
        loss = torch.nn.functional.cross_entropy(t, target)
        loss.backward()
        return float(loss.detach()), t.grad.numpy()

    return eager


def _bernoulli(logits, x):
    peers = {}
    if torch:
        t, target = torch.from_numpy(logits).requires_grad_(), torch.from_numpy(x)

        def eager():
            t.grad = None
            loss = torch.nn.functional.binary_cross_entropy_with_logits(t, target, reduction="sum")
            loss.backward()
            return float(loss.detach()), t.grad.numpy()

        peers["torch, autograd"] = eager
    peers["vectorized"] = lambda: vectorized_bernoulli(logits, x)
    return Case("bernoulli_loss_from_logits (2000, 1000)", lambda: kernels.bernoulli_loss_from_logits(logits, x), peers)


def stable_softmax(x):
    """The vectorized form: a temporary of the array's size at each step."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def stable_log_softmax(x):
    """The vectorized form of the logarithm."""
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def gathered_cross_entropy(x, labels):
    """From the log-softmax by indexing: right, with three arrays of the logits' size."""
    log_y, here = stable_log_softmax(x), (np.arange(len(x)), labels)
    gradient = np.exp(log_y)
    gradient[here] -= 1
    return -log_y[here].mean(dtype=np.float64), gradient / len(x)


def vectorized_bernoulli(logits, x):
    """Softplus less agreement, with a temporary at each step."""
    e = np.exp(-np.abs(logits))
    loss = np.sum(np.maximum(logits, 0) - x * logits + np.log1p(e), dtype=np.float64)
    return loss, np.where(logits >= 0, 1 / (1 + e), e / (1 + e)) - x


def one_hot_cross_entropy(x, c):
    """Softmax, then log(y + 1e-7): the widespread form, whose loss is capped at 16.1."""
    y = stable_softmax(x)
    return -(c * np.log(y + 1e-7)).sum() / len(x), (y - c) / len(x)


def jacobian_vjp(s, v):
    """The product with the Jacobian, which is built for every row."""
    jacobian = s[:, :, None] * (np.eye(s.shape[1], dtype=s.dtype) - s[:, None, :])
    return np.einsum("nij,nj->ni", jacobian, v)
