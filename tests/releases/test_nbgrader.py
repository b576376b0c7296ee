"""The nbgrader release: the course directory, what nbgrader's own commands make of it, and its scores."""

import re
from html import unescape

import pytest

from autograder.building.notebook import notebook_text
from autograder.release.nbgrader import grade_id, source_notebook
from autograder.source.notebook_cells import lesson_cells
from releases.conftest import (
    batches,
    differences,
    nbgrader_graded,
    nbgrader_scores,
    our_scores,
    run,
    typed_cells,
)


def graded(notebook):
    """The autograder-tests cells of a notebook by grade id."""
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    return {cell.metadata["nbgrader"]["grade_id"]: cell for cell in cells}


def test_the_source_is_the_same_every_time(fixture_lesson):
    assert notebook_text(source_notebook(fixture_lesson)) == notebook_text(source_notebook(fixture_lesson))


def test_every_check_is_a_locked_cell_with_its_points(fixture_lesson):
    cells = graded(source_notebook(fixture_lesson))
    names = {grade_id(one, check): check for one in fixture_lesson.exercises.values() for check in one.checks}
    assert set(cells) == set(names)
    for name, check in names.items():
        assert cells[name].metadata["nbgrader"]["points"] == check.points
        assert cells[name].metadata["nbgrader"]["locked"]
        assert ("### BEGIN HIDDEN TESTS" in cells[name].source) == check.hidden


def test_no_two_cells_share_an_id(fixture_lesson):
    ids = [cell.id for cell in source_notebook(fixture_lesson).cells]
    assert len(ids) == len(set(ids))
    assert max(map(len, ids)) <= 64


@pytest.mark.slow
def test_students_get_no_hidden_check_and_no_solution(nbgrader_release, fixture_lesson):
    student = pytest.importorskip("nbformat").read(
        nbgrader_release / "release" / "50_fixture" / "50_fixture.ipynb", as_version=4
    )
    sources = {cell.id: cell.source for cell in student.cells}
    for name in fixture_lesson.exercises:
        assert sources[f"{name}-check"].startswith(f'grader.check("{name}")')
    for name, cell in graded(student).items():
        check = next(c for e in fixture_lesson.exercises.values() for c in e.checks if grade_id(e, c) == name)
        points = f"{check.points:g} point" + ("" if check.points == 1 else "s")
        assert (cell.source == f"# A hidden check, {points}.") == check.hidden
    starters = {cell.id: cell.starter for cell in lesson_cells(fixture_lesson) if cell.role == "answer"}
    assert sources["slope-answer"] == starters["slope-answer"]
    assert sources["letter-answer"] == 'letter = (  # one of "A", "B", "C"\n    ...  # your code here\n)'
    assert (nbgrader_release / "release" / "50_fixture" / "helpers" / "lessons" / "50_fixture.json").is_file()


@pytest.mark.slow
def test_nbgrader_agrees_and_writes_feedback(nbgrader_release, fixture_lesson):
    batch = batches(fixture_lesson)
    theirs = nbgrader_scores(fixture_lesson, nbgrader_release, batch)
    assert differences(batch, [our_scores(fixture_lesson, one) for one in batch], theirs) == []
    run("-m", "nbgrader", "generate_feedback", fixture_lesson.name, cwd=nbgrader_release)
    pages = sorted(nbgrader_release.glob("feedback/student*/50_fixture/50_fixture.html"))
    assert len(pages) == len(batch)
    assert "lacks the 2" not in pages[0].read_text(encoding="utf-8")
    hidden = [c for one in fixture_lesson.exercises.values() for c in one.checks if c.hidden]
    for page in pages:
        text = unescape(re.sub("<[^>]+>", "", page.read_text(encoding="utf-8")))
        assert "HIDDEN TESTS" not in text
        assert not [check.name for check in hidden if f"def test_{check.name}" in text or f"test_{check.name}(" in text]
        assert "# A hidden check, " in text
    assert "AssertionError" in pages[2].read_text(encoding="utf-8")
    assert any(check.sentence in unescape(pages[2].read_text(encoding="utf-8")) for check in hidden)


@pytest.mark.slow
def test_words_on_stderr_and_a_number_at_the_end_cost_nothing(nbgrader_release, fixture_lesson):
    answers = batches(fixture_lesson)[0]
    typed = typed_cells(fixture_lesson, answers) | {"slope-answer": CHATTY}
    theirs = nbgrader_graded(fixture_lesson, nbgrader_release, [typed], "chatty")
    assert differences([answers], [our_scores(fixture_lesson, answers)], theirs) == []


CHATTY = """\
import sys, warnings

def slope(x, a=1.0):
    print("half way", file=sys.stderr)
    warnings.warn("careful")
    if a == 0:
        raise ValueError
    return 2 * a * np.asarray(x, dtype=float)

0.5"""
