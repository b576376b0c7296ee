"""From outside: how much of a hidden input a notebook can carry to where its author reads, one check at a time.

The answer knows the input that it is called with, and chooses what it does by it. What the author reads afterwards, the
page and nothing else, tells as many things apart as there are different texts: bits = log2 of their number.
"""

import builtins
import json
import math
from dataclasses import replace

import pytest

from autograder.grading.making_records import record
from autograder.grading.submission import read_submission
from autograder.reporting.feedback_page import page_maker
from conftest import filled

TYPES = sorted(
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, (Warning, UnicodeError))
)
RAISED = {f"raise {name}": f"raise {name}('x')" for name in TYPES if "Group" not in name}
RAISED |= {"exit": "raise SystemExit", "interrupt": "raise KeyboardInterrupt", "leave": "raise GeneratorExit"}
KINDS = {
    f"return {value}": f"return {value}"
    for value in (
        *(
            "None",
            "True",
            "1",
            "1.5",
            "1j",
            "'x'",
            "b'x'",
            "[]",
            "()",
            "{}",
            "set()",
            "...",
            "int",
            "print",
            "object()",
        ),
        *("np.float32(1)", "np.random.default_rng(0)", "np.array('x')", "np.array(None)"),
    )
}
LENGTHS = {f"return {n} things": f"return (1.0,) * {n}" for n in range(24)}
SHAPES = {f"shape {n}": f"return np.ones({n + 4})" for n in range(24)} | {
    f"axes {n}": f"return np.ones((1,) * {n})" for n in range(2, 12)
}
DTYPES = {
    f"dtype {kind}": f"return np.ones(np.shape(x), dtype={kind!r})"
    for kind in (
        *("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "g", "c8", "c16"),
        "S1",
        "U1",
    )
}
VALUES = {
    f"value {v}": f"return np.full(np.shape(x), {v})" for v in ("0.0", "1.0", "-1e300", "np.nan", "np.inf", "-np.inf")
}
RELATIONS = {f"{k} of it": f"return {k} * 2 * a * x" for k in ("-1", "0.5", "2", "3", "10", "1.0000001", "1e9")} | {
    "reversed": "return (2 * a * x)[::-1]",
    "the argument": "return x",
    "shifted": "return 2 * a * x + 1",
    "one element": "y = 2 * a * x\n        y[0] = 0\n        return y",
}
ENDS = {
    "too late": "while True: pass",
    "gone": "import os; os._exit(0)",
    "too much": "return np.ones(1 << 22)",
    "too large": "return np.ones(1 << 26)",
    "a warning": "import warnings; warnings.warn('x'); return 0 * x",
    "a change in place": "x[...] = 0; return 0 * x",
}
BEHAVIORS = {**RAISED, **KINDS, **LENGTHS, **SHAPES, **DTYPES, **VALUES, **RELATIONS, **ENDS}
CODE = """
import numpy as np
def slope(x, a=1.0):
    hidden = np.size(x) > 1
    if a == 0: raise ValueError
    if hidden:
        {what}
    return 2 * a * np.asarray(x)
"""
MOST = {"exceptions": 1, "lengths": 2, "shapes": 4, "dtypes": 3, "all": 24}


def without_answer(exercise):
    """An exercise's record without the student's own text, which differs from answer to answer and tells nothing."""
    return replace(exercise, answer="")


def shown(data):
    """What a record says of the exercises, as one text."""
    return json.dumps([without_answer(one) for one in data.exercises], default=vars)


@pytest.fixture
def page(grade_notebook, fixture_lesson, tmp_path):
    """A function that grades a notebook whose answer does this on a hidden input: (its page, what its record says)."""

    def make(what):
        notebook = filled(fixture_lesson, {"slope-answer": CODE.format(what=what)})
        _, graded = grade_notebook(notebook)
        kept = {"student": "a", "lesson": "50_fixture", "file": "a.ipynb", "isolation": []}
        data = record(**kept, submission=read_submission(tmp_path / "submission.ipynb"), graded=graded)
        without = replace(data, exercises=tuple(map(without_answer, data.exercises)), graded_at="")
        return page_maker()(without, fixture_lesson), shown(data)

    return make


def different(page, behaviors):
    return {page(what)[0] for what in behaviors.values()}


@pytest.mark.parametrize(
    ("name", "behaviors"),
    [
        ("exceptions", RAISED),
        *(pytest.param(*one, marks=pytest.mark.slow) for one in (("lengths", LENGTHS), ("shapes", SHAPES))),
        ("dtypes", DTYPES),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_one_word_for_many_things(name, behaviors, page):
    found = different(page, behaviors)
    print(f"{name}: {len(behaviors)} behaviors, {len(found)} pages, {math.log2(len(found)):.1f} bits a check")
    assert len(found) <= MOST[name]


@pytest.mark.slow
def test_the_channel_as_a_whole_is_narrow(page):
    found = different(page, {**KINDS, **VALUES, **RELATIONS, **ENDS, **dict(list(RAISED.items())[:3])})
    print(f"in all: {len(found)} pages, {math.log2(len(found)):.1f} bits a check")
    assert len(found) <= MOST["all"]


def test_negative_control_the_instructor_sees_the_types(page):
    told = {page(what)[1] for what in RAISED.values()}
    assert len(told) > 0.8 * len(RAISED)


def test_how_long_it_took_and_how_much_it_wrote_is_not_told(page):
    slow = "import time; time.sleep(0.3); return 0 * x"
    large = "open('f', 'wb').write(bytes(1 << 20)); return 0 * x"
    assert len({page(what)[0] for what in (slow, large, "return 0 * x")}) == 1
