"""A class of three with a question in words, graded by us, for what is written into a gradebook of nbgrader's."""

from contextlib import contextmanager

import pytest

from autograder.building.notebook import notebook_text
from autograder.grading import one_file
from autograder.grading.jobs import own_jobs
from autograder.grading.one_file import ClassGrader, Settings
from conftest import filled, solutions

NAME = "60_marked"
WHY = {"why-twice-answer": "Because there are two."}


def typed(lesson):
    """{student: {cell id: text}}: Ada answered both, Bee only the question, Cee nothing."""
    return {"ada": solutions(lesson) | WHY, "bee": WHY, "cee": {}}


def graded(lesson, folder):
    """{student: record} of the class, whose notebooks are written into a folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one_file, "lesson_names", lambda: [NAME])
        patch.setattr(one_file, "load_lesson", lambda name: lesson)
        with ClassGrader(Settings(secret="s")) as grader:
            for student, texts in typed(lesson).items():
                (folder / f"{student}.ipynb").write_text(notebook_text(filled(lesson, texts)))
            jobs = [own_jobs(folder / f"{student}.ipynb")[0] for student in typed(lesson)]
            return {job.student: grader.grade(job) for job in jobs}


@contextmanager
def opened(path):
    """A gradebook by nbgrader's own interface."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{path}") as book:
        yield book
