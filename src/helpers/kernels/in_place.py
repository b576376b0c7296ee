"""How a step changes arrays in place, block by block, and how a pure function borrows that: it works on copies."""

import numpy as np

from helpers.kernels.blocks import as_float, row_blocks


def each_block(update, g, **changing):
    """Call `update(*blocks, block of g, scratch)` for all blocks of the arrays, which `update` changes."""
    arrays = [*changing.values(), g]
    _require_arrays_alike(g=g, **changing)
    if all(array.flags.c_contiguous for array in arrays):
        arrays = [array.reshape(-1) for array in arrays]
    scratch = None
    with np.errstate(all="ignore"):
        for rows in row_blocks(g := arrays[-1]):
            scratch = np.empty(g[rows].shape, g.dtype) if scratch is None else scratch
            blocks = [array[rows] for array in arrays]
            update(*blocks, scratch[: len(blocks[0])])


def _require_arrays_alike(g, **changing):
    """Raise a `ValueError` that names all shapes and dtypes, unless these arrays can be worked on in place."""
    arrays = {**changing, "g": g}
    kinds = {(array.shape, array.dtype) if isinstance(array, np.ndarray) else None for array in arrays.values()}
    if len(kinds) > 1 or None in kinds or g.dtype.kind != "f":
        found = ", ".join(f"{name} {_described(array)}" for name, array in arrays.items())
        raise ValueError(f"arrays of one shape and one floating-point dtype are expected, not {found}")
    fixed = [name for name, array in changing.items() if not array.flags.writeable]
    if fixed:
        raise ValueError(f"{' and '.join(fixed)} must be writable, for the step is made in place")


def _described(array):
    return f"{array.shape} {array.dtype}" if isinstance(array, np.ndarray) else type(array).__name__


def copies(g, **changing):
    """Return copies of the arrays that change, and g, all in their common floating-point dtype and of one shape."""
    floats = {name: as_float(array) for name, array in (*changing.items(), ("g", g))}
    if len({array.shape for array in floats.values()}) > 1:
        found = ", ".join(f"{name} {array.shape}" for name, array in floats.items())
        raise ValueError(f"arrays of one shape are expected, not {found}")
    dtype = np.result_type(*floats.values())
    *copied, g = (array.astype(dtype, order="C", copy=name != "g") for name, array in floats.items())
    return *copied, g
