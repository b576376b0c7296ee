"""A run that is killed, short of disk or refused loses nothing: what is recorded stays, and the next run goes on."""

import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest
from test_faults import SLOPE, only_the_fixture_lesson

from autograder.building.notebook import notebook_text
from autograder.grading import whole_class
from autograder.grading.one_file import Settings
from autograder.reporting.record_file import read_records
from autograder.reporting.records import Handed
from autograder.rules.overrides import Override, add_override, read_overrides
from autograder.source.lesson import load_lesson
from autograder.source.problems import CourseError
from conftest import FIXTURES, QUICK, filled, solutions

# The `course` command with the fixture lesson in the place of the course's own.
COURSE = """
import sys
from pathlib import Path
from autograder.grading import jobs, one_file, whole_class
from autograder.cli import app as cli
from autograder.source.lesson import load_lesson

lesson = load_lesson("50_fixture", Path(sys.argv.pop(1)))
for module in (jobs, one_file, whole_class):
    module.lesson_names, module.load_lesson = lambda: [lesson.name], lambda name: lesson
cli.main()
"""
SIZE, KILLS = 16, 20
SLOPES = (
    "    if a == 0:\n        raise ValueError\n    return 2.0 * a * x",
    "    return 2.0 * a * x",
    "    return x",
    "    import os; os._exit(0)",
    "    import time; time.sleep(0.1)\n    return 2.0 * a * x",
)


@pytest.fixture
def place():
    """A folder that every user can reach: a zygote may run as another one."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    (folder / "tmp").mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def class_folder(place):
    return a_class(place / "class")


def a_class(folder):
    """Write a class of small notebooks, right, wrong, dying, slow and cut off."""
    lesson = load_lesson("50_fixture", FIXTURES)
    folder.mkdir()
    for number in range(SIZE):
        slope = "def slope(x, a=1.0):\n" + SLOPES[number % len(SLOPES)]
        text = notebook_text(filled(lesson, {**solutions(lesson), SLOPE: slope}))
        (folder / f"s{number:02}.ipynb").write_text(text if number % 7 else text[:900], encoding="utf-8")
    return folder


def command(*words):
    return [sys.executable, "-c", COURSE, str(FIXTURES), "grade", *map(str, words)]


def started(place, *words, **options):
    """Start `course grade`; its temporary files are in the test's place, so that its processes can be told."""
    environment = {**os.environ, "TMPDIR": str(place / "tmp"), "COURSE_SECRET": "s"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command(*words), env=environment, **{**pipes, **options})


def course(place, *words, **options):
    """Run `course grade` and return (exit code, what it printed)."""
    process = started(place, *words, **options)
    printed = process.communicate(timeout=120)[0]
    assert "Traceback" not in printed, printed
    return process.returncode, printed


def records(out):
    """All records by file, without times and places; every line must be whole, no file graded twice."""
    found = [record for _, record in read_records(out / "records.jsonl")]
    assert len({record.file for record in found}) == len(found)
    return {record.file: replace(record, seconds=0.0, graded_at="", handed=Handed()) for record in found}


def processes(place):
    """The processes whose command line, environment or working folder names this place."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            words += os.fsencode(os.readlink(entry / "cwd"))
        except OSError:
            continue
        if str(place).encode() in words:
            found.append(int(entry.name))
    return found


def lines(path):
    return path.read_bytes().count(b"\n") if path.exists() else 0


@pytest.fixture(scope="module")
def undisturbed():
    """(records, seconds) of a run that nobody disturbed."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    (folder / "tmp").mkdir()
    began = time.monotonic()
    code, printed = course(folder, a_class(folder / "class"), "--out", folder / "out", "--workers", 2)
    assert code == 1, printed
    yield records(folder / "out"), time.monotonic() - began
    shutil.rmtree(folder)


