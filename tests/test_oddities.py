"""Promise 11: the notebook and the grading agree, or the notebook says so, on a corpus of honest oddities.

Each notebook of tests/oddities runs in a real kernel, cell by cell, and in the grader. The verdicts of its
public checks are compared as a student reads them: in what `grader.check` shows last.
"""

import contextlib
import queue
import re
import tempfile
import tomllib
from pathlib import Path

import pytest

from autograder.building.notebook import code_cell, notebook_text, student_notebook
from autograder.building.student_data import student_data
from autograder.grading.matching import Matching
from autograder.grading.one_submission import grade
from autograder.grading.submission import read_submission
from autograder.remote.zygote import Limits
from autograder.source.lesson import load_lesson
from autograder.source.notebook_cells import lesson_cells
from conftest import FIXTURES, filled
from helpers.running import FAILED, NOT_ATTEMPTED, PASSED

LESSON = load_lesson("51_oddities", FIXTURES)
CORPUS = tomllib.loads((FIXTURES.parent / "oddities" / "corpus.toml").read_text(encoding="utf-8"))["oddity"]
LEAST = 40
# What a kernel is given before a notebook, and what takes back what the one before has left.
BEGIN = """
import sys
sys.path[:] = [path for path in sys.path if "tests" not in path]
import numpy, random, warnings, logging
import helpers.lesson_data, pathlib
helpers.lesson_data.LESSONS = pathlib.Path({lessons!r})
get_ipython().run_line_magic("reset", "-f")
get_ipython().compile.reset_compiler_flags()
import numpy, warnings, sys, os

numpy.seterr(all="warn")
warnings.resetwarnings()
os.chdir({folder!r})
for name in ("my_ends", "my_answers", "beside"):
    sys.modules.pop(name, None)
get_ipython().run_line_magic("reset", "-f")
"""


SHOWN = {PASSED: PASSED, FAILED: FAILED, "noted": PASSED}  # a choice that only hidden checks judge is noted


def notebook_of(oddity):
    """The student's notebook with this oddity in it."""
    notebook = student_notebook(LESSON)
    exercise = oddity["exercise"]
    answers = [cell.id for cell in notebook.cells if re.fullmatch(rf"{exercise}-answer(-1)?", cell.id)]
    texts = oddity.get("cells", {}) | ({answers[0]: oddity["answer"]} if "answer" in oddity else {})
    cells = []
    for cell in notebook.cells:
        if cell.id in texts:
            cell = code_cell(texts[cell.id].strip(" \n"), cell.id)
        here = {answers[0]: ("before", True), f"{exercise}-check": ("later", False)}
        where, is_above = here.get(cell.id, ("", False))
        own = [code_cell(text.strip("\n"), f"own-{where}-{i}") for i, text in enumerate(oddity.get(where, ()))]
        cells += [*own, cell] if is_above else [cell, *own]
    at = next(i for i, cell in enumerate(cells) if cell.id == f"{exercise}-check")
    cells[at:at] = [code_cell(text.strip("\n"), f"own-after-{i}") for i, text in enumerate(oddity.get("after", ()))]
    return {**notebook, "cells": cells}


