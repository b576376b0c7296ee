"""What was told after each run is kept, so that the next can say whose points moved, from what to what, and why.

history/<time>.csv   what counted then, a row for each student and lesson      changes.csv   every move since, in order
"""

import csv
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime

from autograder.reporting.grades import safe
from autograder.reporting.record_file import open_private, replacing


@dataclass(frozen=True)
class Row:
    """What counted for one student and lesson, and what it depended on."""

    student: str
    lesson: str
    points: str
    file: str
    sha256: str
    checks: str
    late: str
    by_hand: str


@dataclass(frozen=True)
class Change:
    """Points that moved: from what to what ("" for none), and why."""

    student: str
    lesson: str
    old: str
    new: str
    why: str


def rows_of(index):
    """The rows of what counts now, by student and lesson."""
    rows = {}
    for one in index.counting():
        if one.lesson:
            by_hand = "; ".join(f"{name} {points:g}: {why}" for name, points, why in one.overridden)
            key = one.student, one.lesson
            rows[key] = Row(*key, f"{one.points:g}", one.file, one.sha256, one.fingerprint, one.standing.late, by_hand)
    return rows


def last_told(folder):
    """The rows of the last run that was told, by student and lesson; None where there was none."""
    files = sorted((folder / "history").glob("*.csv"))
    if not files:
        return None
    with open(files[-1], newline="", encoding="utf-8") as file:
        rows = (Row(**{one.name: line.get(one.name) or "" for one in fields(Row)}) for line in csv.DictReader(file))
        return {(row.student, row.lesson): row for row in rows}


def tell(folder, index, changed_checks=""):
    """Keep what counts now if it is news, and return the `Change`s since the last run that was told."""
    before, now = last_told(folder), rows_of(index)
    if before == now:
        return []
    changes = _changes(before, now, changed_checks) if before is not None else []
    if changes:
        _append_changes(folder / "changes.csv", changes)
    _write(folder / "history", now)
    return changes


def _changes(before, now, changed_checks):
    found = []
    for key in sorted(before.keys() | now.keys()):
        old, new = before.get(key), now.get(key)
        if old and new and old.points != new.points:
            found.append(Change(*key, old.points, new.points, _why(old, new, changed_checks)))
        elif old and not new:
            found.append(Change(*key, old.points, "", "no file counts for this student and lesson any more"))
    return found


def _why(old, new, changed_checks):
    if old.by_hand != new.by_hand:
        return f"by hand: {new.by_hand or 'taken back'}"
    if old.sha256 != new.sha256:
        return f"another file counts: {new.file}"
    if old.checks != new.checks:
        return changed_checks or "checks changed"
    return f"late: {new.late or 'not any more'}" if old.late != new.late else "graded anew"


def _append_changes(path, changes):
    is_new = not path.exists()
    when = datetime.now(UTC).isoformat(timespec="seconds")
    with open_private(path, "a") as file:
        table = csv.writer(file)
        if is_new:
            table.writerow(["when", *(one.name for one in fields(Change))])
        table.writerows([when, *map(safe, astuple(one))] for one in changes)


def _write(folder, rows):
    """Write the rows in one move: a file that is there is whole."""
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    with replacing(folder / f"{stamp}.csv") as file:
        table = csv.writer(file)
        table.writerow([one.name for one in fields(Row)])
        table.writerows(astuple(row) for row in rows.values())
