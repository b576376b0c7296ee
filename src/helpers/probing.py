"""What must hold of any function: arguments stay, calls remember nothing, how arrays lie in memory is no matter.

Nobody writes these probes for an exercise: the inputs are the first ones on which its own checks call the answer.
`observe` runs where the answer lives, `faults` judges what came back of it.
"""

import time

import numpy as np

from helpers.comparison import same_values
from helpers.expectations import changed_in_place
from helpers.feedback import Feedback
from helpers.first_calls import DEEP, PLAIN, copied
from helpers.forms import as_array
from helpers.language import said
from helpers.layouts import LAYOUTS, MIXED, WHOLE, held, laid_out, ways

PATIENCE = 0.5  # seconds for the calls of an answer in all
AGREE = 1e-9
SAME = ("same", None)  # for an outcome that is bit by bit the one that it would be compared with
NAMED = said("its argument {name}")
NUMBERED = (
    said("its first argument"),
    said("its second argument"),
    said("its third argument"),
    said("its fourth argument"),
    said("its fifth argument"),
    said("its sixth or a later argument"),
)
NEXT_STEP = {
    "changes": said("Work on copies, or write expressions that make new arrays: x = x - 1 instead of x -= 1."),
    "remembers": said("Let every call start from its arguments alone, without globals, caches or shared buffers."),
    "overwrites": said("Make a new array for each result."),
    "integers": said(
        "Let the type of a result follow from the computation: np.zeros(x.shape) rather than np.zeros_like(x)."
    ),
    "refuses": said(
        "Write expressions that make new arrays, p = p - step rather than p -= step, or begin with a float copy."
    ),
    "layout": said(
        "Use indexing, reshape and arithmetic rather than views of memory; np.asarray(x) accepts any array."
    ),
}
SENTENCES = {
    "changes": said("A call changes {detail} in place."),
    "remembers": said("The same call gives something else the second time."),
    "overwrites": said("A later call changes the result of an earlier one."),
    "layout": said("The same numbers in {detail} give something else."),
    "integers": said("The same numbers as integers give something else than as floats."),
    "refuses": said("The same numbers as integers raise an exception."),
}


def observe(function, calls):
    """Call a function with each call's arguments, all once more, and laid out otherwise; return what was seen, as data.

    For each call a dict: "first", "again" and the layouts, each ("value", result), ("raised", type) or `SAME`;
    "changed", the arguments that were changed in place; "stayed", whether the first result still is what it was at the
    end.
    """
    started, seen, results = time.monotonic(), [], []
    for call in calls:
        used = copied(call)
        results.append(_outcome(function, used))
        seen.append({"first": copied(results[-1]), "changed": _changed(call, used)})
    for number, (call, one) in enumerate(zip(calls, seen, strict=True)):
        _note(one, "again", _outcome(function, copied(call)))
        for way, bit in ways(call, number, len(calls) == 1) if one["first"][0] == "value" else ():
            if time.monotonic() - started < PATIENCE:
                _note(one, way, _outcome(function, laid_out(call, way.removesuffix(MIXED), bit)))
        one["changed"] += _changed_lists(function, call) if any(held(call, tuple)) else []
        # A buffer that is kept for this shape is filled anew, where no call with other numbers has done so.
        if WHOLE[0] not in one and any(array.ndim for array in held(call, np.ndarray)):
            _outcome(function, laid_out(call, "other values"))
    for one, result in zip(seen, results, strict=True):
        one["stayed"] = not changed_in_place(one["first"][1], result[1])
    return seen


def _note(one, way, outcome):
    """Add an outcome to what was seen of a call: nearly always `SAME`, which costs nothing to send and to judge."""
    base = _base(way)
    one[way] = SAME if base in one and _identical(outcome, _seen(one, base)) else copied(outcome)


def _base(way):
    """What an outcome is compared with: the first one, or of integers the one of the same numbers as floats."""
    return way.replace(*reversed(WHOLE)) if way.startswith(WHOLE[1]) else "first"


def _seen(one, way):
    """The outcome of a call made in this way; None where it was not made."""
    outcome = one.get(way)
    return _seen(one, _base(way)) if outcome and outcome[0] == SAME[0] and way != "first" else outcome


