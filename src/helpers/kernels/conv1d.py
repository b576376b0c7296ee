"""Convolution along a line, as mathematics defines it: the kernel is flipped, unlike in the layers of deep learning.

It is a linear map, so it has a matrix, whose rows hold the flipped kernel one step further each; `conv1d_loops` reads
like the definition. np.convolve, one inner product an output, is as fast as NumPy gets without a matrix of windows.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from helpers.kernels._blocks import as_float

MODES = ("full", "valid", "same")


def conv1d(x, k, mode):
    """Return the convolution of a signal with a kernel.

    full[t] = sum_j k[j] x[t - j], where x is 0 outside;   t = 0 .. n + m - 2
    valid: the n - m + 1 entries that see no such 0;   same: n entries of full, from (m - 1) // 2 on

    x: (n,). k: (m,), not longer than `x`. mode: "full", "valid" or "same".
    returns: (n + m - 1,), (n - m + 1,) or (n,), of the floating-point dtype of `x`.
    raises: `ValueError` for another mode, or shapes that do not fit.
    source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning (2016).

    >>> conv1d([1.0, 2.0, 3.0], [1.0, 0.0, -1.0], "same")
    array([ 2.,  2., -2.])
    """
    x = as_float(x)
    k = np.asarray(k, dtype=x.dtype)
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
    if x.ndim != 1 or k.ndim != 1 or not 1 <= len(k) <= len(x):
        raise ValueError(f"x and k must be vectors, k not empty and not longer than x, not {x.shape} and {k.shape}")
    return np.convolve(x, k, mode)


def conv1d_loops(x, k):
    """Return the full convolution, tap by tap: the version to read.

    x: (n,). k: (m,). returns: (n + m - 1,), float64.
    source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning (2016).

    >>> conv1d_loops(np.array([1.0, 2.0]), [1.0, -1.0])
    array([ 1.,  1., -2.])
    """
    full = np.zeros(len(x) + len(k) - 1)
    for j, tap in enumerate(k):
        full[j : j + len(x)] += tap * x
    return full


def conv_matrix(k, n):
    """Return the matrix of the valid convolution of n numbers with a kernel.

    A[t, t + m - 1 - j] = k[j], so that A @ x = conv1d(x, k, "valid");   its transpose is the backward pass

    k: (m,). n: int, at least m.
    returns: (n - m + 1, n); float32 stays float32.
    raises: `ValueError` if `k` is not a vector of 1 to n numbers.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.1.

    >>> conv_matrix([1.0, 2.0], 3)
    array([[2., 1., 0.],
           [0., 2., 1.]])
    """
    k = as_float(k)
    if k.ndim != 1 or not 1 <= len(k) <= n:
        raise ValueError(f"k must be a vector of 1 to n = {n} numbers, not of shape {k.shape}")
    matrix = np.zeros((n - len(k) + 1, n), k.dtype)
    row, column = matrix.strides
    as_strided(matrix, (len(matrix), len(k)), (row + column, column))[...] = k[::-1]
    return matrix
