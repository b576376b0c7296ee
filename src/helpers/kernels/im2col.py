"""im2col, which turns convolution into one matrix product, and its adjoint col2im.

The columns of a window's pixels are written as (C, kh, kw, N, oh, ow), in one pass whose inner loop is a row of the
image; the matrix with one row per window is the transpose of that memory. The matrix product takes either order, and
this one is several times faster to write. col2im adds the taps up phase by phase (phases.py), a few images at a time,
so that with a stride few writes leave gaps. Convolution itself (conv2d.py) never holds the whole matrix.
"""

import numpy as np

from helpers.kernels import _blocks
from helpers.kernels._blocks import as_float
from helpers.kernels._phases import add_columns, phases
from helpers.kernels._windows import Windows, window_blocks
from helpers.kernels.conv_shapes import conv_output_size


def im2col(x, kh, kw, s, p):
    """Return a matrix with the pixels of one window in each row.

    col[(n, y, x), (c, i, j)] = X[n, c, s y + i, s x + j],   X = x padded with p zeros on each side

    x: (N, C, H, W), of any dtype. kh, kw, s, p: ints, kernel height and width, stride, padding.
    returns: (N oh ow, C kh kw), of the dtype of `x`; its transpose is contiguous.
    raises: `ValueError` if `x` is not 4-D or the kernel does not fit.
    source: Chellapilla, Puri, Simard, High performance convolutional neural networks for document processing (2006).

    >>> im2col(np.arange(4.0).reshape(1, 1, 2, 2), 2, 2, 1, 0)
    array([[0., 1., 2., 3.]])
    """
    x = np.asarray(x)
    if x.ndim != 4:
        raise ValueError(f"x must have shape (N, C, H, W), not {x.shape}")
    windows = _windows(x.shape, kh, kw, s, p)
    columns = np.empty((x.shape[1], kh, kw, len(x), *windows.count), x.dtype)
    for samples, view in window_blocks(x, windows, _samples_per_block(x)):
        columns[:, :, :, samples] = view.transpose(1, 2, 3, 0, 4, 5)
    return columns.reshape(x.shape[1] * kh * kw, len(x) * windows.count[0] * windows.count[1]).T


def col2im(col, shape, kh, kw, s, p):
    """Return images in which overlapping windows are added up: the adjoint of `im2col`.

    <im2col(x), col> = <x, col2im(col)> for all x of that shape

    col: (N oh ow, C kh kw), fastest if its transpose is contiguous, as the result of `im2col` is.
    shape: (N, C, H, W). kh, kw, s, p: as in `im2col`.
    returns: array of `shape`; float32 stays float32, integers give float64.
    raises: `ValueError` if `col` does not belong to such images.
    source: Chellapilla, Puri, Simard, High performance convolutional neural networks for document processing (2006).

    >>> col2im(np.ones((1, 4)), (1, 1, 2, 2), 2, 2, 1, 0)[0, 0]
    array([[1., 1.],
           [1., 1.]])
    """
    col = as_float(col)
    if len(shape) != 4:
        raise ValueError(f"shape must be (N, C, H, W), not {shape}")
    count, channels = shape[:2]
    windows = _windows(shape, kh, kw, s, p)
    expected = (count * windows.count[0] * windows.count[1], channels * kh * kw)
    if col.shape != expected:
        raise ValueError(f"images of shape {tuple(shape)} have columns of shape {expected}, not {col.shape}")
    columns = col.reshape(count, *windows.count, channels, kh, kw).transpose(0, 3, 4, 5, 1, 2)
    along_rows, along_columns = (phases(windows, axis, shape[2 + axis]) for axis in (0, 1))
    everywhere = [slice(0, count) for count in windows.count]
    images = np.zeros(shape, col.dtype)
    step = _samples_per_block(images)
    for first in range(0, count, step):
        block = slice(first, first + step)
        add_columns(images[block], columns[block], along_rows, along_columns, *everywhere)
    return images


def _windows(shape, kh, kw, s, p):
    count = conv_output_size(shape[2:], (kh, kw), s, p)
    return Windows((kh, kw), (s, s), (1, 1), (-p, -p), count)


def _samples_per_block(images):
    return max(1, 2 * _blocks.BLOCK_BYTES // max(1, images[:1].nbytes))
