"""The two products of a convolution layer that make images: the output, and the gradient of the input.

The gradient of the input is a convolution as well. Each phase of the pixels (phases.py) is the correlation, with
stride 1, of dout and the taps it meets, flipped: every pixel gathers its sum, and no two windows write to one place.
Where gathering would multiply many more numbers (few channels, or a large kernel on a small image), the columns of the
gradient are computed and added to their windows, which is what col2im does, block by block.
"""

import math

import numpy as np

from helpers.kernels.phases import phases
from helpers.kernels.windows import (
    Scratch,
    Windows,
    add_taps,
    as_images,
    by_pixels,
    column_blocks,
    empty_pixels,
    room_for,
    summed_blocks,
)

FEW_CHANNELS = 4  # more than so many filters a channel, and adding columns is faster than gathering
WASTED = 2  # as many times the products may be that gathering does with zeros around dout


def correlate(images, weights, windows, bias=None):
    """Return (N, F, oh, ow), the products of (F, C, kh, kw) weights with all windows of (N, C, H, W) images."""
    pixels = empty_pixels(len(images), len(weights), windows, images.dtype)
    matrix = weights.reshape(len(weights), math.prod(weights.shape[1:]))
    for place, columns in column_blocks(images, windows, room_for(weights)):
        target = pixels[place]
        np.matmul(matrix, columns, out=target)
        if bias is not None:
            target += bias[:, None]
    return as_images(pixels, len(images), windows)


def images_gradient(dout, W, windows, shape):
    """Return the gradient of sum(out * dout) with respect to the (N, C, H, W) images."""
    if math.prod(shape) == 0:
        return np.zeros(shape, dout.dtype)
    filters, channels = W.shape[:2]
    products = shape[2] * shape[3] / math.prod(windows.stride) / math.prod(windows.count)
    if filters > FEW_CHANNELS * channels or products > WASTED:
        return _added(dout, W, windows, shape)
    return _gathered(dout, W, windows, shape)


def _added(dout, W, windows, shape):
    """Compute the gradient of each block's columns, and add it to their windows."""
    dx, pixels = np.empty(shape, dout.dtype), by_pixels(dout, windows)
    matrix = np.ascontiguousarray(W.reshape(len(W), math.prod(W.shape[1:])).T)
    scratch = Scratch(shape, dout.dtype, windows, room_for(W))
    for samples, view in summed_blocks(dx, windows, scratch.samples):
        for part, columns, place, matrices in scratch.bands(samples, view):
            np.matmul(matrix, pixels[place], out=matrices)
            add_taps(part, columns)
    return dx


def _gathered(dout, W, windows, shape):
    """Correlate dout with the flipped taps of each phase."""
    along_rows, along_columns = (phases(windows, axis, shape[2 + axis]) for axis in (0, 1))
    if windows.stride == (1, 1):
        return _gathered_phase(dout, W, along_rows[0], along_columns[0])
    dx = np.zeros(shape, dout.dtype)
    for rows in along_rows:
        for columns in along_columns:
            dx[:, :, rows.pixels, columns.pixels] = _gathered_phase(dout, W, rows, columns)
    return dx


def _gathered_phase(dout, W, rows, columns):
    weights = np.ascontiguousarray(W[:, :, rows.taps][:, :, :, columns.taps].transpose(1, 0, 2, 3))
    start, dilation, count = zip(rows[2:], columns[2:], strict=True)
    return correlate(dout, weights, Windows(weights.shape[2:], (1, 1), dilation, start, count))
