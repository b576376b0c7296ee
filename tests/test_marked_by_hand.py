"""Questions that a person marks: in the source, the notebook, the record, the pages and the releases."""

import json
import re
from dataclasses import replace

import pytest

from autograder.authoring.audit import audit
from autograder.building.notebook import notebook_text, solution_notebook, student_notebook
from autograder.building.student_data import student_data
from autograder.grading import one_file
from autograder.grading.jobs import own_jobs
from autograder.grading.one_file import ClassGrader, Settings
from autograder.release import nbgrader, otter, release
from autograder.reporting.feedback_page import page_maker
from autograder.reporting.settling import settled
from autograder.rules.overrides import Override
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.notebook_cells import lesson_cells, places
from autograder.source.problems import AuthorError
from autograder.source.section import load_section
from conftest import FIXTURES, filled, solutions
from helpers.questions import STARTER, Place

NAME = "60_marked"
PLACE = Place("why_twice", "Why twice?", 2.5, "why-twice-answer", "closing-text-1")


@pytest.fixture(scope="module")
def lesson():
    return load_lesson(NAME, FIXTURES)


@pytest.fixture
def recorded(monkeypatch, lesson, tmp_path):
    """Grade texts of the question's cell beside a right answer, and return the record of it."""
    monkeypatch.setattr(one_file, "lesson_names", lambda: [NAME])
    monkeypatch.setattr(one_file, "load_lesson", lambda name: lesson)

    def run(answers=(), text=None):
        path = tmp_path / "one.ipynb"
        path.write_text(text or notebook_text(filled(lesson, solutions(lesson) | dict(answers))), encoding="utf-8")
        with ClassGrader(Settings(secret="s")) as grader:
            return grader.grade(own_jobs(path)[0])

    return run


def question_of(record):
    return next(one for one in record.exercises if one.name == "why_twice")


def test_an_answer_is_kept_and_is_to_be_marked(recorded, lesson):
    record = recorded({"why-twice-answer": f"{STARTER}\n\nTwo <b>terms</b>."})
    one = question_of(record)
    assert (one.outcome, one.points, one.max_points) == ("to be marked", 0, 2.5)
    assert one.answer == "Two <b>terms</b>."
    assert (record.points, record.max_points) == (2, 4.5)
    assert record.status == "graded, to be marked"
    page = page_maker()(record, lesson)
    assert "Two &lt;b&gt;terms&lt;/b&gt;." in page
    assert "A person reads this answer" in page
    assert '<h2 id="why_twice-title">Why twice?</h2>' in page
    assert "secret-" not in page


def test_a_person_marks_it_with_regrade(recorded, lesson):
    record = recorded({"why-twice-answer": "Two terms."})
    decision = Override("one", NAME, "why_twice", 2.0, "The second line is missing.")
    marked = settled(record, record.standing, {"why_twice": decision})
    assert (record.to_mark, marked.to_mark, marked.points - record.points) == (("why_twice",), (), 2)
    assert marked.status == "graded"
    page = page_maker()(marked, lesson)
    assert "marked, 2 of 2.5" in page
    assert "The second line is missing." in page
    assert "A person reads this answer" not in page


def test_the_starter_is_not_attempted_and_a_broken_file_could_not_be_checked(recorded):
    assert question_of(recorded()).outcome == "not attempted"
    assert recorded(text="{").status == "could not be graded"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([("why-twice-answer", STARTER), ("mine", "Below it."), ("closing-text-1", "## End")], "Below it."),
        ([("why-twice-answer", "Here."), ("mine", "And there."), ("closing-text-1", "x")], "Here.\n\nAnd there."),
        ([("a", "## Why twice?\nText"), ("b", "No ids any more."), ("c", "## End")], "No ids any more."),
        ([("why-twice-answer", "_Type your answer here, replacing this text._")], ""),
        ([("closing-text-1", "x"), ("why-twice-answer", "Moved to the end."), ("mine", "Other.")], "Moved to the end."),
        ([("other", "Nothing of it.")], ""),
        ([], ""),
    ],
)
def test_where_an_answer_is_found(cells, expected):
    assert PLACE.answer_in(cells) == expected


