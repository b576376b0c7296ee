"""Softmax, its logarithm, their vector-Jacobian products, and log-sum-exp.

All shift by the maximum of each slice, so that no exponential overflows. Five passes over the array are needed, and
they are made over blocks that stay in the cache: from memory, each would cost as much as the exponential itself. No
Jacobian is built.
"""

import numpy as np

from helpers.kernels._blocks import around_axis, as_float, require_same_shape, row_blocks, row_sums, slabs


def softmax_plain(a, axis=-1):
    """Return the same as `softmax` for float arrays, in the form for reading.

    s_k = exp(a_k - max a) / sum_j exp(a_j - max a)

    a: array of any shape, logits.
    returns: same shape.
    raises: `IndexError` if there is no such axis.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 4.1.

    >>> softmax_plain(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    e = np.exp(a - np.max(a, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


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
            block = _shifted(logits[i, :, j], out=result[i, :, j])
            np.exp(block, out=block)
            np.divide(block, _sums(block), out=block)
    return result.reshape(a.shape)


def log_softmax(a, axis=-1):
    """Return the logarithm of the softmax of `a` along `axis`.

    log s_k = (a_k - max a) - log sum_j exp(a_j - max a)

    a: array of any shape, logits; -inf gives -inf.
    returns: same shape, nats; float32 stays float32, integers give float64. A slice that holds +inf, nan, or nothing
    but -inf gives nan.
    raises: `IndexError` if there is no such axis.
    source: Blanchard, Higham, Higham, Accurately computing the log-sum-exp and softmax functions (2021).

    >>> log_softmax([1000.0, 1000.0])
    array([-0.69314718, -0.69314718])
    """
    a = as_float(a)
    logits = around_axis(a, axis)
    result, scratch = np.empty(logits.shape, logits.dtype), None
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        for i, j in slabs(logits):
            block = _shifted(logits[i, :, j], out=result[i, :, j])
            if scratch is None or scratch.shape != block.shape:
                scratch = np.empty(block.shape, block.dtype)
            np.subtract(block, np.log(_sums(np.exp(block, out=scratch))), out=block)
    return result.reshape(a.shape)


def _shifted(logits, out):
    """Write a block of shape (before, length, after), less the maximum along its middle axis."""
    return np.subtract(logits, np.max(logits, axis=1, keepdims=True, initial=-np.inf), out=out)


def _sums(block):
    """Return the sums along the middle axis, which stays with length 1."""
    if block.shape[2] == 1:
        return row_sums(block[:, :, 0])[:, None, None]
    return np.add.reduce(block, axis=1, keepdims=True)


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
            result[i, j] = (np.log(_sums(scratch)) + highest)[:, 0]
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
    require_same_shape("s", s, "v", v)
    result = np.empty(s.shape, np.result_type(s, v))
    classes = s.shape[-1]
    s_rows, v_rows, rows = (array.reshape(s.size // max(1, classes), classes) for array in (s, v, result))
    for block in row_blocks(rows):
        mean = np.vecdot(s_rows[block], v_rows[block])
        np.subtract(v_rows[block], mean[:, None], out=rows[block])
        rows[block] *= s_rows[block]
    return result


def log_softmax_vjp(log_s, v):
    """Return the gradient with respect to the logits, given log-softmax outputs and the upstream gradient.

    (J^T v)_k = v_k - s_k sum_j v_j, for every row, where J = I - 1 s^T is never formed

    log_s: (N, K), or any shape whose last axis is the classes; log-softmax outputs.
    v: same shape; upstream gradient.
    returns: same shape; float32 stays float32.
    raises: `ValueError` if the shapes differ.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.

    >>> log_softmax_vjp(np.log([[0.5, 0.5]]), np.array([[1.0, 0.0]]))
    array([[ 0.5, -0.5]])
    """
    log_s, v = as_float(log_s), as_float(v)
    require_same_shape("log_s", log_s, "v", v)
    result = np.empty(log_s.shape, np.result_type(log_s, v))
    classes = log_s.shape[-1]
    log_rows, v_rows, rows = (array.reshape(log_s.size // max(1, classes), classes) for array in (log_s, v, result))
    with np.errstate(under="ignore"):
        for block in row_blocks(rows):
            np.exp(log_rows[block], out=rows[block])
            rows[block] *= row_sums(v_rows[block])[:, None]
            np.subtract(v_rows[block], rows[block], out=rows[block])
    return result
