"""One export: what there is, where it goes, and what is said of it in the end.

All that is written is readable by its owner only, and never over the file that was filled in.
"""

import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from autograder.reporting.closing import WAITING
from autograder.reporting.exporting.filling import Wanted, fill
from autograder.reporting.exporting.forms import FORMS
from autograder.reporting.exporting.moodle_feedback import write_feedback_zip
from autograder.reporting.exporting.scores import chosen_lesson, read_index, scores_of
from autograder.reporting.exporting.table import read_table
from autograder.reporting.grades import write_grades
from autograder.reporting.record_file import replacing
from autograder.rules.choices import read_choices
from autograder.source.problems import CourseError

NBGRADER, TABLE, JSON = "nbgrader", "csv", "json"
SYSTEMS = (*FORMS, NBGRADER, TABLE, JSON)


@dataclass(frozen=True)
class Asked:
    """What an instructor asks for: the system, the system's file or gradebook to fill, and where the result goes."""

    to: str
    fill: Path | None = None
    write: Path | None = None
    wanted: Wanted = Wanted()  # noqa: RUF009  frozen


def export(folder, asked: Asked):
    """Export the grades in a folder of results; return (lines to print, whether anything waits for a person)."""
    folder = Path(folder)
    if asked.to not in SYSTEMS:
        raise CourseError(f"There is no export to '{asked.to}'; there are {', '.join(SYSTEMS)}.")
    if asked.fill is None and asked.to not in (TABLE, JSON):
        theirs = "gradebook.db" if asked.to == NBGRADER else "file of grades, as it was downloaded"
        raise CourseError(f"Name {asked.to}'s own {theirs}, to be filled in: --fill FILE")
    index, people = read_index(folder), read_choices(folder).people
    try:
        if asked.to in FORMS:
            return _fill(folder, index, people, asked)
        if asked.to == NBGRADER:
            return _into_gradebook(index, people, asked)
        return _tables(folder, index, people, asked)
    except OSError as error:
        raise CourseError(
            f"{error.filename} cannot be written ({error.strerror}). Name another: --write PATH"
        ) from None


def _fill(folder, index, people, asked):
    lesson = chosen_lesson(index, asked.wanted.lesson)
    wanted = Wanted(lesson, asked.wanted.column, asked.wanted.scale, asked.wanted.decimal)
    table = read_table(asked.fill)
    filled = fill(FORMS[asked.to], table, scores_of(index, lesson), wanted, people)
    path = _target(folder, asked, asked.fill.name)
    _write(path, filled.text.encode(table.encoding))
    lines, points = [filled.told, *map(_line, filled.points), f"Wrote {path}."], list(filled.points)
    if asked.to == "moodle":
        told, more = write_feedback_zip(path.with_suffix(".feedback.zip"), folder, index, lesson, filled.people)
        lines, points = [*lines, *map(_line, more), told], [*points, *more]
    return lines, any(point.is_open for point in points)


def _into_gradebook(index, people, asked):
    from autograder.reporting.exporting.nbgrader_gradebook import into_gradebook

    told, points = into_gradebook(asked.fill, index, asked.wanted, people)
    return [told, *map(_line, points)], any(point.is_open for point in points)


def _tables(folder, index, people, asked):
    """Write what other programs read: a wide and a long table, or everything as JSON."""
    path = _target(folder, asked, f"grades.{asked.to}")
    if asked.to == JSON:
        _write(path, json.dumps(_data(index), ensure_ascii=False, indent=1).encode() + b"\n")
        return [f"Wrote {path}."], False
    long = path.with_name(f"{path.stem}-long.csv")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_grades(path, index, people.people)
    write_grades(long, index, long=True)
    return [f"Wrote {path} and {long}."], False


def _data(index):
    """All that counts, by student, as plain data."""
    students = []
    for student, group in groupby(index.records(index.counting()), key=lambda one: one.student):
        records = list(group)
        lessons = [
            {
                "lesson": one.lesson,
                "points": one.points,
                "max_points": one.max_points,
                "status": one.status,
                "late": one.standing.late,
                "file": one.file,
                "exercises": [
                    {"name": each.name, "points": each.points, "max_points": each.max_points, "outcome": each.state}
                    for each in one.exercises
                ],
            }
            for one in records
        ]
        students.append({"student": student, **vars(records[0].whose), "lessons": lessons})
    return students


def _target(folder, asked, name):
    path = asked.write or folder / "export" / asked.to / name
    if asked.fill and path.exists() and path.samefile(asked.fill):
        raise CourseError(f"{path} is the file that is to be filled in, and stays as it is. Name another: --write PATH")
    return path


def _write(path, content):
    """Write a file in one move, for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with replacing(path, "wb") as file:
        file.write(content)


def _line(point):
    """A point with everybody's name, for nobody may be left out; only those whom `course mark` shows are cut short."""
    return str(point) if point.about == WAITING else f"{point.about} ({len(point.items)}): {', '.join(point.items)}"
