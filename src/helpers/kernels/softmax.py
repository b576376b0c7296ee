"""Softmax, log-sum-exp, the softmax's vector-Jacobian product, and cross-entropy from logits.

All shift by the maximum of each slice and work in cache-sized blocks. None builds a Jacobian or a one-hot matrix.
"""

import numpy as np

from helpers.kernels.blocks import around_axis, as_float, row_blocks, slabs


def softmax(a, axis=-1):
    """Return the softmax of `a` along `axis`.

    s_k = exp(a_k - max a) / sum_j exp(a_j - max a)

    a: array of any shape, logits; -inf gives probability 0.
    returns: same shape; float32 stays float32, integers give float64. A slice that holds +inf, nan, or nothing but -inf
    gives nan.
    raises: `IndexError` if there is no such axis.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 4.1.

    >>> softmax([1000.0, 1000.0])
    array([0.5, 0.5])
    """
    a = as_float(a)
    logits = around_axis(a, axis)
    result = np.empty(logits.shape, logits.dtype)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for i, j in slabs(logits):
            _shifted_exp(logits[i, :, j], out=result[i, :, j])
    return result.reshape(a.shape)


def _shifted_exp(logits, out):
    """Write the softmax of a block of shape (before, length, after) along its middle axis."""
    highest = np.max(logits, axis=1, keepdims=True, initial=-np.inf)
    np.subtract(logits, highest, out=out)
    np.exp(out, out=out)
    np.divide(out, np.add.reduce(out, axis=1, keepdims=True), out=out)


def logsumexp(a, axis=-1):
    """Return log(sum(exp(a))) along `axis`.

    lse = M + log sum_j exp(a_j - M), with M = max a where that is finite, else 0

    a: array of any shape.
    returns: shape of `a` without `axis`, a NumPy scalar for 1-D input; float32 stays float32. Nothing but -inf (or
    nothing at all) gives -inf; +inf gives +inf.
    raises: `IndexError` if there is no such axis.
    source: Blanchard, Higham, Higham, Accurately computing the log-sum-exp and softmax functions (2021).

    >>> float(logsumexp([-1000.0, -1000.0]))
    -999.3068528194401
    """
    a = as_float(a)
    logits = around_axis(a, axis)
    result = np.empty((logits.shape[0], logits.shape[2]), logits.dtype)
    scratch = None
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        for i, j in slabs(logits):
            block = logits[i, :, j]
            if scratch is None or scratch.shape != block.shape:
                scratch = np.empty(block.shape, block.dtype)
            highest = np.max(block, axis=1, keepdims=True, initial=-np.inf)
            highest[~np.isfinite(highest)] = 0
            np.exp(np.subtract(block, highest, out=scratch), out=scratch)
            result[i, j] = np.log(np.add.reduce(scratch, axis=1)) + highest[:, 0]
    shape = np.delete(a.shape, axis)
    return result.reshape(shape)[()]


def softmax_vjp(s, v):
    """Return the gradient with respect to the logits, given softmax outputs and the upstream gradient.

    (J^T v)_k = s_k (v_k - sum_j s_j v_j), for every row, where J = diag(s) - s s^T is never formed

    s: (N, K), or any shape whose last axis is the classes; softmax outputs.
    v: same shape; upstream gradient.
    returns: same shape; float32 stays float32.
    raises: `ValueError` if the shapes differ.
    source: Bridle, Probabilistic interpretation of feedforward classification network outputs (1990).

    >>> softmax_vjp(np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]]))
    array([[ 0.25, -0.25]])
    """
    s, v = as_float(s), as_float(v)
    _require_same_shape("s", s, "v", v)
    result = np.empty(s.shape, np.result_type(s, v))
    classes = s.shape[-1]
    s_rows, v_rows, rows = (array.reshape(s.size // max(1, classes), classes) for array in (s, v, result))
    for block in row_blocks(rows):
        mean = np.vecdot(s_rows[block], v_rows[block])
        np.subtract(v_rows[block], mean[:, None], out=rows[block])
        rows[block] *= s_rows[block]
    return result


def cross_entropy_from_logits(logits, c):
    """Return the mean cross-entropy of logits against target weights, and its gradient.

    loss = mean_n sum_k -c_nk log s_nk,   dlogits_n = (C_n s_n - c_n) / N,   s = softmax(logits), C_n = sum_k c_nk

    logits: (N, K). A -inf logit is a masked class: it costs nothing where its weight is 0 and inf elsewhere.
    c: (N, K), non-negative target weights; rows need not sum to 1.
    returns: loss, a float; dlogits, (N, K), of the logits' floating-point dtype.
    raises: `ValueError` if the shapes differ or there is no row to average over.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.

    >>> loss, dlogits = cross_entropy_from_logits(np.zeros((1, 2)), np.array([[1.0, 0.0]]))
    >>> round(loss, 9), dlogits
    (0.693147181, array([[-0.5,  0.5]]))
    """
    logits = as_float(logits)
    c = np.asarray(c, dtype=logits.dtype)
    _require_same_shape("logits", logits, "c", c)
    if len(logits) == 0:
        raise ValueError("cross-entropy is a mean over rows, and there is no row")
    gradient = np.empty(logits.shape, logits.dtype)
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        losses = [
            _write_gradient(logits[block], c[block], len(logits), out=gradient[block]) for block in row_blocks(logits)
        ]
    return float(np.sum(losses) / len(logits)), gradient


def _write_gradient(logits, c, count, out):
    """Write a block's gradient and return the sum of its rows' losses, as float64."""
    np.subtract(logits, np.max(logits, axis=1, keepdims=True), out=out)
    agreement = np.vecdot(c, out)
    if np.isnan(agreement).any():  # 0 times -inf: a masked class without weight adds nothing
        agreement = np.multiply(c, out, out=np.zeros_like(out), where=c != 0).sum(axis=1)
    np.exp(out, out=out)
    partition = np.add.reduce(out, axis=1)
    weight = np.add.reduce(c, axis=1)
    out *= (weight / (partition * count))[:, None]
    out -= c / count
    # Both terms are at least 0, so that nothing cancels.
    return np.sum(weight * np.log(partition) - agreement, dtype=np.float64)


def _require_same_shape(name, array, other_name, other):
    if array.shape != other.shape:
        raise ValueError(f"{name} and {other_name} must have the same shape, not {array.shape} and {other.shape}")
