"""Ctrl-C, a signal to end, a terminal or a pipe that is gone, at any moment: it ends the command, costs no point."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_faults import only_the_fixture_lesson, slope
from test_nothing_lost import (
    SIZE,
    class_folder,
    course,
    lines,
    place,
    processes,
    records,
    started,
    undisturbed,
    wait_for,
)

from autograder.building.notebook import notebook_text
from autograder.grading import whole_class
from autograder.grading.interruption import Interrupted
from autograder.grading.one_file import Settings
from conftest import QUICK, filled, solutions

__all__ = ["class_folder", "place", "undisturbed"]
CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129, "a closed pipe": 141}
SLOWLY = ("SIGTERM", "SIGHUP", "a closed pipe")
DONE = 1  # two files of the class are cut off


def ended(place, class_folder, out, how, workers, moment):
    """Start a run, end it in this way after so many seconds, and return its exit code and what it printed on stderr."""
    options = {"start_new_session": True, "stderr": subprocess.PIPE}
    run = started(place, class_folder, "--out", out, "--workers", workers, **options)
    wait_for((out / ".lock").exists)
    time.sleep(moment)
    if how == "a closed pipe":
        run.stdout.close()
        run.stdout = None
    else:
        os.killpg(run.pid, getattr(signal, how))
    said = run.communicate(timeout=60)[1]
    return run.returncode, said


OFTEN = [pytest.param(times, workers, marks=pytest.mark.slow) for times, workers in ((20, 2), (5, 1))]


# A key is quick, the others are slow.
@pytest.mark.parametrize("how", [pytest.param(how, marks=[pytest.mark.slow] * (how in SLOWLY)) for how in CODES])
@pytest.mark.parametrize(("times", "workers"), [(1, 2), *OFTEN])
def test_at_any_moment_it_costs_nothing(place, class_folder, undisturbed, how, workers, times):
    expected, seconds = undisturbed
    rng, kept = random.Random(f"{how}{workers}{times}"), []
    for number in range(times):
        out = place / f"out{number}"
        code, said = ended(place, class_folder, out, how, workers, rng.uniform(0.0, 0.9) * seconds)
        finished = (out / "grades.csv").exists()
        # Where all was done before, the signal met what was left of Python, or nobody.
        assert code == CODES[how] or (finished and code in (DONE, -getattr(signal, how, 0))), said
        assert "Traceback" not in said
        assert "full" not in said
        wait_for(lambda: not processes(place))
        assert not list((place / "tmp").iterdir())
        kept.append(lines(out / "records.jsonl"))
        code, printed = course(place, class_folder, "--out", out, "--workers", 2)
        assert code == DONE
        assert kept[-1] == 0 or f"{kept[-1]} of {SIZE} are graded already" in printed
        assert records(out) == expected
    # A closed pipe is met where something is printed: before the first submission, or after the last.
    assert times < 20 or how == "a closed pipe" or any(0 < one < SIZE for one in kept), kept


def test_an_interrupt_within_a_check_is_not_the_students_outcome(fixture_lesson, tmp_path, monkeypatch):
    """It leaves the check, and no record is made of it."""
    only_the_fixture_lesson(monkeypatch)
    waiting = slope(call="import time; time.sleep(0.9)")
    path = tmp_path / "a.ipynb"
    answers = {**solutions(fixture_lesson), "slope-answer": waiting}
    path.write_text(notebook_text(filled(fixture_lesson, answers)), encoding="utf-8")
    ring = f"import os, signal, time; time.sleep(1.5); os.kill({os.getpid()}, signal.SIGINT)"
    bell = subprocess.Popen([sys.executable, "-c", ring])
    with pytest.raises(Interrupted):
        whole_class.grade_class([path], tmp_path / "out", settings=Settings(secret="s", limits=QUICK), workers=1)
    bell.wait()
    assert lines(tmp_path / "out" / "records.jsonl") == 0
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_is_written_is_for_its_owner_only(fixture_lesson, tmp_path, monkeypatch, capsys):
    only_the_fixture_lesson(monkeypatch)
    path = tmp_path / "a.ipynb"
    path.write_text(notebook_text(filled(fixture_lesson, {})), encoding="utf-8")
    whole_class.grade_class([path], tmp_path / "out", settings=Settings(), workers=1)
    found = {entry.relative_to(tmp_path): entry.stat().st_mode & 0o777 for entry in (tmp_path / "out").rglob("*")}
    assert {Path("out/records.jsonl"), Path("out/grades.csv"), Path("out/matching.csv")} <= set(found)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    for name, mode in found.items():
        assert mode == (0o700 if (tmp_path / name).is_dir() else 0o600), name
