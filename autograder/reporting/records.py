"""Records: what is known of one graded submission, as frozen data with one JSON form, a line.

This file knows what a record is made of. `record_file` writes and reads files of them, `grades` makes tables of them.
"""

import json
import platform
import re
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.metadata import version

import helpers
from helpers.running import COULD_NOT_BE_CHECKED

# As JSON writes them: a backslash, which stays; control characters but line break and tab, and turns of direction.
CONTROL = re.compile(r"(\\\\)|\\u00[01][0-9a-f]|\\[bfr]|[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
UNCONFINED = " without isolation"
VERSIONED = ("numpy", "matplotlib", "ipython")


@dataclass(frozen=True)
class CheckRecord:
    """How one check went; `feedback` is for the student and shows no hidden value, `details` is for the instructor."""

    name: str
    sentence: str
    hidden: bool
    outcome: str
    points: float
    max_points: float
    feedback: str = ""
    details: str = ""


@dataclass(frozen=True)
class ExerciseRecord:
    """How one exercise went."""

    name: str
    points: float
    max_points: float
    outcome: str
    diagnosis: str = ""
    checks: tuple[CheckRecord, ...] = ()


@dataclass(frozen=True)
class Record:
    """Everything that is known of one graded submission."""

    student: str
    lesson: str
    file: str
    submission_sha256: str
    points: float
    max_points: float
    exercises: tuple[ExerciseRecord, ...]
    problems: tuple[str, ...] = ()
    seed: int = 0
    isolation: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def is_graded(self):
        """Whether anything at all could be checked."""
        return any(one.outcome != COULD_NOT_BE_CHECKED for one in self.exercises)

    @property
    def is_unconfined(self):
        """Whether the submission ran without isolation."""
        return self.isolation == ("none",)

    @property
    def status(self):
        """The state in a few words."""
        if not self.is_graded:
            return "could not be graded"
        return "graded" + UNCONFINED * self.is_unconfined + ", see problems" * bool(self.problems)

    def to_json(self):
        """The record as one line, without halves of characters and without what a terminal takes for a command."""
        text = json.dumps(self, default=vars, ensure_ascii=False).encode("utf-8", "replace").decode()
        return CONTROL.sub(lambda found: found[1] or "?", text)


def from_json(line):
    """Return the record that a line holds; `ValueError` where it holds none. What a later version added is left out."""
    try:
        data = json.loads(line)
        return _known(Record, {**data, "exercises": [_exercise(one) for one in data["exercises"]]})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ValueError("This is not a record.") from None


def _exercise(data):
    return _known(ExerciseRecord, {**data, "checks": [_known(CheckRecord, one) for one in data["checks"]]})


def _known(kind, data):
    return kind(**{one.name: _frozen(data[one.name]) for one in fields(kind) if one.name in data})


def _frozen(value):
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def record(*, student, lesson, file, submission, graded, isolation):
    """Return the record of a graded submission, as it will be read again."""
    made = Record(
        student=student,
        lesson=lesson,
        file=file,
        submission_sha256=submission.sha256,
        points=sum(one.points for one in graded.exercises),
        max_points=sum(one.max_points for one in graded.exercises),
        exercises=tuple(_exercise_record(one) for one in graded.exercises),
        problems=tuple(graded.problems),
        seed=graded.seed,
        isolation=tuple(isolation),
        versions=dict(versions()),
        seconds=round(graded.seconds, 3),
    )
    return from_json(made.to_json())


def _exercise_record(one):
    checks = tuple(map(_check_record, one.checks))
    return ExerciseRecord(one.name, one.points, one.max_points, one.outcome, one.diagnosis, checks)


def _check_record(check):
    told = check.summary if check.hidden else check.text
    points = {"points": check.earned, "max_points": check.points}
    return CheckRecord(
        check.name, check.sentence, check.hidden, check.outcome, **points, feedback=told, details=check.text
    )


@cache
def versions():
    """The versions that a grade depends on, as pairs."""
    named = [(name, version(name)) for name in VERSIONED]
    return (("course", helpers.__version__), ("python", platform.python_version()), *named)
