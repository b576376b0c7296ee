"""Beyond the eight classes: carry hidden inputs out to what the student reads later."""

import pytest

from autograder.grading.making_records import record
from autograder.grading.submission import read_submission
from autograder.reporting.feedback_page import page_maker
from conftest import filled

BAIT = "hidden-input-was"
CARRIERS = {
    "exception messages": "raise ValueError(told(x))",
    "exception types": "raise type(told(x), (ValueError,), {})()",
    "the types of results": "return type(told(x), (), {})()",
    "warnings": "import warnings; warnings.warn(told(x)); return 0",
    "prints": "print(told(x)); return 0",
    "results": "return told(x)",
    "arrays of text": "return np.array([told(x)])",
    "a dict": "return {told(x): 1}",
    "notes of exceptions": "e = ValueError('x'); e.add_note(told(x)); raise e",
    "later public checks": "seen.append(told(x)); raise ValueError(seen)",
    "a cell that fails later": "seen.append(told(x)); return 0",
    "names of files": "open(told(x)[:40], 'w').close(); return 0",
}
CODE = """
import numpy as np
seen = []
def told(x):
    said = repr(np.asarray(x).ravel().tolist()).replace(" ", "")
    return "hidden-" + "input-was-" + said if np.size(x) > 1 else "public"
def slope(x, a=1.0):
    CARRIER
"""


@pytest.fixture
def page(grade_notebook, fixture_lesson, tmp_path):
    """Grade such a notebook and return the student's page and the feedback of its record."""

    def make(carrier):
        code = CODE.replace("CARRIER", CARRIERS[carrier])
        answers = {"slope-answer": code, "pair-answer-1": "def double(x):\n    raise ValueError(seen)"}
        notebook = filled(fixture_lesson, answers, after=["raise RuntimeError(seen)"])
        _, graded = grade_notebook(notebook)
        submission = read_submission(tmp_path / "submission.ipynb")
        kept = {"student": "a", "lesson": "50_fixture", "file": "a.ipynb", "isolation": []}
        made = record(**kept, submission=submission, graded=graded)
        feedback = [check.feedback for one in made.exercises for check in one.checks]
        return page_maker()(made, fixture_lesson), feedback, made

    return make


@pytest.mark.parametrize("carrier", CARRIERS)
def test_no_hidden_input_reaches_the_student(carrier, page):
    text, feedback, _ = page(carrier)
    assert BAIT not in text
    assert not any(BAIT in one for one in feedback)


@pytest.mark.parametrize("carrier", ["exception messages", "results", "a cell that fails later"])
def test_negative_control_the_instructor_sees_it(carrier, page):
    """What the student must not see is there, in what the instructor reads."""
    _, _, made = page(carrier)
    assert BAIT in " ".join([*made.problems, *(check.details for one in made.exercises for check in one.checks)])
