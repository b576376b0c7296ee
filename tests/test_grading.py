"""Grading a submission: faults cost their own exercise, honest points survive, tampering earns nothing."""

import itertools
import json

import pytest

from autograder.building.notebook import code_cell, notebook_text
from autograder.grading.one_submission import seed_of
from conftest import filled, solutions
from helpers.running import COULD_NOT_BE_CHECKED, FAILED, NOT_ATTEMPTED

FULL = {"slope": 4, "letter": 2, "pair": 2.5}
SLOPE = "slope-answer"


def test_the_solution_earns_everything(grade_notebook, fixture_lesson):
    points, graded = grade_notebook(filled(fixture_lesson, solutions(fixture_lesson)))
    assert points == FULL
    assert graded.problems == ()


def test_the_starter_earns_nothing_and_is_not_attempted(grade_notebook, fixture_lesson):
    points, graded = grade_notebook(filled(fixture_lesson, {}))
    assert sum(points.values()) == 0
    assert {one.outcome for one in graded.exercises} == {NOT_ATTEMPTED}


def test_every_wrong_answer_hears_its_sentence(grade_notebook, fixture_lesson):
    wrong = "def slope(x, a=1.0):\n    if a == 0:\n        raise ValueError\n    return a * np.asarray(x)"
    _, graded = grade_notebook(filled(fixture_lesson, {SLOPE: wrong}))
    slope = graded.exercises[0]
    assert slope.diagnosis == "The exponent must come down as a factor: yours lacks the 2."
    assert slope.is_named
    assert [check.outcome for check in slope.checks] == [FAILED, FAILED, "passed"]


def test_what_is_seen_of_a_wrong_answer_is_not_the_name_of_a_mistake(grade_notebook, fixture_lesson):
    _, graded = grade_notebook(filled(fixture_lesson, {SLOPE: "def slope(x, a=1.0):\n    return 2 * a * x + 17.0"}))
    assert graded.exercises[0].diagnosis
    assert not graded.exercises[0].is_named


def test_a_hidden_checks_feedback_shows_no_value(grade_notebook, fixture_lesson):
    leaky = "def slope(x, a=1.0):\n    if a == 1: return 2 * x\n    raise ValueError(repr(x.tolist()))"
    _, graded = grade_notebook(filled(fixture_lesson, {SLOPE: leaky}))
    hidden = graded.exercises[0].checks[1]
    assert hidden.summary == "Your code raised an exception."
    assert "[" in hidden.text


