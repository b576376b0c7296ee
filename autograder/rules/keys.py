"""Every key of course.toml, as a table of data: `course init` writes it out, and a file is checked against it.

A new key is a new row. `section` is the table that it stands in; in a section that ends in a star the keys are names of
lessons (or of exercises in one), and the row says what their values are.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from helpers.language import languages, said

ATTEMPTS = (said("last"), said("best"), said("first"))


@dataclass(frozen=True)
class Key:
    """One key: where it stands, what its value must be, what it means, and an example as it is written in TOML."""

    section: str
    name: str
    kinds: tuple[type, ...]
    what: str
    doc: str
    example: str
    low: float | None = None
    high: float | None = None
    among: tuple[Any, ...] = ()


NUMBER, TEXT, TIME = (int, float), (str,), (datetime, date)
SHARE = {"low": 0, "high": 1}
KEYS = (
    Key("", "title", TEXT, "a text", "What the course is called, on every page.", '"Deep Learning, spring 2027"'),
    Key("", "language", TEXT, f"one of {', '.join(languages())}", "The language of the students' feedback pages.",
        '"en"', among=tuple(languages())),
    Key("", "lessons", (list,), "a list of lessons", "The lessons of this course; left out, all.", '["01", "02"]'),
    Key("", "roster", TEXT, "a path", "Who is in the class: a CSV file, any system's own export.", '"roster.csv"'),
    Key("", "system", TEXT, "a text", "The learning system, where files must not be read as another's.", '"Canvas"'),
    Key("", "student", TEXT, "a regular expression", "Where the student's name stands in a path that no system made.",
        "'(?P<student>[^/]+)~'"),
    Key("", "attempts", TEXT, "last, best or first", "Which of several files of a student counts.",
        '"last"', among=ATTEMPTS),
    Key("", "timezone", TEXT, "a time zone", "Where the clock of deadlines and of the learning system hangs.",
        '"Europe/Berlin"'),
    Key("deadlines", "*", TIME, "a date, or a date and a time", "When a lesson is due; a date: the end of that day.",
        "2027-03-01T23:59:00"),
    Key("late", "per_day", NUMBER, "a share from 0 to 1", "What each day that has begun takes off the points earned.",
        "0.1", **SHARE),
    Key("late", "grace", NUMBER, "minutes", "How long after the deadline nothing is late yet.", "15", low=0),
    Key("late", "cap", NUMBER, "a share from 0 to 1", "The most that lateness takes.", "0.5", **SHARE),
    Key("points.*", "*", NUMBER, "points", "What an exercise counts, 0 where it does not; others keep theirs.",
        "4", low=0),
    Key("extensions", "student", TEXT, "an id or a name", "Who has more time, as grades.csv names them.", '"able"'),
    Key("extensions", "lesson", TEXT, "a lesson", "For which lesson; every one, where it is left out.", '"01"'),
    Key("extensions", "until", TIME, "a date, or a date and a time", "The new deadline.", "2027-03-08"),
    Key("extensions", "days", NUMBER, "days", "Or: so many days more.", "7", low=0),
    Key("extensions", "why", TEXT, "a text", "The reason, for those who ask later.", '"ill"'),
)  # fmt: skip


def keys_of(section):
    """The keys of a section, by name; `section` is as in the table, with stars."""
    return {key.name: key for key in KEYS if key.section == section}
