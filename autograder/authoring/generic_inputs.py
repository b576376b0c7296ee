"""A wide set of inputs for an exercise's answers, made without its author, and whether two functions differ on it.

They are the inputs of the exercise's own checks, and variations of them that a statement seldom excludes: other sizes,
axes of size 1, integers, other magnitudes. Where the reference raises, an input says nothing.
"""

import contextlib
import copy
import warnings

import numpy as np

from autograder.authoring.behaviors import arrays_in, each_array
from helpers.comparison import same_values
from helpers.expectations import RTOL
from helpers.first_calls import Call
from helpers.forms import REAL, as_array
from helpers.running import check_seed

MOST = 60  # calls of one answer, variations aside
MOST_ITEMS = 5000


def recorded(exercise, name, seed=0, *, most=MOST, items=MOST_ITEMS):
    """Return the calls that the exercise's own checks make of the answer `name`, while all answers are right.

    At most `most` of them, and none whose arrays hold more than this many items.
    """
    calls, reference = [], exercise.reference

    def recorder(*args, **kwargs):
        if len(calls) < most and sum(one.size for one in arrays_in((args, kwargs))) < items:
            calls.append(Call(copy.deepcopy(args), copy.deepcopy(kwargs)))
        return reference[name](*args, **kwargs)

    for check in exercise.own_checks:
        names = {**reference, name: recorder}
        more = {"rng": np.random.default_rng(check_seed(check, seed))} if "rng" in check.parameters else {}
        with _quiet(), contextlib.suppress(Exception):
            check.function(**{need: names[need] for need in check.needs}, **more)
    return calls


def varied(calls):
    """Return variations of calls: one axis of size 1, the first slices only, integers, ten times as much, a tenth."""
    made = []
    for call in calls:
        sizes = sorted({side for one in arrays_in((call.args, call.kwargs)) for side in one.shape if side > 1})
        made += [_changed(call, lambda one, size=size: _cut(one, size)) for size in sizes]
        made += [_changed(call, change) for change in (_ten_times, _a_tenth, _as_integers, _negative)]
    return made


def _changed(call, change):
    def for_arrays(one):
        return change(one) if np.ndim(one) else one

    copied = copy.deepcopy(call)
    with _quiet():
        return Call(each_array(copied.args, for_arrays), each_array(copied.kwargs, for_arrays))


def _cut(array, size):
    """The array with every axis of this size cut to 1: sizes that agree mean the same, more often than not."""
    return array[tuple(slice(1) if side == size else slice(None) for side in array.shape)]


def _ten_times(array):
    return array * 10


def _a_tenth(array):
    return array / 10 if array.dtype.kind == "f" else array


def _as_integers(array):
    # Products of the integers must be integers, too: what overflows tells of no answer.
    return np.nan_to_num(np.round(3 * array), posinf=3, neginf=-3).clip(-1e6, 1e6).astype(int)


def _negative(array):
    return -np.abs(array) - 1 if array.dtype.kind == "f" else array


def differs(reference, mutant, calls, atol):
    """Whether a mutant does anything else than the reference in a series of calls, beyond rounding and `atol`."""
    results = [(outcome(reference, call), outcome(mutant, call)) for call in calls]
    return any(right[0][0] == "value" and not _same(right, wrong, atol) for right, wrong in results)


def _same(right, wrong, atol):
    """Whether two values are one, to the last element; a lone number may be wrapped, as everywhere."""
    if isinstance(right, (tuple, list)):
        return (
            type(right) is type(wrong)
            and len(right) == len(wrong)
            and all(_same(*pair, atol) for pair in zip(right, wrong, strict=True))
        )
    a, b = as_array(right), as_array(wrong)
    if a is None or b is None or a.dtype.kind not in REAL or b.dtype.kind not in REAL:
        return type(right) is type(wrong) and (not isinstance(right, str) or right == wrong)
    if not isinstance(right, np.ndarray) and b.size == 1:
        b = b.reshape(())
    return a.shape == b.shape and bool(np.all(same_values(b, a, RTOL, atol)))


def outcome(function, call):
    """What a call gives, and its arguments after it."""
    used = copy.deepcopy(call)
    with _quiet():
        try:
            result = "value", copy.deepcopy(function(*used.args, **used.kwargs))
        except Exception as error:
            result = "raised", type(error).__name__
    return result, (used.args, tuple(used.kwargs.values()))


@contextlib.contextmanager
def _quiet():
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
