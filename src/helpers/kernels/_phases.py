"""Which windows see a pixel: the view from the image, which the backward passes take.

Pixel y lies under tap i of window t if y = start + stride t + dilation i. So the pixels fall into phases, by their
position modulo the stride. All pixels of one phase meet the same taps, in windows that are one apart from pixel to
pixel: seen from the phase, the gradient of the output is an image that a layer with stride 1 reads.
"""

import math
from typing import NamedTuple

import numpy as np


class Phase(NamedTuple):
    """The pixels of a phase, its taps from the last to the first, and the windows they meet: those of a stride of 1."""

    pixels: slice
    taps: list
    start: int
    dilation: int
    count: int

    def meeting(self, number, windows):
        """Where tap `number` of the phase meets the windows of a slice: its pixels, and the part of the slice."""
        first = self.start + number * self.dilation
        low = max(windows.start, first)
        high = max(low, min(windows.stop, first + self.count))
        return slice(low - first, high - first), slice(low - windows.start, high - windows.start)


def add_columns(images, columns, along_rows, along_columns, rows, width):
    """Add (n, C, kh, kw, oh, ow) columns, of the windows in two slices, to all pixels that these windows see."""
    for y in along_rows:
        for x in along_columns:
            pixels = images[:, :, y.pixels, x.pixels]
            _add_taps(pixels, columns, y, x, rows, width)


def _add_taps(pixels, columns, along_rows, along_columns, rows, width):
    """Add the taps that the pixels of a phase meet, in an array without gaps."""
    dense = pixels.strides[3] == pixels.itemsize
    total = pixels if dense else np.zeros(pixels.shape, pixels.dtype)
    for row, i in enumerate(along_rows.taps):
        y, window_y = along_rows.meeting(row, rows)
        for column, j in enumerate(along_columns.taps):
            x, window_x = along_columns.meeting(column, width)
            total[:, :, y, x] += columns[:, :, i, j, window_y, window_x]
    if not dense:
        pixels += total


def phases(windows, axis, size):
    """Return the phases of an axis of that size that meet a tap."""
    kernel, stride, dilation = windows.kernel[axis], windows.stride[axis], windows.dilation[axis]
    found = []
    for first in range(min(stride, size)):
        offset = first - windows.start[axis]
        taps = [i for i in reversed(range(kernel)) if (offset - dilation * i) % stride == 0]
        if taps:
            start = (offset - dilation * taps[0]) // stride
            count = len(range(first, size, stride))
            found.append(Phase(slice(first, None, stride), taps, start, dilation // math.gcd(stride, dilation), count))
    return found
