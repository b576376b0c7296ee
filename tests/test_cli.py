"""The `course` command: it explains itself, and what goes wrong is a sentence and an exit code."""

import csv
import json
import os
import re
import subprocess
import sys

import pytest
import typer

import helpers
from autograder.building import build
from autograder.building.notebook import notebook_text
from autograder.building.outputs import hashes, with_outputs
from autograder.cli import app as cli
from autograder.cli import verbs
from autograder.reporting.record_file import read_records
from autograder.source.addresses import addressed, section_paths
from autograder.source.lesson import LESSONS, load_lesson
from autograder.source.notebook_cells import SETUP
from autograder.source.problems import CourseError
from conftest import BUILT, filled, solutions


def course(*words, cwd=None, columns=80):
    command = [sys.executable, "-P", "-m", "autograder", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, timeout=120, env={**os.environ, "COLUMNS": str(columns)}
    )


@pytest.fixture
def lesson():
    return load_lesson(BUILT[0])


@pytest.mark.parametrize("columns", [60, 120])
def test_a_bare_course_shows_every_verb_in_its_panel_and_cuts_no_line(columns):
    shown = course(columns=columns)
    assert "Usage: course " in shown.stdout
    words = " ".join(re.sub(r"[│╭╮╰╯─]", " ", shown.stdout).split())
    assert "…" not in words
    assert "..." not in words.replace("[ARGS]...", "")
    places = [words.index(panel) for panel in verbs.PANELS]
    assert places == sorted(places)
    for verb in verbs.verbs().values():
        assert places[verbs.PANELS.index(verb.panel)] < words.index(f" {verb.name} {verb.line}")
    assert "--install-completion" in words
    assert shown.stderr == ""


def test_what_is_read_from_the_text_of_cli_is_what_typer_has():
    group = typer.main.get_command(cli.app)
    assert list(verbs.verbs()) == list(group.commands)
    for name, verb in verbs.verbs().items():
        command = group.commands[name]
        assert verb.panel == command.rich_help_panel
        assert verb.line == command.help.splitlines()[0]
        named = {one.opts[0] if one.opts[0].startswith("--") else one.name.upper(): one.help for one in command.params}
        assert dict(verb.parameters) == named


