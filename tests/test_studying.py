"""For those who study alone: the verdict in a cell, solutions, watching a notebook, and where one stands."""

import json
import re
import subprocess
import sys

import pytest

from autograder.building.notebook import notebook_text, solution_notebook
from autograder.building.student_data import student_data
from autograder.grading import one_file
from autograder.grading.interruption import Interrupted
from autograder.source.lesson import load_lesson
from autograder.source.problems import CourseError
from autograder.studying import first_view, next_steps, state, telling, watching
from autograder.studying.commands import notebook_of
from autograder.studying.own_notebooks import found_in, own_grader
from conftest import FIXTURES, filled, solutions
from helpers import Grader, checkout, export, solution, verdict, whole_course
from helpers.lesson_data import _exercise
from helpers.questions import Place

NAME = "60_marked"
WRONG = {"double-answer": "def double(x):\n    return x * x"}
WRITTEN = {"why-twice-answer": "Two terms of the same, so twice."}


@pytest.fixture(scope="module")
def lesson():
    return load_lesson(NAME, FIXTURES)


@pytest.fixture
def known(monkeypatch, lesson):
    """Let the course consist of the lesson with a question."""
    for module in (one_file, next_steps, state):
        monkeypatch.setattr(module, "lesson_names", lambda: [NAME])
        monkeypatch.setattr(module, "load_lesson", lambda name: lesson)
    state.lesson_digest.cache_clear()
    yield lesson
    state.lesson_digest.cache_clear()


@pytest.fixture
def grader(monkeypatch, lesson, tmp_path):
    """A Grader beside a saved notebook of that lesson, and a namespace to answer in."""
    data = json.loads(student_data(lesson))
    exercises = {item["name"]: _exercise(item) for item in data["exercises"]}
    monkeypatch.setattr("helpers.grader.load_exercises", lambda name: exercises)
    places = {item["name"]: Place(**item) for item in data["questions"]}
    monkeypatch.setattr("helpers.grader.load_questions", lambda name: places)
    monkeypatch.chdir(tmp_path)
    return Grader(NAME, names={})


def save(folder, lesson, answers):
    path = folder / f"{NAME}.ipynb"
    path.write_text(notebook_text(filled(lesson, answers)), encoding="utf-8")
    return path


RECORD = {
    "exercises": [
        {
            "name": "double",
            "points": 1.0,
            "max_points": 2.0,
            "outcome": "failed",
            "diagnosis": "This is six, whatever x is.",
            "checks": [
                {"sentence": "Twice three is six.", "hidden": False, "outcome": "passed", "details": ""},
                {"sentence": "It is right for any number.", "hidden": True, "outcome": "failed", "details": "is 6."},
            ],
        }
    ]
}


def test_the_verdict_is_that_of_course_check_on_the_saved_notebook(grader, lesson, tmp_path, monkeypatch):
    path = save(tmp_path, lesson, {"double-answer": "double = None  # later\ndouble = 7"})
    asked = []
    monkeypatch.setattr(verdict, "run_course", lambda *words: (asked.append(words) or RECORD, ""))
    grader._names["double"] = 7
    text = str(grader.verdict("double"))
    assert asked == [("check", path.resolve(), "--json")]
    assert text.startswith("double: failed, 1 of 2 points, hidden checks included")
    assert "✗ failed: It is right for any number. (hidden check)\n      seen: is 6." in text
    assert "Diagnosis: This is six, whatever x is." in text
    assert 'grader.solution("double")' in text


def test_an_answer_that_is_not_saved_gets_no_verdict_on_another_one(grader, lesson, tmp_path, monkeypatch):
    save(tmp_path, lesson, {"double-answer": "double = 7"})
    monkeypatch.setattr(verdict, "run_course", lambda *words: pytest.fail("asked about another answer"))
    grader._names["double"] = 8
    assert "Save the notebook (Ctrl+S or ⌘S) with double in it" in str(grader.verdict("double"))


def test_without_a_notebook_the_verdict_says_how_to_name_it(grader):
    assert "could not be found" in str(grader.verdict("double"))


def test_in_a_class_release_verdict_and_solution_say_when_they_come(grader, monkeypatch):
    for module in (checkout, verdict, solution):
        monkeypatch.setattr(module, "checkout", lambda: None)
    assert "they come when you have handed in" in str(grader.verdict("double"))
    assert "a class release holds no solution" in str(grader.solution("double"))


def test_under_grading_there_is_no_checkout(monkeypatch):
    assert checkout.checkout() is not None
    monkeypatch.setenv(checkout.GRADING, "1")
    assert checkout.checkout() is None


