"""Whatever a submission does, the grader's memory and time stay small: each way of sending much, each long loop."""

import json
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.grading.matching import Matching
from autograder.grading.one_submission import _check_one, grade
from autograder.grading.submission import read_submission
from autograder.remote.remote_names import RemoteNames
from autograder.remote.zygote import Limits
from conftest import filled, solutions
from helpers.checking import check, expect

GRADER = 85 << 20  # a grading process that has five lessons and graded them (/proc/self/status, VmHWM)
MOST = (300 << 20) - GRADER
FULL = {"slope": 4, "letter": 2, "pair": 2.5}


@check(points=1, hidden=True)
def greedy(answer, rng):
    """Calls the answer a thousand times, gives it a function, and keeps all that it sees."""
    seen = []

    def function(*args):
        seen.append(args)
        return 1.0

    seen.extend(answer(function, np.ones(3), rng) for _ in range(1000))
    expect(not seen, "kept")


ANSWERS = {
    "large arrays": "return np.ones(1 << 20)",
    "arrays of small elements": "return np.ones(8 << 20, dtype=bool)",
    "arrays of complex numbers": "return np.ones(1 << 19, dtype=complex)",
    "many little arrays": "return [np.ones(0)] * 100_000",
    "long lists": "return list(range(190_000))",
    "long texts": "return 'x' * 2_000_000",
    "texts that JSON makes longer": "return chr(0x10FFFF) * 160_000",
    "large dicts": "return [dict.fromkeys(range(9_000), 0.5)] * 20",
    "long numbers": "return [1 << 4000] * 1500",
    "many types": "return [object()] * 1900",
    "many Generators": "return [rng] * 1900",
    "exceptions with long texts": "raise ValueError('x' * 10_000_000)",
    "exceptions with many bases": "raise type('E' * 60_000, (ValueError,), {})",
    "warnings": "import warnings\n    for i in range(50_000): warnings.warn(str(i) * 500)",
    "callbacks with large arguments": "while True: f(np.ones(1 << 19))",
    "callbacks with long lists": "while True: f([0.5] * 100_000)",
    "callbacks without end": "while True: f()",
    "results of callbacks": "return [f() for _ in range(100_000)]",
    "headers without end": "forge(b'{\"id\": 1}' + b' ' * 2_000_000)",
    "headers of empty lists": "forge(b'{\"id\": \"' + w._id.encode() + b'\", \"x\": [' + b'[],' * 690_000 + b'[]]}')",
    "replies to nothing": "for _ in range(300): forge(b'{\"x\": [' + b'{},' * 690_000 + b'{}]}')",
    "a body that is never used": "forge(b'{\"id\": \"' + w._id.encode() + b'\"}', bytes(8 << 20))",
}
FORGE = """
import gc, os, struct
import numpy as np
w = next(w for w in gc.get_objects() if type(w).__name__ == "Worker")
def forge(header, body=b""):
    frame = memoryview(struct.pack(">IQ", len(header), len(body)) + header + body)
    while frame: frame = frame[w._connection.send(frame):]
"""


def told(field):
    """The bytes that this process has now (VmRSS), or had at most (VmHWM)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) << 10


# Every third is quick.
SOME = [pytest.param(how, marks=[pytest.mark.slow] * bool(number % 3)) for number, how in enumerate(ANSWERS)]


@pytest.mark.parametrize("how", SOME)
def test_the_grader_stays_small(zygote, how):
    process = zygote.fork()
    assert process.run(f"{FORGE}\ndef answer(f, x, rng):\n    {ANSWERS[how]}", "one", 5) is None
    before = told("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # forgets the peak
    started = time.monotonic()
    process.end = process.latest = started + 4
    result = _check_one(greedy, process, RemoteNames(process, 5), 1, None)
    assert result.outcome == "failed"
    assert told("VmHWM") - before < MOST
    assert time.monotonic() - started < 10
    process.close()


@pytest.mark.slow
def test_negative_control_without_the_bounds_it_grows(zygote, monkeypatch):
    monkeypatch.setattr("autograder.remote.allowance.MOST", 256 << 20)
    with pytest.raises(AssertionError, match="told"):
        test_the_grader_stays_small(zygote, "large arrays")


def cells(*texts):
    return [{"cell_type": "code", "id": f"own-{i}", "metadata": {}, "source": text} for i, text in enumerate(texts)]


LONG = {
    "100,000 trivial cells": lambda whole: [*cells(*["1"] * 100_000), *whole],
    "1,000 answers of one name": lambda whole: [*whole, *cells(*["def slope(x, a=1.0):\n    return x"] * 1000)],
    "2,000 failing cells": lambda whole: [*cells(*["1 / 0"] * 2000), *whole],
    "5,000 check cells": lambda whole: [*whole, *cells(*["grader.check('slope')"] * 5000)],
    "one cell of 100,000 definitions": lambda whole: [*cells("x=1\n" * 100_000), *whole],
    "300 cells that kill": lambda whole: [*cells(*["import os; os._exit(0)"] * 300), *whole],
}
QUICKLY = {"1,000 answers of one name", "2,000 failing cells", "5,000 check cells"}


@pytest.mark.parametrize("how", [pytest.param(how, marks=[] if how in QUICKLY else pytest.mark.slow) for how in LONG])
def test_long_notebooks_end_by_the_deadline(fixture_lesson, zygote, tmp_path, how):
    notebook = json.loads(json.dumps(filled(fixture_lesson, solutions(fixture_lesson))))
    notebook["cells"] = LONG[how](notebook["cells"])
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    limits, started = Limits(cell=1.0, call=1.0, submission=20.0), time.monotonic()
    graded = grade(read_submission(path), Matching(fixture_lesson), zygote, seed=1, limits=limits)
    spent = time.monotonic() - started
    print(f"{how}: {spent:.1f} s")
    assert spent < 1.5 * limits.submission
    assert len(graded.problems) <= 51
    assert sum(map(len, graded.problems)) < 60_000


@pytest.mark.parametrize("count", [2000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_planning_is_linear(fixture_lesson, tmp_path, count):
    """Ten times the cells take about ten times as long to match with the lesson."""
    seconds = []
    for number in (count // 10, count):
        path = tmp_path / f"{number}.ipynb"
        path.write_text(json.dumps({"cells": cells(*["slope=1"] * number), "metadata": {}}), encoding="utf-8")
        submission = read_submission(path)
        started = time.process_time()
        Matching(fixture_lesson).plan(submission)
        seconds.append(time.process_time() - started)
    assert seconds[1] < 25 * seconds[0] + 0.2
