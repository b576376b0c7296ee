"""What maximum and average pooling share: their windows, and the reduction over them, one axis at a time.

A maximum or a sum over a window is one over its rows and then over its columns, k + k steps instead of k * k. Each step
takes one tap of all windows of a block, and the block stays in the cache. Images do not mix in pooling, so a block may
hold any number of channels.
"""

import math
from dataclasses import replace

import numpy as np

from helpers.kernels import _blocks
from helpers.kernels._windows import Windows, window_blocks
from helpers.kernels.conv_shapes import conv_output_size, pair


def pooling_windows(shape, kernel, stride, padding):
    """Return the windows of a pooling layer on (N, C, H, W) images."""
    if len(shape) != 4:
        raise ValueError(f"x must have shape (N, C, H, W), not {shape}")
    kernel, padding = pair(kernel, "kernel", 1), pair(padding, "padding", 0)
    if any(2 * p > k for p, k in zip(padding, kernel, strict=True)):
        raise ValueError(f"padding must be at most half of the kernel {kernel}, not {padding}")
    stride = kernel if stride is None else pair(stride, "stride", 1)
    count = conv_output_size(shape[2:], kernel, stride, padding)
    return Windows(kernel, stride, (1, 1), tuple(-p for p in padding), count)


def as_planes(images):
    """Return (N, C, H, W) images as (N C, 1, H, W)."""
    return np.ascontiguousarray(images).reshape(math.prod(images.shape[:2]), 1, *images.shape[2:])


def planes_per_block(shape):
    """How many planes of a shape (..., H, W) make a block, at four bytes a pixel."""
    return max(1, _blocks.BLOCK_BYTES // max(1, 4 * math.prod(shape[2:])))


def every_pixel(windows):
    """Return windows of one tap, one at every pixel that the given windows reach, padding included."""
    count = tuple(end - start for start, end in (windows.extent(0), windows.extent(1)))
    return replace(windows, kernel=(1, 1), stride=(1, 1), count=count)


def padded_planes(planes, windows, fill):
    """Yield slices of (M, 1, H, W) planes, and what the windows reach of them, padded with `fill`."""
    for samples, view in window_blocks(planes, every_pixel(windows), planes_per_block(planes.shape), fill):
        yield samples, view[:, :, 0, 0]


def tap_slices(windows, axis):
    """For each tap along an axis, the slice with its pixels in all windows."""
    stride = windows.stride[axis]
    span = stride * (windows.count[axis] - 1) + 1
    return [slice(tap, tap + span, stride) for tap in range(windows.kernel[axis])]


def pool(planes, windows, reduce, fill, scale=None):
    """Return the reductions (`np.maximum` or `np.add`) of the windows of (M, 1, H, W) planes padded with `fill`."""
    pooled = np.empty((len(planes), 1, *windows.count), planes.dtype)
    for samples, plane in padded_planes(planes, windows, fill):
        out = pooled[samples]
        rows = np.empty((*out.shape[:3], plane.shape[3]), planes.dtype)
        reduce_parts(reduce, [plane[:, :, taps] for taps in tap_slices(windows, 0)], out=rows)
        reduce_parts(reduce, [rows[..., taps] for taps in tap_slices(windows, 1)], out=out)
        if scale is not None:
            out *= scale
    return pooled


def reduce_parts(reduce, parts, out):
    """Reduce arrays of one shape, elementwise."""
    if len(parts) == 1:
        out[...] = parts[0]
    for number, part in enumerate(parts[1:]):
        reduce(out if number else parts[0], part, out=out)
