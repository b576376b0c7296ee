"""Class 5, outlive the grading: processes, threads, timers, handlers and files that wait for the next submission."""

import os
import signal
import sys
import time
from dataclasses import dataclass

import pytest

from conftest import filled, solutions

FULL = {"slope": 4, "letter": 2, "pair": 2.5}


@dataclass(frozen=True)
class Squatter:
    """Student code that tries to stay, and an expression that is true where it could."""

    name: str
    code: str
    proof: str


SQUATTERS = [
    Squatter("a child", "pid = os.fork()\nif pid == 0:\n    time.sleep(20); os._exit(0)", "os.kill(pid, 9) is None"),
    Squatter(
        "a detached grandchild",
        "r, w = os.pipe()\nif os.fork() == 0:\n    os.setsid()\n    pid = os.fork()\n    if pid == 0: time.sleep(20)\n"
        "    os.write(w, str(pid).encode()); os._exit(0)\npid = int(os.read(r, 9))",
        "os.kill(pid, 9) is None",
    ),
    Squatter(
        "a program", "import subprocess\np = subprocess.Popen(['sleep', '20'])", "p.poll() is None and p.kill() is None"
    ),
    Squatter(
        "a thread",
        "import threading\nt = threading.Thread(target=time.sleep, args=(20,), daemon=True); t.start()",
        "t.is_alive()",
    ),
    Squatter(
        "a busy thread",
        "import threading\ndef spin():\n    while True: time.sleep(0.001)\n"
        "t = threading.Thread(target=spin, daemon=True)\nt.start()",
        "t.is_alive()",
    ),
    Squatter("atexit", "import atexit\natexit.register(open, 'left', 'w')", "True"),
    Squatter(
        "a signal handler",
        "import signal\nfor n in (1, 2, 3, 10, 12, 15): signal.signal(n, signal.SIG_IGN)",
        "signal.getsignal(15) == signal.SIG_IGN",
    ),
    Squatter("a timer", "import signal\nsignal.setitimer(signal.ITIMER_REAL, 20)", "signal.getitimer(0)[0] > 0"),
    Squatter("numpy poisoned", "np.asarray = np.array = lambda *a, **k: None", "np.array([1]) is None"),
    Squatter("built-ins poisoned", "import builtins\nbuiltins.len = lambda x: 0", "len('abc') == 0"),
    Squatter("helpers poisoned", "import helpers.running as r\nr.is_starter = lambda v: True", "r.is_starter(1)"),
    Squatter("a module planted", "sys.modules['math'] = None", "sys.modules['math'] is None"),
    Squatter("a file left", "open('left', 'w').write('x')", "os.path.exists('left')"),
    Squatter("many files left", "for i in range(500): open(f'left{i}', 'w').close()", "os.path.exists('left499')"),
    Squatter("an unreadable folder", "os.makedirs('a/b/c'); os.chmod('a', 0)", "os.path.isdir('a')"),
    Squatter("the folder deleted", "os.rmdir(os.getcwd())", "not os.path.exists(os.environ.get('PWD', '') + '/x')"),
]
PREAMBLE = "import os, sys, time, signal\nimport numpy as np\n"


@pytest.mark.parametrize("squatter", SQUATTERS, ids=lambda one: one.name)
def test_nothing_stays_and_the_next_submission_is_untouched(squatter, grade_notebook, fixture_lesson):
    started = time.monotonic()
    grade_notebook(filled(fixture_lesson, solutions(fixture_lesson), before=[PREAMBLE + squatter.code]))
    probe = "import os\nfound = os.listdir('.')\nassert found == [], found"
    points, graded = grade_notebook(filled(fixture_lesson, solutions(fixture_lesson), before=[probe]))
    assert points == FULL
    assert graded.problems == ()
    assert time.monotonic() - started < 8


def test_no_process_is_left(grade_notebook, fixture_lesson, zygote):
    for squatter in SQUATTERS:
        grade_notebook(filled(fixture_lesson, {}, before=[PREAMBLE + squatter.code]))
    assert len(descendants(zygote._process.pid)) <= 2  # the zygote, and bwrap's own first process


def descendants(pid):
    """The processes below this one."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if fields[0] != "Z" and int(fields[1]) == pid:
            found += [int(entry), *descendants(int(entry))]
    return found


@pytest.mark.parametrize("squatter", SQUATTERS, ids=lambda one: one.name)
def test_negative_control(squatter, tmp_path):
    """Without a jail, in a process that lives on, each of them stays."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        signal.alarm(10)
        try:
            work = tmp_path / "work"
            work.mkdir()
            os.chdir(work)
            names = {"__builtins__": __builtins__}
            exec(PREAMBLE + squatter.code, names)
            os.write(theirs, b"1" if eval(squatter.proof, names) else b"0")
        finally:
            sys.stderr = None
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as answer:
        assert answer.read() == "1"
    os.waitpid(pid, 0)
    if (tmp_path / "work" / "a").exists():
        (tmp_path / "work" / "a").chmod(0o700)
