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
    if not -array.ndim <= axis < array.ndim:
        raise IndexError(f"there is no axis {axis} in an array of shape {array.shape}; it has {array.ndim} axes")
    axis %= array.ndim
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


def elementwise(x, write, *, scratches=1):
    """Apply `write(block, out, *scratch)` to all elements of x, block by block, and return the result in x's shape.

    Each scratch is an array like the block. Underflow is no error here: what is too small for the dtype is 0.
    """
    x = as_float(x)
    flat, result = x.reshape(-1), np.empty(x.size, x.dtype)
    blocks = list(row_blocks(flat))
    scratch = [np.empty_like(flat[block]) for block in blocks[:1] for _ in range(scratches)]
    with np.errstate(under="ignore"):
        for block in blocks:
            write(flat[block], result[block], *(array[: len(flat[block])] for array in scratch))
    return result.reshape(x.shape)[()]


def require_same_shape(name, array, other_name, other):
    """Raise a `ValueError` that names both shapes, unless they are equal."""
    if array.shape != other.shape:
        raise ValueError(f"{name} and {other_name} must have the same shape, not {array.shape} and {other.shape}")


def floats_of_one_shape(**arrays):
    """Return the arrays in their common floating-point dtype; they must agree in shape and have a last axis."""
    floats = [as_float(array) for array in arrays.values()]
    if len({array.shape for array in floats}) > 1 or floats[0].ndim == 0:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in zip(arrays, floats, strict=True))
        raise ValueError(f"arrays of one shape with at least one axis are expected, not {shapes}")
    dtype = np.result_type(*floats)
    return [array.astype(dtype, copy=False) for array in floats]


def tiles(array, size):
    """Yield index pairs (rows, columns) that cut a two-dimensional array into blocks of about `size` bytes.

    Only long rows are cut.
    """
    columns = min(array.shape[1], max(MIN_RUN, size // (32 * array.itemsize)))
    rows = max(1, size // max(1, columns * array.itemsize))
    for i in range(0, array.shape[0], rows):
        for j in range(0, array.shape[1], max(1, columns)):
            yield slice(i, i + rows), slice(j, j + columns)


def sum_last_axis(block_sum, arrays, scratches=1):
    """Return the sums over the last axis that `block_sum(*blocks, *scratches)` gives block by block, one number a row.

    The arrays are of one shape and dtype; the scratches are uninitialized, and as large together as a block. Sums are
    kept in float64.
    """
    shape, dtype = arrays[0].shape, arrays[0].dtype
    count = int(np.prod(shape[:-1]))
    rows = [array.reshape(count, shape[-1]) for array in arrays]
    totals, buffers = np.zeros(count, np.promote_types(dtype, np.float64)), []
    with np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore"):
        for tile in tiles(rows[0], BLOCK_BYTES // scratches):
            blocks = [array[tile] for array in rows]
            buffers = buffers or [np.empty(blocks[0].shape, dtype) for _ in range(scratches)]
            height, width = blocks[0].shape
            totals[tile[0]] += block_sum(*blocks, *(buffer[:height, :width] for buffer in buffers))
        return totals.astype(dtype).reshape(shape[:-1])[()]


def row_sums(rows):
    """Return the sums over the last axis: as dot products with ones, which BLAS takes at the speed of reading."""
    return np.vecdot(rows, np.ones(rows.shape[-1], rows.dtype))
