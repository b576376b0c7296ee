"""Records: what is known of one graded submission, as frozen data with one JSON form, a line.

This file knows what a record is. `making_records` makes one, `record_file` keeps them, `grades` makes tables of them.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field, fields

from helpers.language import said
from helpers.running import COULD_NOT_BE_CHECKED, TO_BE_MARKED

# As JSON writes them: a backslash, which stays; control characters but line break and tab, and turns of direction.
CONTROL = re.compile(r"(\\\\)|\\u00[01][0-9a-f]|\\[bfr]|[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
UNCONFINED = " without isolation"
MARKED = said("marked")
CUT_OFF = "Not everything was checked"  # how the problem begins that says so


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
    fingerprint: str = ""


@dataclass(frozen=True)
class ExerciseRecord:
    """How one exercise went: `answer` is the student's own text, `override` why a person gave other points.

    `forms` holds for each answer whose code can be told from others its name, its form, and whose code it equals;
    `is_named`, whether the diagnosis is that of a known mistake, which records made before did not say.
    """

    name: str
    points: float
    max_points: float
    outcome: str
    diagnosis: str = ""
    checks: tuple[CheckRecord, ...] = ()
    answer: str = ""
    override: str = ""
    forms: tuple[tuple[str, str, str], ...] = ()
    is_named: bool = True

    @property
    def state(self):
        """The outcome; of an answer that had to be marked by a person, whether it is."""
        return MARKED if self.outcome == TO_BE_MARKED and self.override else self.outcome


@dataclass(frozen=True)
class Whose:
    """Who the student is, as the roster and the learning system say, and by what evidence the file is theirs."""

    name: str = ""
    email: str = ""
    section: str = ""
    system: str = ""
    system_id: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Handed:
    """When a file was handed in, by whose clock; `folder` stands for the one it lies in, `sequence` is a system's."""

    at: str = ""
    clock: str = ""
    sequence: int = 0
    is_flagged_late: bool = False
    folder: str = ""
    asked_lesson: str = ""


@dataclass(frozen=True)
class Standing:
    """What the file counts under the course's rules: which attempt it is, and what lateness takes."""

    attempt: int = 1
    attempts: int = 1
    counts: bool = True
    rule: str = "last"
    late: str = ""
    deduction: float = 0.0


@dataclass(frozen=True)
class Record:
    """Everything that is known of one graded submission.

    `points` are what counts: the exercises' points less the deduction. `problems` are for the instructor, `remarks`
    are what the student may read of them.
    """

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
    remarks: tuple[str, ...] = ()
    graded_at: str = ""
    given: str = ""
    whose: Whose = Whose()
    handed: Handed = Handed()
    standing: Standing = Standing()

    @property
    def is_graded(self):
        """Whether anything at all could be checked."""
        return any(one.outcome != COULD_NOT_BE_CHECKED for one in self.exercises)

    @property
    def earned(self):
        """The points before lateness is taken off."""
        return sum(one.points for one in self.exercises)

    @property
    def is_unconfined(self):
        """Whether the submission ran without isolation."""
        return self.isolation == ("none",)

    @property
    def to_mark(self):
        """The names of the questions whose answers wait for a person to mark them."""
        return tuple(one.name for one in self.exercises if one.state == TO_BE_MARKED)

    @property
    def read_by_people(self):
        """Of each answer that a person marks: the exercise, the answer's fingerprint, the points that it may earn."""
        asked = [one for one in self.exercises if one.outcome == TO_BE_MARKED]
        return tuple((one.name, _fingerprint(one.answer), one.max_points) for one in asked)

    @property
    def status(self):
        """The state in a few words."""
        if not self.is_graded:
            return "could not be graded"
        said = UNCONFINED * self.is_unconfined + f", {TO_BE_MARKED}" * bool(self.to_mark)
        return "graded" + said + ", see problems" * bool(self.problems)

    def to_json(self):
        """The record as one line, without halves of characters and without what a terminal takes for a command."""
        text = json.dumps(self, default=vars, ensure_ascii=False).encode("utf-8", "replace").decode()
        return CONTROL.sub(lambda found: found[1] or "?", text)


def _fingerprint(answer):
    return hashlib.sha256(answer.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fingerprints_of_answers(one):
    """{exercise: the fingerprint of its answer}, of what people mark in a record, or in an entry of the index."""
    return {name: fingerprint for name, fingerprint, _ in one.read_by_people}


PARTS = {"whose": Whose, "handed": Handed, "standing": Standing}


def from_json(line):
    """Return the record that a line holds; `ValueError` where it holds none. What a later version added is left out."""
    try:
        data = json.loads(line)
        parts = {name: _known(kind, data[name]) for name, kind in PARTS.items() if name in data}
        return _known(Record, {**data, **parts, "exercises": [_exercise(one) for one in data["exercises"]]})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ValueError("This is not a record.") from None


def _exercise(data):
    return _known(ExerciseRecord, {**data, "checks": [_known(CheckRecord, one) for one in data["checks"]]})


def _known(kind, data):
    return kind(**{one.name: _frozen(data[one.name]) for one in fields(kind) if one.name in data})


def _frozen(value):
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
