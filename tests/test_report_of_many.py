"""`course report` reads records line by line: 100,000 submissions within a minute and half a gigabyte.

By default a tenth of them is read and must stay within a tenth; COURSE_RECORDS=100000 reads all.
"""

import json
import os
import subprocess
import sys

import pytest
from test_report_browser import NAMES, exercise

from autograder.reporting.records import CheckRecord, Record, Whose

COUNT = int(os.environ.get("COURSE_RECORDS", "10000"))
SECONDS, MEBIBYTES, WHOLE = 60, 500, 100_000
# VmHWM is of this program alone; ru_maxrss of a child begins with what its parent, a worker of pytest, ever had.
READ = """
import json, sys, time
from autograder.reporting.classroom.report import report

def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))

before, started = peak(), time.process_time()
_, (lesson,) = report(sys.argv[1])
print(json.dumps([len(lesson.totals), time.process_time() - started, before / 1024, peak() / 1024]))
"""


def line(number):
    """A record as long as those of a lesson are, with eight checks to an exercise and the answers' code."""
    checks = tuple(
        CheckRecord(
            f"check_{each}", "The sum over all examples is what is expected. " * 2, each > 4, "passed", 0.5, 0.5
        )
        for each in range(8)
    )
    each = [exercise(number, place, name) for place, name in enumerate(NAMES)]
    each = [one.__class__(**{**vars(one), "checks": checks, "answer": one.answer * 20}) for one in each]
    points = sum(one.points for one in each)
    whose = Whose(name="Ada Able")
    return Record("NAME", "01_one", "NAME.ipynb", "0" * 64, points, 48.0, tuple(each), whose=whose).to_json()


@pytest.mark.slow
def test_a_hundred_thousand_are_read_in_a_minute_and_half_a_gigabyte(tmp_path):
    lines = [line(number) for number in range(200)]
    assert min(map(len, lines)) > 15_000
    with open(tmp_path / "records.jsonl", "w", encoding="utf-8") as file:
        file.writelines(lines[n % 200].replace("NAME", f"s{n}") + "\n" for n in range(COUNT))
    done = subprocess.run([sys.executable, "-c", READ, tmp_path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    students, seconds, before, after = json.loads(done.stdout)
    print(f"{COUNT} records: {seconds:.1f} s of CPU, {after:.0f} MiB")
    assert students == COUNT
    assert seconds < SECONDS * COUNT / WHOLE + 2  # the page and its charts are drawn once
    assert before + (after - before) * WHOLE / COUNT < MEBIBYTES