@pytest.mark.parametrize("kills", [3, pytest.param(KILLS, marks=pytest.mark.slow)])
def test_killed_at_any_moment_it_loses_only_what_was_in_flight(place, class_folder, undisturbed, kills):
    expected, seconds = undisturbed
    rng = random.Random(kills)
    seen = []
    for number in range(kills):
        out = place / f"out{number}"
        run = started(place, class_folder, "--out", out, "--workers", 2)
        target = rng.randrange(SIZE) if number % 3 else 0
        wait_for(lambda out=out, target=target: lines(out / "records.jsonl") >= target)
        time.sleep(rng.uniform(0.0, 0.3 if number % 3 else seconds))
        before = lines(out / "records.jsonl")
        run.send_signal(signal.SIGKILL)
        run.communicate()
        kept = lines(out / "records.jsonl")
        code, printed = course(place, class_folder, "--out", out, "--workers", 2)
        assert code == 1
        assert before <= kept
        assert kept == 0 or f"{kept} of {SIZE} are graded already" in printed
        assert records(out) == expected
        seen.append(kept)
    assert any(0 < kept < SIZE for kept in seen), seen
    wait_for(lambda: not processes(place))


def wait_for(true, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_workers_and_jails_end_with_a_killed_grader(place, class_folder):
    run = started(place, class_folder, "--out", place / "out", "--workers", 2)
    wait_for(lambda: lines(place / "out" / "records.jsonl") > 2)
    assert len(processes(place)) > 4
    run.send_signal(signal.SIGKILL)
    run.communicate()
    wait_for(lambda: not processes(place))


@pytest.mark.slow
def test_a_killed_worker_costs_nothing(place, class_folder, undisturbed):
    run = started(place, class_folder, "--out", place / "out", "--workers", 2)
    wait_for(lambda: lines(place / "out" / "records.jsonl") > 2)
    workers = [pid for pid in processes(place) if pid != run.pid and COURSE.encode() in _cmdline(pid)]
    os.kill(workers[0], signal.SIGKILL)
    printed = run.communicate(timeout=60)[0]
    assert "A worker was killed" in printed
    assert run.returncode == 1
    assert records(place / "out") == undisturbed[0]


def _cmdline(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.mark.slow
def test_an_interrupted_run_says_so_and_goes_on(place, class_folder, undisturbed):
    run = started(place, class_folder, "--out", place / "out", "--workers", 2, start_new_session=True)
    wait_for(lambda: lines(place / "out" / "records.jsonl") > 2)
    os.killpg(run.pid, signal.SIGINT)
    printed = run.communicate(timeout=60)[0]
    assert run.returncode not in (0, 1)
    assert "Traceback" not in printed
    wait_for(lambda: not processes(place))
    course(place, class_folder, "--out", place / "out")
    assert records(place / "out") == undisturbed[0]


@pytest.fixture
def here(monkeypatch, capsys, class_folder, place):
    """A function that grades the class in this process and returns what it printed."""
    only_the_fixture_lesson(monkeypatch)

    def grade(**options):
        whole_class.grade_class([class_folder], place / "out", settings=Settings(secret="s"), workers=1, **options)
        return capsys.readouterr().out

    return grade


@pytest.mark.slow
def test_a_torn_last_line_is_mended(here, place, undisturbed):
    here()
    path = place / "out" / "records.jsonl"
    raw = path.read_bytes()
    path.write_bytes(raw[: raw.rstrip().rfind(b"\n") + 500])
    assert f"{SIZE - 1} of {SIZE} are graded already" in here()
    assert records(place / "out") == undisturbed[0]


def test_only_what_changed_is_graded_again(here, place, class_folder):
    here()
    changed = class_folder / "s01.ipynb"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert f"{SIZE - 1} of {SIZE} are graded already" in here()
    assert lines(place / "out" / "records.jsonl") == SIZE + 1


@pytest.mark.slow
def test_again_keeps_the_earlier_records(here, place, undisturbed):
    here()
    first = (place / "out" / "records.jsonl").read_bytes()
    here(again=True)
    path = place / "out" / "records.jsonl"
    assert path.read_bytes().startswith(first)
    path.write_bytes(path.read_bytes()[len(first) :])
    assert records(place / "out") == undisturbed[0]


@pytest.mark.parametrize("garbage", [b"not JSON\n", b"{}\n", b"[1]\n"])
def test_a_line_that_is_no_record_is_named(here, place, garbage):
    (place / "out").mkdir()
    path = place / "out" / "records.jsonl"
    path.write_bytes(garbage)
    with pytest.raises(CourseError, match="Line 1 of"):
        here()
    assert path.read_bytes() == garbage


def _short_of_disk():
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.slow
def test_a_full_disk_is_a_sentence_and_the_next_run_goes_on(place, class_folder, undisturbed):
    code, printed = course(place, class_folder, "--out", place / "out", "--workers", 1, preexec_fn=_short_of_disk)
    assert code == 2, printed
    assert "cannot be written (File too large)" in " ".join(printed.split())
    kept = lines(place / "out" / "records.jsonl")
    assert 0 < kept < SIZE
    _, printed = course(place, class_folder, "--out", place / "out")
    assert f"{kept} of {SIZE} are graded already" in printed
    assert records(place / "out") == undisturbed[0]


def test_a_device_that_is_full_is_a_sentence(place, class_folder):
    (place / "out").mkdir()
    (place / "out" / "records.jsonl").symlink_to("/dev/full")
    code, printed = course(place, class_folder, "--out", place / "out")
    assert code == 2
    assert "cannot be written" in printed


@pytest.mark.parametrize("out", ["/proc/nothing", "class/s01.ipynb", "class/s01.ipynb/out"])
def test_a_folder_that_cannot_be_written_is_refused(place, class_folder, out):
    before = (class_folder / "s01.ipynb").read_bytes()
    code, printed = course(place, class_folder, "--out", place / out)
    assert code == 2
    assert "cannot be written" in printed
    assert (class_folder / "s01.ipynb").read_bytes() == before


@pytest.mark.slow
def test_two_graders_on_one_folder_are_one_too_many(place, class_folder, undisturbed):
    run = started(place, class_folder, "--out", place / "out", "--workers", 1)
    wait_for(lambda: lines(place / "out" / "records.jsonl") > 0)
    run.send_signal(signal.SIGSTOP)  # on a busy machine it would be done before the other one has started
    code, printed = course(place, class_folder, "--out", place / "out", "--again")
    run.send_signal(signal.SIGCONT)
    assert code == 2
    assert "Another grader is at work" in printed
    run.communicate(timeout=60)
    assert run.returncode == 1
    assert records(place / "out") == undisturbed[0]


@pytest.mark.slow
def test_any_number_of_workers_and_any_order_give_the_same(tmp_path, monkeypatch, capsys):
    only_the_fixture_lesson(monkeypatch)
    folder = a_class(tmp_path / "class")
    (folder / "again").mkdir()
    for name in ("s01", "s02"):  # two files of one student, with as many points
        shutil.copy(folder / f"{name}.ipynb", folder / "again" / f"{name}.ipynb")
    find, results = whole_class.find_class, []

    def turn(jobs, group):
        return jobs[::-1], group

    for workers, turned in ((1, False), (1, True), (2, False), (3, True)):
        change = turn if turned else lambda *both: both
        monkeypatch.setattr(whole_class, "find_class", lambda *a, c=change, **o: c(*find(*a, **o)))
        out = tmp_path / f"{workers}{turned}"
        whole_class.grade_class([folder], out, settings=Settings(secret="s", limits=QUICK), workers=workers)
        pages = {page.name: re.sub(r"; graded .*", "", page.read_text()) for page in (out / "feedback").iterdir()}
        results.append((records(out), (out / "grades.csv").read_bytes(), pages))
    assert results[1:] == results[:1] * 3
    assert len(results[0][0]) == SIZE + 2


def test_another_secret_gives_other_inputs_and_a_record_says_its_seed(tmp_path, monkeypatch, capsys):
    only_the_fixture_lesson(monkeypatch)
    folder = a_class(tmp_path / "class")
    seeds = []
    for number, secret in enumerate(("s", "s", "t")):
        out = tmp_path / str(number)
        whole_class.grade_class([folder / "s02.ipynb"], out, settings=Settings(secret=secret), workers=1)
        seeds.append(json.loads((out / "records.jsonl").read_text())["seed"])
    assert seeds[0] == seeds[1] != seeds[2]


@pytest.mark.parametrize("tail", ["", "{", "half", "whole"])
def test_a_decision_that_a_kill_cut_off_does_not_cost_the_others(tmp_path, tail):
    """Nothing whole is lost, and the file stays readable after the next decision."""
    one, other, last = (Override(name, "51", "slope", 1.0, "w") for name in ("able", "bee", "cat"))
    add_override(tmp_path, one)
    add_override(tmp_path, other)
    path = tmp_path / "overrides.jsonl"
    first, second = path.read_text().splitlines()
    path.write_text(f"{first}\n" + {"half": second[:40], "whole": second}.get(tail, tail))
    add_override(tmp_path, last)
    expected = {"able", "cat"} | ({"bee"} if tail == "whole" else set())
    assert {student for student, _ in read_overrides(tmp_path)} == expected
