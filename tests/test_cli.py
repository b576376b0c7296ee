"""The `course` command: it explains itself, and what goes wrong is a sentence and an exit code."""

import csv
import json
import os
import re
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


def test_check_takes_a_folder_and_checks_all_of_it(lesson, tmp_path):
    for name in ("a.ipynb", f"{lesson.name}.ipynb"):
        (tmp_path / name).write_text(notebook_text(filled(lesson, solutions(lesson))), encoding="utf-8")
    shown = course("check", tmp_path)
    assert shown.returncode == 0
    assert shown.stdout.count(f"{lesson.max_points:g} of {lesson.max_points:g} points") == 2
    assert "\na.ipynb\n" in shown.stdout
    (tmp_path / "b.ipynb").write_text("{")
    assert course("check", tmp_path).returncode == 1
    assert course("check", tmp_path / "none").returncode == 2


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_terminal_gets_what_it_can_show(lesson, tmp_path, encoding):
    (tmp_path / "Zoë 日本.ipynb").write_text(notebook_text(filled(lesson, {})), encoding="utf-8")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "autograder.cli", "grade", str(tmp_path), "--out", str(out), "--isolation", "none"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    shown = subprocess.run(command, capture_output=True, env=environment, timeout=120)
    assert shown.returncode == 0, shown.stderr
    text = shown.stdout.decode(encoding)
    assert "0 of 37" in text
    assert ("┃" in text) == (encoding == "utf-8")
    assert "Zoë 日本" in (out / "grades.csv").read_text(encoding="utf-8")


def test_a_closed_pipe_is_no_traceback(tmp_path):
    (tmp_path / "a.ipynb").write_text("{")
    command = f"{sys.executable} -m autograder.cli grade {tmp_path} --out {tmp_path / 'out'} | true"
    shown = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120)
    assert "Traceback" not in shown.stderr
    assert "Exception" not in shown.stderr


def test_the_version_and_completion_are_there():
    shown = course("--version")
    assert re.fullmatch(r"course \d+\.\d+\.\d+\n", shown.stdout)
    assert "complet" in course("--show-completion", "bash").stdout


def test_a_release_on_a_file_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    shown = course("release", BUILT[0], "--to", "student", "--out", tmp_path / "file")
    assert shown.returncode == 2
    assert "cannot be made" in shown.stderr
    assert (tmp_path / "file").read_text() == "x"


def test_init_grade_and_regrade_work_from_the_command_line(lesson, tmp_path):
    assert "course.toml" in course("init", tmp_path).stdout
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ada.ipynb").write_text(notebook_text(filled(lesson, {})), encoding="utf-8")
    (tmp_path / "secret").write_text("s")
    out = tmp_path / "out"
    words = ["grade", tmp_path / "class", "--out", out, "--isolation", "none"]
    assert course(*words, "--secret", tmp_path / "none").returncode == 2
    assert not out.exists()
    assert course(*words, "--secret", tmp_path / "secret").returncode == 0
    assert not (tmp_path / "out.secret").exists()
    exercise = next(iter(lesson.exercises))
    shown = course(
        "regrade", "--out", out, "--student", "ada", "--exercise", exercise, "--points", "2", "--why", "told me"
    )
    assert shown.returncode == 0, shown.stderr
    assert "0 -> 2 (by hand: " in shown.stdout
    assert "ada,,,,,2,2," in (out / "grades.csv").read_text()


@pytest.mark.parametrize(
    "words", [["--attempts", "worst"], ["--student", "("], ["--roster", "none.csv"], ["--course", "none.toml"]]
)
def test_wrong_options_of_grade_are_sentences(words, lesson, tmp_path):
    (tmp_path / "ada.ipynb").write_text("{")
    shown = course("grade", tmp_path, "--out", tmp_path / "out", *words)
    assert shown.returncode == 2
    assert shown.stderr.startswith("course: ")
    assert "Traceback" not in shown.stderr
