"""Records: one JSON line a submission, appended and flushed, and read again one at a time.

A later line on the same file of the same student replaces the earlier one. This file knows what a record is made of;
`grades` makes tables of records.
"""

import json
import os
import platform
from functools import cache
from importlib.metadata import version

import helpers

VERSIONED = ("numpy", "matplotlib", "ipython")


def record(*, student, lesson, file, submission, graded, isolation):
    """Return the record of a graded submission as plain data."""
    return {
        "student": student,
        "lesson": lesson,
        "file": file,
        "submission_sha256": submission.sha256,
        "seed": graded.seed,
        "isolation": isolation,
        "versions": dict(versions()),
        "seconds": round(graded.seconds, 3),
        "points": sum(one.points for one in graded.exercises),
        "max_points": sum(one.max_points for one in graded.exercises),
        "problems": list(graded.problems),
        "exercises": [_exercise(one) for one in graded.exercises],
    }


def _exercise(one):
    return {
        "name": one.name,
        "points": one.points,
        "max_points": one.max_points,
        "outcome": one.outcome,
        "diagnosis": one.diagnosis,
        "checks": [_check(check) for check in one.checks],
    }


def _check(check):
    """A check's record; `feedback` is for the student and shows no hidden value, `details` is for the instructor."""
    return {
        "name": check.name,
        "sentence": check.sentence,
        "hidden": check.hidden,
        "outcome": check.outcome,
        "points": check.earned,
        "max_points": check.points,
        "feedback": check.summary if check.hidden else check.text,
        "details": check.text,
    }


@cache
def versions():
    """The versions that a grade depends on, as pairs."""
    named = [(name, version(name)) for name in VERSIONED]
    return (("course", helpers.__version__), ("python", platform.python_version()), *named)


def append(path, data):
    """Append one record and make sure that it has reached the disk."""
    with open(path, "ab") as file:
        file.write(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def mend(path):
    """Cut off a last line that a kill left unfinished, so that the next record starts on a line of its own."""
    if not path.exists():
        return
    with open(path, "rb+") as file:
        size = file.seek(0, os.SEEK_END)
        while size:
            step = min(size, 1 << 16)
            file.seek(size - step)
            end = file.read(step).rfind(b"\n")
            if end >= 0:
                file.truncate(size - step + end + 1)
                return
            size -= step
        file.truncate(0)


def read_records(path):
    """Yield (offset, record) for every record in a file, one at a time."""
    if not path.exists():
        return
    offset = 0
    with open(path, "rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield offset, json.loads(line)
            offset += len(line)


def read_at(path, offsets):
    """Yield the records that start at these offsets."""
    with open(path, "rb") as file:
        for offset in offsets:
            file.seek(offset)
            yield json.loads(file.readline())


def status(data):
    """A record's state in a few words."""
    if any(one["outcome"] != "could not be checked" for one in data["exercises"]):
        return "graded, see problems" if data["problems"] else "graded"
    return "could not be graded"
