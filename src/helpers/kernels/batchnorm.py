"""Batch normalization of a (N, D) batch, forward (training and evaluation) and backward.

The forward and the backward pass write into one array each, their result; column sums are taken block by block, which
in float32 is also more accurate than one long sum.
"""

import numpy as np

from helpers.kernels.blocks import as_float, row_blocks


def batchnorm_forward(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    """Normalize each feature, then scale and shift it; in training, move the running statistics too.

    out = gamma (a - mean) / sqrt(var + eps) + beta
    training: mean and biased var of the batch; run <- (1 - momentum) run + momentum new, with the unbiased variance
    evaluation: the running mean and variance, which are returned as they came

    a: (N, D). gamma, beta, run_mean, run_var: (D,). train: bool.
    returns: out (N, D), of the floating-point dtype of `a`; run_mean (D,); run_var (D,).
    raises: `ValueError` in training with fewer than two rows.
    source: Ioffe, Szegedy, Batch Normalization, ICML (2015); running statistics as in PyTorch.

    >>> one, zero = np.ones(1), np.zeros(1)
    >>> batchnorm_forward(np.array([[0.0], [2.0]]), one, zero, zero, one, True, eps=0.0)[0]
    array([[-1.],
           [ 1.]])
    """
    a = as_float(a)
    if not train:
        out = np.subtract(a, run_mean, dtype=a.dtype, casting="same_kind")
        return _scale_and_shift(out, gamma, run_var, beta, eps), run_mean, run_var
    examples = len(a)
    if examples <= 1:
        raise ValueError(f"training needs at least two rows to have a variance, and `a` has {examples}")
    mean, var, out = _centered(a)
    new_mean = np.asarray(run_mean) + momentum * (mean - run_mean)
    new_var = np.asarray(run_var) + momentum * (var * a.dtype.type(examples / (examples - 1)) - run_var)
    return _scale_and_shift(out, gamma, var, beta, eps), new_mean, new_var


def _scale_and_shift(centered, gamma, var, beta, eps):
    """Turn a - mean into gamma (a - mean) / sqrt(var + eps) + beta, in place."""
    scale = (gamma / np.sqrt(np.add(var, eps))).astype(centered.dtype)
    for block in row_blocks(centered):
        centered[block] *= scale
        np.add(centered[block], beta, out=centered[block], casting="same_kind")
    return centered


def batchnorm_backward(a, gamma, dout, eps=1e-5):
    """Return the gradients of sum(out * dout) in training, through the batch mean and variance too.

    With x = (a - mean) / sqrt(var + eps):   dbeta = sum_n dout,   dgamma = sum_n dout x,
    da = gamma / sqrt(var + eps) (dout - dbeta / N - x dgamma / N)

    a, dout: (N, D). gamma: (D,).
    returns: da (N, D), dgamma (D,), dbeta (D,), of the floating-point dtype of `a`.
    raises: `ValueError` if `a` and `dout` differ in shape.
    source: Ioffe, Szegedy, Batch Normalization, ICML (2015), section 3.

    >>> a, dout = np.array([[0.0], [1.0], [5.0]]), np.array([[1.0], [1.0], [1.0]])
    >>> [gradient.tolist() for gradient in batchnorm_backward(a, np.ones(1), dout)[1:]]
    [[0.0], [3.0]]
    """
    a = as_float(a)
    dout = np.asarray(dout, dtype=a.dtype)
    if a.shape != dout.shape:
        raise ValueError(f"a and dout must have the same shape, not {a.shape} and {dout.shape}")
    examples = len(a)
    _, var, da = _centered(a)
    precision = 1 / np.sqrt(var + a.dtype.type(eps))
    dbeta = _column_sums(dout)
    dgamma = _column_sums(da, dout) * precision
    slope = -dgamma * precision / examples
    scale = (gamma * precision).astype(a.dtype)
    for block in row_blocks(da):
        da[block] *= slope
        da[block] += dout[block]
        da[block] -= dbeta / examples
        da[block] *= scale
    return da, dgamma, dbeta


def _centered(a):
    """Return the mean and the biased variance of the columns, and a - mean as a new array."""
    mean = _column_sums(a) / a.dtype.type(max(1, len(a)))
    centered = np.subtract(a, mean)
    return mean, _column_sums(centered, centered) / a.dtype.type(max(1, len(a))), centered


def _column_sums(a, weights=None):
    """Return the sums over the rows of `a`, or of `a * weights`, in the dtype of `a`."""
    totals = np.zeros(a.shape[1:], np.float64)
    for block in row_blocks(a):
        totals += a[block].sum(axis=0) if weights is None else np.einsum("nd,nd->d", a[block], weights[block])
    return totals.astype(a.dtype)