def test_the_process_of_its_own_is_asked_and_answers(known, tmp_path):
    record, said = checkout.run_course("--version")
    assert (record, said.startswith("course ")) == (None, True)


def test_a_solution_comes_after_two_questions_or_an_attempt(grader, lesson, tmp_path, monkeypatch):
    (tmp_path / "solutions").mkdir()
    path = tmp_path / "solutions" / f"{NAME}.ipynb"
    path.write_text(notebook_text(solution_notebook(lesson)), encoding="utf-8")
    monkeypatch.setattr(solution, "checkout", lambda: tmp_path)
    first, second = str(grader.solution("double")), str(grader.solution("double"))
    assert "Which shape must the result have" in first
    assert "run this cell 2 times more" in first
    assert 'grader.hint("double")' in second
    assert "return x * 2" not in first + second
    shown = grader.solution("double")._repr_markdown_()
    assert "return x * 2" in shown
    grader._names["double"] = lambda x: x * x
    grader._solutions_asked.clear()
    assert "return x * 2" in repr(grader.solution("double"))
    assert "secret-answer" not in repr(grader.solution("double"))


def test_a_question_is_to_be_marked_once_the_saved_file_holds_an_answer(grader, lesson, tmp_path):
    assert str(grader.check("why_twice")).startswith("why_twice: to be marked")  # nobody can tell
    save(tmp_path, lesson, {})
    assert str(grader.check("why_twice")).startswith("why_twice: not attempted yet, in the saved file")
    assert "– not attempted: why_twice, 2.5 points" in str(grader.progress())
    save(tmp_path, lesson, WRITTEN)
    text = str(grader.progress())
    assert "… to be marked: why_twice, 2.5 points" in text
    assert "A person marks what is worth 2.5 points more." in text
    assert "has no hints" in str(grader.hint("why_twice"))
    with pytest.raises(ValueError, match="no stand-in"):
        grader.yours("why_twice")


def test_course_check_tells_the_same_in_the_terminal(known, tmp_path, capsys):
    path = save(tmp_path, known, WRONG | WRITTEN)
    with own_grader() as grade:
        telling.print_verdict(grade(path))
    text = " ".join(capsys.readouterr().out.split())
    assert "double: failed, 0 of 2 (0 of 1 from public checks, 0 of 1 from hidden checks)" in text
    assert "Diagnosis: This is the square of x" in text
    assert "It is right for any number. (hidden check)" in text
    assert 'grader.hint("double")' in text
    assert "why_twice: to be marked, 0 of 2.5" in text
    assert "0 of 4.5 points, and 2.5 points to be marked" in text


def test_watching_shows_the_exercise_that_changed_at_each_save(known, tmp_path, capsys):
    path, after = save(tmp_path, known, WRONG), iter([solutions(known), solutions(known) | WRITTEN, None])

    def wait(seconds):
        answers = next(after)
        if answers is None:
            raise Interrupted(2)
        save(tmp_path, known, answers)

    watching.watch(path, wait=wait)
    first, second, third = re.split(r"\n\d\d:\d\d:\d\d", capsys.readouterr().out)
    assert "0 of 2 exercises passed" in first
    assert "double: passed, 2 of 2" in second
    assert "why_twice" not in second
    assert "why_twice: to be marked" in third
    assert "double" not in third
    assert "no longer watched" in third
    with pytest.raises(CourseError, match="There is no notebook"):
        watching.watch(tmp_path / "none.ipynb")


def test_a_file_that_is_being_replaced_is_waited_for(tmp_path):
    path = tmp_path / "one"
    turns = iter([lambda: None, lambda: path.write_text("a"), lambda: None, path.unlink, lambda: path.write_text("bc")])
    found = watching.saves(path, lambda seconds: next(turns)())
    assert [next(found)[1], next(found)[1]] == [1, 2]
    assert list(turns) == []


def test_next_says_where_one_stands_and_what_comes(known, tmp_path, monkeypatch):
    path = save(tmp_path, known, {})
    monkeypatch.setattr(next_steps, "own_grader", lambda isolation: pytest.fail("an untouched notebook was run"))
    text = str(next_steps.what_next(tmp_path))
    assert "– not attempted: 60 A lesson for the tests, with a question that a person marks: 0 of 2" in text
    assert f"Next: double in {path.name}, 0 of 2 points." in text
    monkeypatch.undo()


