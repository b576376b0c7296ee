"""The release for Gradescope: its zip unpacked where Gradescope unpacks it, and run as Gradescope runs it.

The folders are Gradescope's, below a folder of the test's own; what results.json may hold is written here from its
documentation.
"""

import json
import os
import shutil
import site
import stat
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from autograder.building.notebook import notebook_text, student_notebook
from autograder.cli.app import main
from autograder.grading.in_gradescope import course_of, read_metadata, the_notebook
from autograder.release import release
from autograder.release.gradescope import settings_of
from autograder.reporting.gradescope_results import results_of
from autograder.reporting.record_file import read_records
from autograder.reporting.records import CheckRecord, ExerciseRecord, Record, Standing
from autograder.rules.course_file import Course, Extension, read_course
from autograder.rules.points import with_points
from autograder.source.lesson import load_lesson
from autograder.source.problems import CourseError
from conftest import filled, solutions
from releases.conftest import REFERENCE, typed_cells

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
SCHEMA = {
    "type": "object",
    "required": ["score"],
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number", "minimum": 0},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "leaderboard": {"type": "array"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}
STUDENT = "able@example.org"
METADATA = {
    "id": 123456,
    "created_at": "2027-03-01T10:00:00.123456-08:00",
    "assignment": {"due_date": "2027-03-02T23:59:00.000000-08:00", "id": 25828, "course_id": 1, "title": "1"},
    "submission_method": "upload",
    "users": [
        {"email": "bee@example.org", "id": 9, "name": "Bee Baker"},
        {
            "email": STUDENT,
            "id": 12,
            "name": "Ada Able",
            "assignment": {"due_date": "2027-02-28T10:00:00.000000-08:00"},
        },
    ],
    "previous_submissions": [],
}


@pytest.fixture(scope="module")
def container(tmp_path_factory, fixture_lesson):
    """The folder that stands for /autograder, with the release unpacked and a Python that has what grading needs."""
    root = tmp_path_factory.mktemp("autograder")
    for folder in (root, *root.parents):
        if folder.stat().st_uid == os.getuid() and str(folder).startswith("/tmp/"):
            folder.chmod(folder.stat().st_mode | stat.S_IXOTH)  # as it is in a container
    secret = root / "secret.txt"
    secret.write_text("a secret")
    made = release(fixture_lesson, "gradescope", root / "made", secret=secret)
    subprocess.run(["unzip", "-q", made / "autograder.zip", "-d", root / "source"], check=True)
    venv.create(root / "source" / ".venv", with_pip=False)
    packages = root / "source/.venv" / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
    # The packages of this environment, but not the course in it: its .pth files are not read there.
    lines = [root / "source", root / "source/src", *site.getsitepackages()]
    (packages / "course.pth").write_text("".join(f"{line}\n" for line in lines))
    shutil.copyfile(root / "source" / "run_autograder", root / "run_autograder")  # as Gradescope does
    return root


@pytest.fixture
def graded(container):
    """Hand in files, {name: text or bytes}, run the autograder and return (results, what it printed)."""

    def run(files, metadata=METADATA):
        shutil.rmtree(container / "submission", ignore_errors=True)
        shutil.rmtree(container / "results", ignore_errors=True)
        for name, content in files.items():
            (container / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
            content = content if isinstance(content, bytes) else content.encode()
            (container / "submission" / name).write_bytes(content)
        (container / "submission").mkdir(exist_ok=True)
        (container / "submission_metadata.json").write_text(json.dumps(metadata))
        environment = {"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(container)}
        done = subprocess.run(
            ["bash", container / "run_autograder"], env=environment, cwd=container, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "is not to be had here" not in done.stdout
        results = json.loads((container / "results" / "results.json").read_text())
        Draft202012Validator(SCHEMA).validate(results)
        return results, done.stdout

    return run


def answered(lesson, answers):
    return notebook_text(filled(lesson, typed_cells(lesson, answers)))


def scores(results):
    """{(exercise, kind): score} of the entries."""
    return {tuple(test["tags"]): test["score"] for test in results["tests"]}


def ours(container, folder, text):
    """(record, {(exercise, kind): score}) that `course grade` gives, with the same lesson, secret and student."""
    (folder / f"{STUDENT}.ipynb").write_text(text)
    words = ["grade", folder / f"{STUDENT}.ipynb", "--lesson", "50", "--out", folder / "out", "--workers", "1"]
    environment = {"PATH": os.environ["PATH"], "COURSE_SECRET": "a secret"}
    command = [container / "source/.venv/bin/python", "-I", "-m", "autograder", *words]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    ((_, record),) = read_records(folder / "out" / "records.jsonl")
    found = {}
    for one in record.exercises:
        for check in one.checks:
            key = one.name, "hidden" if check.hidden else "public"
            found[key] = found.get(key, 0) + check.points
    return record, found


def wrong_answers(lesson):
    return {name: next(iter(one.wrong_answers), REFERENCE) for name, one in lesson.exercises.items()}


@pytest.mark.parametrize(
    "which", ["wrong", *(pytest.param(name, marks=pytest.mark.slow) for name in ("reference", "starter"))]
)
def test_scores_are_those_of_course_grade(graded, fixture_lesson, which, container, tmp_path):
    right = answered(fixture_lesson, dict.fromkeys(fixture_lesson.exercises, REFERENCE))
    texts = {
        "reference": right,
        "starter": notebook_text(student_notebook(fixture_lesson)),
        "wrong": answered(fixture_lesson, wrong_answers(fixture_lesson)),
    }
    results, printed = graded({"50_fixture.ipynb": texts[which]})
    record, theirs = ours(container, tmp_path, texts[which])
    assert scores(results) == theirs
    assert results["score"] == record.points == sum(theirs.values())
    assert {"reference": fixture_lesson.max_points, "starter": 0}.get(which, record.points) == record.points
    assert results["extra_data"]["seed"] == record.seed
    assert results["extra_data"]["student"] == STUDENT
    assert results["extra_data"]["isolation"] == list(record.isolation) != ["none"]
    assert f"Isolation: {', '.join(record.isolation)}." in printed
    said = "".join(test["output"] for test in results["tests"])
    assert ("Diagnosis." in said) == (which == "wrong")


def test_hidden_checks_are_seen_when_the_instructor_says(graded, container, fixture_lesson):
    results, _ = graded({"a.ipynb": answered(fixture_lesson, wrong_answers(fixture_lesson))})
    assert {test["tags"][1]: test["visibility"] for test in results["tests"]} == {
        "public": "visible",
        "hidden": "after_published",
    }
    assert results["stdout_visibility"] == "hidden"
    sentences = [check.sentence for one in fixture_lesson.exercises.values() for check in one.checks if check.hidden]
    seen = "".join(test["output"] for test in results["tests"] if test["visibility"] == "visible") + results["output"]
    assert not [sentence for sentence in sentences if sentence in seen]


@pytest.mark.slow
def test_a_broken_file_no_notebook_and_two_are_a_sentence(graded, fixture_lesson):
    right = answered(fixture_lesson, dict.fromkeys(fixture_lesson.exercises, REFERENCE))
    blank = notebook_text(student_notebook(fixture_lesson))
    cases = (
        ({"a.ipynb": right[: len(right) // 2]}, "its JSON is broken or cut off"),
        ({"a.py": "x = 1", "b.pdf": b"%PDF"}, "No notebook was handed in, only a.py, b.pdf. Hand in 50_fixture.ipynb."),
        ({}, "No notebook was handed in, only nothing"),
        ({"a.ipynb": right, "b.ipynb": blank}, "2 different notebooks were handed in: a.ipynb, b.ipynb."),
    )
    for files, said in cases:
        results, _ = graded(files)
        assert said in results["output"]
        assert (results["score"], results["tests"]) == (0, [])


@pytest.mark.slow
def test_the_same_notebook_twice_and_another_one_beside_it_are_no_riddle(graded, fixture_lesson):
    right = answered(fixture_lesson, dict.fromkeys(fixture_lesson.exercises, REFERENCE))
    other = right.replace('"50_fixture"', '"01_chain_rule"').replace('\\"50_fixture\\"', '\\"01_chain_rule\\"')
    results, _ = graded({"a/a.ipynb": right, "b.ipynb": right, "c.ipynb": other, "d.ipynb": "{"})
    assert results["score"] == fixture_lesson.max_points
    results, _ = graded({"c.ipynb": other})
    assert "says that it answers 01_chain_rule" in results["output"]
    assert results["score"] == 0


@pytest.mark.slow
def test_what_a_notebook_needs_of_helpers_can_be_read_in_the_jail(graded, fixture_lesson):
    reading = """
from helpers import data
def slope(x, a=1.0):
    if a == 0:
        raise ValueError
    return 2 * a * np.asarray(x, dtype=float) + 0 * data.digits()[0][0, 0, 0]
"""
    results, _ = graded(
        {"a.ipynb": notebook_text(filled(fixture_lesson, solutions(fixture_lesson) | {"slope-answer": reading}))}
    )
    assert results["score"] == fixture_lesson.max_points


@pytest.mark.slow
def test_without_metadata_it_is_graded_all_the_same(graded, fixture_lesson):
    right = answered(fixture_lesson, dict.fromkeys(fixture_lesson.exercises, REFERENCE))
    results, printed = graded({"a.ipynb": right}, metadata=[])
    assert results["score"] == fixture_lesson.max_points
    assert "submission_metadata.json could not be read" in printed


@pytest.mark.slow
def test_a_container_that_cannot_start_the_grader_says_so(graded, container, fixture_lesson):
    python = container / "source/.venv/bin/python"
    python.rename(python.with_name("away"))
    try:
        results, _ = graded({"a.ipynb": notebook_text(student_notebook(fixture_lesson))})
    finally:
        python.with_name("away").rename(python)
    assert results["output"].startswith("The grader could not be started, which is no fault of yours.")
    settings = container / "source" / "settings.json"
    before = settings.read_text()
    settings.write_text("{}")
    try:
        results, printed = graded({"a.ipynb": notebook_text(student_notebook(fixture_lesson))})
    finally:
        settings.write_text(before)
    assert "A fault of the grader, not yours, kept this from being graded" in results["output"]
    assert "KeyError" in printed


def test_a_submission_finds_no_hidden_check_in_the_container(graded, container, fixture_lesson):
    looking = f"""
import pathlib
def slope(x, a=1.0):
    for path in (pathlib.Path({str(container)!r}) / "source").rglob("*"):
        if path.name in ("settings.json", "20_slope.py") and path.read_text():
            raise ValueError("found")
    pathlib.Path({str(container / "results" / "results.json")!r}).write_text("mine")
    return 2 * a * x
"""
    notebook = filled(fixture_lesson, solutions(fixture_lesson) | {"slope-answer": looking})
    results, printed = graded({"a.ipynb": notebook_text(notebook)})
    assert "found" not in printed
    assert scores(results)["slope", "public"] == 0
    assert "PermissionError" in printed + "".join(test["output"] for test in results["tests"])


def test_the_zip_holds_this_lesson_alone_and_its_scripts_may_be_run(container):
    with zipfile.ZipFile(container / "made/50_fixture-gradescope/autograder.zip") as archive:
        names = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    assert names["setup.sh"] == names["run_autograder"] == 0o755
    lessons = [name for name in names if name.startswith("autograder/lessons/") and name.endswith(".py")]
    assert {name.split("/")[2] for name in lessons} == {"50_fixture"}
    assert not [name for name in names if "__pycache__" in name or name.startswith("/")]
    subprocess.run(["bash", "-n", container / "source/setup.sh"], check=True)


def test_text_is_escaped_and_a_hidden_failure_alone_tells_no_diagnosis():
    nasty = "<script>alert(1)</script>"
    checks = (
        CheckRecord("a", nasty, False, "passed", 1, 1, nasty),
        CheckRecord("b", "It is.", True, "failed", 0, 1, nasty),
    )
    one = ExerciseRecord("slope", 1, 2, "failed", nasty, checks)
    record = Record("able", "50", "a.ipynb", "", 1, 2, (one,), remarks=(nasty,))
    results = results_of(record, titles={}, hidden="hidden", seconds=1, more={})
    assert nasty not in json.dumps(results)
    public, hidden = results["tests"]
    assert (public["status"], hidden["status"]) == ("passed", "failed")
    assert "Diagnosis" not in public["output"]
    assert "Diagnosis" in hidden["output"]


def test_a_question_in_words_has_no_entry_and_lateness_is_said():
    why = ExerciseRecord("why", 0, 3, "to be marked")
    record = Record("able", "50", "a.ipynb", "", 0, 3, (why,), standing=Standing(late="1 day late", deduction=0.1))
    results = results_of(record, titles={"why": "Why?"}, hidden="hidden", seconds=1, more={})
    assert results["tests"] == []
    assert "Why?: a person reads this answer" in results["output"]
    assert "1 day late" in results["output"]


def test_lateness_counts_from_the_course_or_from_gradescope(container, fixture_lesson, tmp_path):
    (tmp_path / "metadata.json").write_text(json.dumps(METADATA))
    submitted = read_metadata(tmp_path / "metadata.json")
    assert (submitted.student, submitted.name) == (STUDENT, "Ada Able")
    plain = course_of(settings_of(fixture_lesson, Course(), "hidden", ""), submitted)
    assert plain.deadlines == {}
    late = Course(per_day=0.25, extensions=(Extension(STUDENT, days=1), Extension(STUDENT, "01_chain_rule", days=9)))
    read = course_of(json.loads(json.dumps(settings_of(fixture_lesson, late, "hidden", ""))), submitted)
    assert read.deadlines["50_fixture"].isoformat() == "2027-02-28T10:00:00-08:00"
    assert [one.days for one in read.extensions] == [1]


def test_the_verb_takes_the_course_and_refuses_slips(tmp_path, monkeypatch, capsys):
    (tmp_path / "course.toml").write_text(
        '[deadlines]\n"01_chain_rule" = 2027-03-01\n[late]\nper_day = 0.1\n[points.01_chain_rule]\nsoftmax = 20\n'
    )
    words = ["course", "release", "01", "--to", "gradescope", "--out", tmp_path, "--course", tmp_path / "course.toml"]
    monkeypatch.setattr(sys, "argv", [*map(str, words), "--hidden", "hidden"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code in (0, None), capsys.readouterr()
    made = tmp_path / "01_chain_rule-gradescope"
    with zipfile.ZipFile(made / "autograder.zip") as archive:
        settings = json.loads(archive.read("settings.json"))
    assert (settings["hidden"], settings["points"]) == ("hidden", {"softmax": 20.0})
    assert settings["late"]["deadline"].startswith("2027-03-01T23:59:59")
    lesson = with_points(load_lesson("01_chain_rule"), read_course(tmp_path / "course.toml").points["01_chain_rule"])
    readme = (made / "README.md").read_text()
    assert f"{lesson.max_points:g} autograder points" in readme
    assert "Lateness is taken off" in readme
    assert stat.S_IMODE((made / "autograder.zip").stat().st_mode) == 0o600
    with pytest.raises(CourseError, match="no visibility 'never'"):
        release(lesson, "gradescope", tmp_path / "two", hidden="never")
    with pytest.raises(CourseError, match="are for --to gradescope"):
        release(lesson, "student", tmp_path / "three", hidden="hidden")


def test_several_files_in_a_zip_are_looked_through(tmp_path, fixture_lesson):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("in/a.ipynb", notebook_text(student_notebook(fixture_lesson)))
    assert the_notebook(tmp_path, "50_fixture").label == "all.zip/in/a.ipynb"