def _identical(one, other, depth=0):
    """Whether two outcomes are the same bit by bit, of the same types; False where that would take long to say."""
    if type(one) is not type(other) or depth > DEEP:
        return False
    if type(one) in (tuple, list):
        return len(one) == len(other) and all(_identical(*pair, depth + 1) for pair in zip(one, other, strict=True))
    if type(one) is np.ndarray and one.dtype.kind != "O":
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    return type(one) in PLAIN and one == other


def _changed(before, after):
    """The arguments that are not as they were: places, and names of those that were given by name."""
    places = [i for i, pair in enumerate(zip(before.args, after.args, strict=True)) if changed_in_place(*pair)]
    return places + [key for key in before.kwargs if changed_in_place(before.kwargs[key], after.kwargs[key])]


def _changed_lists(function, call):
    """The arguments that are changed in place where they come as lists instead of tuples; many functions take both."""
    listed = laid_out(call, "lists")
    used = copied(listed)
    _outcome(function, used)
    return _changed(listed, used)


def _outcome(function, call):
    try:
        return "value", function(*call.args, **call.kwargs)
    except Exception as error:
        return "raised", type(error).__name__


def faults(calls, seen, off=()):
    """Return what `observe` saw amiss in these calls, worst first: pairs of a kind and a detail."""
    found = []
    for call, one in zip(calls, seen, strict=True):
        found += [("changes", _argument(name)) for name in one["changed"]]
        if one["first"][0] != "value":
            continue
        if not one["stayed"]:
            found.append(("overwrites", ""))
        first = one["first"]
        if not agree(first, _seen(one, "again")):
            found.append(("remembers", ""))
        # In another layout sums are taken in another order: what cancels may differ by rounding of the arguments.
        rounding = AGREE * _largest((call.args, call.kwargs))
        layouts = [(name, _seen(one, way)) for name in LAYOUTS for way in (name, name + MIXED)]
        found += [("layout", name) for name, then in layouts if then and not agree(first, then, rounding)]
        for both in (WHOLE, [way + MIXED for way in WHOLE]):
            whole = [_seen(one, way) for way in both if way in one]
            came = [outcome[0] for outcome in whole]
            if came == ["value", "raised"]:
                found.append(("refuses", ""))
            elif came == ["value", "value"] and not agree(*whole, 10 * rounding):
                found.append(("integers", ""))
    order = list(SENTENCES)
    return sorted({one for one in found if not {*one} & set(off)}, key=lambda one: (order.index(one[0]), one[1]))


def _argument(name):
    return NAMED.format(name=name) if isinstance(name, str) else NUMBERED[min(name, len(NUMBERED) - 1)]


def agree(one, other, atol=0.0):
    """Whether two outcomes are the same within rounding: of their largest element, and `atol`."""
    if one is other:
        return True
    if type(one) is type(other) and isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(agree(*pair, atol) for pair in zip(one, other, strict=True))
    a, b = as_array(one), as_array(other)
    if a is None or b is None or a.dtype.kind not in "biuf" or b.dtype.kind not in "biuf":
        return type(one) is type(other) and (not isinstance(one, str) or one == other)
    if a.shape != b.shape:
        return False
    if a.dtype == b.dtype and a.tobytes() == b.tobytes():  # nearly always, and a comparison costs more than the call
        return True
    with np.errstate(all="ignore"):
        return bool(np.all(same_values(b.astype(float), a.astype(float), AGREE, AGREE * _largest(a) + atol)))


def _largest(value):
    """The largest finite magnitude in a value, arrays within lists and dicts included; 0 where there is none."""
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (tuple, list)):
        return max(map(_largest, value), default=0.0)
    array = as_array(value)
    if array is None or array.dtype.kind not in "biuf":
        return 0.0
    return float(np.abs(array[np.isfinite(array)].astype(float)).max(initial=0.0))


def finding(kind, detail):
    """The `Feedback` for one fault."""
    return Feedback(
        SENTENCES[kind].format(detail=detail), "", NEXT_STEP[kind], summary=SENTENCES[kind].format(detail=detail)
    )
