"""The comparisons that checks are written with: each returns on success and raises `Feedback` otherwise.

An array is compared in the order in which its mistakes are easiest to mend: type, shape, dtype, values. Shapes must be
equal, never merely broadcastable, and the worst element is named with its index. What form a result may come in is
decided in `forms`, when two values are the same in `comparison`.
"""

import contextlib
import copy

import numpy as np

from helpers.cases import as_case, noted
from helpers.comparison import same_values, worst
from helpers.describing import describe, kind_of
from helpers.feedback import Feedback
from helpers.forms import REAL, as_array, as_parts
from helpers.language import said

DOES_NOT_HOLD = said("A property that must hold does not.")
RTOL, ATOL = 1e-9, 1e-12  # float32 has seven digits: who works in it is told


def expect(condition, observed, expected="", next_step="", *, summary=DOES_NOT_HOLD):
    """Raise `Feedback` with the given words unless `condition` holds."""
    finding = None if condition else Feedback(observed, expected, next_step, summary=summary)
    if not noted(finding) and finding:
        raise finding


@as_case
def expect_close(observed, expected, what, *, rtol=RTOL, atol=ATOL, parts=(), next_step=""):
    """Raise `Feedback` unless `observed` equals `expected` within `atol + rtol * |expected|`.

    `expected` is a number, an array of any shape, or a tuple of these; `what` names the result in the student's words
    ("softmax([0, 0])"); `parts` names the elements of a tuple. Special values are met by themselves only. Where a
    statement promises a relative precision, or where what is expected may be tiny, pass atol=0. Where the
    result has its argument's shape, pass an array of no axis, np.array(0.5), rather than the number 0.5.
    """
    if isinstance(expected, tuple):
        names = parts or [said("result {count}").format(count=i + 1) for i in range(len(expected))]
        for got, wanted, name in zip(expect_parts(observed, names, what), expected, names, strict=True):
            expect_close(
                got,
                wanted,
                said("{part} of {what}").format(part=name, what=what),
                rtol=rtol,
                atol=atol,
                next_step=next_step,
            )
        return
    wanted = np.asarray(expected)
    got = expect_array(observed, wanted.shape, what, lone=not isinstance(expected, np.ndarray))
    same = same_values(got, wanted, rtol, atol)
    if not np.all(same):
        raise _difference(got, wanted, same, worst(got, wanted, same, rtol, atol), what, next_step)


def expect_parts(observed, names, what):
    """Return `observed` as a tuple, after checking that it has one element for each of `names`."""
    parts, listing = as_parts(observed), ", ".join(names)
    wanted = said("{count} results: {list}.").format(count=len(names), list=listing)
    if parts is None:
        raise Feedback(
            said("{what} returned {value}.").format(what=what, value=describe(observed)),
            wanted,
            said("Return them in this order, separated by commas."),
            summary=said("It must return {count} results ({list}) and returned {kind}.").format(
                count=len(names), list=listing, kind=kind_of(observed)
            ),
        )
    if len(parts) != len(names):
        raise Feedback(
            said("{what} returned {count} results.").format(what=what, count=len(parts)),
            wanted,
            summary=said("It must return {count} results ({list}), and returned fewer or more.").format(
                count=len(names), list=listing
            ),
        )
    return parts


def expect_array(observed, shape, what, *, lone=True):
    """Return `observed` as an array, after checking that it is real and has exactly this shape (() is a number).

    A `lone` number may come in an array or list of size 1; where the shape follows that of an argument, it may not.
    """
    got = as_array(observed)
    if got is None:
        raise _no_array(observed, shape, what)
    if lone and shape == () and got.size == 1:
        got = got.reshape(())
    if got.shape != shape:
        raise Feedback(
            said("{what} has shape {shape}.").format(what=what, shape=got.shape),
            said("Shape {shape}.").format(shape=shape),
            summary=said("The shape of the result is not the right one."),
        )
    if got.dtype.kind not in REAL:
        raise Feedback(
            said("{what} has dtype {name}.").format(what=what, name=got.dtype),
            said("Real numbers."),
            summary=said("The result does not hold real numbers."),
        )
    return got.astype(float) if got.dtype.kind == "b" else got


def _no_array(observed, shape, what):
    """The finding where a result stands for no numbers at all."""
    wanted = said("An array of shape {shape}.").format(shape=shape) if shape else said("A number.")
    asked = (
        said("It must return an array and returned {kind}.")
        if shape
        else said("It must return a number and returned {kind}.")
    )
    next_step = said("Does the function end in a return statement?") if observed is None else ""
    told = said("{what} is {value}.").format(what=what, value=describe(observed))
    return Feedback(told, wanted, next_step, summary=asked.format(kind=kind_of(observed)))


def _difference(got, wanted, same, place, what, next_step):
    """The finding where values differ: the worst element, and how many others do."""
    what = f"{what}{list(map(int, place))}" if wanted.ndim else what
    told = said("{what} is {number}.").format(what=what, number=_number(got[place]))
    if same.size > 1:
        told = said("{what} is {number} ({count} of {most} elements differ; this one the most).").format(
            what=what, number=_number(got[place]), count=np.sum(~same), most=same.size
        )
    differs = said("The result holds nan.") if np.isnan(got[place]) else said("A value differs from the expected one.")
    return Feedback(told, said("{number}.").format(number=_number(wanted[place])), next_step, summary=differs)


def _number(value):
    return f"{float(value):.10g}"


@contextlib.contextmanager
def expect_raises(kind, what, next_step=""):
    """Fail unless the block raises `kind`: `with expect_raises(ValueError, "init_std(3, 3, 'cubic')"): ...`."""
    try:
        yield
    except kind:
        noted(None)
        return
    finding = Feedback(
        said("{what} raised nothing.").format(what=what),
        said("{name}.").format(name=kind.__name__),
        next_step,
        summary=said("It must raise {name} here.").format(name=kind.__name__),
    )
    if not noted(finding):
        raise finding


@contextlib.contextmanager
def expect_unchanged(**arguments):
    """Fail where the block changes one of these arrays, or arrays within lists of them, in place.

    >>> with expect_unchanged(x=np.ones(2)):
    ...     pass
    """
    kept = copy.deepcopy(arguments)
    yield
    for name, before in kept.items():
        if changed_in_place(before, arguments[name]):
            raise Feedback(
                said("{name} is another after the call.").format(name=name),
                said("{name} as it was.").format(name=name),
                said("Work on a copy, or write expressions that make new arrays: x = x - 1 instead of x -= 1."),
                summary=said("An argument was changed in place."),
            )


def changed_in_place(before, now):
    """Whether an argument is no longer what its deep copy `before` holds: element by element, containers too."""
    if isinstance(before, np.ndarray):
        return before.shape != now.shape or before.tobytes() != now.tobytes()
    if isinstance(before, (list, tuple)):
        return len(before) != len(now) or any(map(changed_in_place, before, now))
    if isinstance(before, dict):
        return before.keys() != now.keys() or any(changed_in_place(before[key], now[key]) for key in before)
    return isinstance(before, (int, float, str)) and repr(before) != repr(now)
