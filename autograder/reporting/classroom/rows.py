"""A few words and numbers of each record, read from a records file line by line: what a report of a class needs.

A line is read as JSON and not made a `Record`, and of its text only what is shown is kept: the memory for a hundred
thousand submissions stays below half a gigabyte.
"""

import json
import sys
from dataclasses import dataclass

from autograder.reporting.record_file import unreadable_line
from autograder.reporting.records import MARKED
from autograder.rules.identity.roster import Person
from helpers.running import COULD_NOT_BE_CHECKED, FAILED, PASSED, TO_BE_MARKED

LONGEST_EXAMPLE = 1500  # letters of an answer


@dataclass(slots=True)
class Row:
    """One file that was graded: for each exercise, in the lesson's order, what came out of it.

    `student` is how people are called who read the report: the name with the id where a roster knows both.
    `said` are the sentences of the diagnosis, "" where there is none, and `is_named` says which name a known mistake;
    `failed` are the names of the checks that did not pass; `forms` pairs of the form of an answer's code and whose
    published code it equals.
    """

    student: str
    lesson: str
    counts: bool
    is_graded: bool
    exercises: tuple[str, ...]
    most: tuple[float, ...]
    points: tuple[float, ...]
    outcomes: tuple[str, ...]
    said: tuple[str, ...]
    is_named: tuple[bool, ...]
    failed: tuple[tuple[str, ...], ...]
    forms: tuple[tuple[tuple[str, str], ...], ...]


class Rows:
    """The rows of a records file, the last one of each file, and one answer for each sentence that is said of some."""

    def __init__(self, path):
        self._rows, self.examples, self._known = {}, {}, {}
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                if line.endswith(b"\n"):
                    self._take(line, path, number)

    def _take(self, line, path, number):
        try:
            data = json.loads(line)
            key = data.get("handed", {}).get("folder", ""), data["file"]
            self._rows[key] = self._row(data)
            self._keep_examples(data)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise unreadable_line(path, number) from None

    def _row(self, data):
        each = data["exercises"]
        return Row(
            student=str(Person(data["student"], data.get("whose", {}).get("name", ""))),
            lesson=sys.intern(data["lesson"]),
            counts=data.get("standing", {}).get("counts", True),
            is_graded=any(one["outcome"] != COULD_NOT_BE_CHECKED for one in each),
            exercises=self._once(tuple(one["name"] for one in each)),
            most=self._once(tuple(float(one["max_points"]) for one in each)),
            points=self._once(tuple(float(one["points"]) for one in each)),
            outcomes=self._once(tuple(map(_state, each))),
            said=self._once(tuple(sys.intern(one.get("diagnosis", "")) for one in each)),
            is_named=self._once(tuple(bool(one.get("diagnosis")) and one.get("is_named", True) for one in each)),
            failed=self._once(tuple(self._once(_failed(one)) for one in each)),
            forms=self._once(tuple(self._once(_forms(one)) for one in each)),
        )

    def _once(self, value):
        """The first of all equal values: points and sentences repeat in a class."""
        return self._known.setdefault(value, value)

    def _keep_examples(self, data):
        for one in data["exercises"]:
            if one["outcome"] == FAILED and one.get("answer"):
                key = data["lesson"], one["name"], one.get("diagnosis", "")
                self.examples.setdefault(key, one["answer"][:LONGEST_EXAMPLE])

    def of_lessons(self):
        """{lesson: the rows that count and could be graded}, in order of the lessons' names and the students'."""
        found = {}
        for row in self._rows.values():
            if row.counts and row.is_graded and row.lesson:
                found.setdefault(row.lesson, []).append(row)
        return {name: sorted(found[name], key=lambda row: row.student) for name in sorted(found)}

    @property
    def not_graded(self):
        """How many files could not be graded, or are of no lesson."""
        return sum(row.counts and not (row.is_graded and row.lesson) for row in self._rows.values())


def _state(exercise):
    return MARKED if exercise["outcome"] == TO_BE_MARKED and exercise.get("override") else exercise["outcome"]


def _failed(exercise):
    return tuple(sys.intern(check["name"]) for check in exercise["checks"] if check["outcome"] != PASSED)


def _forms(exercise):
    return tuple((sys.intern(form), sys.intern(equals)) for _, form, equals in exercise.get("forms", ()))
