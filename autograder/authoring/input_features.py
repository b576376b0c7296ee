"""The features of inputs that checks should have tried: of one argument, or of the sizes of a call."""

import re
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from autograder.authoring.stated_inputs import ARRAY, INTEGER, NUMBER
from helpers.cases import Case
from helpers.forms import as_array
from helpers.where_it_fails import features

TINY, LARGE = 1e-100, 1e100
AXES = ("no axis", "one axis", "two axes", "three axes", "four axes")
SHAPES = (*AXES, "size 1", "square", "not square")
CONTENTS = (
    "integers", "booleans", "float32", "a list", "tiny", "large", "negative", "an infinity", "empty", "equal values",
)  # fmt: skip
NUMBERS = ("integers", "negative", "zero", "tiny", "large")
INTEGERS = ("negative", "zero", "one")
OURS = {"square", "negative", "tiny", "large"}  # which mean something stricter here than in `where_it_fails`
AXIS = ("another axis", "a negative axis")
OPTION = ("its default", "another value")
PLAIN = re.compile(r"[A-Za-z]\w*")


@dataclass(frozen=True)
class Wish:
    """A feature, and what should have it: an argument by its label, or one or two sizes by their letters."""

    feature: str
    subject: tuple[str, ...]

    @property
    def text(self):
        """The wish as an author writes it in UNTRIED: "x: negative", "N = 1", "N = D", "N != D"."""
        first = self.subject[0]
        if self.feature == "size 1" and len(self.subject) == 2:
            return f"{first} = 1"
        if len(self.subject) == 2:
            return f"{first} {'=' if self.feature == 'square' else '!='} {self.subject[1]}"
        return f"{first}: {self.feature}"


def wishes(stated):
    """Return every `Wish` that these arguments give rise to, whether the statement allows it or not."""
    found = [Wish(feature, (one.label,)) for one in stated for feature in _of_kind(one)]
    letters = dict.fromkeys(axis for one in stated for axis in plain_axes(one))
    found += [Wish("size 1", (letter, "1")) for letter in letters]
    found += [Wish("not square", pair) for pair in combinations(letters, 2)]
    return found + [Wish("square", pair) for one in stated if (pair := _last_two(one))]


def plain_axes(one):
    """The letters that name axes of an argument of fixed shape, as N and D, in 4H or T + 1 no one does."""
    return [axis for axis in one.axes if PLAIN.fullmatch(axis)]


def _last_two(one):
    pair = tuple(one.axes[-2:])
    return pair if not one.open and len(set(pair)) == 2 and all(map(PLAIN.fullmatch, pair)) else ()


def _of_kind(one):
    if one.kind == ARRAY:
        return (*(SHAPES if one.open and not one.axes else AXES if one.open else ()), *CONTENTS)
    if one.name == "axis":
        return AXIS
    of_kind = {NUMBER: NUMBERS, INTEGER: INTEGERS}.get(one.kind, ())
    return (*OPTION, *(of_kind if "sign" in one.words else ())) if of_kind and one.is_option else of_kind


def values_of(one, bound):
    """The values of an argument in a call: itself, or the arrays of a list that the statement asks for."""
    value = bound.get(one.name)
    if one.key:
        value = value.get(one.key) if isinstance(value, dict) else None
    if one.open and "list of arrays" in one.words:
        return list(value)
    return [] if value is None else [value]


def look(stated, bound):
    """What there is to see in a call, its arguments by name: features of each by its label, and sizes of axes."""
    return {one.label: _features_in(one, bound) for one in stated}, sizes_of(stated, bound)


def has(wish, stated, bound):
    """Whether a call fulfils a wish."""
    features = {one.label: _features_in(one, bound) for one in stated if wish.subject == (one.label,)}
    return fulfils(wish, (features, sizes_of(stated, bound)))


def _features_in(one, bound):
    return set().union(*(features_of(value, one) for value in values_of(one, bound)))


def fulfils(wish, seen):
    """Whether a call in which `look` has seen this fulfils a wish."""
    features, sizes = seen
    if len(wish.subject) == 1:
        return wish.feature in features[wish.subject[0]]
    first, second = (sizes.get(letter, 1 if letter == "1" else None) for letter in wish.subject)
    if None in (first, second) or wish.feature != "square":
        return None not in (first, second) and (first == second) != (wish.feature == "not square")
    return first == second > 1


def sizes_of(stated, bound):
    """The size in a call of each letter that names an axis."""
    sizes = {}
    for one in stated:
        for value in values_of(one, bound) if one.axes else ():
            shape = np.shape(value)[len(np.shape(value)) - len(one.axes) :]
            sizes |= {axis: size for axis, size in zip(one.axes, shape, strict=False) if PLAIN.fullmatch(axis)}
    return sizes


def features_of(value, one):
    """The names of the features that a value of an argument has."""
    array = as_array(value)
    if array is None or array.dtype.kind not in "biuf":
        return set()
    if one.kind != ARRAY:
        return _of_number(array, one)
    found = features(Case(None, None, (value,))) - OURS | _of_size(array)
    found |= {AXES[array.ndim]} if array.ndim < len(AXES) else set()
    finite = array[np.isfinite(array)].astype(float)
    return found | ({"negative"} if finite.size and finite.max() < 0 else set()) | _of_magnitude(finite)


def _of_size(array):
    """Square counts where exchanging the two axes changes the sums along them."""
    if array.ndim < 2 or array.shape[-1] != array.shape[-2] or array.shape[-1] < 2:
        return set()
    return {"square"} if not np.allclose(array.sum(axis=-1), array.sum(axis=-2)) else set()


def _of_number(array, one):
    if one.name == "axis":
        return {name for name, true in zip(AXIS, (array != -1, array < -1), strict=True) if true}
    tests = {
        "integers": array.dtype.kind in "iu",
        "negative": (array < 0).all(),
        "zero": (array == 0).all(),
        "one": (array == 1).all(),
        "its default": one.is_option and (array == one.default).all(),
        "another value": one.is_option and (array != one.default).all(),
    }
    return {name for name, true in tests.items() if true} | _of_magnitude(np.ravel(array).astype(float))


def _of_magnitude(numbers):
    sizes = np.abs(numbers[numbers != 0])
    tests = {"tiny": sizes.min(initial=1.0) < TINY, "large": sizes.max(initial=1.0) > LARGE}
    return {name for name, true in tests.items() if true}
