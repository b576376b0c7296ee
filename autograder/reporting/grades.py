"""grades.csv: one row a student with a column for each lesson, or, long, one row for each student, lesson and exercise.

Made from the index alone, or, long, from one record after the other. The ids of the learning system stand in columns of
their own, and nothing in a cell is a formula.
"""

import csv
import unicodedata
from itertools import groupby

from autograder.reporting.record_file import replacing
from autograder.reporting.records import UNCONFINED
from helpers.running import TO_BE_MARKED

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
PERSON = ("student", "name", "email", "section", "system id")
LONG = ("lesson", "exercise", "points", "max points", "outcome", "diagnosis", "by hand", "file", "status")


def write_grades(path, index, people=(), *, long=False):
    """Write the table in one move; `people` are a roster's, of whom each has a row."""
    with replacing(path) as file:
        csv.writer(file).writerows(
            [safe(value) for value in row] for row in (_long(index) if long else _wide(index, people))
        )


def _wide(index, people):
    lessons = list(index.exercises)
    yield [*PERSON, *lessons, "total", "max", "remarks"]
    seen = set()
    for student, group in groupby(index.counting(), key=lambda one: one.student):
        entries = list(group)
        seen.add(student)
        points = {one.lesson: one for one in entries if one.lesson}
        earned = [f"{points[name].points:g}" if name in points else "" for name in lessons]
        total = sum(one.points for one in points.values()), sum(one.max_points for one in points.values())
        yield [*_person(student, entries[0].whose), *earned, *(f"{value:g}" for value in total), _remarks(entries)]
    for person in people:
        if person.id not in seen:
            blank = [""] * (len(lessons) + 2)
            yield [person.id, person.name, person.email, person.section, "", *blank, "nothing handed in"]


def _person(student, whose):
    return [student, whose.name, whose.email, whose.section, whose.system_id]


def _remarks(entries):
    """What is to be said of a student's files: for each lesson only what is out of the ordinary, else "graded"."""
    several = len(entries) > 1
    said = [f"{one.lesson or one.file}: {text}" if several else text for one in entries if (text := remark(one))]
    return "; ".join(dict.fromkeys(said)) or "graded"


def remark(one):
    """What is out of the ordinary about an entry or a record; "" where nothing is."""
    parts = [] if one.is_graded else ["could not be graded"]
    parts += ["graded" + UNCONFINED] if one.is_graded and one.is_unconfined else []
    parts += [TO_BE_MARKED] if one.to_mark else []
    if one.standing.attempts > 1:
        parts.append(f"attempt {one.standing.attempt} of {one.standing.attempts} counts ({one.standing.rule})")
    return ", ".join([*parts, *([one.standing.late] if one.standing.late else [])])


def _long(index):
    yield [*PERSON, *LONG]
    for record in index.records(index.counting()):
        person = _person(record.student, record.whose)
        for one in record.exercises:
            shown = [record.lesson, one.name, f"{one.points:g}", f"{one.max_points:g}", one.state, one.diagnosis]
            yield [*person, *shown, one.override, record.file, remark(record) or "graded"]


def safe(value):
    """A cell that no spreadsheet takes for a formula: full-width signs are taken for their narrow ones."""
    return "'" + value if unicodedata.normalize("NFKC", value[:1]).startswith(FORMULA) else value
