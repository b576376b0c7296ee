"""How a step changes arrays in place, block by block, and how a pure function borrows that: it works on copies."""

import numpy as np

from helpers.kernels import _blocks
from helpers.kernels._blocks import as_float

BLOCKS = 2  # at a time: ten calls for each are dear, and what the second-level cache cannot hold, the third can


def each_block(update, g, **changing):
    """Call `update(*blocks, block of g, scratch)` for all blocks of the arrays, which `update` changes."""
    _require_arrays_alike(g=g, **changing)
    arrays = [*changing.values(), g]
    if all(array.flags.c_contiguous for array in arrays):
        arrays = [array.reshape(-1) for array in arrays]
    count = len(arrays[0])
    step = max(1, BLOCKS * _blocks.BLOCK_BYTES * count // max(1, g.nbytes))
    scratch = np.empty_like(arrays[0][:step])
    with np.errstate(all="ignore"):
        for start in range(0, count, step):
            parts = [array[start : start + step] for array in arrays]
            update(*parts, scratch[: len(parts[0])])


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
