"""The release for students, and what `release` refuses."""

import importlib.util
import json
import zipfile

import pytest

from autograder.building.student_data import student_data
from autograder.release import TARGETS, release
from autograder.release.nbgrader import source_notebook
from autograder.rules.points import with_points
from autograder.source.problems import CourseError
from helpers import lesson_data
from releases.conftest import run


@pytest.fixture(scope="module")
def student_release(tmp_path_factory, fixture_lesson):
    return release(fixture_lesson, "student", tmp_path_factory.mktemp("student"))


def test_it_holds_the_notebook_helpers_and_how_to_start(student_release):
    inside = student_release / "50_fixture"
    assert student_release.name == "50_fixture-student"
    assert {path.name for path in inside.iterdir()} == {"50_fixture.ipynb", "README.md", "helpers", "pyproject.toml"}
    assert [path.name for path in (inside / "helpers" / "lessons").iterdir()] == ["50_fixture.json"]
    assert not list(inside.rglob("__pycache__"))
    assert "jupyter lab 50_fixture.ipynb" in (inside / "README.md").read_text(encoding="utf-8")


def test_no_hidden_check_travels(student_release, fixture_lesson):
    files = [path for path in (student_release / "50_fixture").rglob("*") if path.is_file()]
    text = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)
    for exercise in fixture_lesson.exercises.values():
        for check in exercise.checks:
            assert (f"def {check.name}(" in text) == (not check.hidden)


def test_the_zip_is_the_folder_and_the_same_every_time(student_release, fixture_lesson, tmp_path):
    again = release(fixture_lesson, "student", tmp_path)
    archive = student_release / "50_fixture.zip"
    assert archive.read_bytes() == (again / "50_fixture.zip").read_bytes()
    inside = {p.relative_to(student_release).as_posix() for p in student_release.rglob("*") if p.is_file()}
    assert {*zipfile.ZipFile(archive).namelist(), "50_fixture.zip"} == inside


def test_helpers_work_from_the_folder_alone(student_release):
    code = "import helpers, json; print(helpers.__file__); print(helpers.Grader('50_fixture', {}).check('slope'))"
    printed = run("-c", code, cwd=student_release / "50_fixture")
    assert printed.startswith(str(student_release / "50_fixture" / "helpers"))
    assert "not attempted" in printed


@pytest.mark.slow
def test_pip_makes_a_wheel_of_it(student_release, tmp_path):
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed, and a test fetches nothing")
    options = "--no-deps", "--no-build-isolation", "--no-index", "-q", "-w", tmp_path
    run("-m", "pip", "wheel", *options, student_release / "50_fixture")
    (wheel,) = tmp_path.glob("*.whl")
    assert "helpers/lessons/50_fixture.json" in zipfile.ZipFile(wheel).namelist()


def test_a_folder_that_holds_something_is_left_alone(fixture_lesson, tmp_path):
    taken = tmp_path / "50_fixture-student"
    taken.mkdir()
    (taken / "mine.txt").write_text("mine")
    with pytest.raises(CourseError, match=r"is not empty\. Remove it, or name another place: --out FOLDER"):
        release(fixture_lesson, "student", tmp_path)
    assert [path.name for path in taken.iterdir()] == ["mine.txt"]


def test_a_missing_tool_is_named(fixture_lesson, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match="made by otter's own tools, which are not installed"):
        release(fixture_lesson, "otter", tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_unknown_target_names_those_there_are(fixture_lesson, tmp_path):
    with pytest.raises(CourseError, match=f"The releases are: {', '.join(TARGETS)}"):
        release(fixture_lesson, "gradescape", tmp_path)


def test_a_course_that_counts_exercises_otherwise_releases_them_so(fixture_lesson):
    lesson = with_points(fixture_lesson, {"slope": 10.0, "letter": 0.0})
    data = {one["name"]: one for one in json.loads(student_data(lesson))["exercises"]}
    points = {
        name: sum(check["points"] for check in one["checks"]) + one["hidden_points"] for name, one in data.items()
    }
    assert points == {"slope": 10, "letter": 0, "pair": 2.5}
    exercise = lesson_data._exercise(data["slope"])
    assert [check.points for check in exercise.checks] == [one["points"] for one in data["slope"]["checks"]]
    assert sum(check.points for check in exercise.checks) + exercise.hidden_points == 10
    cells = [cell.metadata.get("nbgrader", {}).get("points", 0) for cell in source_notebook(lesson).cells]
    assert sum(cells) == 12.5
    assert fixture_lesson.max_points == 8.5
