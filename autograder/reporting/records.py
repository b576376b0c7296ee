"""Records: one JSON line a submission, appended and flushed, and read again one at a time.

A later line on the same file of the same student replaces the earlier one. This file knows what a record is made of;
`grades` makes tables of records.
"""

import json
import os
import platform
import re
from functools import cache
from importlib.metadata import version

import helpers
from autograder.problems import CourseError
from helpers.running import TO_BE_MARKED

# As JSON writes them: a backslash, which stays; control characters but line break and tab, and turns of direction.
CONTROL = re.compile(r"(\\\\)|\\u00[01][0-9a-f]|\\[bfr]|[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
UNCONFINED = " without isolation"
VERSIONED = ("numpy", "matplotlib", "ipython")


def record(*, student, lesson, file, submission, graded, isolation):
    """Return the record of a graded submission as plain data, as it will be read again."""
    data = {
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
    return json.loads(_line(data))


def _line(data):
    """Data as one line of JSON, without halves of characters and without what a terminal takes for a command."""
    text = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode()
    return CONTROL.sub(lambda found: found[1] or "?", text)


def _exercise(one):
    return {
        "name": one.name,
        "points": one.points,
        "max_points": one.max_points,
        "outcome": one.outcome,
        "diagnosis": one.diagnosis,
        **({"answer": one.answer} if getattr(one, "answer", "") else {}),
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
        file.write(_line(data).encode() + b"\n")
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
        for number, line in enumerate(file, 1):
            if line.endswith(b"\n"):
                yield offset, _parsed(line, path, number)
            offset += len(line)


def _parsed(line, path, number):
    try:
        data = json.loads(line)
        if data.keys() >= {"student", "lesson", "file", "submission_sha256", "points", "exercises"}:
            return data
    except (ValueError, AttributeError):
        pass
    raise CourseError(f"Line {number} of {path} is not a record. Delete that line, or grade all anew with --again.")


def read_at(path, offsets):
    """Yield the records that start at these offsets."""
    with open(path, "rb") as file:
        for offset in offsets:
            file.seek(offset)
            yield json.loads(file.readline())


def status(data):
    """A record's state in a few words."""
    if any(one["outcome"] != "could not be checked" for one in data["exercises"]):
        waits = any(one["outcome"] == TO_BE_MARKED for one in data["exercises"])
        said = UNCONFINED * (data["isolation"] == ["none"]) + ", to be marked" * waits
        return "graded" + said + ", see problems" * bool(data["problems"])
    return "could not be graded"
