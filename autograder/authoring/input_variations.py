"""Generic variations of a call that have a wished feature: what an author could add to a check.

None may be what the statement allows; the reference is asked, and the statement's words.
"""

import copy

import numpy as np

from autograder.authoring.input_features import AXES, PLAIN, plain_axes, sizes_of, values_of
from autograder.authoring.stated_inputs import ARRAY, INTEGER

FINE = 1e-150  # well below `TINY`, and its square is not 0


def variations(wish, stated, bound):
    """Return calls, their arguments by name, that are this one but for the wished feature; none where it is unclear."""
    if len(wish.subject) == 2:
        return _of_sizes(wish, stated, bound)
    one = next(one for one in stated if one.label == wish.subject[0])
    if wish.feature in AXES:
        return [_each_of(_group(one, stated), bound, lambda value, of: _with_axes(value, of, AXES.index(wish.feature)))]
    if wish.feature in ("size 1", "square", "not square"):
        change = {"size 1": _one_row, "square": _square, "not square": _not_square}[wish.feature]
        return [_each_of(_group(one, stated), bound, lambda value, of: change(value))]
    changes = _CHANGES.get(wish.feature, ()) if one.kind == ARRAY else _OF_NUMBERS.get(wish.feature, ())
    return [_each_of([one], bound, lambda value, of, change=change: change(value)) for change in changes]


def _group(one, stated):
    """The arguments whose leading axes go together."""
    return [other for other in stated if other.open and other.group == one.group]


def _each_of(arguments, bound, change):
    made = copy.deepcopy(bound)
    for one in arguments:
        if one.key:
            made[one.name][one.key] = change(made[one.name][one.key], one)
        elif len(values_of(one, made)) == 1:
            made[one.name] = change(made[one.name], one)
        elif one.name in made:
            made[one.name] = [change(value, one) for value in made[one.name]]
    return made


def _with_axes(value, one, count):
    value = np.asarray(value)
    while value.ndim > max(count, len(one.axes)):
        value = value[0]
    return value.reshape((1,) * (count - value.ndim) + value.shape)


def _one_row(value):
    return np.asarray(value)[:1] if np.ndim(value) else np.asarray(value)


def _square(value):
    return np.resize(np.asarray(value), (3, 3))


def _not_square(value):
    return np.resize(np.asarray(value), (2, 3))


def _of_sizes(wish, stated, bound):
    """The call with one size cut to another: to 1, or to what makes two sizes agree, or differ."""
    sizes = sizes_of(stated, bound)
    first, second = wish.subject
    if second == "1":
        return _resized(stated, bound, {first: 1})
    if first not in sizes or second not in sizes:
        return []
    if wish.feature == "square":
        return _resized(stated, bound, dict.fromkeys(wish.subject, max(2, min(sizes[first], sizes[second]))))
    return [*_resized(stated, bound, {first: sizes[first] + 1}), *_resized(stated, bound, {second: sizes[second] + 1})]


def _resized(stated, bound, sizes):
    """The call with other sizes, in a list; none where a size is also part of a sum or a product."""
    if any(letter in axis and not PLAIN.fullmatch(axis) for one in stated for axis in one.axes for letter in sizes):
        return []
    made = copy.deepcopy(bound)
    for one in stated:
        if one.kind == INTEGER and one.name in sizes and one.name in made:
            made[one.name] = sizes[one.name]
    return [_each_of([one for one in stated if plain_axes(one)], made, lambda value, of: _resize(value, of, sizes))]


def _resize(value, one, sizes):
    array = np.asarray(value)
    for place, axis in enumerate(reversed(one.axes), 1):
        if axis in sizes and array.ndim >= place:
            array = np.take(array, np.arange(sizes[axis]) % max(1, array.shape[-place]), axis=-place)
    return array


def _to_size(size):
    def change(value):
        value = np.asarray(value, dtype=float)
        largest = np.abs(value[np.isfinite(value)]).max(initial=0.0)
        return value / (largest or 1.0) * size

    return change


def _with_first(number):
    def change(value):
        array = np.array(value, dtype=float)
        array.flat[:1] = number
        return array

    return change


def _equal(value):
    array = np.array(value)
    array.flat[: max(2, array.size // 2)] = array.flat[0] if array.size else 0
    return array


def _whole(value):
    return np.nan_to_num(np.round(3 * np.asarray(value, dtype=float)), posinf=3, neginf=-3).astype(int)


def _negative(value):
    return -np.abs(np.asarray(value, dtype=float)) - 0.5


_CHANGES = {
    "integers": (_whole,),
    "booleans": (lambda value: np.asarray(value) > np.mean(value),),
    "float32": (lambda value: np.asarray(value, dtype=np.float32),),
    "a list": (lambda value: np.asarray(value).tolist(),),
    "tiny": (_to_size(FINE),),
    "large": (_to_size(1 / FINE),),
    "negative": (_negative,),
    "an infinity": (_with_first(-np.inf), _with_first(np.inf)),
    "empty": (lambda value: np.asarray(value)[:0],),
    "equal values": (_equal,),
}
_OF_NUMBERS = {
    "integers": (lambda value: int(np.ceil(value)),),
    "negative": (lambda value: -abs(value) - (value == 0),),
    "zero": (lambda value: 0 * value,),
    "one": (lambda value: 1,),
    "tiny": (lambda value: FINE,),
    "large": (lambda value: 1 / FINE,),
    "another axis": (lambda value: 0,),
    "a negative axis": (lambda value: -2,),
}
