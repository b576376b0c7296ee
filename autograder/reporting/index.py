"""An index of a records file: the last record of each file, and what each file counts under the course's rules.

It keeps a few words of each record and the place of the rest, so that memory stays small for any number of them.
"""

import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from autograder.reporting.record_file import read_at, read_records
from autograder.reporting.records import CUT_OFF, Handed, Record, Standing, Whose
from autograder.rules.attempts import Attempt, counting
from autograder.source.fingerprints import of_record


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index keeps of a record: enough to choose by, and where to find the rest."""

    student: str
    lesson: str
    file: str
    sha256: str
    earned: float
    points: float
    max_points: float
    is_graded: bool
    is_attempted: bool
    offset: int
    whose: Whose
    handed: Handed
    standing: Standing
    is_unconfined: bool
    has_problems: bool
    names: tuple[str, ...]
    overridden: tuple[tuple[str, float, str], ...]
    to_mark: tuple[str, ...] = ()
    read_by_people: tuple[tuple[str, str, float], ...] = ()
    fingerprint: str = ""
    is_cut_off: bool = False

    @property
    def attempt(self):
        """The entry as an attempt among others."""
        return Attempt.of(self.file, self.handed, points=self.earned, is_graded=self.is_graded)


def entry_of(offset, record: Record):
    """What to keep of a record that stands at `offset`."""
    overridden = tuple((one.name, one.points, one.override) for one in record.exercises if one.override)
    return Entry(
        student=record.student,
        lesson=sys.intern(record.lesson),
        file=record.file,
        sha256=record.submission_sha256,
        earned=record.earned,
        points=record.points,
        max_points=record.max_points,
        is_graded=record.is_graded,
        is_attempted=any(one.outcome != "not attempted" for one in record.exercises),
        offset=offset,
        whose=record.whose,
        handed=record.handed,
        standing=DEFAULT if record.standing == DEFAULT else record.standing,
        is_unconfined=record.is_unconfined,
        has_problems=bool(record.problems),
        names=_interned(tuple(one.name for one in record.exercises)),
        overridden=overridden,
        to_mark=_interned(record.to_mark),
        read_by_people=record.read_by_people,
        fingerprint=sys.intern(of_record(record).digest),
        is_cut_off=any(one.startswith(CUT_OFF) for one in record.problems),
    )


DEFAULT = Standing()


def _interned(names, known={}):  # noqa: B006  one tuple for a lesson, not one for a record
    return known.setdefault(names, names)


class Index:
    """The last record of each file in a records file, and which of them count."""

    def __init__(self, path):
        self.path, self.entries, self._last = Path(path), {}, -1
        self.catch_up()

    def catch_up(self):
        """Take in what was appended to the file since it was last read; return whether there was anything."""
        before = self._last
        for offset, record in read_records(self.path, max(before, 0)):
            self.add(offset, record)
            self._last = offset
        return self._last > before

    def add(self, offset, record):
        """Take a record in, in place of an earlier one on the same file, whoever that was of."""
        self.entries[record.handed.folder, record.file] = entry_of(offset, record)

    def groups(self):
        """Yield the keys of all files of each student and lesson."""
        found = sorted((entry.student, entry.lesson, key) for key, entry in self.entries.items() if entry.lesson)
        for _, group in groupby(found, key=lambda one: one[:2]):
            yield [key for *_, key in group]

    def standings(self, rule):
        """Return {key: (number, of how many, whether it counts)} for every file of a lesson."""
        return {
            key: standing
            for keys in self.groups()
            for key, standing in ranked(keys, self._attempts(keys), rule).items()
        }

    def _attempts(self, keys):
        return [self.entries[key].attempt for key in keys]

    @property
    def exercises(self):
        """The exercises of each lesson: {lesson: names}, both in order."""
        found = {}
        for entry in self.entries.values():
            if entry.lesson:
                found.setdefault(entry.lesson, entry.names)
        return dict(sorted(found.items()))

    def counting(self):
        """The entries that count, ordered by student and lesson, and those whose lesson nobody knows."""
        chosen = [one for one in self.entries.values() if one.standing.counts or not one.lesson]
        return sorted(chosen, key=lambda one: (one.student, one.lesson, one.file))

    def records(self, entries):
        """Yield the whole records of entries."""
        return read_at(self.path, [one.offset for one in entries]) if entries else iter(())


def ranked(keys, attempts, rule):
    """Return {key: (number, of how many, whether it counts)} for the files of one student and lesson."""
    if len(keys) == 1:
        return {keys[0]: (1, 1, True)}
    order, counts = counting(attempts, rule)
    return {keys[place]: (number, len(keys), place == counts) for number, place in enumerate(order, 1)}
