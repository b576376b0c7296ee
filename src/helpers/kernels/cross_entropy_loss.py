"""Cross-entropy of a batch from its logits, with target weights or class numbers, and its gradient.

The softmax belongs into the loss: log(softmax) in two steps overflows or needs an epsilon that caps the loss, and
together the gradient is a subtraction. The array of the gradient is also the workspace: each block of it holds the
shifted logits first, then their exponentials, then the gradient, while it is in the cache.
"""

import numpy as np

from helpers.kernels._blocks import as_float, require_same_shape, row_blocks, row_sums
from helpers.kernels.softmax import log_softmax


def cross_entropy_plain(logits, c):
    """Return the same as `cross_entropy_from_logits`, in the form for reading.

    loss = mean_n sum_k -c_nk log s_nk,   dlogits_n = (C_n s_n - c_n) / N,   s = softmax(logits), C_n = sum_k c_nk

    logits, c: (N, K).
    returns: loss, a float; dlogits, (N, K).
    raises: nothing.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.

    >>> cross_entropy_plain(np.zeros((1, 2)), np.array([[1.0, 0.0]]))[1]
    array([[-0.5,  0.5]])
    """
    log_s = log_softmax(logits)
    loss = -np.sum(c * log_s) / len(c)
    return float(loss), (c.sum(axis=1, keepdims=True) * np.exp(log_s) - c) / len(c)


def cross_entropy_from_logits(logits, c):
    """Return the mean cross-entropy of logits against target weights, and its gradient.

    loss = mean_n sum_k -c_nk log s_nk,   dlogits_n = (C_n s_n - c_n) / N,   s = softmax(logits), C_n = sum_k c_nk

    logits: (N, K). A -inf logit is a masked class: it costs nothing where its weight is 0 and inf elsewhere.
    c: (N, K), non-negative target weights; rows need not sum to 1.
    returns: loss, a float, in nats; dlogits, (N, K), of the logits' floating-point dtype.
    raises: `ValueError` if the shapes differ or there is no row or no class.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.

    >>> loss, dlogits = cross_entropy_from_logits(np.zeros((1, 2)), np.array([[1.0, 0.0]]))
    >>> round(loss, 9), dlogits
    (0.693147181, array([[-0.5,  0.5]]))
    """
    logits = as_float(logits)
    c = np.asarray(c, dtype=logits.dtype)
    require_same_shape("logits", logits, "c", c)
    gradient, count = _room_for_gradient(logits), len(logits)
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        losses = [_write_weighted(logits[i], c[i], gradient[i], count) for i in row_blocks(logits)]
    return float(np.sum(losses) / count), gradient


def _write_weighted(logits, c, out, count):
    """Write a block's gradient and return the sum of its rows' losses, as float64."""
    np.subtract(logits, np.max(logits, axis=1, keepdims=True), out=out)
    agreement = np.vecdot(c, out)
    if np.isnan(agreement).any():  # 0 times -inf: a masked class without weight adds nothing
        agreement = np.multiply(c, out, out=np.zeros_like(out), where=c != 0).sum(axis=1)
    np.exp(out, out=out)
    partition, weight = row_sums(out), row_sums(c)
    out *= (weight / partition)[:, None]
    out -= c
    out *= out.dtype.type(1 / count)
    # Both terms are at least 0, so that nothing cancels.
    return np.sum(weight * np.log(partition) - agreement, dtype=np.float64)


def cross_entropy_from_labels(logits, labels):
    """Return the mean cross-entropy of logits against class numbers, and its gradient.

    loss = mean_n -log s_n[labels_n],   dlogits_nk = (s_nk - [k = labels_n]) / N,   s = softmax(logits)

    logits: (N, K). A -inf logit is a masked class. labels: (N,), integers from 0 to K - 1.
    returns: loss, a float, in nats; dlogits, (N, K), of the logits' floating-point dtype, the only array of that size.
    raises: `ValueError` if the shapes do not fit, a label is no class, or there is no row or no class.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.

    >>> loss, dlogits = cross_entropy_from_labels(np.zeros((1, 2)), [0])
    >>> round(loss, 9), dlogits
    (0.693147181, array([[-0.5,  0.5]]))
    """
    logits, labels = as_float(logits), _class_numbers(logits, labels)
    gradient, count = _room_for_gradient(logits), len(logits)
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        losses = [_write_labeled(logits[i], labels[i], gradient[i], count) for i in row_blocks(logits)]
    return float(np.sum(losses) / count), gradient


def _write_labeled(logits, labels, out, count):
    """Write a block's gradient and return the sum of its rows' losses, as float64."""
    here = np.arange(len(labels)), labels
    np.subtract(logits, np.max(logits, axis=1, keepdims=True), out=out)
    agreement = out[here]
    np.exp(out, out=out)
    partition = row_sums(out)
    out *= (1 / (partition * count))[:, None]
    out[here] -= 1 / count
    return np.sum(np.log(partition) - agreement, dtype=np.float64)


def _room_for_gradient(logits):
    if logits.ndim != 2 or logits.size == 0:
        raise ValueError(
            f"logits must be (N, K) with at least one row to average over and one class, not {logits.shape}"
        )
    return np.empty(logits.shape, logits.dtype)


def _class_numbers(logits, labels):
    shape, labels = np.shape(logits), np.asarray(labels)
    if len(shape) != 2 or labels.shape != shape[:1]:
        raise ValueError(f"logits must be (N, K) and labels (N,), not {shape} and {labels.shape}")
    if labels.size and (labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= shape[1]):
        raise ValueError(f"labels must be integers from 0 to {shape[1] - 1}, and some are not")
    return labels
