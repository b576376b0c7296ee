"""What the release tests share: releases, submissions made from a release's own notebook, and three sets of scores.

A submission is named by its answers: {exercise: REFERENCE, STARTER or the name of a wrong answer}. Scores are
{(exercise, check): points earned}.
"""

import atexit
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from autograder.building.notebook import notebook_text
from autograder.grading.matching import Matching
from autograder.grading.one_submission import grade
from autograder.grading.submission import read_submission
from autograder.release import release
from autograder.release.shared import with_tools
from autograder.remote.zygote import Zygote
from autograder.source.notebook_cells import lesson_cells
from autograder.source.typed_answers import submission_source
from conftest import filled

REFERENCE, STARTER = "the reference", "the starter"
OTTER = """
import json, sys
from otter.api import grade_submission
def told(one):
    return one.test_case.failure_message, one.test_case.points if one.passed else 0, one.message
for path in sys.argv[2:]:
    results = grade_submission(path, sys.argv[1], quiet=True).results
    print(json.dumps({name: list(map(told, file.test_case_results)) for name, file in results.items()}))
"""
NBGRADER = """
import json, sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    grades = {
        one.student.id: {grade.name: grade.auto_score for notebook in one.notebooks for grade in notebook.grades}
        for one in book.assignment_submissions(sys.argv[1])
    }
print(json.dumps(grades))
"""


@pytest.fixture(scope="session")
def otter_release(tmp_path_factory, fixture_lesson):
    return release(fixture_lesson, "otter", tmp_path_factory.mktemp("otter"))


@pytest.fixture(scope="session")
def nbgrader_release(tmp_path_factory, fixture_lesson):
    return release(fixture_lesson, "nbgrader", tmp_path_factory.mktemp("nbgrader"))


def batches(lesson):
    """The reference, the starter, and notebooks that carry one wrong answer of every exercise that has one left."""
    wrong = {name: list(exercise.wrong_answers) for name, exercise in lesson.exercises.items()}
    rounds = range(max(map(len, wrong.values())))
    return [
        dict.fromkeys(wrong, REFERENCE),
        dict.fromkeys(wrong, STARTER),
        *({name: dict(enumerate(wrong[name])).get(i, REFERENCE) for name in wrong} for i in rounds),
    ]


def our_scores(lesson, answers):
    """The scores that our own grader gives to the same texts, typed into our own notebook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{lesson.name}.ipynb"
        path.write_text(notebook_text(filled(lesson, typed_cells(lesson, answers))), encoding="utf-8")
        graded = grade(read_submission(path), Matching(lesson), started_zygote(), seed=0)
    assert graded.problems == ()
    return {(one.name, check.name): check.earned for one in graded.exercises for check in one.checks}


@cache
def started_zygote():
    """One zygote for all of these tests."""
    zygote = Zygote().__enter__()
    atexit.register(zygote.__exit__, None, None, None)
    return zygote


def submission(place, notebook, typed):
    """Write a release's student notebook to `place`, with texts typed into its answer cells: {cell id: text}."""
    import nbformat  # not above: it takes a second, in every process

    nb = nbformat.read(notebook, as_version=4)
    assert set(typed) <= {cell.id for cell in nb.cells}, "the release lost an answer cell"
    for cell in nb.cells:
        cell.source = typed.get(cell.id, cell.source)
    place.parent.mkdir(parents=True)
    nbformat.write(nb, place)
    return place


def typed_cells(lesson, answers):
    """The texts that a student types, by cell id."""
    typed = {}
    for section in lesson.sections:
        cells = [cell for cell in lesson_cells(lesson) if cell.role == "answer" and cell.section == section.name]
        if not cells or answers[section.name] == STARTER:
            continue
        typed |= {cell.id: cell.solution for cell in cells}
        if answers[section.name] != REFERENCE:
            wrong = section.exercise.wrong_answers[answers[section.name]]
            typed[cells[_position(section, wrong)].id] = submission_source(section, wrong)
    return typed


def handed_in(lesson, batch):
    """What is typed into each submission of a batch, by cell id.

    They delete the experiments, as students may: no score depends on them, and figures and training runs would take
    most of the time. With its experiments a lesson runs in `otter assign`, on the way to the release.
    """
    deleted = {cell.id: "" for cell in lesson_cells(lesson) if cell.role == "experiment"}
    return [typed_cells(lesson, answers) | deleted for answers in batch]


def _position(section, given):
    replaced = next(a for a in section.exercise.answers if a.name == section.exercise.replaced(given))
    return [cell for cell in section.cells if cell.kind == "answer"].index(replaced.cell)


def run(*command, cwd=None):
    """Run Python with these arguments and return what it printed."""
    words = [sys.executable, *map(str, command)]
    done = subprocess.run(words, cwd=cwd, env=with_tools(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def otter_results(lesson, folder, batch):
    """Grade every submission with otter, in two processes; for each, {(exercise, check): (points, message)}."""
    file = f"{lesson.name}.ipynb"
    places = [
        submission(folder / "submissions" / str(number) / file, folder / "student" / file, typed)
        for number, typed in enumerate(handed_in(lesson, batch))
    ]

    def grade(some):
        printed = run("-c", OTTER, folder / "autograder" / "autograder.zip", *some, cwd=folder / "submissions")
        return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]

    with ThreadPoolExecutor(2) as pool:
        even, odd = pool.map(grade, (places[::2], places[1::2]))
    cases = [(even, odd)[number % 2][number // 2] for number in range(len(batch))]
    return [
        {(name, told.split(":")[0]): (points, shown) for name, case in one.items() for told, points, shown in case}
        for one in cases
    ]


def nbgrader_scores(lesson, folder, batch):
    """Grade every submission with nbgrader in one batch; for each, our kind of scores."""
    return nbgrader_graded(lesson, folder, handed_in(lesson, batch), "student")


def nbgrader_graded(lesson, folder, typed, who):
    """Hand in one notebook for each {cell id: text}, under names that begin with `who`, and return their scores."""
    file = f"{lesson.name}.ipynb"
    students = [f"{who}{number}" for number in range(len(typed))]
    for student, texts in zip(students, typed, strict=True):
        place = folder / "submitted" / student / lesson.name / file
        submission(place, folder / "release" / lesson.name / file, texts)
    run("-m", "nbgrader", "autograde", lesson.name, "--student", f"{who}*", cwd=folder)
    grades = json.loads(run("-c", NBGRADER, lesson.name, cwd=folder).splitlines()[-1])
    # A cell without a check in its name is one that people mark.
    automatic = {
        student: {name: score for name, score in grades[student].items() if "-" in name} for student in students
    }
    return [{tuple(name.split("-")): score for name, score in automatic[student].items()} for student in students]


def differences(batch, ours, theirs):
    """What differs between our scores and theirs, one sentence each."""
    found = []
    for answers, own, scores in zip(batch, ours, theirs, strict=True):
        assert set(own) == set(scores), "every check is graded, and nothing else"
        for (exercise, check), points in own.items():
            if points != scores[exercise, check]:
                found.append(
                    f"{check} on {answers[exercise]} of {exercise}: {points} ours, {scores[exercise, check]} theirs"
                )
    return found
