"""Isolation: what is in force is tried out, what is missing is a refusal that says what to do."""

import os

import pytest
from test_faults import only_the_fixture_lesson

from autograder.building.notebook import notebook_text
from autograder.remote import tiers
from autograder.remote.tiers import judge, launcher
from autograder.remote.zygote import Limits, Zygote
from autograder.source.problems import CourseError
from autograder.studying.own_notebooks import check_own, own_grader
from conftest import filled, solutions

FORBIDDEN = {
    "the lessons": "open(SECRET)",
    "helpers' kernels": "import helpers.kernels as k; open(k.__file__)",
    "the system": "open('/etc/passwd')",
    "processes": "open('/proc/self/environ')",
    "writing elsewhere": "open('/tmp/elsewhere', 'w')",
    "sockets": "import socket; socket.socket()",
    "datagrams": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "fork": "import os; os.fork()",
    "programs": "import subprocess; subprocess.run(['ls'])",
    "signals": "import os; os.kill(os.getppid(), 0)",
    "raising its own limits": "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 40, 1 << 40))",
    "large files": "open('large', 'wb').write(bytes(80 << 20))",
    "much memory": "import numpy as np; np.ones(1 << 29)",
    "scipy": "import sys; sys.meta_path.pop(0); import scipy",  # without the sentence that meets a cell's import
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_is_forbidden_is_refused(zygote, what):
    process = zygote.fork()
    code = FORBIDDEN[what].replace("SECRET", repr(tiers.__file__))
    error = process.run(code, "one", 5)
    process.close()
    refusals = ("PermissionError", "FileNotFoundError", "OSError", "MemoryError", "ValueError", "_ArrayMemoryError")
    assert error["types"][0] in refusals, error


@pytest.mark.parametrize("what", ["the lessons", "the system", "fork", "sockets"])
def test_negative_control_without_isolation_it_is_possible(what, open_zygote):
    assert open_zygote.layers == ["none"]
    process = open_zygote.fork()
    assert process.run(FORBIDDEN[what].replace("SECRET", repr(tiers.__file__)), "one", 5) is None
    process.close()


def test_the_environment_and_descriptors_are_bare(zygote, monkeypatch):
    process = zygote.fork()
    assert process.run("import os\nnames = sorted(os.environ)\nlimit = 64", "one", 5) is None
    code = """
def held():
    found = []
    for number in range(64):
        try:
            found.append(os.fstat(number) and number)
        except OSError:
            pass
    return found
"""
    assert process.run(code, "two", 5) is None
    assert process.look("names", 5) == ["DEEP_LEARNING_BY_HAND_GRADING", "HOME", "MPLBACKEND", "TMPDIR"]
    assert len(process.look("held", 5)()) == 4
    process.close()


def test_each_submission_has_an_empty_scratch_folder(zygote):
    for _ in range(2):
        process = zygote.fork()
        assert process.run("import os\nfound = os.listdir('.')\nopen('left', 'w').close()", "one", 5) is None
        assert process.look("found", 5) == []
        process.close()


def test_a_limit_on_memory_is_a_limit(monkeypatch):
    with Zygote(limits=Limits(memory=64 << 20)) as zygote:
        process = zygote.fork()
        assert process.run("x = bytes(32 << 20)", "one", 5) is None
        assert process.run("y = bytes(96 << 20)", "two", 5)["types"][0] == "MemoryError"


def test_strict_without_bwrap_is_a_refusal_that_says_what_to_install(monkeypatch):
    monkeypatch.setattr(tiers.shutil, "which", lambda name: None if name == "bwrap" else f"/usr/bin/{name}")
    with pytest.raises(CourseError, match=r"'strict' is not .* bwrap is not installed\. Install bubblewrap"):
        Zygote("strict").__enter__()


def test_by_default_the_strongest_that_works_and_at_least_standard(monkeypatch, tmp_path):
    monkeypatch.setattr(tiers.shutil, "which", lambda name: None if name == "bwrap" else f"/usr/bin/{name}")
    with Zygote() as zygote:
        assert zygote.layers[:3] == ["landlock", "seccomp", "rlimits"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root has powers to give up")
def test_root_without_a_way_to_give_up_its_powers_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(tiers, "_open_to_all", lambda path: False)
    monkeypatch.setattr(tiers.shutil, "which", lambda name: None)
    with pytest.raises(CourseError, match="setpriv"):
        launcher("standard", str(tmp_path))


def test_other_systems_get_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(tiers.sys, "platform", "darwin")
    with pytest.raises(CourseError, match=r"this is darwin.*ask for --isolation none"):
        launcher("standard", str(tmp_path))
    assert launcher("none", str(tmp_path))[2] == ["none"]
    monkeypatch.setattr(tiers.sys, "platform", "win32")
    with pytest.raises(CourseError, match="WSL"):
        launcher("none", str(tmp_path))


def test_a_hole_that_the_probe_finds_is_a_refusal():
    with pytest.raises(CourseError, match="in a trial these were possible: opening a socket"):
        judge("standard", {"possible": ["opening a socket"], "impossible": []})
    with pytest.raises(CourseError, match="in a trial these were impossible: importing modules"):
        judge("standard", {"possible": [], "impossible": ["importing modules"]})
    judge("standard", {"possible": [], "impossible": []})


def test_the_probe_sees_every_hole_where_nothing_is_confined(tmp_path, monkeypatch):
    from autograder.jail.probe import attempts, probe

    monkeypatch.chdir(tmp_path)
    secret = tmp_path / "secret"
    secret.write_text("x")
    possible = probe(lambda: None, {"secret": str(secret), "isolation": "strict"})["possible"]
    assert set(possible) >= set(attempts("x", strict=True)) - {"running a program"} or possible == ["running a program"]


def test_ones_own_notebook_is_checked_where_no_isolation_is_to_be_had(monkeypatch, tmp_path, capsys, fixture_lesson):
    only_the_fixture_lesson(monkeypatch)
    path = tmp_path / "mine.ipynb"
    path.write_text(notebook_text(filled(fixture_lesson, solutions(fixture_lesson))), encoding="utf-8")
    monkeypatch.setattr(tiers.shutil, "which", lambda name: None)
    monkeypatch.setattr(tiers.sys, "platform", "darwin")
    (data,) = check_own(path)
    assert (data["points"], data["isolation"]) == (8.5, ["none"])
    assert "this is darwin" in capsys.readouterr().out
    with pytest.raises(CourseError, match="this is darwin"):
        list(check_own(path, "standard"))
    with pytest.raises(CourseError, match="this is darwin"), own_grader("standard"):
        pass


@pytest.mark.parametrize("end", ["exit 3", "sleep 0.3"], ids=["at once", "with words of ours unread"])
def test_a_python_that_ends_at_its_start_is_a_missing_tier(end, monkeypatch):
    monkeypatch.setattr(
        "autograder.remote.zygote.launcher", lambda tier, scratch: (["sh", "-c", f"echo no luck >&2; {end}"], {}, [])
    )
    with pytest.raises(CourseError, match=r"it did not start \(no luck\)\. It is this Python itself"):
        Zygote("none").__enter__()
