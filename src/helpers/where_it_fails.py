"""Where an answer fails: what all cases that fail have in common and no case that passes has, in words.

A feature is one of the call's arguments: of their kind, their sizes, their magnitudes. What is said is true of the
cases that were tried, and names no value.
"""

import numpy as np

from helpers.cases import FLOATING_POINT, RAISED
from helpers.forms import as_array
from helpers.language import said

LARGE, TINY = 50, 1e-3
WRONG = (
    (RAISED, said("It raises an exception {where}, and only there, in all that was tried.")),
    (FLOATING_POINT, said("It meets a floating-point warning {where}, and only there, in all that was tried.")),
    (None, said("It is wrong {where}, and only there, in all that was tried.")),
)
NOWHERE_RIGHT = said(
    "It is wrong in every case that was tried: look at the formula itself rather than at special cases."
)
ARGUMENT = said("argument {count}")
TELLING = ("an infinity", "integers", "float32", "booleans", "empty", "another axis", "a negative axis")
SENTENCES = {
    "an infinity": said("where an argument holds an infinity"),
    "integers": said("where an array of integers is given"),
    "float32": said("where an array of float32 is given"),
    "booleans": said("where an array of booleans is given"),
    "empty": said("where an array is empty"),
    "no axis": said("where a lone number is given, not an array"),
    "a list": said("where a list is given"),
    "another axis": said("along an axis that is not the last"),
    "a negative axis": said("where the axis is counted from the end"),
    "an option": said("where an option is given that is not the default"),
    "one row": said("where the first axis has size 1"),
    "size 1": said("where an axis has size 1"),
    "more axes": said("where there are three axes or more"),
    "two axes": said("where there are two axes"),
    "one axis": said("where there is one axis"),
    "large": said("for large inputs"),
    "tiny": said("for tiny inputs"),
    "negative": said("where all numbers are negative"),
    "positive": said("where all numbers are positive"),
    "zeros": said("where an argument holds zeros"),
    "equal values": said("where numbers are equal"),
    "not square": said("where the last two axes of an array differ"),
    "square": said("where an array is square"),
    "later calls": said("in calls after the first one"),
}


def where_it_fails(cases):
    """Return a sentence about where an answer fails and where it does not, or "" where nothing tells the two apart."""
    failing = [features(case) for case in cases if case.failed]
    passing = [features(case) for case in cases if not case.failed]
    if not passing:
        return NOWHERE_RIGHT if failing and any(case.expected is not None for case in cases) else ""
    if not failing:
        return ""
    kinds = {id(case.observed) for case in cases if case.failed}
    wrong = next(sentence for kind, sentence in WRONG if kind is None or kinds == {id(kind)})
    found = _first(set.intersection(*failing) - set.union(*passing), few=len(failing) == 1)
    if found:
        return wrong.format(where=found)
    found = _first(set.intersection(*passing) - set.union(*failing), few=len(passing) == 1)
    return said("It is right {where}, and only there, in all that was tried.").format(where=found) if found else ""


def _first(names, few):
    """The words for the most telling of these features, "" where there is none; one case alone tells of few."""
    told = [SENTENCES[one] for one in SENTENCES if one in names and (one in TELLING or not few)]
    told += sorted(names - SENTENCES.keys())
    return told[0] if told else ""


def features(case):
    """The features of the call before a case, as a set of names."""
    found = {"later calls"} if case.number > 1 else set()
    axis = case.kwargs.get("axis")
    if isinstance(axis, int):
        found |= {"another axis"} if axis != -1 else set()
        found |= {"a negative axis"} if axis < 0 else set()
    if case.kwargs:
        found.add("an option")
    given = [*case.args, *case.kwargs.values()]
    found |= {"a list"} if any(isinstance(one, list) for one in given) else set()
    made = (as_array(one) for one in given if not isinstance(one, tuple))
    arrays = [one for one in made if one is not None and one.dtype.kind in "biuf"]
    return found.union(_of_numbers(case.args), *map(_of_array, arrays))


def _of_numbers(args):
    """What arguments that are a number, a word or a pair are, by their place."""
    found = set()
    for place, arg in enumerate(args, 1):
        argument = ARGUMENT.format(count=place)
        if isinstance(arg, str) and len(arg) < 30:
            found.add(said("where {argument} is {code}").format(argument=argument, code=f"'{arg}'"))
        elif isinstance(arg, tuple) and len(arg) == 2:
            found.add(said("where {argument} is a pair").format(argument=argument))
        elif isinstance(arg, (int, float, np.number)) and not isinstance(arg, bool):
            tests = {
                said("where {argument} is 0"): arg == 0,
                said("where {argument} is 1"): arg == 1,
                said("where {argument} is negative"): arg < 0,
                said("where {argument} is larger than 1"): arg > 1,
            }
            found |= {what.format(argument=argument) for what, true in tests.items() if true}
    return found


def _of_array(array):
    if array.size == 0:
        return {"empty"}
    kinds = {"b": "booleans", "i": "integers", "u": "integers"}
    found = {kinds[array.dtype.kind]} if array.ndim and array.dtype.kind in kinds else set()
    if array.dtype == np.float32:
        found.add("float32")
    numbers = array.astype(float)
    finite = numbers[np.isfinite(numbers)]
    tests = {
        "an infinity": np.isinf(numbers).any(),
        "large": np.abs(finite).max(initial=0) > LARGE,
        "zeros": (finite == 0).any(),
        "tiny": finite.size and 0 < np.abs(finite).max() < TINY,
    }
    return found | {name for name, true in tests.items() if true} | _of_axes(array, finite)


def _of_axes(array, finite):
    sides = array.shape
    if not sides:
        return {"no axis"} if isinstance(array, np.ndarray) else set()
    tests = {
        "one axis": len(sides) == 1,
        "two axes": len(sides) == 2,
        "more axes": len(sides) > 2,
        "one row": sides[0] == 1,
        "size 1": 1 in sides,
        "square": len(sides) == 2 and sides[0] == sides[1],
        "not square": len(sides) > 1 and sides[-1] != sides[-2],
        "negative": finite.size and finite.max() < 0,
        "positive": finite.size and finite.min() > 0,
        "equal values": finite.size > np.unique(finite).size,
    }
    return {name for name, true in tests.items() if true}
