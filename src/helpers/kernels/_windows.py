"""Where the windows of a layer lie on an image, and how they become columns of a matrix without much memory.

A convolution is a matrix product once every window is a column (im2col). All columns together need kh * kw times the
memory of the images, so they come in blocks that a core's cache holds: several images, or one image, or a band of its
rows, written into the same scratch array again and again. The windows are a view with one stride per axis, so that a
block is one assignment, and its inner loop runs along the rows of the image. Only the samples of a block are padded.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided

from helpers.kernels import _blocks

MERGE_BELOW = 64  # output pixels: images this small share one matrix, because a narrow product wastes the processor


@dataclass(frozen=True)
class Windows:
    """The windows of one layer; every field is a pair (along the rows, along the columns).

    Tap i of window t lies at pixel start + stride * t + dilation * i. Pixels outside the image are 0.
    """

    kernel: tuple
    stride: tuple
    dilation: tuple
    start: tuple
    count: tuple

    @property
    def merged(self):
        """Whether the columns of several images stand in one matrix."""
        return math.prod(self.count) < MERGE_BELOW

    def extent(self, axis):
        """The first pixel of the first window, and the one behind the last pixel of the last window."""
        start, last = self.start[axis], self.count[axis] - 1
        return start, start + self.stride[axis] * last + self.dilation[axis] * (self.kernel[axis] - 1) + 1

    def view(self, images):
        """All windows of (n, C, H, W) images whose first pixel is `start`: a view (n, C, kh, kw, oh, ow)."""
        sample, channel, row, pixel = images.strides
        within, between = ((row * y, pixel * x) for y, x in (self.dilation, self.stride))
        shape = (*images.shape[:2], *self.kernel, *self.count)
        return as_strided(images, shape, (sample, channel, *within, *between))


def room_for(weights):
    """The bytes that columns may take: two blocks, or as much as the weights that they are multiplied with."""
    return max(2 * _blocks.BLOCK_BYTES, weights.nbytes)


def window_blocks(images, windows, step, fill=0):
    """Yield slices of up to `step` samples, and the view of their windows, with `fill` around the images."""
    inside, target, size = zip(*(_overlap(*windows.extent(i), images.shape[2 + i]) for i in (0, 1)), strict=True)
    seen = images[:, :, *inside]
    padded = None
    if seen.shape[2:] != size:
        padded = np.full((min(step, len(images)), images.shape[1], *size), fill, images.dtype)
    for first in range(0, len(images), step):
        samples = slice(first, min(first + step, len(images)))
        block = seen[samples]
        if padded is not None:
            padded[: len(block), :, *target] = block
            block = padded[: len(block)]
        yield samples, windows.view(block)


def _overlap(low, high, size):
    """Which of an axis' pixels lie in low..high, where they lie there, and the length of low..high."""
    first = min(max(low, 0), size)
    last = max(first, min(high, size))
    return slice(first, last), slice(first - low, last - low), high - low


def column_blocks(images, windows, room):
    """Yield the index of a part of the output and its columns (n, C kh kw, pixels), in memory that is used again."""
    scratch = Scratch(images.shape, images.dtype, windows, room)
    for samples, view in window_blocks(images, windows, scratch.samples):
        for part, columns, matrices in scratch.bands(samples):
            columns[...] = view[..., *part[2:]]
            yield part, matrices


class Scratch:
    """Memory for the columns of one block, which holds as many samples, output rows and columns as `room` bytes do."""

    def __init__(self, shape, dtype, windows, room):
        self.windows, self.channels = windows, shape[1]
        (oh, ow), taps = windows.count, shape[1] * math.prod(windows.kernel)
        pixels = max(1, room // max(1, taps * dtype.itemsize))
        self.samples = max(1, min(shape[0], pixels // (oh * ow)))
        self.rows = -(-oh // -(-oh // max(1, min(oh, pixels // ow))))  # bands of about equal height
        self.width = min(ow, pixels)
        self.memory = np.empty(self.samples * taps * self.rows * self.width, dtype)

    def bands(self, samples):
        """Yield the bands of some samples: the index of the output, the columns by windows, and as matrices."""
        oh, ow = self.windows.count
        for row in range(0, oh, self.rows):
            for column in range(0, ow, self.width):
                rows, width = slice(row, min(row + self.rows, oh)), slice(column, min(column + self.width, ow))
                size = samples.stop - samples.start, rows.stop - row, width.stop - column
                yield (samples, slice(None), rows, width), *self._columns(*size)

    def _columns(self, n, oh, ow):
        """The same memory as windows (n, C, kh, kw, rows, columns), and as the matrices that are multiplied."""
        channels, (kh, kw) = self.channels, self.windows.kernel
        flat = self.memory[: n * channels * kh * kw * oh * ow]
        if self.windows.merged:
            columns = flat.reshape(channels, kh, kw, n, oh, ow).transpose(3, 0, 1, 2, 4, 5)
            return columns, flat.reshape(1, channels * kh * kw, n * oh * ow)
        return flat.reshape(n, channels, kh, kw, oh, ow), flat.reshape(n, channels * kh * kw, oh * ow)


def as_matrices(part, merged):
    """Return a part (n, F, rows, columns) of the output as (n, F, pixels), or as (1, F, n pixels) if merged."""
    n, filters, oh, ow = part.shape
    if merged:
        return part.transpose(1, 0, 2, 3).reshape(1, filters, n * oh * ow)
    return part.reshape(n, filters, oh * ow)


def as_part(matrices, shape, merged):
    """Undo `as_matrices`."""
    n, filters, oh, ow = shape
    return matrices.reshape(filters, n, oh, ow).transpose(1, 0, 2, 3) if merged else matrices.reshape(shape)
