"""Input coverage: which features of inputs the checks of an exercise try, and which they should but do not.

A feature is a gap when no check's call has it, when neither the statement, nor the rules of all notebooks, nor the
section's UNTRIED excludes it, and when the reference has a finite answer on a generic variation that has it.
"""

import inspect
from dataclasses import dataclass

import numpy as np

from autograder.authoring.behaviors import arrays_in
from autograder.authoring.generic_inputs import outcome, recorded
from autograder.authoring.input_features import Wish, fulfils, has, look, wishes
from autograder.authoring.input_variations import variations
from autograder.authoring.input_words import excluded, unsaid
from autograder.authoring.stated_inputs import stated_inputs, statement
from autograder.source.purity import EVERYTHING, OFF, is_probed
from helpers.first_calls import Call, first_calls
from helpers.layouts import laid_out

UNTRIED = "UNTRIED"
MOST_CALLS, MOST_ITEMS, VARIED = 2000, 20_000, 25
TRIED, EXCLUDED, CANNOT, GAP, UNSAID = "tried", "excluded", "cannot", "gap", "unsaid"


@dataclass(frozen=True)
class Coverage:
    """One wish for one answer, what became of it, and the reason where it is excluded."""

    answer: str
    wish: Wish
    how: str
    reason: str = ""


def coverage(section):
    """Return the `Coverage` of every wish for every answer of a section that is a function."""
    return [one for name in _functions(section) for one in _of_answer(section, name)]


def coverage_gaps(section):
    """Return what the audit says of a section's input coverage, each a sentence that an author can act on."""
    found = coverage(section)
    return [
        *_unstated(section),
        *(_sentence(section, one) for one in found if one.how in (GAP, UNSAID)),
        *_superfluous(section, found),
    ]


def _functions(section):
    """The names of the answers to look at; none where the section switches that off, as fixtures do."""
    answers = () if EVERYTHING in getattr(section.module, UNTRIED, {}) else section.exercise.answers
    return [answer.name for answer in answers if callable(answer.value)]


def _unstated(section):
    for name in _functions(section):
        function = section.exercise.reference[name]
        stated = {one.name for one in stated_inputs(section, name, function)}
        for argument in inspect.signature(function).parameters:
            if argument not in stated:
                mend = f"write | `{argument}` | shape | meaning |"
                yield f"no row of the statement's table says what `{argument}` of {name} is; {mend}"


def _sentence(section, one):
    where = f"{one.wish.text} ({one.answer})" if len(_functions(section)) > 1 else one.wish.text
    if one.how == GAP:
        mend = (
            f'add a case to a check, or exclude it in the statement and in {UNTRIED} = {{"{one.wish.text}": "reason"}}'
        )
        return f"no check of {section.name} tries '{where}', which its statement allows; {mend}"
    mend = "name it in its row of the table, or take the case out"
    return f"a check of {section.name} tries '{where}', which no word of its statement names; {mend}"


def _superfluous(section, found):
    for key, reason in getattr(section.module, UNTRIED, {}).items():
        used = any(key in (one.wish.text, one.wish.feature) and one.reason == reason for one in found)
        if key != EVERYTHING and not used:
            yield f"{UNTRIED} of {section.name} names '{key}', which is no gap; take it out"


def _of_answer(section, name):
    function = section.exercise.reference[name]
    signature, stated = inspect.signature(function), stated_inputs(section, name, function)
    calls = recorded(section.exercise, name, most=MOST_CALLS, items=MOST_ITEMS)
    bound = [_bound(signature, call) for call in calls]
    seen = [look(stated, one) for one in [*bound, *_probed(section, name, signature)]]
    for wish in wishes(stated):
        tried = any(fulfils(wish, one) for one in seen)
        yield Coverage(name, wish, *_verdict(section, function, stated, bound, wish, tried))


def _verdict(section, function, stated, bound, wish, tried):
    """How a wish stands, and the reason."""
    rows = [one for one in stated if one.label in wish.subject or set(one.axes) & set(wish.subject)]
    if tried:
        return (UNSAID, "") if unsaid(wish, rows, statement(section, function.__name__)) else (TRIED, "")
    reason = excluded(wish, rows)
    if reason:
        return EXCLUDED, reason
    varied = [one for call in bound[:VARIED] for one in variations(wish, stated, call)]
    if bound and varied and not any(_finite(function, one) for one in varied if has(wish, stated, one)):
        return CANNOT, ""
    own = getattr(section.module, UNTRIED, {})
    reason = own.get(wish.text) or own.get(wish.feature)
    return (EXCLUDED, reason) if reason else (GAP, "")


def _bound(signature, call):
    """The arguments of a call by their names, those that were left out too."""
    try:
        bound = signature.bind(*call.args, **call.kwargs)
    except TypeError:
        return {}
    bound.apply_defaults()
    return dict(bound.arguments)


def _finite(function, bound):
    """Whether the reference has an answer, and all numbers of it are finite."""
    what, value = outcome(function, Call((), bound))[0]
    return what == "value" and all(np.isfinite(one).all() for one in arrays_in(value))


def _probed(section, name, signature):
    """The calls with integers that the check of purity makes by itself, where the reference answers them."""
    off = {"integers", EVERYTHING} & set(getattr(section.module, OFF, ()))
    if off or not is_probed(section):
        return []
    exercise = section.exercise
    functions = {one.name: one.value for one in exercise.answers if callable(one.value)}
    calls = first_calls(functions, exercise.own_checks, lambda check: np.random.default_rng(0))[name]
    bound = [_bound(signature, laid_out(call, "integers")) for call in calls]
    return [one for one in bound if one and _finite(functions[name], one)]
