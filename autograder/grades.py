"""The table of grades, made from records one at a time: what counts for each student, and grades.csv."""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

from autograder.records import read_at, read_records, status


@dataclass(frozen=True)
class Entry:
    """What the index keeps of a record: enough to choose by, and where to find the rest."""

    file: str
    sha256: str
    points: float
    offset: int


class Index:
    """An index of a records file: the last record of each file of each student, and the one that counts."""

    def __init__(self, path):
        self.path, self._entries, self._names = Path(path), {}, {}
        for offset, data in read_records(self.path):
            self.add(offset, data)

    def add(self, offset, data):
        """Take a record in, in place of an earlier one on the same file."""
        entry = Entry(data["file"], data["submission_sha256"], data["points"], offset)
        self._entries.setdefault((data["student"], data["lesson"]), {})[data["file"]] = entry
        self._names.setdefault(data["lesson"], [one["name"] for one in data["exercises"]])

    @property
    def exercises(self):
        """The names of all exercises: the lessons in order, each with its own order."""
        return list(dict.fromkeys(name for lesson in sorted(self._names) for name in self._names[lesson]))

    def holds(self, student, file, sha256):
        """Whether this very file of this student is graded already."""
        groups = (group for (name, _), group in self._entries.items() if name == student)
        return any(file in group and group[file].sha256 == sha256 for group in groups)

    def known(self):
        """All (student, file, sha256) that are graded already, for asking often."""
        return {(who, e.file, e.sha256) for (who, _), group in self._entries.items() for e in group.values()}

    def best(self):
        """Yield (record, number of files) for each student and lesson: the file with the most points counts.

        Of several with as many points the one whose name comes first counts, in whatever order they were graded.
        """
        ordered = sorted(self._entries, key=lambda key: (key[1], key[0]))
        chosen = [min(self._entries[key].values(), key=lambda entry: (-entry.points, entry.file)) for key in ordered]
        records = read_at(self.path, [entry.offset for entry in chosen]) if chosen else ()
        yield from zip(records, (len(self._entries[key]) for key in ordered), strict=True)

    def __len__(self):
        return len(self._entries)


def write_grades(path, index):
    """Write grades.csv in one move: a row for each student and lesson, one column for each exercise."""
    draft = path.with_suffix(".csv.part")
    with open(draft, "w", newline="", encoding="utf-8", errors="replace") as file:
        table = csv.writer(file)
        table.writerow(["student", "lesson", *index.exercises, "total", "max", "status"])
        for data, files in index.best():
            table.writerow([_safe(value) for value in _row(data, files, index.exercises)])
    os.replace(draft, path)


def _row(data, files, exercises):
    earned = {one["name"]: f"{one['points']:g}" for one in data["exercises"]}
    remark = f"; best of {files} files: {data['file']}" if files > 1 else ""
    row = [data["student"], data["lesson"], *(earned.get(name, "") for name in exercises)]
    return [*row, f"{data['points']:g}", f"{data['max_points']:g}", status(data) + remark]


def _safe(value):
    """A spreadsheet takes a cell that starts like this for a formula."""
    return "'" + value if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