FAULTS = {
    "loops in a call": "def slope(x, a=1.0):\n    while True: pass",
    "loops in its cell": "def slope(x, a=1.0):\n    return 2 * a * x\nwhile True: pass",
    "sys.exit in its cell": "import sys\nsys.exit()\ndef slope(x, a=1.0):\n    return 2 * a * x",
    "sys.exit in a call": "import sys\ndef slope(x, a=1.0):\n    sys.exit()",
    "os._exit in a call": "import os\ndef slope(x, a=1.0):\n    os._exit(0)",
    "os._exit in its cell": "import os\nos._exit(0)\ndef slope(x, a=1.0):\n    return 2 * a * x",
    "a crash": "import ctypes\ndef slope(x, a=1.0):\n    ctypes.string_at(0)",
    "endless recursion": "def slope(x, a=1.0):\n    return slope(x, a)",
    "KeyboardInterrupt": "def slope(x, a=1.0):\n    raise KeyboardInterrupt",
    "not Python": "def slope(x, a=1.0):\n    return 2 * (a * x",
    "asks the user": "def slope(x, a=1.0):\n    return float(input())",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_costs_its_own_exercise_only(grade_notebook, fixture_lesson, fault):
    points, graded = grade_notebook(filled(fixture_lesson, {**solutions(fixture_lesson), SLOPE: FAULTS[fault]}))
    assert points == {**FULL, "slope": 0}
    slope = graded.exercises[0]
    assert slope.outcome in (FAILED, COULD_NOT_BE_CHECKED)
    assert all(check.text for check in slope.checks)


HARMLESS = {
    "endless loop in a cell of their own": {"before": ["while True: pass"]},
    "os._exit in a cell of their own": {"before": ["import os\nos._exit(1)"]},
    "an exception in a cell of their own": {"before": ["1 / 0", "undefined"]},
    "np = None late": {"after": ["np = None"]},
    "a later redefinition": {"after": ["def slope(x, a=1.0): return 0", "letter = 'Z'", "def double(x): return 0"]},
    "a lot of output": {"before": ["print('x' * 10_000_000)", "for i in range(100_000): print(i)"]},
    "magics and shell lines": {"before": ["%matplotlib inline\n!ls\n%%time", "%%time\nx = 1", "%pip install nothing"]},
    "stderr and logging": {"before": ["import sys, logging\nlogging.error('x')\nprint('y', file=sys.stderr)"]},
    "no stdout": {"before": ["import sys\nsys.stdout = None\nsys.stderr = None"]},
    "changed folder": {"before": ["import os\nos.chdir('/')"]},
    "plots": {"before": ["plt.plot([1, 2]); plt.show()"]},
    "top-level await": {"before": ["import asyncio\nawait asyncio.sleep(0)"]},
}


@pytest.mark.parametrize("case", HARMLESS)
def test_what_a_student_does_elsewhere_costs_nothing(grade_notebook, fixture_lesson, case):
    points, _ = grade_notebook(filled(fixture_lesson, solutions(fixture_lesson), **HARMLESS[case]))
    assert points == FULL


def test_a_leftover_print_and_a_warning_cost_nothing(grade_notebook, fixture_lesson):
    noisy = solutions(fixture_lesson)[SLOPE].replace(
        "    if a == 0", "    print(x); import warnings; warnings.warn('!')\n    if a == 0"
    )
    points, _ = grade_notebook(filled(fixture_lesson, {**solutions(fixture_lesson), SLOPE: noisy}))
    assert points == FULL


def _copied(cells):
    slope = next(cell for cell in cells if cell.id == SLOPE)
    return [*cells, code_cell(slope.source)]


def _starter_copied_after(cells):
    at = next(i for i, cell in enumerate(cells) if cell.id == SLOPE)
    return [*cells[: at + 1], code_cell("def slope(x, a=1.0):\n    ..."), *cells[at + 1 :]]


def _answered_in_a_copy(cells):
    at = next(i for i, cell in enumerate(cells) if cell.id == SLOPE)
    answer = code_cell(cells[at].source)
    cells[at].source = "def slope(x, a=1.0):\n    ..."
    return [*cells[: at + 1], answer, *cells[at + 1 :]]


def _new_ids(cells):
    return [{**cell, "id": f"{i:08x}"} for i, cell in enumerate(cells)]


REARRANGED = {
    "copied": _copied,
    "starter copied after the answer": _starter_copied_after,
    "answered in a copy": _answered_in_a_copy,
    "reversed": lambda cells: cells[::-1],
    "answers first": lambda cells: sorted(cells, key=lambda cell: not cell.id.endswith("answer")),
    "check cells deleted": lambda cells: [cell for cell in cells if not cell.id.endswith("-check")],
    "setup deleted": lambda cells: [cell for cell in cells if cell.id != "setup"],
    "setup changed": lambda cells: [{**c, "source": "np = None" if c.id == "setup" else c.source} for c in cells],
    "new ids": _new_ids,
    "no ids": lambda cells: [{key: value for key, value in cell.items() if key != "id"} for cell in cells],
    "all text deleted": lambda cells: [cell for cell in cells if cell.cell_type == "code"],
}


@pytest.mark.parametrize("how", REARRANGED)
def test_a_rearranged_notebook_loses_nothing(grade_notebook, fixture_lesson, how):
    notebook = filled(fixture_lesson, solutions(fixture_lesson))
    notebook = {**notebook, "cells": [dict(cell) for cell in REARRANGED[how](notebook.cells)]}
    points, _ = grade_notebook(json.dumps(notebook))
    assert points == FULL


def test_a_helper_in_the_setup_cell_is_kept(grade_notebook, fixture_lesson):
    notebook = filled(
        fixture_lesson, {**solutions(fixture_lesson), "pair-answer-1": "def double(x):\n    return two * x"}
    )
    next(cell for cell in notebook.cells if cell.id == "setup").source += "\ntwo = 2"
    assert grade_notebook(notebook)[0] == FULL


def test_an_answer_turned_into_markdown_is_said(grade_notebook, fixture_lesson):
    notebook = filled(fixture_lesson, solutions(fixture_lesson))
    cells = [{**cell, "cell_type": "markdown"} if cell.id == SLOPE else dict(cell) for cell in notebook.cells]
    points, graded = grade_notebook(json.dumps({**notebook, "cells": cells}))
    assert points == {**FULL, "slope": 0}
    assert graded.problems == ("The answer cell of slope is of type markdown, not code, so it was not run.",)


@pytest.mark.slow
def test_two_slow_cells_do_not_run_again_and_again(grade_notebook, fixture_lesson, zygote, monkeypatch):
    """A dead cell is left out when the process is forked afresh: three of them cost three forks more, not six."""
    forks = []
    monkeypatch.setattr(zygote, "fork", lambda fork=zygote.fork: forks.append(1) or fork())
    points, graded = grade_notebook(filled(fixture_lesson, solutions(fixture_lesson), before=["while 1: pass"] * 3))
    assert points == FULL
    assert graded.seconds >= 3
    assert len(forks) == 4


def test_the_limit_of_a_whole_submission_is_said(grade_notebook, fixture_lesson):
    from autograder.remote.zygote import Limits

    notebook = filled(fixture_lesson, solutions(fixture_lesson), before=["while 1: pass"] * 3)
    points, graded = grade_notebook(notebook, limits=Limits(cell=0.5, call=0.5, submission=0.7))
    assert sum(points.values()) == 0
    assert "the limit of 0.7 s was reached" in graded.problems[-1]
    assert {one.outcome for one in graded.exercises} == {COULD_NOT_BE_CHECKED}


def test_the_same_seed_gives_the_same_result(grade_notebook, fixture_lesson):
    text = notebook_text(filled(fixture_lesson, {SLOPE: "def slope(x, a=1.0):\n    return x"}))
    details = [[c.text for e in grade_notebook(text, seed=seed)[1].exercises for c in e.checks] for seed in (3, 3, 4)]
    assert details[0] == details[1]
    assert details[0] != details[2]


def test_hidden_inputs_follow_from_lesson_student_and_secret():
    seeds = {seed_of(*words) for words in itertools.product(("01", "02"), ("ada", "bob"), ("x", "y"))}
    assert len(seeds) == 8
    assert seed_of("01", "ada", "x") == seed_of("01", "ada", "x")
