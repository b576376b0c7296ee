"""A class graded in shares, by the very script that a Slurm cluster runs, and brought home: as if by one machine."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_class_run import Place, lessons, place  # noqa: F401  fixtures
from test_nothing_lost import COURSE

from autograder.grading import whole_class
from autograder.grading.jobs import Job
from autograder.grading.one_file import Settings
from autograder.grading.shares import share_of
from autograder.reporting.record_file import read_records
from autograder.rules.choices import Choices
from autograder.source.problems import CourseError
from conftest import FIXTURES, QUICK

SCRIPT = Path(__file__).parents[1] / "docs" / "slurm_array.sh"
WRONG = "def slope(x, a=1.0):\n    return x"
STUDENTS = ("able", "bee", "cee", "dee", "eve", "fay")


@pytest.fixture
def class_of_six(place):  # noqa: F811
    for number, student in enumerate(STUDENTS):
        place.hand_in(f"{student}.ipynb", slope=WRONG if number % 2 else None)
    place.hand_in("able (1).ipynb", slope=WRONG)
    return place


def graded(place, out, secret="s", **options):  # noqa: F811
    settings = Settings(secret=secret, limits=QUICK, isolation="none")
    return whole_class.grade_class([place.folder], out, settings=settings, choices=Choices(), workers=1, **options)


def table(out):
    with open(out / "grades.csv", newline="") as file:
        return list(csv.reader(file))


def test_every_student_is_in_one_share_with_all_files_whoever_else_hands_in():
    jobs = [Job(f"file {n}", f"s{n // 2}") for n in range(60)]
    parts = [share_of(jobs, f"{number}/7") for number in range(1, 8)]
    assert sorted(id(job) for part in parts for job in part) == sorted(map(id, jobs))
    assert min(map(len, parts)) > 0
    assert sum(len({job.student for job in part}) for part in parts) == 30
    assert share_of(jobs[::3], "3/7") == [job for job in parts[2] if job in jobs[::3]]
    assert share_of(jobs, "1/1") == share_of(jobs, "") == jobs


@pytest.mark.parametrize("share", ["0/3", "4/3", "1", "1/0", "-1/3", "a/b", "1/3/5"])
def test_a_share_that_is_none_is_a_sentence(share):
    with pytest.raises(CourseError, match="--share is which of how many"):
        share_of([], share)


@pytest.mark.slow
def test_shares_brought_home_are_the_class(class_of_six, tmp_path, capsys):
    graded(class_of_six, class_of_six.out)
    for number in (1, 2, 3):
        graded(class_of_six, tmp_path / "shares" / str(number), share=f"{number}/3")
    elsewhere = replace_folder(class_of_six, tmp_path / "elsewhere")
    capsys.readouterr()
    graded(elsewhere, tmp_path / "home", take=[tmp_path / "shares"])
    printed = capsys.readouterr().out
    assert "7 records taken over from 3 folders." in printed
    assert "7 of 7 are graded already and unchanged" in printed
    assert table(tmp_path / "home") == table(class_of_six.out)
    assert len(list((tmp_path / "home" / "feedback").glob("*.html"))) == 6
    lines = (tmp_path / "home" / "records.jsonl").read_bytes()
    graded(elsewhere, tmp_path / "home", take=[tmp_path / "shares"])
    assert "0 records taken over" in capsys.readouterr().out
    assert (tmp_path / "home" / "records.jsonl").read_bytes() == lines


def replace_folder(place, target):  # noqa: F811
    """The same class at another path, as it lies at home."""
    shutil.copytree(place.folder, target / "class")
    return Place(target, place.lessons)


def test_what_no_longer_holds_is_graded_at_home(class_of_six, tmp_path, capsys):
    graded(class_of_six, tmp_path / "share")
    class_of_six.hand_in("bee.ipynb")
    (class_of_six.folder / "cee.ipynb").unlink()
    capsys.readouterr()
    graded(class_of_six, tmp_path / "home", take=[tmp_path / "share"])
    printed = capsys.readouterr().out
    assert "5 records taken over from 1 folders; 2 more are of other files or checks than those here." in printed
    assert "graded 1 of 1" in printed
    found = {record.student: record.points for _, record in read_records(tmp_path / "home" / "records.jsonl")}
    assert set(found) == set(STUDENTS) - {"cee"}
    assert found["bee"] > found["dee"]


@pytest.mark.slow
def test_records_of_other_checks_or_another_secret_are_not_taken(class_of_six, tmp_path, capsys):
    graded(class_of_six, tmp_path / "share")
    with pytest.raises(CourseError, match=r"share/records.jsonl was made with another secret"):
        graded(class_of_six, tmp_path / "home", secret="t", take=[tmp_path / "share"])
    with pytest.raises(CourseError, match=r"holds no records.jsonl: name a folder of results"):
        graded(class_of_six, tmp_path / "home", take=[class_of_six.folder])
    path = tmp_path / "share" / "records.jsonl"
    path.write_text(path.read_text().replace('"fingerprint": "', '"fingerprint": "0'))
    capsys.readouterr()
    graded(class_of_six, tmp_path / "home", take=[tmp_path / "share"])
    assert "0 records taken over from 1 folders; 7 more" in capsys.readouterr().out


@pytest.mark.slow
def test_the_script_of_the_array_under_bash_and_the_merge(tmp_path, class_of_six):
    (tmp_path / "secret.txt").write_text("s")
    (tmp_path / "course.py").write_text(COURSE)
    run = f"{sys.executable} {tmp_path / 'course.py'} {FIXTURES}"
    for number in ("1", "2", "2"):
        numbers = {"SLURM_ARRAY_TASK_ID": number, "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_CPUS_PER_TASK": "1"}
        words = [
            "bash",
            SCRIPT,
            class_of_six.folder,
            tmp_path / "shares",
            tmp_path / "secret.txt",
            "--isolation",
            "none",
        ]
        done = subprocess.run(words, env={**os.environ, **numbers, "COURSE": run}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert "are graded already and unchanged" in done.stdout
    home = [*run.split(), "grade", class_of_six.folder, "--secret", tmp_path / "secret.txt", "--isolation", "none"]
    done = subprocess.run(
        [*home, "--out", tmp_path / "home", "--take", tmp_path / "shares"], capture_output=True, text=True
    )
    assert "7 records taken over from 2 folders." in done.stdout, done.stderr
    graded(class_of_six, class_of_six.out)
    assert table(tmp_path / "home") == table(class_of_six.out)
    bad = {"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "2"}
    done = subprocess.run(words, env={**os.environ, **bad, "COURSE": run}, capture_output=True, text=True)
    assert (done.returncode, "--share is which of how many" in done.stderr) == (2, True)