def test_next_checks_again_what_changed_and_nothing_else(known, tmp_path, monkeypatch):
    save(tmp_path, known, WRONG)
    runs = []

    def counted(isolation):
        runs.append(isolation)
        return own_grader(isolation)

    monkeypatch.setattr(next_steps, "own_grader", counted)
    text = str(next_steps.what_next(tmp_path))
    assert "… begun: 60" in text
    assert "Next: double in 60_marked.ipynb, 0 of 2 points: This is the square of x" in text
    assert str(next_steps.what_next(tmp_path)) == text
    assert len(runs) == 1
    save(tmp_path, known, solutions(known) | WRITTEN)
    assert "Changed since: 60_marked.ipynb" in str(whole_course.standing(tmp_path))
    text = str(next_steps.what_next(tmp_path))
    assert text.startswith("Deep Learning by Hand: completed, every check passed")
    assert "In all: 1 exercise passed, 2 of 4.5 points, 2.5 points to be marked by a person." in text
    assert str(whole_course.standing(tmp_path)) == text
    assert len(runs) == 2


def test_an_account_that_cannot_be_read_is_made_anew(known, tmp_path):
    assert "course next" in str(whole_course.standing(tmp_path))
    (tmp_path / whole_course.FILE).write_text("{")
    save(tmp_path, known, {})
    assert "course next" in str(whole_course.standing(tmp_path))
    assert "not attempted" in str(next_steps.what_next(tmp_path))
    with pytest.raises(CourseError, match="There is no notebook"):
        found_in(tmp_path / "nothing")


def test_the_kernel_loads_nothing_of_this_before_it_is_asked():
    wanted = "helpers.verdict", "helpers.solution", "helpers.whole_course"
    code = "from helpers import Grader; Grader('01_chain_rule', {}).progress()"
    code += f"; loaded = {set(wanted)} & {{*sys.modules}}"
    command = [sys.executable, "-c", f"import sys; {code}; print(loaded)"]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "set()\n"


def test_what_is_not_ours_has_no_part_in_the_account(known, tmp_path):
    (tmp_path / "other.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}]}))
    save(tmp_path, known, {})
    (tmp_path / f"{NAME}{export.SUBMISSION}.ipynb").write_text("{}")
    next_steps.what_next(tmp_path)
    assert list(state.kept(tmp_path)) == [f"{NAME}.ipynb"]


def test_the_map_has_every_lesson_and_says_in_words_what_it_draws():
    from autograder.source.lesson import lesson_names
    from helpers.figures import course

    numbers = [name[:2] for name in lesson_names()]
    assert list(course.LESSONS) == numbers
    assert {number for ends in course.ROADS for number in ends} == set(numbers)
    text = course.alt_text()
    assert all(f"{number} {box.name}: {box.asks}" in text for number, box in course.LESSONS.items())
    assert "from 08 to 09, JS is blind: measure the way" in text


def test_no_cell_of_ours_takes_the_name_of_an_answer():
    """A figure that did would put our function in the place of the student's."""
    from autograder.source.cells import names_defined
    from autograder.source.lesson import lesson_names

    for lesson in map(load_lesson, lesson_names()):
        answers = {answer.name for exercise in lesson.exercises.values() for answer in exercise.answers}
        cells = [cell for one in lesson.sections for cell in one.cells if cell.kind in ("given", "experiment")]
        assert not [names for cell in cells if (names := answers & set(names_defined(cell.text)))]


def test_lab_opens_a_lesson_by_number_or_name():
    assert notebook_of("06").stem == notebook_of("06_divergences_and_autoencoders").stem
    with pytest.raises(CourseError, match=r"There is no lesson '12'\. The lessons are 01_chain_rule, "):
        notebook_of("12")


def test_the_first_view_is_made_once_and_the_readers_own_is_left_alone(tmp_path, monkeypatch):
    pytest.importorskip("jupyterlab_server", reason="JupyterLab is not installed; the extra `lab` brings it")
    monkeypatch.delenv(first_view.VARIABLE, raising=False)
    folder = tmp_path / "deep" / "windows"
    assert first_view.own_windows(folder) == {first_view.VARIABLE: str(folder)}
    (made,) = folder.iterdir()
    shown = json.loads(made.read_text(encoding="utf-8"))["data"]["layout-restorer:data"]["left"]
    assert shown["current"] in shown["widgets"]
    made.write_text("as the reader left it")
    first_view.own_windows(folder)
    assert [path.read_text() for path in folder.iterdir()] == ["as the reader left it"]
    (tmp_path / "file").write_text("")
    assert first_view.own_windows(tmp_path / "file") == {}
    monkeypatch.setenv(first_view.VARIABLE, "elsewhere")
    assert first_view.own_windows(tmp_path / "other") == {}
    assert not (tmp_path / "other").exists()
