"""The grader's student side: what a student reads, in every outcome, and what they never meet."""

import html
import json

import numpy as np
import pytest

import helpers
from autograder.building.student_data import student_data
from helpers import Grader
from helpers.report import Line, Report
from helpers.where_it_fails import NOWHERE_RIGHT


@pytest.fixture
def grader(monkeypatch, fixture_lesson):
    """A Grader on the tests' own lesson, with a namespace to answer in."""
    from helpers import lesson_data

    data = json.loads(student_data(fixture_lesson))
    exercises = {item["name"]: lesson_data._exercise(item) for item in data["exercises"]}
    monkeypatch.setattr("helpers.grader.load_exercises", lambda lesson: exercises)
    monkeypatch.setattr("helpers.grader.load_questions", lambda lesson: {})
    return Grader("50_fixture", names={})


def answer(grader, text):
    exec(compile(text, "<ipython-input>", "exec"), grader._names | {"np": np}, grader._names)


def test_an_unanswered_exercise_is_not_attempted(grader):
    assert str(grader.check("slope")).startswith("slope: not attempted yet")
    answer(grader, "def slope(x, a=1.0):\n    'Nothing yet.'\n    ...")
    assert "not attempted" in str(grader.check("slope"))


def test_a_right_answer_passes_and_hidden_checks_are_announced(grader):
    answer(grader, "def slope(x, a=1.0): return 2 * a * x")
    text = str(grader.check("slope"))
    assert "all public checks passed (1 of 1 point)" in text
    assert "1 of 4 points is decided; hidden checks decide the other 3 points, at grading, or now: grader.ver" in text


def test_a_known_mistake_is_named(grader):
    answer(grader, "def slope(x, a=1.0): return a * x")
    text = str(grader.check("slope"))
    assert "✗ failed: The slope of x^2 at 3 is 6." in text
    assert "observed: slope([3])[0] is 3." in text
    assert "expected: 6." in text
    assert "Diagnosis: The exponent must come down as a factor: yours lacks the 2." in text


def test_an_unknown_mistake_is_not_given_the_name_of_another_one(grader):
    answer(grader, "def slope(x, a=1.0): return 7 * x")
    assert f"Diagnosis: {NOWHERE_RIGHT}" in str(grader.check("slope"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return None", "Does the function end in a return statement?"),
        ("return '6'", "a string"),
        ("return np.array([[6.0]])", "shape (1, 1)"),
        ("return np.array(['six'])", "dtype <U3"),
        ("return np.array([np.nan])", "is nan"),
        ("return 1 / 0", "Your code raised ZeroDivisionError: division by zero."),
        ("raise SystemExit", "Your code raised SystemExit."),
        ("return undefined", "name 'undefined' is not defined"),
    ],
)
def test_each_kind_of_failure_has_its_words(grader, body, words):
    answer(grader, f"import numpy as np\ndef slope(x, a=1.0):\n    import numpy as np\n    {body}")
    text = str(grader.check("slope"))
    assert words in text
    assert "helpers" not in text.replace("grader.hint", "")
    assert "Traceback" not in text


def test_an_interrupt_is_not_a_traceback(grader):
    answer(grader, "def slope(x, a=1.0): raise KeyboardInterrupt")
    assert "could not be checked" in str(grader.check("slope"))


def test_hints_go_one_step_further_and_stay_at_the_last(grader):
    said = [str(grader.hint("slope")) for _ in range(3)]
    assert said == [
        "slope, hint 1 of 2: Use the power rule.",
        "slope, hint 2 of 2: The exponent comes down as a factor.\n  This is the last one.",
        "slope, hint 2 of 2: The exponent comes down as a factor.\n  This was the last one: there is no more.",
    ]


def test_progress_counts_public_points_and_says_what_is_hidden(grader):
    answer(grader, "def slope(x, a=1.0): return 2 * a * x\nletter = 'b'")
    text = str(grader.progress())
    assert "✓ passed: slope, 1 of 1 point, 3 more are hidden" in text
    assert "– not attempted: pair, 0 of 1 point, 1.5 more are hidden" in text
    assert "1 point of 2 from public checks. Hidden checks, worth 6.5, come at grading." in text


def test_a_letter_is_noted_and_not_judged(grader):
    answer(grader, "letter = 'C'")
    text = str(grader.check("letter"))
    assert text.startswith("letter: noted\n  … noted: ")
    assert "Nothing is decided yet; hidden checks decide 2 points, at grading" in text
    assert "passed" not in text
    assert "… noted: letter, 2 points, all hidden" in str(grader.progress())
    answer(grader, "letter = 3")
    assert "A, B or C, as a string" in str(grader.check("letter"))


def test_a_wrong_name_is_answered_with_the_right_ones(grader):
    assert "Its exercises are: slope, letter, pair" in str(grader.check("slop"))


def test_a_lesson_that_does_not_exist_names_those_that_do():
    with pytest.raises(ValueError, match="The lessons are"):
        Grader("99_none").check("x")


def test_html_escapes_everything_and_says_outcomes_in_words(grader):
    answer(grader, "def slope(x, a=1.0): raise ValueError('<script>alert(1)</script>')")
    page = grader.check("slope")._repr_html_()
    assert "<script>" not in page
    assert html.escape("<script>") in page
    assert "<b>failed</b>" in page
    assert "<b>A</b>" not in Report("<b>A</b>", (Line("passed", "<i>"),))._repr_html_()


def test_yours_is_the_students_where_it_passes_else_ours(grader, capsys):
    answer(grader, "def slope(x, a=1.0): return 2 * a * x")
    assert grader.yours("slope") is grader._names["slope"]
    assert capsys.readouterr().out == "slope: yours\n"
    answer(grader, "def slope(x, a=1.0): return 0")
    with pytest.raises(ValueError, match="slope has no stand-in"):
        grader.yours("slope")


def test_export_writes_what_to_hand_in_and_says_what_is_missing(grader, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    notebook = {"metadata": {"x": "50_fixture"}, "cells": [
        {"cell_type": "code", "source": "def slope(x): ...", "outputs": ["large"], "execution_count": 3},
    ]}  # fmt: skip
    (tmp_path / "50_fixture.ipynb").write_text(json.dumps(notebook))
    answer(grader, "def slope(x, a=1.0): return 2 * a * x\nletter = 'A'")
    text = str(grader.export())
    assert "Hand in this file: 50_fixture_submission.ipynb" in text
    assert "Not attempted: pair." in text
    assert "Not in the saved file, save and export again: letter." in text
    handed_in = json.loads((tmp_path / "50_fixture_submission.ipynb").read_text())
    assert handed_in["cells"][0]["outputs"] == []


def test_export_without_a_notebook_says_how_to_name_it(grader, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "could not be found" in str(grader.export())


@pytest.mark.filterwarnings("ignore")
def test_an_error_in_a_notebook_is_its_sentence_alone(capsys, monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell(config=config)
    shell.run_cell("from helpers import Grader\ngrader = Grader('99_none')\ngrader.check('x')")
    shown = capsys.readouterr().out
    assert "There is no lesson called '99_none'" in shown
    assert "Traceback" not in shown
    assert "lesson_data" not in shown


def test_helpers_names_what_it_offers():
    with pytest.raises(AttributeError, match="helpers has no 'grade'"):
        helpers.grade  # noqa: B018
    assert "Grader" in dir(helpers)
