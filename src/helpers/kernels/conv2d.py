"""The convolution layer, forward and backward, as matrix products with blocks of columns.

Forward, out = W @ columns. Backward, dW = dout @ columns^T, with columns that are made anew, because that costs less
than keeping them. The products that make images, out and dx, stand in conv2d_images.py. `conv2d_loops` is the version
to read; the fast one is tested against it.
"""

import math

import numpy as np

from helpers.kernels._blocks import as_float
from helpers.kernels._conv2d_images import correlate, images_gradient
from helpers.kernels._windows import Windows, as_matrices, column_blocks, room_for
from helpers.kernels.conv_shapes import conv_output_size, pair


def conv2d(x, W, b, s, p, dout):
    """Return the output of a convolution layer and the gradients of sum(out * dout).

    out[n, f, y, x] = b[f] + sum_cij W[f, c, i, j] X[n, c, s y + i, s x + j],   X = x padded with p zeros

    x: (N, C, H, W). W: (F, C, kh, kw). b: (F,). s, p: stride and padding, ints or pairs. dout: (N, F, oh, ow).
    returns: out (N, F, oh, ow), dx, dW, db, of the floating-point dtype of `x`.
    raises: `ValueError` if the shapes do not fit.
    source: LeCun et al., Gradient-based learning applied to document recognition (1998).

    >>> out, dx, dW, db = conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), [0.0], 1, 0, np.ones((1, 1, 2, 2)))
    >>> float(out[0, 0, 0, 0]), float(dx[0, 0, 1, 1]), db
    (4.0, 4.0, array([4.]))
    """
    out, cache = conv2d_forward(x, W, b, s, p)
    return out, *conv2d_backward(dout, cache)


def conv2d_forward(x, W, b, stride=1, padding=0, dilation=1):
    """Return the output of a convolution layer, and what its backward pass needs.

    out[n, f, y, x] = b[f] + sum_cij W[f, c, i, j] X[n, c, s y + d i, s x + d j],   X = x padded with p zeros

    x: (N, C, H, W). W: (F, C, kh, kw). b: (F,). stride s, padding p, dilation d: ints, or pairs (rows, columns).
    returns: out (N, F, oh, ow), of the floating-point dtype of `x`; cache, for `conv2d_backward`.
    raises: `ValueError` if the shapes do not fit.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), chapter 9.

    >>> conv2d_forward(np.arange(3.0).reshape(1, 1, 1, 3), [[[[-1.0, 1.0]]]], [0.0])[0]
    array([[[[1., 1.]]]])
    """
    x = as_float(x)
    W, b = np.asarray(W, dtype=x.dtype), np.asarray(b, dtype=x.dtype)
    if x.ndim != 4 or W.ndim != 4 or x.shape[1] != W.shape[1] or b.shape != W.shape[:1]:
        expected = "(N, C, H, W), (F, C, kh, kw) and (F,)"
        raise ValueError(f"x, W and b must have shapes {expected}, not {x.shape}, {W.shape} and {b.shape}")
    count = conv_output_size(x.shape[2:], W.shape[2:], stride, padding, dilation)
    start = tuple(-p for p in pair(padding, "padding", 0))
    windows = Windows(W.shape[2:], pair(stride, "stride", 1), pair(dilation, "dilation", 1), start, count)
    return correlate(x, W, windows, b), (x, W, windows)


def conv2d_backward(dout, cache, need_dx=True):
    """Return the gradients of sum(out * dout) with respect to the arguments of `conv2d_forward`.

    dW[f, c, i, j] = sum_nyx dout[n, f, y, x] X[n, c, s y + d i, s x + d j],   db[f] = sum_nyx dout[n, f, y, x]
    dX[n, c, s y + d i, s x + d j] sums dout[n, f, y, x] W[f, c, i, j];   dx is dX without the padding

    dout: (N, F, oh, ow). cache: from `conv2d_forward`. need_dx: False for a first layer, whose images need no gradient.
    returns: dx (N, C, H, W), or None if not needed; dW (F, C, kh, kw); db (F,).
    raises: `ValueError` if `dout` does not have the shape of the output.
    source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning (2016), chapter 4.

    >>> _, cache = conv2d_forward(np.arange(3.0).reshape(1, 1, 1, 3), [[[[-1.0, 1.0]]]], [0.0])
    >>> [gradient.ravel().tolist() for gradient in conv2d_backward(np.ones((1, 1, 1, 2)), cache)]
    [[-1.0, 0.0, 1.0], [1.0, 3.0], [2.0]]
    """
    x, W, windows = cache
    dout = np.ascontiguousarray(dout, dtype=x.dtype)
    expected = (len(x), len(W), *windows.count)
    if dout.shape != expected:
        raise ValueError(f"dout must have the shape of the output, {expected}, not {dout.shape}")
    dx = images_gradient(dout, W, windows, x.shape) if need_dx else None
    area = math.prod(windows.count)
    db = (dout.reshape(len(x), len(W), area) @ np.ones(area, x.dtype)).sum(axis=0)  # BLAS adds faster than np.sum
    return dx, _weights_gradient(x, dout, W, windows), db


def _weights_gradient(x, dout, W, windows):
    """Sum columns @ dout^T over the blocks: the transpose of dW, because BLAS is faster on this order."""
    transposed = np.zeros((math.prod(W.shape[1:]), len(W)), x.dtype)
    for part, columns in column_blocks(x, windows, room_for(W)):
        gradient = as_matrices(dout[part], windows.merged)
        transposed += np.matmul(columns, gradient.transpose(0, 2, 1)).sum(axis=0)
    return np.ascontiguousarray(transposed.T).reshape(W.shape)


def conv2d_loops(x, W, b, stride=1, padding=0, dilation=1):
    """Return the output of a convolution layer, one number at a time: the version to read.

    x: (N, C, H, W). W: (F, C, kh, kw). b: (F,). stride, padding, dilation: ints.
    returns: (N, F, oh, ow), float64.
    raises: `ValueError` if the kernel does not fit.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), chapter 9.

    >>> conv2d_loops(np.arange(3.0).reshape(1, 1, 1, 3), np.array([[[[-1.0, 1.0]]]]), np.zeros(1))
    array([[[[1., 1.]]]])
    """
    kh, kw = W.shape[2:]
    oh, ow = conv_output_size(x.shape[2:], (kh, kw), stride, padding, dilation)
    X = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.empty((len(x), len(W), oh, ow))
    for n, f, row, column in np.ndindex(*out.shape):
        top, left = row * stride, column * stride
        window = X[n, :, top : top + dilation * kh : dilation, left : left + dilation * kw : dilation]
        out[n, f, row, column] = b[f] + np.sum(W[f] * window)
    return out
