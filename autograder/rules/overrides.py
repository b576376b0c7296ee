"""What a person decided against the grader: points for one student's exercise, with the reason, in a file of its own.

They survive every regrading, because nothing but `course regrade` touches that file; a later line replaces an earlier.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from autograder.source.problems import CourseError

NAME = "overrides.jsonl"


@dataclass(frozen=True)
class Override:
    """Points that count in place of the checks'; None takes an earlier override back."""

    student: str
    lesson: str
    exercise: str
    points: float | None
    why: str
    made_at: str = ""


def read_overrides(folder):
    """Return the overrides that hold: {(student, lesson): {exercise: Override}}."""
    found = {}
    try:
        lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return found
    for number, line in enumerate(lines, 1):
        try:
            one = _parsed(line)
        except (ValueError, TypeError):
            if number == len(lines):
                break  # a last line that a kill cut off was never confirmed
            raise CourseError(f"Line {number} of {folder / NAME} is no override. Delete that line.") from None
        found.setdefault((one.student, one.lesson), {})[one.exercise] = one
    return {
        key: kept for key, given in found.items() if (kept := {n: o for n, o in given.items() if o.points is not None})
    }


def add_override(folder, override):
    """Append an override, readable by its owner only, and make sure that it has reached the disk."""
    made = Override(**{**asdict(override), "made_at": datetime.now(UTC).isoformat(timespec="seconds")})
    number = os.open(folder / NAME, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with open(number, "a+b") as file:
        _end_last_line(file)
        file.write((json.dumps(asdict(made), ensure_ascii=True) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())
    return made


def _parsed(line):
    return Override(**json.loads(line))


def _end_last_line(file):
    """End a last line that somebody wrote without its end; cut off what a kill left of one: it was never confirmed."""
    file.seek(0)
    whole = file.read()
    start = whole.rfind(b"\n") + 1
    if start < len(whole):
        try:
            _parsed(whole[start:])
            file.write(b"\n")
        except (ValueError, TypeError):
            file.truncate(start)
