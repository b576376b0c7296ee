"""Sums, means and variances of the channels of a batch, from one walk over it in blocks.

A batch has three axes here, (N, C, L): examples, channels, and the positions of an image, of which a plain (N, D) batch
has one. A block is centered by its own mean, so that nothing cancels however far from zero the data are; the statistics
of the blocks then give those of the batch. What a block's mean differs from the batch's is kept as its offset.
"""

from dataclasses import dataclass

import numpy as np

from helpers.kernels import _blocks
from helpers.kernels._blocks import row_sums

LEAST_VALUES = 16  # of a channel in a block, so that the blocks' statistics stay few beside the data


@dataclass(frozen=True)
class Centered:
    """What the walk has found for B blocks and C channels; the last two are 0 without an upstream gradient."""

    blocks: list  # slices of the first axis
    offset: np.ndarray  # (B, C): a block's mean less the batch's
    mean: np.ndarray  # (C,)
    var: np.ndarray  # (C,), biased
    dbeta: np.ndarray  # (C,): sums of dout
    agreement: np.ndarray  # (C,): sums of dout (x - mean)


def center(x, out, dout=None):
    """Write every block of x, less its own mean, into `out`, and return what the sums say as `Centered`, in float64."""
    walk = list(example_blocks(x))
    means, squares, dbetas, dots = np.zeros((4, len(walk), x.shape[1]), x.dtype)
    counts = np.array([len(x[block]) * x.shape[2] for block in walk], np.float64)
    for b, block in enumerate(walk):
        means[b] = channel_sums(x[block]) / max(1.0, counts[b])
        np.subtract(x[block], means[b, :, None], out=out[block])
        squares[b] = channel_sums(out[block], out[block])
        if dout is not None:
            dbetas[b], dots[b] = channel_sums(dout[block]), channel_sums(out[block], dout[block])
    count = max(1.0, counts.sum())
    mean = counts @ means / count
    offset = means - mean
    var = (squares.sum(axis=0, dtype=np.float64) + counts @ np.square(offset)) / count
    dbeta = dbetas.sum(axis=0, dtype=np.float64)
    return Centered(walk, offset, mean, var, dbeta, np.sum(dots + offset * dbetas, axis=0))


def channel_sums(x, weights=None):
    """Return the sums of x, or of x * weights, over all axes but the second."""
    if x.shape[2] != 1:
        return (row_sums(x) if weights is None else np.vecdot(x, weights)).sum(axis=0, dtype=np.float64)
    columns = x[:, :, 0]  # as a product with ones: faster than a sum over the first axis, and in float32 more accurate
    return np.ones(len(x), x.dtype) @ columns if weights is None else np.einsum("nd,nd->d", columns, weights[:, :, 0])


def along(numbers, x):
    """Return numbers (..., C), one a channel, in the dtype of x and in a shape that broadcasts along x."""
    return np.asarray(numbers, dtype=x.dtype)[..., None]


def three_axes(a, **numbers):
    """Return a (N, D, ...) array as (N, D, L), and the named numbers as arrays of shape (D,); both are checked."""
    if a.ndim < 2:
        raise ValueError(f"`a` must be (N, D) or (N, D, ...), not {a.shape}")
    for name, array in numbers.items():
        if np.shape(array) != a.shape[1:2]:
            raise ValueError(
                f"{name} must be {a.shape[1:2]}, one number a channel of `a` {a.shape}, not {np.shape(array)}"
            )
    positions = int(np.prod(a.shape[2:]))
    return a.reshape(*a.shape[:2], positions), *(np.asarray(array) for array in numbers.values())


def channel_groups(x):
    """Yield slices of the channels: channels do not know each other, and examples too large for a block are cut."""
    step = max(1, _blocks.BLOCK_BYTES // (x.itemsize * max(LEAST_VALUES, x.shape[2])))
    for start in range(0, x.shape[1], step):
        yield slice(start, start + step)


def example_blocks(x):
    """Yield slices of the examples, twice as large as blocks elsewhere: each block also costs its statistics."""
    step = max(1, 2 * _blocks.BLOCK_BYTES // max(1, x.itemsize * x.shape[1] * x.shape[2]))
    for start in range(0, len(x), step):
        yield slice(start, start + step)
