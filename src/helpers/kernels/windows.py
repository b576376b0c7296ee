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

from helpers.kernels import blocks

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
    return max(2 * blocks.BLOCK_BYTES, weights.nbytes)


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


def summed_blocks(images, windows, step):
    """Yield slices of samples and zeros to add to, viewed as windows; the sums go into `images`.

    This is the adjoint of `window_blocks`, for windows that start at or before the first pixel.
    """
    count, channels, height, width = images.shape
    (top, bottom), (left, right) = (windows.extent(axis) for axis in (0, 1))
    size = max(bottom, height) - top, max(right, width) - left
    padded = None if size == (height, width) else np.empty((min(step, count), channels, *size), images.dtype)
    for first in range(0, count, step):
        samples = slice(first, min(first + step, count))
        block = images[samples] if padded is None else padded[: samples.stop - first]
        block[...] = 0
        yield samples, windows.view(block)
        if padded is not None:
            images[samples] = block[:, :, -top : height - top, -left : width - left]


def add_taps(view, columns):
    """Add (n, C, kh, kw, oh, ow) columns to the windows of a view, tap by tap: one tap's windows share no pixel."""
    for i in range(view.shape[2]):
        for j in range(view.shape[3]):
            view[:, :, i, j] += columns[:, :, i, j]


def column_blocks(images, windows, room):
    """Yield a place in `by_pixels(output)` and its columns (n, C kh kw, pixels), in memory that is used again."""
    scratch = Scratch(images.shape, images.dtype, windows, room)
    for samples, view in window_blocks(images, windows, scratch.samples):
        for part, columns, place, matrices in scratch.bands(samples, view):
            columns[...] = part
            yield place, matrices


class Scratch:
    """Memory for the columns of one block, which holds as many samples, output rows and columns as `room` bytes do."""

    def __init__(self, shape, dtype, windows, room):
        self.windows, taps = windows, shape[1] * math.prod(windows.kernel)
        oh, ow = windows.count
        pixels = max(1, room // max(1, taps * dtype.itemsize))
        self.samples = max(1, min(shape[0], pixels // (oh * ow)))
        self.rows = -(-oh // -(-oh // max(1, min(oh, pixels // ow))))  # bands of about equal height
        self.width = min(ow, pixels)
        self.memory = np.empty(self.samples * taps * self.rows * self.width, dtype)

    def bands(self, samples, view):
        """Yield bands of a block: its part of the view, its columns in that shape, their place, and as matrices."""
        oh, ow = self.windows.count
        for row in range(0, oh, self.rows):
            for column in range(0, ow, self.width):
                part = view[..., row : row + self.rows, column : column + self.width]
                columns, matrices = self._columns(part.shape)
                place, first = samples, row * ow + column
                if self.windows.merged:
                    place, first = slice(0, 1), first + samples.start * oh * ow
                yield part, columns, (place, slice(None), slice(first, first + matrices.shape[2])), matrices

    def _columns(self, shape):
        """The same memory as windows (n, C, kh, kw, rows, columns), and as the matrices that are multiplied."""
        n, channels, kh, kw, oh, ow = shape
        flat = self.memory[: math.prod(shape)]
        if self.windows.merged:
            columns = flat.reshape(channels, kh, kw, n, oh, ow).transpose(3, 0, 1, 2, 4, 5)
            return columns, flat.reshape(1, channels * kh * kw, n * oh * ow)
        return flat.reshape(shape), flat.reshape(n, channels * kh * kw, oh * ow)


def by_pixels(images, windows):
    """Return (N, F, oh, ow) images as (N, F, oh ow), or as (1, F, N oh ow) if small images are merged."""
    if windows.merged:
        images = images.transpose(1, 0, 2, 3)
    return images.reshape(_pixels_shape(*images.shape[:2], windows))


def empty_pixels(count, filters, windows, dtype):
    """Return an empty array in the shape that `by_pixels` gives."""
    shape = (filters, count) if windows.merged else (count, filters)
    return np.empty(_pixels_shape(*shape, windows), dtype)


def _pixels_shape(first, second, windows):
    area = math.prod(windows.count)
    return (1, first, second * area) if windows.merged else (first, second, area)


def as_images(pixels, count, windows):
    """Undo `by_pixels`."""
    filters = pixels.shape[1]
    if windows.merged:
        return np.ascontiguousarray(pixels.reshape(filters, count, *windows.count).transpose(1, 0, 2, 3))
    return pixels.reshape(count, filters, *windows.count)
