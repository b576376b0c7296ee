"""Which of several files of one student counts: the last, the best or the first.

In time by the learning system's clock where all have one, else by its numbers, else by the files' own times. A file
that could not be graded counts only where no other does, and one in a folder of solutions only where it is alone.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

SYSTEMS_OWN = ("the file", "the zip", "")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One file of a student and lesson: its name, when it was handed in and by whose clock, its number, its points."""

    file: str
    at: float | None
    clock: str
    sequence: int
    points: float = 0.0
    is_graded: bool = True

    @classmethod
    def of(cls, file, handed, **more):
        """The attempt that a file is which was handed in so: `at` is a time as records write it, or ""."""
        at = datetime.fromisoformat(handed.at).timestamp() if handed.at else None
        return cls(file, at, handed.clock, handed.sequence, **more)


def in_order(attempts):
    """Return the places of attempts, the earliest first."""
    if all(one.at is not None and one.clock not in SYSTEMS_OWN for one in attempts):
        key = _by_time
    elif all(one.sequence for one in attempts):
        key = _by_number
    else:
        key = _by_time
    return sorted(range(len(attempts)), key=lambda place: key(attempts[place]))


def _by_time(one):
    return (one.at is not None, one.at or 0.0, one.sequence, one.file)


def _by_number(one):
    return (one.sequence, one.at or 0.0, one.file)


def counting(attempts, rule):
    """Return (the places in order, the place of the one that counts) under a rule: last, best or first."""
    order = in_order(attempts)
    for is_eligible in (_is_own_work, _is_graded, lambda one: True):
        eligible = [place for place in order if is_eligible(attempts[place])]
        if eligible:
            break
    if rule == "first":
        return order, eligible[0]
    if rule == "best":
        return order, max(eligible, key=lambda place: (attempts[place].points, -order.index(place)))
    return order, eligible[-1]


def _is_graded(one):
    return one.is_graded


def _is_own_work(one):
    folders = PurePosixPath(one.file).parts[:-1]
    return one.is_graded and not any(part.lower() in ("solutions", "solution") for part in folders)
