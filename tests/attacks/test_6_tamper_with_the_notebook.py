"""Class 6, tamper with the notebook: points, ids, tags, types, metadata; copies; edited check cells.

The control is the notebook itself: each tampering changes the file, and `double` and `triple`, which are honest, keep
their points. Nothing of what is changed is read by our grader, so no defence can be switched off.
"""

import copy
import json

import pytest

from autograder.building.notebook import notebook_text, student_notebook
from conftest import solutions

HONEST = {"slope": 0, "letter": 0, "pair": 2}


def cell(notebook, name):
    return next(one for one in notebook["cells"] if one.get("id") == name)


def each(notebook, **changes):
    for one in notebook["cells"]:
        one.update(copy.deepcopy(changes))


def code(text, name):
    return {"cell_type": "code", "id": name, "metadata": {}, "outputs": [], "execution_count": None, "source": text}


def edited_check(notebook):
    cell(notebook, "slope-check")["source"] = "print('slope: passed 4 of 4')"


def grader_replaced(notebook):
    cell(notebook, "setup")["source"] = "class grader:\n    check = staticmethod(lambda name: 'passed')"


def checks_that_answer(notebook):
    cell(notebook, "slope-check")["source"] = "globals()['slope'] = lambda x, a=1.0: x\ngrader.check('slope')"


def ids_swapped(notebook):
    one, other = cell(notebook, "slope-answer"), cell(notebook, "letter-answer")
    one["id"], other["id"] = other["id"], one["id"]


def ids_all_the_same(notebook):
    each(notebook, id="slope-answer")


def emptied(notebook):
    cell(notebook, "slope-answer")["source"] = ""


def deleted(notebook):
    notebook["cells"] = [one for one in notebook["cells"] if one["id"] not in ("slope-answer", "letter-answer")]


def another_lesson(notebook):
    notebook["metadata"]["deep_learning_by_hand"] = {"lesson": "99_none", "points": 1000}


def duplicated_a_thousand_times(notebook):
    notebook["cells"] += [code("def slope(x, a=1.0):\n    return 0 * x", f"copy-{i}") for i in range(1000)]


def nested_sources(notebook):
    cell(notebook, "slope-answer")["source"] = [["def slope(x, a=1.0):"], "\n    return x"]


def outputs_that_say_passed(notebook):
    shown = [{"output_type": "stream", "name": "stdout", "text": "slope: all checks passed (4 of 4)"}]
    cell(notebook, "slope-check")["outputs"] = shown


TAMPERINGS = {
    "points in the metadata": lambda n: each(n, metadata={"points": 1000, "nbgrader": {"points": 100, "grade": True}}),
    "tags that skip cells": lambda n: each(n, metadata={"tags": ["skip-execution", "otter_ignore", "remove_cell"]}),
    "otter's metadata": lambda n: n["metadata"].update(otter={"tests": {"slope": {"points": 100, "suites": []}}}),
    "another kernel": lambda n: n["metadata"].update(kernelspec={"name": "evil", "language": "python"}),
    "nbformat 99": lambda n: n.update(nbformat=99, nbformat_minor=-1),
    "attachments": lambda n: each(n, attachments={"x.png": {"image/png": "AAAA"}}),
    "another lesson's name": another_lesson,
    "an edited check cell": edited_check,
    "a check cell that answers": checks_that_answer,
    "a grader of one's own": grader_replaced,
    "ids swapped": ids_swapped,
    "one id for all": ids_all_the_same,
    "an emptied answer cell": emptied,
    "deleted answer cells": deleted,
    "a thousand copies": duplicated_a_thousand_times,
    "a source of lists": nested_sources,
    "outputs that say passed": outputs_that_say_passed,
    "negative execution counts": lambda n: each(n, execution_count=-1),
    "cells that are no cells": lambda n: n["cells"].extend([None, 3, [], "x", {"cell_type": 7, "source": {}}]),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_it_earns_nothing_and_costs_no_honest_point(how, fixture_lesson, grade_notebook):
    notebook = json.loads(notebook_text(student_notebook(fixture_lesson)))
    for name, text in solutions(fixture_lesson).items():
        if name.startswith("pair"):
            cell(notebook, name)["source"] = text.replace("six = 6", "")
    before = copy.deepcopy(notebook)
    TAMPERINGS[how](notebook)
    assert notebook != before
    points, _ = grade_notebook(json.dumps(notebook))
    assert points == HONEST
