"""Which windows see a pixel: the view from the image, which the backward passes take.

Pixel y lies under tap i of window t if y = start + stride t + dilation i. So the pixels fall into phases, by their
position modulo the stride. All pixels of one phase meet the same taps, in windows that are one apart from pixel to
pixel: seen from the phase, the gradient of the output is an image that a layer with stride 1 reads.
"""

import math
from typing import NamedTuple


class Phase(NamedTuple):
    """The pixels of a phase, its taps from the last to the first, and the windows they meet: those of a stride of 1."""

    pixels: slice
    taps: list
    start: int
    dilation: int
    count: int


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
