"""The table of grades, made from records one at a time: what counts for each student, and grades.csv."""

import csv
import os
import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from autograder.reporting.record_file import read_at, read_records


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index keeps of a record: enough to choose by, and where to find the rest."""

    sha256: str
    points: float
    offset: int


class Index:
    """An index of a records file: the last record of each file of each student, and the one that counts."""

    def __init__(self, path):
        self.path, self._entries, self._names = Path(path), {}, {}
        for offset, record in read_records(self.path):
            self.add(offset, record)

    def add(self, offset, record):
        """Take a record in, in place of an earlier one on the same file."""
        key = sys.intern(record.lesson), record.student, record.file
        self._entries[key] = Entry(record.submission_sha256, record.points, offset)
        self._names.setdefault(record.lesson, [one.name for one in record.exercises])

    @property
    def exercises(self):
        """The names of all exercises: the lessons in order, each with its own order."""
        return list(dict.fromkeys(name for lesson in sorted(self._names) for name in self._names[lesson]))

    def known(self):
        """All (student, file, sha256) that are graded already."""
        return {(student, file, entry.sha256) for (_, student, file), entry in self._entries.items()}

    def best(self):
        """Yield (record, number of files) for each student and lesson: the file with the most points counts.

        Of several with as many points the one whose name comes first counts, in whatever order they were graded.
        """
        groups = [list(keys) for _, keys in groupby(sorted(self._entries), key=_lesson_and_student)]
        chosen = [min(keys, key=lambda key: (-self._entries[key].points, key)) for keys in groups]
        records = read_at(self.path, [self._entries[key].offset for key in chosen]) if chosen else ()
        yield from zip(records, map(len, groups), strict=True)

    def __len__(self):
        return len({_lesson_and_student(key) for key in self._entries})


def _lesson_and_student(key):
    return key[:2]


def write_grades(path, index):
    """Write grades.csv in one move: a row for each student and lesson, one column for each exercise."""
    draft = path.with_suffix(".csv.part")
    with open(draft, "w", newline="", encoding="utf-8", errors="replace") as file:
        table = csv.writer(file)
        table.writerow(["student", "lesson", *index.exercises, "total", "max", "status"])
        for record, files in index.best():
            table.writerow([_safe(value) for value in _row(record, files, index.exercises)])
    os.replace(draft, path)


def _row(record, files, exercises):
    earned = {one.name: f"{one.points:g}" for one in record.exercises}
    remark = f"; best of {files} files: {record.file}" if files > 1 else ""
    row = [record.student, record.lesson, *(earned.get(name, "") for name in exercises)]
    return [*row, f"{record.points:g}", f"{record.max_points:g}", record.status + remark]


def _safe(value):
    """A spreadsheet takes a cell that starts like this for a formula."""
    return "'" + value if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
