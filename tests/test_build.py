"""Generated files: the same bytes every time, drift is seen and repaired, notebooks are valid."""

import json

import pytest

from autograder.building.build import drift, generated, write
from autograder.building.example_class import write_example_class
from autograder.building.notebook import notebook_text, solution_notebook, student_notebook
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.notebook_cells import lesson_cells
from autograder.source.problems import CourseError


@pytest.mark.slow  # what is committed was built by another process, and promise 6 compares all of its bytes
def test_building_twice_gives_the_same_bytes(generated_files):
    load_lesson.cache_clear()
    assert generated() == generated_files


def test_drift_is_shown_as_a_diff_and_repaired(generated_files, tmp_path):
    files = {name: text for name, text in generated_files.items() if "01_chain_rule" in name}
    write(files, tmp_path)
    assert drift(files, tmp_path) == ""
    name = next(name for name in files if name.startswith("notebooks/"))
    (tmp_path / name).write_text(files[name].replace("grader.check", "grader.chek", 1), encoding="utf-8")
    (tmp_path / "notebooks" / "99_orphan.ipynb").write_text("{}", encoding="utf-8")
    shown = drift(files, tmp_path)
    assert f"--- {name} (on disk)" in shown
    assert "grader.chek" in shown
    assert "99_orphan.ipynb" in shown
    assert sorted(write(files, tmp_path)) == sorted([name, "notebooks/99_orphan.ipynb"])
    assert drift(files, tmp_path) == ""


@pytest.mark.parametrize("make", [student_notebook, solution_notebook])
def test_notebooks_are_valid_and_their_cells_named(fixture_lesson, make):
    import nbformat  # here, because its import takes longer than this test

    notebook = make(fixture_lesson)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert "slope-answer" in ids
    assert "pair-answer-2" in ids
    assert notebook_text(notebook) == nbformat.writes(nbformat.from_dict(notebook), version=4) + "\n"


def test_the_students_notebook_has_no_solution_and_no_check(fixture_lesson):
    text = notebook_text(student_notebook(fixture_lesson))
    assert "your code here" in text
    assert "scale * a" not in text
    assert "complex_step" not in text
    assert "SOLUTION" not in text


def test_the_solution_shows_every_check(fixture_lesson):
    text = notebook_text(solution_notebook(fixture_lesson))
    for exercise in fixture_lesson.exercises.values():
        for check in exercise.checks:
            assert f"def {check.name}(" in text


def test_the_class_of_the_demo_is_made_and_not_committed(tmp_path):
    lessons = [load_lesson(name) for name in lesson_names()[:4]]
    made = {path.name: path.read_text("utf-8") for path in write_example_class(tmp_path, lessons).iterdir()}
    assert len(made) == 17
    whole = [text for name, text in made.items() if name != "kofi.ipynb"]
    assert {json.loads(text)["nbformat"] for text in whole} == {4}
    assert len(set(whole)) == len(whole) - 1, "chen and nadia answer the same"
    with pytest.raises(json.JSONDecodeError):
        json.loads(made["kofi.ipynb"])
    with pytest.raises(CourseError, match="cannot be written"):
        write_example_class(tmp_path / "kofi.ipynb", lessons)


def test_the_order_of_cells_is_the_sources(fixture_lesson):
    roles = [cell.role for cell in lesson_cells(fixture_lesson) if cell.section == "slope"]
    assert roles == ["text", "given", "answer", "check", "experiment"]
