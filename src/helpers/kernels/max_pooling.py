"""Maximum pooling, forward and backward.

The backward pass keeps no indices. It compares each tap of all windows with their maxima, and notes the number of the
first tap that is equal, one byte a window; a table turns the number into a position. Each gradient is added there.
"""

import math

import numpy as np

from helpers.kernels._blocks import as_float
from helpers.kernels._pooling import (
    as_planes,
    padded_planes,
    planes_per_block,
    pool,
    pooling_windows,
    reduce_parts,
    tap_slices,
)
from helpers.kernels.conv_shapes import conv_output_size

FEW_TAPS = 25  # with more, the rows of a window are compared first, and then the pixels of one row


def max_pool2d_forward(x, kernel, stride=None, padding=0):
    """Return the maximum of each window, and what the backward pass needs.

    out[n, c, y, x] = max_ij X[n, c, s y + i, s x + j],   X = x padded with p times -inf on each side

    x: (N, C, H, W). kernel, stride s, padding p: ints, or pairs (rows, columns); the stride is the kernel by default.
    returns: out (N, C, oh, ow), of the floating-point dtype of `x`, nan where a window holds nan; cache.
    raises: `ValueError` if the kernel does not fit, or the padding is more than half of it.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.3.

    >>> max_pool2d_forward(np.arange(16.0).reshape(1, 1, 4, 4), 2)[0][0, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """
    x = as_float(x)
    windows = pooling_windows(x.shape, kernel, stride, padding)
    out = pool(as_planes(x), windows, np.maximum, -np.inf).reshape(*x.shape[:2], *windows.count)
    return out, (x, out, windows)


def max_pool2d_backward(dout, cache):
    """Return the gradient of sum(out * dout) with respect to the images.

    Each window gives its gradient to its first maximum in the order of reading; one that holds nan has none.

    dout: (N, C, oh, ow). cache: from `max_pool2d_forward`.
    returns: dx (N, C, H, W).
    raises: `ValueError` if `dout` does not have the shape of the output.
    source: the rule for ties is PyTorch's.

    >>> _, cache = max_pool2d_forward(np.array([[[[1.0, 3.0, 3.0, 2.0]]]]), (1, 3), 1)
    >>> max_pool2d_backward(np.array([[[[10.0, 1.0]]]]), cache)
    array([[[[ 0., 11.,  0.,  0.]]]])
    """
    x, out, windows = cache
    dout = np.asarray(dout, dtype=x.dtype)
    if dout.shape != out.shape:
        raise ValueError(f"dout must have the shape of the output, {out.shape}, not {dout.shape}")
    planes, highest, gradient = as_planes(x), as_planes(out), as_planes(dout)
    dx = np.empty(planes.shape, x.dtype)
    corners = _corners(windows, min(planes_per_block(x.shape), len(planes)), x.shape)
    offsets = _offsets if math.prod(windows.kernel) <= FEW_TAPS else _offsets_by_axis
    # nan equals nothing: no window finds its maximum in the padding.
    for samples, plane in padded_planes(planes, windows, fill=np.nan):
        position = offsets(windows, plane, highest[samples], x.shape[3])
        position += corners[: len(plane)]
        dx[samples] = 0
        _add(dx[samples].reshape(-1), position, gradient[samples], np.isnan(highest[samples]), windows)
    return dx.reshape(x.shape)


def _first_equal(parts, highest):
    """Return the number of the first part that equals the highest, counted from the end, or 0 where none does."""
    number = np.min_scalar_type(len(parts)).type
    first, equal = np.zeros(highest.shape, number), np.empty(highest.shape, bool)
    hit = np.empty_like(first)
    for index, part in enumerate(parts):
        np.equal(part, highest, out=equal)
        np.multiply(equal.view(np.uint8), number(len(parts) - index), out=hit)
        np.maximum(first, hit, out=first)
    return first


def _offsets(windows, plane, highest, width):
    """Return how far each window's maximum lies behind its corner, in an image of that width."""
    rows, columns = (tap_slices(windows, axis) for axis in (0, 1))
    first = _first_equal([plane[:, :, row, column] for row in rows for column in columns], highest)
    taps = np.add.outer(np.arange(len(rows)) * width, np.arange(len(columns))).ravel()
    return np.append(0, taps[::-1]).take(first)


def _offsets_by_axis(windows, plane, highest, width):
    """Return the same by way of the maxima of the windows' rows: k + k comparisons instead of k * k."""
    columns = [plane[..., taps] for taps in tap_slices(windows, 1)]
    row_highest = np.empty(columns[0].shape, plane.dtype)
    reduce_parts(np.fmax, columns, out=row_highest)
    rows = [row_highest[:, :, taps] for taps in tap_slices(windows, 0)]
    row = (len(rows) - _first_equal(rows, highest).astype(np.intp)) % len(rows)
    column = (len(columns) - _first_equal(columns, row_highest).astype(np.intp)) % len(columns)
    there = row + (np.arange(windows.count[0]) * windows.stride[0])[:, None]
    return row * width + np.take_along_axis(column, there, axis=2)


def _corners(windows, count, shape):
    """Return the first pixel of each window of `count` planes, as a position in their memory."""
    rows, columns = (
        np.arange(n) * stride + start
        for n, stride, start in zip(windows.count, windows.stride, windows.start, strict=True)
    )
    planes = np.arange(count) * (shape[2] * shape[3])
    return planes[:, None, None, None] + (rows * shape[3])[:, None] + columns


def _add(pixels, position, values, lost, windows):
    """Add the values at their positions, without those that are lost because their window has no maximum."""
    if lost.any():
        position, values = position[~lost], values[~lost]
    if all(stride >= kernel for stride, kernel in zip(windows.stride, windows.kernel, strict=True)):
        pixels[position] = values
    else:
        np.add.at(pixels, position.ravel(), values.ravel())


def max_pool2d_loops(x, kernel, stride, padding=0):
    """Return the maximum of each window, one at a time: the version to read.

    x: (N, C, H, W). kernel, stride, padding: ints. returns: (N, C, oh, ow), float64.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.3.

    >>> max_pool2d_loops(np.arange(4.0).reshape(1, 1, 2, 2), 2, 2)
    array([[[[3.]]]])
    """
    X = np.pad(as_float(x), ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=-np.inf)
    out = np.empty((*x.shape[:2], *conv_output_size(x.shape[2:], kernel, stride, padding)))
    for n, c, row, column in np.ndindex(*out.shape):
        top, left = row * stride, column * stride
        out[n, c, row, column] = X[n, c, top : top + kernel, left : left + kernel].max()
    return out