def test_rubric_and_answer_do_not_travel_and_are_in_the_solved_notebook(lesson):
    away = notebook_text(student_notebook(lesson)) + student_data(lesson)
    assert "secret-" not in away
    assert [cell.source for cell in student_notebook(lesson).cells if cell.id == PLACE.cell] == [STARTER]
    solved = notebook_text(solution_notebook(lesson))
    assert "secret-rubric" in solved
    assert "secret-answer" in solved
    assert "(2.5 in all)" in solved


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * bool(i % 4)) for i, name in enumerate(lesson_names())]
)
def test_every_lesson_has_such_a_question_whose_rubric_stays_here(name):
    lesson = load_lesson(name)
    assert lesson.questions
    away = notebook_text(student_notebook(lesson)) + student_data(lesson)
    for section in lesson.questions.values():
        assert audit(section) == []
        secrets = [text for _, text in section.question.rubric] + section.question.answer.splitlines()
        assert not [text for text in secrets if text and json.dumps(text, ensure_ascii=False)[1:-1] in away]


def test_it_is_outside_of_what_checks_decide(lesson):
    assert list(lesson.exercises) == ["double"]
    assert lesson.max_points == 2
    assert list(places(lesson)) == ["why_twice"]
    assert [cell.is_code for cell in lesson_cells(lesson) if cell.role == "why"] == [False]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda one: replace(one, rubric=one.rubric[:2]), "has 2 lines"),
        (lambda one: replace(one, rubric=((0, "x"), *one.rubric)), "gives no points"),
        (lambda one: replace(one, answer=""), "has no answer"),
    ],
)
def test_an_audit_of_a_question(lesson, change, finding):
    section = load_section(lesson.questions["why_twice"].path)
    section.__dict__["question"] = change(section.question)
    assert [finding in one for one in audit(section)] == [True]


def test_a_question_is_a_section_of_its_own(tmp_path):
    path = tmp_path / "10_two.py"
    text = (FIXTURES / NAME / "20_why_twice.py").read_text(encoding="utf-8")
    path.write_text(text.replace("# %% why", "# %% checks"), encoding="utf-8")
    with pytest.raises(AuthorError, match="one cell '# %% why' and one question"):
        _ = load_section(path).question


def test_nbgrader_gets_a_manually_graded_cell(lesson):
    (cell,) = [one for one in nbgrader.source_notebook(lesson).cells if one.id == "why-twice-answer"]
    data = cell.metadata["nbgrader"]
    assert (cell.cell_type, data["grade"], data["solution"], data["locked"]) == ("markdown", True, True, False)
    assert (data["points"], data["grade_id"]) == (2.5, "why_twice")


def test_otter_gets_a_manual_question(lesson):
    sources = [cell.source for cell in otter.source_notebook(lesson).cells]
    start = sources.index("# BEGIN QUESTION\nname: why_twice\nmanual: true\npoints: 2.5")
    assert sources[start + 1] == "# BEGIN SOLUTION"
    assert sources[start + 3 : start + 5] == ["# END SOLUTION", "# END QUESTION"]


@pytest.mark.slow
@pytest.mark.parametrize("target", ["nbgrader", "otter"])
def test_students_get_an_empty_cell_from_the_tools_themselves(lesson, tmp_path, target):
    folder = release(lesson, target, tmp_path)
    places = {"nbgrader": f"release/{NAME}/{NAME}.ipynb", "otter": f"student/{NAME}.ipynb"}
    text = (folder / places[target]).read_text(encoding="utf-8")
    assert "secret-" not in text
    cells = [(cell["id"], "".join(cell["source"])) for cell in json.loads(text)["cells"]]
    assert PLACE.answer_in(cells) == ""
    assert re.search(r"Write your answer over this line|Type your answer here", text)
