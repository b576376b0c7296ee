"""What a person decided: points for one student's exercise, with the reason, in a file of its own.

They survive every regrading, because nothing but `course regrade` and `course mark` touches that file; a later line
replaces an earlier one. A mark is for the answer that was read: where the student writes another, it waits again.
"""

import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from autograder.source.problems import CourseError

NAME = "overrides.jsonl"


@dataclass(frozen=True)
class Override:
    """Points that count in place of the checks'; None takes an earlier override back.

    What `course mark` adds: who marked, which lines of the rubric (from 1), the note to the student, and the
    fingerprint of the answer that was read. `regrade` leaves that empty: it is for whatever is handed in.
    """

    student: str
    lesson: str
    exercise: str
    points: float | None
    why: str
    made_at: str = ""
    marker: str = ""
    lines: tuple[int, ...] = ()
    note: str = ""
    answer: str = ""


def read_overrides(folder):
    """Return all overrides, in the order in which they were made: {(student, lesson): {exercise: [Override]}}."""
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
        found.setdefault((one.student, one.lesson), {}).setdefault(one.exercise, []).append(one)
    return found


def holding(overrides, answers):
    """Return {exercise: Override} of what holds of one student's lesson, {exercise: [Override]}.

    `answers` are the fingerprints of the answers that count, by exercise.
    """
    found = {}
    for name, each in overrides.items():
        meant = [one for one in each if one.answer in ("", answers.get(name))]
        if meant and meant[-1].points is not None:
            found[name] = meant[-1]
    return found


def add_override(folder, override, *, unless=lambda: None):
    """Append an override, readable by its owner only, and make sure that it has reached the disk.

    `unless` is called while nobody else can append, and may raise to keep it from being appended.
    """
    made = replace(override, made_at=datetime.now(UTC).isoformat(timespec="seconds"))
    with _held(folder / NAME) as file:
        unless()
        _end_last_line(file)
        file.write((json.dumps(asdict(made), ensure_ascii=True) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())
    return made


@contextmanager
def _held(path):
    """The file, to append to, while nobody else does."""
    import fcntl  # not on Windows, which `isolation` refuses in words

    number = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with open(number, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # let go of when the file is closed, by a kill too
        yield file


def _parsed(line):
    one = Override(**json.loads(line))
    return replace(one, lines=tuple(one.lines))


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
