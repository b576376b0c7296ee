"""The `course` command: it explains itself, and what goes wrong is a sentence and an exit code."""

import csv
import json
import subprocess
import sys

import pytest

from autograder.building.notebook import notebook_text
from autograder.reporting.record_file import read_records
from autograder.source.lesson import load_lesson
from conftest import BUILT, filled, solutions


def course(*words, cwd=None):
    command = [sys.executable, "-m", "autograder.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=120)


@pytest.fixture
def lesson():
    return load_lesson(BUILT[0])


def test_a_bare_course_explains_itself():
    shown = course()
    for verb in ("lab", "check", "grade", "demo", "release", "new", "build", "test", "mutants", "bench"):
        assert f" {verb} " in shown.stdout
    assert "Traceback" not in shown.stdout + shown.stderr


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["grade", "nowhere", "--out", "x"], 2, "There is nothing at"),
        (["grade"], 2, "Missing"),
        (["grade", ".", "--out", "x"], 2, "There is no notebook in"),
        (["grade", ".", "--out", "x", "--isolation", "iron"], 2, "There is no isolation called 'iron'"),
        (["bench", "nothing"], 2, "Name one of the benchmarks"),
        (["release", "77", "--to", "otter"], 2, "There is no one lesson called '77'"),
        (["mutants", "77"], 2, "The lessons are"),
        (["new", "77/x"], 2, ""),
    ],
)
def test_wrong_usage_is_a_sentence_and_exit_code_2(words, code, sentence, tmp_path):
    shown = course(*words, cwd=tmp_path)
    assert shown.returncode == code, shown.stderr
    assert sentence in " ".join(shown.stderr.split())
    assert "Traceback" not in shown.stderr


def test_grade_writes_records_grades_and_feedback(lesson, tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ada.ipynb").write_text(notebook_text(filled(lesson, solutions(lesson))), encoding="utf-8")
    (folder / "bob.ipynb").write_text(notebook_text(filled(lesson, {})), encoding="utf-8")
    (folder / "=cut.ipynb").write_text("{", encoding="utf-8")
    shown = course("grade", folder, "--out", tmp_path / "out")
    assert shown.returncode == 1, shown.stderr
    assert "its JSON is broken or cut off" in shown.stdout
    records = {one.student: one for _, one in read_records(tmp_path / "out" / "records.jsonl")}
    assert records["ada"].points == lesson.max_points == records["ada"].max_points
    assert records["bob"].points == 0
    with open(tmp_path / "out" / "grades.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["student", "name", "email", "section", "system id", lesson.name, "total", "max", "remarks"]
    assert [row[0] for row in rows[1:]] == ["'=cut", "ada", "bob"]
    assert [row[-1] for row in rows[1:]] == ["could not be graded", "graded", "graded"]
    page = (tmp_path / "out" / "feedback" / f"ada-{lesson.name}.html").read_text(encoding="utf-8")
    assert f"{lesson.max_points:g} of {lesson.max_points:g} points" in page
    again = course("grade", folder, "--out", tmp_path / "out")
    assert "3 of 3 are graded already" in again.stdout
    assert len(list(read_records(tmp_path / "out" / "records.jsonl"))) == 3


def test_check_gives_a_self_learner_the_verdict(lesson, tmp_path):
    path = tmp_path / "mine.ipynb"
    path.write_text(notebook_text(filled(lesson, solutions(lesson))), encoding="utf-8")
    shown = course("check", path)
    assert shown.returncode == 0
    assert f"{lesson.max_points:g} of {lesson.max_points:g} points" in shown.stdout
    path.write_text(json.dumps({"cells": []}), encoding="utf-8")
    assert course("check", path).returncode == 1


def test_build_check_is_green_and_names_the_repair():
    shown = course("build", "--check")
    assert shown.returncode == 0, shown.stdout


def test_without_isolation_every_report_says_so(lesson, tmp_path):
    path = tmp_path / "ada.ipynb"
    path.write_text(notebook_text(filled(lesson, {})), encoding="utf-8")
    shown = course("grade", path, "--out", tmp_path / "out", "--isolation", "none")
    assert "1 of 1 grades were made without isolation." in shown.stdout
    assert "graded without isolation" in (tmp_path / "out" / "grades.csv").read_text(encoding="utf-8")
    assert "made without isolation" in (tmp_path / "out" / "feedback" / f"ada-{lesson.name}.html").read_text(
        encoding="utf-8"
    )
    assert "made without isolation" in course("check", path, "--isolation", "none").stdout
