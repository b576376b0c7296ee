"""The two products of a convolution layer that make images: the output, and the gradient of the input.

The gradient of the input is a convolution as well. Each phase of the pixels (phases.py) is the correlation, with
stride 1, of dout and the taps it meets, flipped: every pixel gathers its sum, and no two windows write to one place.
Where gathering would multiply many more numbers (few channels, or a large kernel on a small image), the columns of the
gradient are computed and added to their windows, which is what col2im does, block by block.
"""

import math

import numpy as np

from helpers.kernels._phases import add_columns, phases
from helpers.kernels._windows import Scratch, Windows, as_matrices, as_part, column_blocks, room_for

FEW_CHANNELS = 4  # more than so many filters a channel, and adding columns is faster than gathering
WASTED = 2  # as many times the products may be that gathering does with zeros around dout


def correlate(images, weights, windows, bias=None, out=None):
    """Return (N, F, oh, ow), the products of (F, C, kh, kw) weights with all windows of (N, C, H, W) images."""
    if out is None:
        out = np.empty((len(images), len(weights), *windows.count), images.dtype)
    matrix = weights.reshape(len(weights), math.prod(weights.shape[1:]))
    direct = out.flags.c_contiguous and not windows.merged
    for part, columns in column_blocks(images, windows, room_for(weights)):
        product = np.matmul(matrix, columns, out=as_matrices(out[part], False) if direct else None)
        if bias is not None:
            product += bias[:, None]
        if not direct:
            out[part] = as_part(product, out[part].shape, windows.merged)
    return out


def images_gradient(dout, W, windows, shape):
    """Return the gradient of sum(out * dout) with respect to the (N, C, H, W) images."""
    if math.prod(shape) == 0:
        return np.zeros(shape, dout.dtype)
    axes = [phases(windows, axis, shape[2 + axis]) for axis in (0, 1)]
    filters, channels = W.shape[:2]
    products = shape[2] * shape[3] / math.prod(windows.stride) / math.prod(windows.count)
    if filters > FEW_CHANNELS * channels or products > WASTED:
        return _add(dout, W, windows, np.zeros(shape, dout.dtype), axes)
    return _gather(dout, W, windows, shape, axes)


def _add(dout, W, windows, dx, axes):
    """Compute the gradient of each block's columns, and add it to their windows."""
    matrix = np.ascontiguousarray(W.reshape(len(W), math.prod(W.shape[1:])).T)
    scratch = Scratch(dx.shape, dx.dtype, windows, room_for(W))
    for first in range(0, len(dx), scratch.samples):
        samples = slice(first, min(first + scratch.samples, len(dx)))
        for part, columns, matrices in scratch.bands(samples):
            np.matmul(matrix, as_matrices(dout[part], windows.merged), out=matrices)
            add_columns(dx[samples], columns, *axes, *part[2:])
    return dx


def _gather(dout, W, windows, shape, axes):
    """Correlate dout with the flipped taps of each phase; pixels that no window sees stay 0."""
    dx = np.empty(shape, dout.dtype) if windows.stride == (1, 1) else np.zeros(shape, dout.dtype)
    for rows in axes[0]:
        for columns in axes[1]:
            weights = np.ascontiguousarray(W[:, :, rows.taps][:, :, :, columns.taps].transpose(1, 0, 2, 3))
            start, dilation, count = zip(rows[2:], columns[2:], strict=True)
            seen = Windows(weights.shape[2:], (1, 1), dilation, start, count)
            correlate(dout, weights, seen, out=dx[:, :, rows.pixels, columns.pixels])
    return dx
