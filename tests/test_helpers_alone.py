"""`helpers` where hardly anything is allowed, as in a browser: no thread, process, socket or file of anybody's else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import helpers
from autograder.source.lesson import load_lesson
from conftest import BUILT, solutions

CHILD = """
import _thread, json, os, sys, sysconfig, threading

FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn")
HERE = [os.path.realpath(one) for one in (os.getcwd(), sys.prefix, sys.base_prefix, *sysconfig.get_paths().values())]
HOME = [os.path.realpath(one) for one in sys.argv[1:]]


def watch(event, given):
    if event.startswith(FORBIDDEN):
        raise RuntimeError(f"forbidden: {event}")
    if event == "open" and isinstance(given[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(given[0]))
        writes = bool(given[2] & (os.O_WRONLY | os.O_RDWR)) if given[2] else False
        roots = HERE[:1] if writes else HERE + HOME
        if not any(path == root or path.startswith(root + os.sep) for root in roots):
            raise RuntimeError(f"forbidden: open {path}")


def no_thread(*given, **named):
    raise RuntimeError("forbidden: a thread")


_thread.start_new_thread = threading._start_new_thread = threading._start_joinable_thread = no_thread
asked = json.load(sys.stdin)
sys.addaudithook(watch)
"""
CONTROLS = {
    "a thread": "import threading; threading.Thread(target=print).start()",
    "a process": "import subprocess; subprocess.run(['true'])",
    "a fork": "import os; os.fork()",
    "a shell": "import os; os.system('true')",
    "a socket": "import socket; socket.socket()",
    "a file to read": "open('/etc/hostname')",
    "a file of the checkout": f"open({__file__!r})",
    "a file to write": "import sys; open(sys.prefix + '/x', 'w')",
}
WORK = """
import math
import numpy as np
import helpers

for lesson, answers in asked.items():
    names = {"math": math, "np": np}
    exec("\\n\\n".join(answers["code"]), names)
    grader = helpers.Grader(lesson, names)
    said = {name: repr(grader.check(name)) for name in answers["exercises"]}
    assert "Progress in" in repr(grader.progress())
    assert ", hint 1 of " in repr(grader.hint(answers["exercises"][0]))
    print(json.dumps([lesson, said, grader.progress()._repr_html_().count("passed</b>")]))
"""


def alone(code, folder, asked=None):
    """Run code where only what it brings along is allowed: (exit code, what it printed, what it complained of)."""
    command = [sys.executable, "-B", "-P", "-c", CHILD + code, str(Path(helpers.__file__).parent)]
    done = subprocess.run(command, cwd=folder, input=json.dumps(asked or {}), capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("what", CONTROLS)
def test_what_is_forbidden_fails(tmp_path, what):
    code, _, said = alone(CONTROLS[what], tmp_path)
    assert (code, "RuntimeError: forbidden: " in said) == (1, True), said
    assert alone("open('mine', 'w').write('x'); open('mine').read()", tmp_path)[0] == 0


@pytest.mark.slow
def test_every_exercise_can_be_checked_with_nothing_but_files_of_its_own(tmp_path):
    lessons = {name: load_lesson(name) for name in BUILT}
    asked = {
        name: {"code": [*given(lesson), *solutions(lesson).values()], "exercises": list(lesson.exercises)}
        for name, lesson in lessons.items()
    }
    code, printed, said = alone(WORK, tmp_path, asked)
    assert code == 0, said
    for line in printed.splitlines():
        name, checked, _ = json.loads(line)
        odd = {one: told for one, told in checked.items() if not fine(told)}
        assert not odd, (name, odd)
        assert len(checked) == len(lessons[name].exercises)
    assert len(printed.splitlines()) == len(BUILT)
    assert not list(tmp_path.iterdir())


def given(lesson):
    """What the notebook itself defines for its exercises."""
    return [cell.text for section in lesson.sections for cell in section.cells if cell.kind == "given"]


def fine(told):
    return "all public checks passed" in told.splitlines()[0] or "noted" in told
