"""The negative control: a grader as most are, with references, checks and verdict in the student's own process.

An attack that earns nothing here proves nothing there. The notebook runs in a fork of the test's process, so that what
it breaks is gone afterwards; the process holds the lesson in memory, in linecache, in the environment and in an open
file, and the verdict is given three times: by np.allclose and ==, by numpy.testing, and by our own checks.
"""

import io
import json
import linecache
import os
import signal
import sys
import warnings

import numpy as np

from helpers.running import run_check

RIGHT = {"slope": lambda x, a=1.0: 2 * a * x, "six": 6}
SECONDS, TRIES = 10, 3


def earns(lesson, cells, target, folder):
    """Whether any of the three verdicts accepts what these cells leave under the target's name.

    A fork of a process with threads may find a lock held for ever, and then has no verdict: it is tried again.
    """
    told = (_told_by_a_fork(lesson, cells, target, folder) for _ in range(TRIES))
    return json.loads(next(filter(None, told), "false"))


def _told_by_a_fork(lesson, cells, target, folder):
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(SECONDS)
        os.closerange(3, theirs)  # an attack that writes everywhere must not reach the test runner
        os.closerange(theirs + 1, 4096)
        try:
            verdict = _verdict(lesson, cells, target, folder)
            os.write(theirs, json.dumps(verdict).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as answer:
        text = answer.read()
    os.waitpid(pid, 0)
    return text


def _verdict(lesson, cells, target, folder):
    warnings.simplefilter("ignore")
    sys.stdout = sys.stderr = io.StringIO()
    section = lesson.section("pair" if target == "six" else target)
    kept = _leave_traces(section)
    os.chdir(folder)
    sys.modules["autograder_section"] = section.module
    names = {"np": np, "get_ipython": lambda: None, "__name__": "__main__"}
    for cell in cells:
        try:
            exec(cell, names)
        except BaseException:
            continue
    if os.path.exists("result.json"):
        with open("result.json") as file:
            return json.load(file)
    right = {**RIGHT, "letter": lesson.section("letter").exercise.answers[0].value}
    verdicts = (_by_comparing, _by_numpy_testing, _by_our_checks)
    return any(_passes(verdict, names, target, right, section) for verdict in verdicts) and bool(kept)


def _leave_traces(section):
    text = section.path.read_text()
    linecache.cache[str(section.path)] = (len(text), None, text.splitlines(True), str(section.path))
    os.environ["COURSE_LESSON"] = str(section.path)
    os.dup2(os.open(section.path, os.O_RDONLY), 20)
    return section.path.read_bytes()


def _passes(verdict, names, target, right, section):
    try:
        return bool(verdict(names, target, right, section))
    except BaseException:
        return False


def _by_comparing(names, target, right, _):
    if target != "slope":
        return names[target] == right[target]
    x = np.array([1.0, -2.0, 0.5])
    return np.allclose(names["slope"](x, 3.0), right["slope"](x, 3.0))


def _by_numpy_testing(names, target, right, _):
    if target != "slope":
        np.testing.assert_equal(names[target], right[target])
    else:
        x = np.array([1.0, -2.0, 0.5])
        np.testing.assert_allclose(names["slope"](x, 3.0), right["slope"](x, 3.0))
    return True


def _by_our_checks(names, target, _, section):
    checks = [check for check in section.exercise.checks if target in check.needs]
    return any(run_check(check, names, 1).earned > 0 for check in checks)
