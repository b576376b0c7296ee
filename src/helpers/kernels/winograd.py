"""Winograd's convolution: 3 x 3 filters at stride 1, with 16 products where the sum over windows takes 36.

Two outputs of three taps need four products, not six, if sums of pixels and sums of taps are taken first. In two
dimensions a tile of 4 x 4 pixels gives 2 x 2 outputs, Y = A^T [(G w G^T) * (B^T x B)] A, and the product is element by
element. Images are channels-last here, so that each of the 16 elements is a matrix product over the channels, and all
sums run along the memory. Every step is linear, and the backward pass is its transpose. `conv2d` is what it is tested
against.
"""

import math

import numpy as np

from helpers.kernels._blocks import BLOCK_BYTES, as_float
from helpers.kernels.conv_shapes import conv_output_size, pair

# G is written as a matrix; B^T and A^T, whose entries are 0, 1 and -1, as the sums of `_pixel_sums` and `_output_sums`.
G = np.array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.0, 0.0, 1.0]])
TILE_BYTES = 3 * BLOCK_BYTES  # of transformed tiles and their products, which are in use at the same time


def winograd_forward(x, W, b, padding=1):
    """Return the output of a 3 x 3 convolution layer at stride 1 on channels-last images, and what backward needs.

    out[n, y, x, f] = b[f] + sum_cij W[f, c, i, j] X[n, y + i, x + j, c],   X = x padded with p zeros

    x: (N, H, W, C). W: (F, C, 3, 3). b: (F,). padding p: 0, 1 or 2, or a pair of them.
    returns: out (N, H + 2p - 2, W + 2p - 2, F), of the floating-point dtype of `x`; cache, for `winograd_backward`.
    raises: `ValueError` if the shapes do not fit.
    source: Lavin, Gray, Fast algorithms for convolutional neural networks (2016), F(2 x 2, 3 x 3).

    >>> winograd_forward(np.ones((1, 3, 3, 1)), np.ones((1, 1, 3, 3)), [0.0])[0][0, :, :, 0]
    array([[4., 6., 4.],
           [6., 9., 6.],
           [4., 6., 4.]])
    """
    x = as_float(x)
    W, b = np.asarray(W, dtype=x.dtype), np.asarray(b, dtype=x.dtype)
    padding = pair(padding, "padding", 0)
    if x.ndim != 4 or W.shape[1:] != (x.shape[3], 3, 3) or b.shape != W.shape[:1]:
        expected = "(N, H, W, C), (F, C, 3, 3) and (F,)"
        raise ValueError(f"x, W and b must have shapes {expected}, not {x.shape}, {W.shape} and {b.shape}")
    if max(padding) > 2:
        raise ValueError(f"padding must be 0, 1 or 2, not {padding}")
    return _correlate(x, W, padding, b), (x, W, padding)


def winograd_backward(dout, cache):
    """Return the gradients of sum(out * dout) with respect to x, W and b of `winograd_forward`.

    dx is the layer with filters turned by 180 degrees and padding 2 - p;   dW = G^T [sum_tiles (B^T x B) * (A y A^T)] G

    dout: (N, H + 2p - 2, W + 2p - 2, F). cache: from `winograd_forward`.
    returns: dx (N, H, W, C), dW (F, C, 3, 3), db (F,).
    raises: `ValueError` if `dout` does not have the shape of the output.
    source: the transpose of the forward pass: Lavin, Gray (2016), section 4.1, read backward.

    >>> _, cache = winograd_forward(np.ones((1, 3, 3, 1)), np.ones((1, 1, 3, 3)), [0.0], 0)
    >>> [gradient.ravel().tolist() for gradient in winograd_backward(np.ones((1, 1, 1, 1)), cache)]
    [[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], [1.0]]
    """
    x, W, padding = cache
    dout = np.asarray(dout, dtype=x.dtype)
    expected = (len(x), *conv_output_size(x.shape[1:3], 3, 1, padding), len(W))
    if dout.shape != expected:
        raise ValueError(f"dout must have the shape of the output, {expected}, not {dout.shape}")
    turned = W[:, :, ::-1, ::-1].swapaxes(0, 1)
    dx = _correlate(dout, turned, tuple(2 - p for p in padding), x.dtype.type(0))
    ones = np.ones(math.prod(dout.shape[:3]), x.dtype)
    db = ones @ dout.reshape(len(ones), len(W))  # BLAS adds faster than np.sum
    return dx, _weights_gradient(x, dout, padding), db


