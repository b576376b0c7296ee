"""How the kernels walk through large arrays: in blocks that stay in a core's second-level cache.

It knows sizes only, no mathematics. A block is written through `out=`, so that no temporary of the array's size exists.
"""

import numpy as np

BLOCK_BYTES = 512 * 1024
MIN_RUN = 1024  # elements: a shorter contiguous run costs more than the cache gives back, so there is no block then


def as_float(values):
    """Return `values` as an array of its own floating-point dtype, or of float64 if it has none."""
    array = np.asarray(values)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def row_blocks(array):
    """Yield slices of the first axis whose rows fill about one block."""
    row_bytes = max(1, array.nbytes // max(1, len(array)))
    step = max(1, BLOCK_BYTES // row_bytes)
    for start in range(0, len(array), step):
        yield slice(start, start + step)


def around_axis(array, axis):
    """Return a view or copy of shape (before, length, after), where `length` is the size of `axis`."""
    axis = range(array.ndim)[axis]
    before, after = int(np.prod(array.shape[:axis])), int(np.prod(array.shape[axis + 1 :]))
    return array.reshape(before, array.shape[axis], after)


def slabs(array):
    """Yield index pairs (first axis, last axis): a (before, length, after) array as blocks of whole slices."""
    before, length, after = array.shape
    column_bytes = max(1, length * array.itemsize)
    outer = max(1, BLOCK_BYTES // max(1, column_bytes * after))
    fitting = BLOCK_BYTES // column_bytes
    inner = after if fitting < MIN_RUN else min(after, fitting)
    for i in range(0, before, outer):
        for j in range(0, after, max(1, inner)):
            yield slice(i, i + outer), slice(j, j + inner)
