"""Behavioral mutants: a right answer wrapped the way people go wrong, whatever it computes.

Operators are changed in `mutations`; here the function stays and what goes in, what comes out, or what is kept between
calls is bent. This file knows the bends; whether one changes anything for an exercise is found out in `generic_inputs`.
"""

import copy

import numpy as np

BOUNDS = (10, 100, 500, 700)
TINY = (1e-300, 1e-15, 1e-9)


def behaviors():
    """Return {words: wrap}: `wrap(function)` is the function with that behavior."""
    return {
        **{words: _on_results(change) for words, change in _RESULTS.items()},
        **{words: _on_arguments(change) for words, change in _ARGUMENTS.items()},
        **{words: _where(condition) for words, condition in _CONDITIONS.items()},
        **_WITH_MEMORY,
        "takes any axis for the last one": _last_axis,
        "gives integers for integers": _integers_for_integers,
        "has the dtype of its first array": _dtype_of_the_first,
    }


def each_array(value, change):
    """Apply `change` to every number and array in a value, within tuples, lists and dicts too."""
    if isinstance(value, (tuple, list)):
        return type(value)(each_array(item, change) for item in value)
    if isinstance(value, dict):
        return {key: each_array(item, change) for key, item in value.items()}
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.ndarray, np.generic)):
        return value
    return change(value) if np.asarray(value).dtype.kind in "iuf" else value


def arrays_in(value):
    """Every array and number in a value."""
    found = []
    each_array(value, lambda one: found.append(np.asarray(one)) or one)
    return found


def _on_results(change):
    return lambda function: lambda *args, **kwargs: each_array(function(*args, **kwargs), change)


def _on_arguments(change):
    def wrap(function):
        def bent(*args, **kwargs):
            return function(*each_array(args, change), **each_array(kwargs, change))

        return bent

    return wrap


def _where(condition):
    """Wrong where the arrays among the arguments fulfil a condition."""

    def wrap(function):
        def bent(*args, **kwargs):
            bad = condition([one for one in arrays_in((args, kwargs)) if one.size])
            result = function(*args, **kwargs)
            return each_array(result, lambda one: 2 * one + 1) if bad else result

        return bent

    return wrap


def _of_arrays(test):
    """A condition that one array of one axis or more fulfils."""
    return lambda arrays: any(test(one) for one in arrays if one.ndim)


def _swap_infinity(value, number):
    return np.where(np.isneginf(value), -number, value) if np.ndim(value) else value