def test_the_version_is_told():
    assert course("--version").stdout == f"course {helpers.__version__}\n"


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
def test_wrong_usage_is_a_sentence_and_exit_code_2(words, code, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["course", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == code
    assert sentence in " ".join(capsys.readouterr().err.split())


def by_hand(lesson):
    """The points that a person gives."""
    return sum(section.question.points for section in lesson.questions.values())


@pytest.mark.slow  # it does less than init, grade and regrade
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
    assert records["ada"].points == lesson.max_points == records["ada"].max_points - by_hand(lesson)
    assert records["bob"].points == 0
    with open(tmp_path / "out" / "grades.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["student", "name", "email", "section", "system id", lesson.name, "total", "max", "remarks"]
    assert [row[0] for row in rows[1:]] == ["'=cut", "ada", "bob"]
    assert [row[-1] for row in rows[1:]] == ["could not be graded", "graded", "graded"]
    page = (tmp_path / "out" / "feedback" / f"ada-{lesson.name}.html").read_text(encoding="utf-8")
    assert f"{lesson.max_points:g} of {lesson.max_points + by_hand(lesson):g} points" in page
    again = course("grade", folder, "--out", tmp_path / "out")
    assert "3 of 3 are graded already" in again.stdout
    assert len(list(read_records(tmp_path / "out" / "records.jsonl"))) == 3


@pytest.mark.parametrize(
    "words",
    [["01"], ["01_chain_rule/softmax", "01/50_softmax"], ["autograder/lessons/01_chain_rule"], ["50_softmax.py"]],
)
def test_sections_are_named_by_lesson_by_name_or_by_path(words, monkeypatch):
    monkeypatch.chdir(LESSONS / "01_chain_rule" if words[0].endswith(".py") else verbs.CHECKOUT)
    paths = {path.resolve() for word in words for path in section_paths(word)}
    softmax = LESSONS / "01_chain_rule" / "50_softmax.py"
    assert softmax in paths
    assert len(paths) in (1, len(list(softmax.parent.glob("[0-9]*.py"))))
    assert addressed(words[0])[0].name == "01_chain_rule"
    assert addressed(words[0])[1] == ("softmax" if "softmax" in words[0] else "")


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("01_chain_rle", "There is no one lesson called '01_chain_rle'"),
        ("0", "There is no one lesson called '0'"),
        ("01/softmx", "has no section 'softmx'. Did you mean 'softmax'?"),
        ("01/zzz", "Its sections are: introduction, chain_rule"),
    ],
)
def test_a_section_that_is_not_there_is_a_sentence(word, sentence):
    with pytest.raises(CourseError, match=re.escape(sentence)):
        section_paths(word)


@pytest.mark.slow
def test_a_helpers_of_ones_own_is_told_by_check_by_grading_and_in_the_notebook(lesson, tmp_path):
    (tmp_path / "helpers.py").write_text("def mine(x):\n    return x\n")
    own = {
        **solutions(lesson),
        "softmax-answer": "from helpers import mine\ndef softmax(z, axis=-1):\n    return mine(z)",
    }
    (tmp_path / "mine.ipynb").write_text(notebook_text(filled(lesson, own)), encoding="utf-8")
    shown = " ".join(course("check", "mine.ipynb", cwd=tmp_path).stdout.split())
    assert "helpers.py hides the course's own package helpers from the notebooks beside it" in shown
    assert "ImportError: cannot import name 'mine' from 'helpers'" in shown
    assert "If that is a helpers.py of your own: when a notebook is graded, helpers is the course's package" in shown
    setup = SETUP.format(lesson=lesson.name)
    run = subprocess.run([sys.executable, "-c", setup], capture_output=True, text=True, cwd=tmp_path)
    assert f"({tmp_path / 'helpers.py'}). If a helpers.py of your own lies beside the notebook, it hides" in run.stderr
    assert subprocess.run([sys.executable, "-P", "-c", setup], cwd=tmp_path).returncode == 0


def test_check_gives_a_self_learner_the_verdict(lesson, tmp_path):
    path = tmp_path / "mine.ipynb"
    path.write_text(notebook_text(filled(lesson, solutions(lesson))), encoding="utf-8")
    shown = course("check", path)
    assert shown.returncode == 0
    assert f"{lesson.max_points:g} of " in shown.stdout.splitlines()[-1]
    path.write_text(json.dumps({"cells": []}), encoding="utf-8")
    assert course("check", path).returncode == 1


@pytest.mark.slow
def test_build_check_is_green_or_names_the_repair(generated_files, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "generated", lambda: generated_files)
    for function in (build.drift, build.stale):
        monkeypatch.setattr(function, "__defaults__", (tmp_path,))
    build.write(generated_files, tmp_path)
    assert build.build(check=True)[0].startswith("Not run since their code changed: solutions/")
    for path in build.stale(generated_files, tmp_path):
        text, ran = generated_files[path], {"cells": []}
        (tmp_path / path).write_text(with_outputs(text, ran, hashes(text)[0]), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["course", "build", "--check"])
    for stale, code, said in ((False, 0, "equal what their sources say"), (True, 1, "Repair them with: course build")):
        if stale:
            (tmp_path / "docs/coverage.md").write_text("")
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert (ended.value.code, said in capsys.readouterr().out) == (code, True)


@pytest.mark.slow
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


@pytest.mark.slow
def test_check_takes_a_folder_and_checks_all_of_it(lesson, tmp_path):
    for name in ("a.ipynb", f"{lesson.name}.ipynb"):
        (tmp_path / name).write_text(notebook_text(filled(lesson, solutions(lesson))), encoding="utf-8")
    shown = course("check", tmp_path)
    assert shown.returncode == 0
    assert shown.stdout.count(f"{lesson.max_points:g} of {lesson.max_points + by_hand(lesson):g} points") == 2
    assert "\na.ipynb\n" in shown.stdout
    (tmp_path / "b.ipynb").write_text("{")
    assert course("check", tmp_path).returncode == 1
    assert course("check", tmp_path / "none").returncode == 2


@pytest.mark.parametrize(
    "encoding", ["ascii", *(pytest.param(one, marks=pytest.mark.slow) for one in ("cp1252", "utf-8"))]
)
def test_any_terminal_gets_what_it_can_show(lesson, tmp_path, encoding):
    (tmp_path / "Zoë 日本.ipynb").write_text(notebook_text(filled(lesson, {})), encoding="utf-8")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "autograder", "grade", str(tmp_path), "--out", str(out), "--isolation", "none"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    shown = subprocess.run(command, capture_output=True, env=environment, timeout=120)
    assert shown.returncode == 0, shown.stderr
    text = shown.stdout.decode(encoding)
    assert f"0 of {lesson.max_points + by_hand(lesson):g}" in text
    assert ("┃" in text) == (encoding == "utf-8")
    assert "Zoë 日本" in (out / "grades.csv").read_text(encoding="utf-8")


def test_a_closed_pipe_is_no_traceback(tmp_path):
    (tmp_path / "a.ipynb").write_text("{")
    command = f"{sys.executable} -m autograder grade {tmp_path} --out {tmp_path / 'out'} | true"
    shown = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120)
    assert "Traceback" not in shown.stderr
    assert "Exception" not in shown.stderr


def test_the_version_and_completion_are_there(monkeypatch):
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")  # whatever shell has started the tests
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
    assert "  by hand: chain_rule 2: told me\n    ada 01_chain_rule: 0 -> 2\n" in shown.stdout
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


@pytest.mark.slow  # the README's own command; .ci/run gives it twice
def test_the_demo_makes_grades_and_shows_a_class(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = course("demo")
    assert shown.returncode == 0, shown.stderr
    assert "16 of 17 notebooks graded" in shown.stdout
    demo = tmp_path / "graded" / "demo"
    assert len(list((demo / "feedback").glob("*.html"))) == 17
    assert len(set(re.findall(r"^  (0\d_\w+)", shown.stdout.partition("What the class did")[2], re.M))) == 4
    page = (demo / "report.html").read_text(encoding="utf-8")
    assert re.search(r"farid: \d+ % of the points of 03_optimizers_and_regularization, after \d+ % before", page)
    assert "8 of 16 people in gradebook.csv have their points" in shown.stdout
    with open(demo / "export" / "canvas" / "gradebook.csv", newline="", encoding="utf-8") as file:
        filled = {row[0]: row[-1] for row in csv.reader(file)}
    assert (filled["amina"], filled["bruno"], filled["kofi"], filled["gita"]) == ("50", "0", "", "")
