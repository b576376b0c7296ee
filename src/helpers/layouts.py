"""The same call made anew: its arrays laid out otherwise, as whole numbers, as integers, its tuples as lists."""

import numpy as np

from helpers.first_calls import Call, copied
from helpers.language import said

LAYOUTS = (said("Fortran order"), said("strides"), said("read-only arrays"))
WHOLE = ("whole numbers", "integers")  # the same numbers, as floats and as integers
MIXED = " beside others as they were"  # some of the arguments only; which, differs from call to call
IN_PART = ("Fortran order", *WHOLE)
WAYS = (*LAYOUTS, *WHOLE, *(way + MIXED for way in IN_PART))


def ways(call, number, alone=False):
    """Yield the ways to make a call anew, with the bit that chooses arguments: None for all of them.

    Of n arguments those are taken whose place, counted from 1, has a certain bit. It moves on from call to call, so
    that any two arguments are told apart within a few calls. One call is made in one half of the ways, the next in
    the other; one that is alone in all of them.
    """
    possible, arguments = _possible(call), len(call.args) + len(call.kwargs)
    for way in possible:
        in_turn = way == LAYOUTS[-1] if number % 2 else way != LAYOUTS[-1]
        if in_turn or alone or (number % 2 and arguments < 2):
            yield way, None
    if arguments > 1 and (number % 2 or alone):
        yield from ((way + MIXED, number // 2 % arguments.bit_length()) for way in IN_PART if way in possible)


def _possible(call):
    """The ways that make another call of it: of numbers there is none, and a vector has no Fortran order."""
    arrays = [one for one in held(call, np.ndarray) if one.ndim]
    return (
        *(LAYOUTS if any(one.ndim > 1 for one in arrays) else LAYOUTS[1:] if arrays else ()),
        *(WHOLE if any(one.dtype.kind == "f" for one in arrays) else ()),
    )


def held(value, kind):
    """Yield the arguments of a call, and the items of one, that are of a kind."""
    if isinstance(value, kind):
        yield value
    items = (*value.args, *value.kwargs.values()) if isinstance(value, Call) else ()
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else items
    for item in items:
        yield from held(item, kind)


def laid_out(call, way, bit=None):
    """The same call with every array, or every tuple, in it made anew in this way; with a bit, some arguments only."""
    values = [*call.args, *call.kwargs.values()]
    chosen = [bit is None or (place >> bit) & 1 for place in range(1, len(values) + 1)]
    made = [_made(value, way) if one else copied(value) for one, value in zip(chosen, values, strict=True)]
    args = len(call.args)
    return Call(tuple(made[:args]), dict(zip(call.kwargs, made[args:], strict=True)))


def _made(value, way):
    if isinstance(value, np.ndarray) and value.ndim:
        return _array_in(value, way)
    if isinstance(value, (list, tuple)):
        kind = list if way == "lists" else type(value)
        return kind(_made(item, way) for item in value)
    if isinstance(value, dict):
        return {key: _made(item, way) for key, item in value.items()}
    return copied(value)


def _array_in(array, layout):
    if layout == "other values":
        return np.flip(array).copy() if array.dtype.kind == "b" else np.flip(array) + array.dtype.type(1)
    if layout == "lists" or (layout in WHOLE and array.dtype.kind != "f"):
        return array.copy()
    if layout in WHOLE:
        finite = array if np.isfinite(array).all() else np.nan_to_num(array, posinf=9, neginf=-9)
        whole = np.round(3 * finite).clip(-99, 99)
        return whole.astype(int) if layout == "integers" else whole
    if layout == "Fortran order":
        return np.array(array, order="F")
    if layout == "strides":
        wide = np.full((*array.shape[:-1], 2 * array.shape[-1]), 7, dtype=array.dtype)
        wide[..., ::2] = array
        return wide[..., ::2]
    array = array.copy()
    array.flags.writeable = False
    return array