_RESULTS = {
    **{f"clips results at {bound}": lambda a, b=bound: np.clip(a, -b, b) for bound in BOUNDS},
    **{f"drops results below {tiny}": lambda a, t=tiny: np.where(np.abs(a) < t, 0 * a, a) for tiny in TINY},
    **{f"floors results at {tiny}": lambda a, t=tiny: np.where(a >= 0, np.maximum(a, t), a) for tiny in TINY},
    "adds 1e-8 to results": lambda a: a + 1e-8,
    "rounds results to float32": lambda a: np.asarray(np.asarray(a, dtype=np.float32), dtype=float)[()],
    "rounds results to 6 decimals": lambda a: np.round(a, 6),
    "truncates results": np.trunc,
    "gives a number as an array": np.atleast_1d,
    "squeezes axes of size 1": lambda a: np.squeeze(a) if np.ndim(a) else a,
    "adds an axis in front": lambda a: np.asarray(a)[None],
    "transposes square results": lambda a: a.T if np.ndim(a) == 2 and a.shape[0] == a.shape[1] else a,
    "gives -1e9 for -inf": lambda a: np.where(np.isneginf(a), -1e9, a)[()],
    "gives 1e300 for inf": lambda a: np.where(np.isposinf(a), 1e300, a)[()],
    "gives 0 for nan": lambda a: np.where(np.isnan(a), 0.0, a)[()],
    "gives magnitudes": np.abs,
    "gives zeros": lambda a: 0 * np.nan_to_num(a),
}
_ARGUMENTS = {
    **{f"clips arrays at {bound}": lambda a, b=bound: np.clip(a, -b, b) if np.ndim(a) else a for bound in BOUNDS},
    "works in float32": lambda a: np.asarray(a, dtype=np.float32) if np.ndim(a) and a.dtype.kind == "f" else a,
    "takes -inf for -1e9": lambda a: _swap_infinity(a, 1e9),
    "takes -inf for -1e4": lambda a: _swap_infinity(a, 1e4),
    "takes the transpose of what is square": lambda a: a.T if np.ndim(a) == 2 and a.shape[0] == a.shape[1] else a,
    "reads memory, not the array": lambda a: np.ravel(a, order="K").reshape(a.shape) if np.ndim(a) else a,
    "takes numbers for integers": lambda a: float(int(a)) if isinstance(a, float) and np.isfinite(a) else a,
}
_CONDITIONS = {
    "is wrong for an axis of size 1": _of_arrays(lambda a: 1 in a.shape),
    "is wrong for large values": _of_arrays(lambda a: np.abs(a[np.isfinite(a)]).max(initial=0) > 50),
    "is wrong for tiny values": _of_arrays(lambda a: 0 < np.abs(a).max() < 1e-3),
    "is wrong for nothing but negatives": _of_arrays(lambda a: a.max() < 0),
    "is wrong for zeros": _of_arrays(lambda a: a.ndim and not a.all()),
    "is wrong for equal values": _of_arrays(lambda a: a.size > 1 and np.unique(a).size < a.size),
    "is wrong for an infinity": _of_arrays(lambda a: np.isinf(a).any()),
    "is wrong for integers": _of_arrays(lambda a: a.dtype.kind in "iu"),
    "is wrong where sizes differ": _of_arrays(lambda a: len(set(a.shape)) > 1),
    "is wrong where sizes agree": _of_arrays(lambda a: a.ndim > 1 and len(set(a.shape)) == 1 and a.size > 1),
}


def _last_axis(function):
    def bent(*args, **kwargs):
        return function(*args, **{**kwargs, "axis": -1} if "axis" in kwargs else kwargs)

    return bent


def _integers_for_integers(function):
    def bent(*args, **kwargs):
        given = [one for one in arrays_in((args, kwargs)) if one.ndim]
        result = function(*args, **kwargs)
        return each_array(result, np.trunc) if any(one.dtype.kind in "iu" for one in given) else result

    return bent


def _dtype_of_the_first(function):
    def bent(*args, **kwargs):
        first = next((one for one in arrays_in((args, kwargs)) if one.ndim), None)
        result = function(*args, **kwargs)
        return result if first is None else each_array(result, lambda one: np.asarray(one).astype(first.dtype)[()])

    return bent


def _remembers_by_shape(function):
    kept = {}

    def bent(*args, **kwargs):
        key = str([(one.shape, one.dtype.str) if one.ndim else one.item() for one in arrays_in((args, kwargs))])
        if key not in kept:
            kept[key] = copy.deepcopy(function(*args, **kwargs))
        return kept[key]

    return bent


def _shares_a_buffer(function):
    kept = {}

    def bent(*args, **kwargs):
        def into_buffer(one):
            if not np.ndim(one):
                return one
            buffer = kept.setdefault((one.shape, one.dtype.str), np.empty_like(one))
            buffer[...] = one
            return buffer

        return each_array(function(*args, **kwargs), into_buffer)

    return bent


def _writes_into_arguments(function):
    def bent(*args, **kwargs):
        result = copy.deepcopy(function(*args, **kwargs))
        for one in (*args, *kwargs.values()):
            if isinstance(one, np.ndarray) and one.size:
                one[...] = one[::-1].copy() + 1 if one.ndim else one + 1
        return result

    return bent


_WITH_MEMORY = {
    "remembers the first result of a shape": _remembers_by_shape,
    "shares a buffer between results": _shares_a_buffer,
    "writes into its arguments": _writes_into_arguments,
}
