"""Average pooling, forward and backward.

Both are sums along one axis and then along the other. Backward, every pixel gathers from the windows that see it
(phases.py), so that it is written once.
"""

import math

import numpy as np

from helpers.kernels._blocks import as_float
from helpers.kernels._phases import phases
from helpers.kernels._pooling import as_planes, padded_planes, pool, pooling_windows, reduce_parts
from helpers.kernels._windows import Windows
from helpers.kernels.conv_shapes import conv_output_size


def avg_pool2d_forward(x, kernel, stride=None, padding=0):
    """Return the mean of each window, and what the backward pass needs.

    out[n, c, y, x] = 1 / (kh kw) sum_ij X[n, c, s y + i, s x + j],   X = x padded with p zeros, which count

    x: (N, C, H, W). kernel, stride s, padding p: ints, or pairs (rows, columns); the stride is the kernel by default.
    returns: out (N, C, oh, ow), of the floating-point dtype of `x`; cache, for `avg_pool2d_backward`.
    raises: `ValueError` if the kernel does not fit, or the padding is more than half of it.
    source: LeCun et al., Gradient-based learning applied to document recognition (1998).

    >>> avg_pool2d_forward(np.arange(4.0).reshape(1, 1, 2, 2), 2)[0]
    array([[[[1.5]]]])
    """
    x = as_float(x)
    windows = pooling_windows(x.shape, kernel, stride, padding)
    out = pool(as_planes(x), windows, np.add, 0, scale=1 / math.prod(windows.kernel))
    return out.reshape(*x.shape[:2], *windows.count), (x.shape, x.dtype, windows)


def avg_pool2d_backward(dout, cache):
    """Return the gradient of sum(out * dout) with respect to the images: each window spreads its own evenly.

    dX[n, c, s y + i, s x + j] sums dout[n, c, y, x] / (kh kw);   dx is dX without the padding

    dout: (N, C, oh, ow). cache: from `avg_pool2d_forward`.
    returns: dx (N, C, H, W).
    raises: `ValueError` if `dout` does not have the shape of the output.
    source: LeCun et al., Gradient-based learning applied to document recognition (1998).

    >>> _, cache = avg_pool2d_forward(np.ones((1, 1, 1, 3)), (1, 2), 1)
    >>> avg_pool2d_backward(np.array([[[[2.0, 4.0]]]]), cache)
    array([[[[1., 3., 2.]]]])
    """
    shape, dtype, windows = cache
    dout = np.asarray(dout, dtype=dtype)
    expected = (*shape[:2], *windows.count)
    if dout.shape != expected:
        raise ValueError(f"dout must have the shape of the output, {expected}, not {dout.shape}")
    new = np.empty if all(k >= s for k, s in zip(windows.kernel, windows.stride, strict=True)) else np.zeros
    dx = new((math.prod(shape[:2]), 1, *shape[2:]), dtype)
    if dx.size:
        axes = [phases(windows, axis, shape[2 + axis]) for axis in (0, 1)]
        _gather(as_planes(dout), axes, 1 / math.prod(windows.kernel), dx, new)
    return dx.reshape(shape)


def _gather(gradient, axes, share, dx, new):
    """Write into each pixel the sum over the windows that see it: along the rows of windows, and then along columns.

    A phase meets as many neighboring windows as it has taps; those outside the output are 0. If some pixels are not
    seen, `new` makes zeros.
    """
    along_rows, along_columns = axes
    (top, bottom), (left, right) = _met(along_rows), _met(along_columns)
    met = Windows((1, 1), (1, 1), (1, 1), (top, left), (bottom - top, right - left))
    for samples, plane in padded_planes(gradient, met, 0):
        plane = plane * plane.dtype.type(share)
        rows = new((*plane.shape[:3], dx.shape[3]), dx.dtype)
        for phase in along_columns:
            reduce_parts(np.add, [plane[..., part] for part in _parts(phase, left)], out=rows[..., phase.pixels])
        for phase in along_rows:
            reduce_parts(np.add, [rows[:, :, part] for part in _parts(phase, top)], out=dx[samples, :, phase.pixels])


def _met(phases):
    """The first window that a pixel of an axis meets, and the one behind the last."""
    return min(p.start for p in phases), max(p.start + len(p.taps) - 1 + p.count for p in phases)


def _parts(phase, first):
    """For each tap, from the last to the first, the slice of windows that the phase meets with it."""
    starts = (phase.start - first + number for number in range(len(phase.taps)))
    return [slice(start, start + phase.count) for start in starts]


def avg_pool2d_loops(x, kernel, stride, padding=0):
    """Return the mean of each window, one at a time: the version to read.

    x: (N, C, H, W). kernel, stride, padding: ints. returns: (N, C, oh, ow), float64.
    source: LeCun et al., Gradient-based learning applied to document recognition (1998).

    >>> avg_pool2d_loops(np.arange(4.0).reshape(1, 1, 2, 2), 2, 2)
    array([[[[1.5]]]])
    """
    X = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.empty((*x.shape[:2], *conv_output_size(x.shape[2:], kernel, stride, padding)))
    for n, c, row, column in np.ndindex(*out.shape):
        top, left = row * stride, column * stride
        out[n, c, row, column] = X[n, c, top : top + kernel, left : left + kernel].mean()
    return out
