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
from helpers.feedback import Feedback
from helpers.forms import REAL, as_array, as_parts

RTOL, ATOL = 1e-9, 1e-12  # float32 has seven digits: who works in it is told


def expect(condition, observed, expected="", next_step="", *, summary="A property that must hold does not."):
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
        names = parts or [f"result {i + 1}" for i in range(len(expected))]
        for got, wanted, name in zip(expect_parts(observed, names, what), expected, names, strict=True):
            expect_close(got, wanted, f"{name} of {what}", rtol=rtol, atol=atol, next_step=next_step)
        return
    wanted = np.asarray(expected)
    got = expect_array(observed, wanted.shape, what, lone=not isinstance(expected, np.ndarray))
    same = same_values(got, wanted, rtol, atol)
    if not np.all(same):
        raise _difference(got, wanted, same, worst(got, wanted, same, rtol, atol), what, next_step)


def expect_parts(observed, names, what):
    """Return `observed` as a tuple, after checking that it has one element for each of `names`."""
    parts, listing = as_parts(observed), ", ".join(names)
    if parts is None:
        raise Feedback(
            f"{what} returned {describe(observed)}.",
            f"{len(names)} results: {listing}.",
            "Return them in this order, separated by commas.",
            summary=f"It must return {len(names)} results ({listing}) and returned {kind_of(observed)}.",
        )
    if len(parts) != len(names):
        raise Feedback(
            f"{what} returned {len(parts)} results.",
            f"{len(names)} results: {listing}.",
            summary=f"It must return {len(names)} results ({listing}), and returned fewer or more.",
        )
    return parts


def expect_array(observed, shape, what, *, lone=True):
    """Return `observed` as an array, after checking that it is real and has exactly this shape (() is a number).

    A `lone` number may come in an array or list of size 1; where the shape follows that of an argument, it may not.
    """
    wanted = "a number" if shape == () else f"an array of shape {shape}"
    got = as_array(observed)
    if got is None:
        raise Feedback(
            f"{what} is {describe(observed)}.",
            f"{wanted[0].upper()}{wanted[1:]}.",
            "Does the function end in a return statement?" if observed is None else "",
            summary=f"It must return {wanted if shape == () else 'an array'} and returned {kind_of(observed)}.",
        )
    if lone and shape == () and got.size == 1:
        got = got.reshape(())
    if got.shape != shape:
        raise Feedback(
            f"{what} has shape {got.shape}.", f"Shape {shape}.", summary="The shape of the result is not the right one."
        )
    if got.dtype.kind not in REAL:
        raise Feedback(
            f"{what} has dtype {got.dtype}.", "Real numbers.", summary="The result does not hold real numbers."
        )
    return got.astype(float) if got.dtype.kind == "b" else got


def _difference(got, wanted, same, place, what, next_step):
    """The finding where values differ: the worst element, and how many others do."""
    where = f"{what}{list(map(int, place)) if wanted.ndim else ''}"
    count = f" ({np.sum(~same)} of {same.size} elements differ; this one the most)" if same.size > 1 else ""
    return Feedback(
        f"{where} is {_number(got[place])}{count}.",
        f"{_number(wanted[place])}.",
        next_step,
        summary="The result holds nan." if np.isnan(got[place]) else "A value differs from the expected one.",
    )


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
        f"{what} raised nothing.", f"{kind.__name__}.", next_step, summary=f"It must raise {kind.__name__} here."
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
                f"{name} is another after the call.",
                f"{name} as it was.",
                "Work on a copy, or write expressions that make new arrays: x = x - 1 instead of x -= 1.",
                summary="An argument was changed in place.",
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


KIND_NAMES = {
    type(None): "None", bool: "a bool", int: "an integer", float: "a number", complex: "a complex number",
    str: "a string", tuple: "a tuple", list: "a list", dict: "a dict", np.ndarray: "an array",
}  # fmt: skip


def kind_of(value):
    """Name the type of a result; a type that is not built in stays unnamed, for its name could carry a value."""
    return KIND_NAMES.get(type(value), "an object of another type")


def describe(value, limit=80):
    """Say what a result is, in a few words, whatever it is."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    if value is None:
        return "None"
    try:
        text = repr(value)
    except Exception:
        text = "an object that cannot be shown"
    kind = KIND_NAMES.get(type(value), f"an object of type {type(value).__name__}")
    return f"{kind}, {text if len(text) <= limit else text[: limit - 1] + '…'}"