def _correlate(x, W, padding, b):
    """The forward pass, and with turned filters the gradient of the images: transform, multiply, transform back."""
    height, width = conv_output_size(x.shape[1:3], 3, 1, padding)
    rows, columns = -(-height // 2), -(-width // 2)
    X = _framed(x, padding, 2 * rows + 2, 2 * columns + 2)
    g = G.astype(x.dtype)
    U = np.ascontiguousarray(np.einsum("ki,fcij,lj->klcf", g, W, g, optimize=True))
    out = np.empty((len(x), 2 * rows, 2 * columns, len(W)), x.dtype)
    for images, pixels, outputs in _blocks(len(x), rows, columns, U):
        M = _as_matrices(_transformed_tiles(X[images, pixels])) @ U
        M[1, 1] += b  # the one element that goes into all four outputs, with the sign +
        _write_outputs(M, out[images, outputs])
    return out[:, :height, :width]


def _framed(x, start, height, width):
    """The images in a larger frame of zeros, with their first pixel at `start`."""
    (top, left), (_, h, w, _) = start, x.shape
    frame = np.zeros((len(x), height, width, x.shape[3]), x.dtype)
    frame[:, top : top + h, left : left + w] = x
    return frame


def _blocks(count, rows, columns, U):
    """Yield slices of images, of pixel rows and of output rows: the bands of tiles that TILE_BYTES can hold."""
    band = max(1, 16 * columns * sum(U.shape[2:]) * U.itemsize)
    high = min(rows, max(1, TILE_BYTES // band))
    several = max(1, TILE_BYTES // (band * rows))
    for image in range(0, count, several):
        for row in range(0, rows, high):
            first, last = 2 * row, 2 * (row + high)
            yield slice(image, image + several), slice(first, last + 2), slice(first, last)


def _as_matrices(tiles):
    """(4, 4, n, rows, columns, C) as (4, 4, n rows columns, C)."""
    return tiles.reshape(4, 4, math.prod(tiles.shape[2:5]), tiles.shape[5])


def _transformed_tiles(X):
    """B^T x B of all 4 x 4 tiles that begin at even pixels, (4, 4, n, rows, columns, C)."""
    n, rows, columns, channels = len(X), X.shape[1] // 2 - 1, X.shape[2] // 2 - 1, X.shape[3]
    half = np.empty((4, n, rows, X.shape[2], channels), X.dtype)
    _pixel_sums([X[:, i : i + 2 * rows : 2] for i in range(4)], half)
    V = np.empty((4, 4, n, rows, columns, channels), X.dtype)
    _pixel_sums([half[:, :, :, j : j + 2 * columns : 2] for j in range(4)], V.swapaxes(0, 1))
    return V


def _pixel_sums(d, out):
    """B^T d along one axis."""
    np.subtract(d[0], d[2], out=out[0])
    np.add(d[1], d[2], out=out[1])
    np.subtract(d[2], d[1], out=out[2])
    np.subtract(d[1], d[3], out=out[3])


def _write_outputs(M, out):
    """A^T m A of all tiles, into the (n, 2 rows, 2 columns, F) pixels of the output."""
    n, height, width, filters = out.shape
    M = M.reshape(4, 4, n, height // 2, width // 2, filters)
    half = np.empty((2, *M.shape[1:]), M.dtype)
    _output_sums(M, half)
    for i in range(2):
        _output_sums(half[i], [out[:, i::2, j::2] for j in range(2)])


def _output_sums(m, out):
    """A^T m along one axis."""
    np.add(m[1], m[2], out=out[0])
    out[0] += m[0]
    np.subtract(m[1], m[2], out=out[1])
    out[1] -= m[3]


def _weights_gradient(x, dout, padding):
    """The products of the transformed tiles and gradients, added over all tiles before they are transformed back."""
    rows, columns = (-(-size // 2) for size in dout.shape[1:3])
    X = _framed(x, padding, 2 * rows + 2, 2 * columns + 2)
    D = _framed(dout, (0, 0), 2 * rows, 2 * columns) if np.any(np.mod(dout.shape[1:3], 2)) else dout
    dU = np.zeros((4, 4, x.shape[3], dout.shape[3]), x.dtype)
    for images, pixels, outputs in _blocks(len(x), rows, columns, dU):
        V = _as_matrices(_transformed_tiles(X[images, pixels]))
        dU += V.swapaxes(2, 3) @ _as_matrices(_spread_outputs(D[images, outputs]))
    g = G.astype(x.dtype)
    return np.einsum("ki,klcf,lj->fcij", g, dU, g, optimize=True)


def _spread_outputs(D):
    """A y A^T of all 2 x 2 pieces, (4, 4, n, rows, columns, F): the transpose of `_write_outputs`."""
    n, height, width, filters = D.shape
    half = np.empty((4, n, height // 2, width, filters), D.dtype)
    _spread_sums(D[:, 0::2], D[:, 1::2], half)
    M = np.empty((4, 4, n, height // 2, width // 2, filters), D.dtype)
    _spread_sums(half[:, :, :, 0::2], half[:, :, :, 1::2], M.swapaxes(0, 1))
    return M


def _spread_sums(first, second, out):
    """A y along one axis."""
    out[0] = first
    np.add(first, second, out=out[1])
    np.subtract(first, second, out=out[2])
    np.negative(second, out=out[3])