class Kernel:
    """A kernel of one's own, which runs notebooks one after another."""

    def __init__(self, folder):
        from jupyter_client.manager import start_new_kernel

        self._folder = folder
        self._lessons = Path(tempfile.mkdtemp())
        (self._lessons / f"{LESSON.name}.json").write_text(student_data(LESSON), encoding="utf-8")
        self._manager, self._client = start_new_kernel(kernel_name="python3", cwd=str(folder))

    def close(self):
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def run(self, notebook):
        """Run a notebook's cells, also after an error, and return what each has shown, as text."""
        place = tempfile.mkdtemp(dir=self._folder)
        self._shown(BEGIN.format(lessons=str(self._lessons), folder=place))
        return [self._shown(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]

    def _shown(self, text):
        pieces = []

        def collect(message):
            content = message["content"]
            pieces.append(content.get("text") or content.get("data", {}).get("text/plain") or content.get("evalue", ""))

        with contextlib.suppress(queue.Empty):
            self._client.execute_interactive(text, output_hook=collect, allow_stdin=False, timeout=60)
        return "\n".join(pieces)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    pytest.importorskip("ipykernel", reason="ipykernel is not installed; the extra `test` brings it")
    started = Kernel(tmp_path_factory.mktemp("kernel"))
    yield started
    started.close()


def in_the_notebook(shown, exercise):
    """{sentence of a public check: outcome}, as the last report of an exercise has it, and that report."""
    reports = [text for text in shown if re.search(rf"^{exercise}: ", text, re.M)]
    told = reports[-1] if reports else ""
    checks = [check for check in LESSON.exercises[exercise].own_checks if not check.hidden]
    verdicts = {}
    for check in checks:
        line = next((line for line in told.splitlines() if check.sentence in line), "")
        verdicts[check.sentence] = next((one for words, one in SHOWN.items() if f" {words}:" in line), NOT_ATTEMPTED)
    return verdicts, told


def at_grading(notebook, exercise, zygote, tmp_path):
    """The same of the grader, and what it made of the exercise."""
    path = tmp_path / "one.ipynb"
    path.write_text(notebook_text(notebook), encoding="utf-8")
    limits = Limits(cell=5.0, call=2.0, submission=30.0)
    graded = grade(read_submission(path), Matching(LESSON), zygote, seed=3, limits=limits)
    result = next(one for one in graded.exercises if one.name == exercise)
    own = [check for check in result.checks if not check.hidden and check.name != "is_pure"]
    return {check.sentence: check.outcome for check in own}, result, graded.problems


def points_of(oddity):
    everything = LESSON.exercises[oddity["exercise"]].max_points
    return {"everything": everything, "nothing": 0}.get(oddity.get("earns", "everything"), oddity.get("earns"))


def parameters():
    """The corpus; what needs a kernel of its own is slow, and of the others five in six."""
    slow = [pytest.mark.slow]
    return [
        pytest.param(one, id=one["name"], marks=slow * bool(one.get("alone") or number % 6))
        for number, one in enumerate(CORPUS)
    ]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("oddity", parameters())
def test_promise_11_the_notebook_and_the_grading_agree(oddity, request, zygote, tmp_path):
    notebook, exercise = notebook_of(oddity), oddity["exercise"]
    if oddity.get("alone"):
        alone = Kernel(tmp_path)
        request.addfinalizer(alone.close)
    kernel = alone if oddity.get("alone") else request.getfixturevalue("kernel")
    here, told = in_the_notebook(kernel.run(notebook), exercise)
    there, result, problems = at_grading(notebook, exercise, zygote, tmp_path)
    found = f"in the notebook {here}\n{told}\nat grading {there}, {result.points} points\n{result}\n{problems}"
    assert oddity.get("told", "") in told, found
    # A cell that raised above its definition is "not attempted" here and says why there.
    passed = [{sentence for sentence, outcome in one.items() if outcome == PASSED} for one in (here, there)]
    assert passed[0] == passed[1] or "told" in oddity, found
    assert oddity.get("says", "") in found.partition("at grading")[2], found
    assert result.points == points_of(oddity), found


def test_the_corpus_is_what_it_says():
    names = [one["name"] for one in CORPUS]
    assert len(names) == len(set(names)) >= LEAST
    known = {"name", "exercise", "answer", "before", "after", "later", "cells", "earns", "told", "says", "alone"}
    assert all(set(one) <= known and one["exercise"] in LESSON.exercises for one in CORPUS)
    ids = {cell.id for cell in student_notebook(LESSON).cells}
    assert all(set(one.get("cells", ())) <= ids for one in CORPUS)


def test_a_function_of_an_experiment_is_lent_in_a_lesson_of_the_course(zygote, tmp_path):
    lesson = load_lesson("05_sequences")
    ours = next(cell.solution for cell in lesson_cells(lesson) if cell.id == "penalized-bptt-answer")
    leaning = """
_mine = penalized_bptt

def penalized_bptt(W, U, v, x, z, h0, lam=1.0):
    return penalized_loss(W, U, v, x, z, h0, lam), *_mine(W, U, v, x, z, h0, lam)[1:]
"""
    notebook = filled(lesson, {"penalized-bptt-answer": ours + leaning})
    path = tmp_path / "one.ipynb"
    path.write_text(notebook_text(notebook), encoding="utf-8")
    graded = grade(read_submission(path), Matching(lesson), zygote, seed=3)
    exercise = next(one for one in graded.exercises if one.name == "penalized_bptt")
    assert exercise.points == exercise.max_points, (exercise, graded.problems)
