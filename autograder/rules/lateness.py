"""When a hand-in was late, and what that costs: deadlines, grace, days that have begun, a cap, extensions.

The clock is the learning system's where it has one, else the file's.
"""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from autograder.rules.identity.archives import Refused
from autograder.rules.identity.files import NOTE
from autograder.rules.identity.spelling import nfc
from helpers.language import counted, said

DAY = 86400.0
IN_TIME = said("in time: extension until {code}")
LESS = said("{told}, {number} % off")
STAMP = re.compile(r"(\d{4})\D?(\d\d)\D?(\d\d)\D?(\d\d)\D?(\d\d)\D?(\d\d)")


@dataclass(frozen=True)
class Moment:
    """When something was handed in, and by whose clock; `at` is None where nobody knows."""

    at: datetime | None = None
    clock: str = ""


@dataclass(frozen=True)
class Lateness:
    """What lateness takes, as a share of the points, and the words for it; none and "" where it was in time."""

    share: float = 0.0
    said: str = ""


def handed_in(claim, course, notes=None):
    """When a `Claim`'s file was handed in: by its name, by a timestamp.txt of the system's, else by the file itself."""
    one = claim.found
    if claim.sighting and (clock := _named_time(claim.sighting)):
        return Moment(course.local(clock), claim.sighting.layout.system)
    for depth in range(len(one.parts) - 1, 0, -1):
        if noted := (notes or {}).get(one.parts[:depth]):
            return Moment(noted if noted.tzinfo else course.local(noted), "timestamp.txt")
    if one.modified is not None:
        return Moment(datetime.fromtimestamp(one.modified, UTC), said("the file"))
    return Moment(course.local(one.clock), said("the zip")) if one.clock else Moment()


def _named_time(sighting):
    text = sighting.groups.get("time", "").strip()
    if re.search(r"\d{4}( [AP]M)?$", text) is None and re.search(r" \d{3}( [AP]M)?$", text):
        text = re.sub(r" (\d{3})( [AP]M)?$", r" 0\1\2", text)  # Brightspace writes 801 AM
    for pattern in filter(None, sighting.layout.clock.split("|")):
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    return None


def noted_times(found):
    """The times in the timestamp.txt that nbgrader and Sakai put beside hand-ins: {folder: time}."""
    notes = {}
    for one in found:
        if one.kind == NOTE:
            try:
                text = one.read()[:200].decode("utf-8", "replace")
                stamp = datetime(*map(int, STAMP.match(text.strip()).groups()))
            except (Refused, OSError, AttributeError, ValueError):
                continue
            notes[one.parts[:-1]] = stamp.replace(tzinfo=UTC) if "UTC" in text or "Z" in text else stamp
    return notes


def lateness(course, names, lesson, moment, is_flagged=False):
    """How late a hand-in is, of a student who is known by `names`; `is_flagged` where the system calls it late."""
    due, why = _due(course, names, lesson)
    if due is None:
        return Lateness(0.0, said("late, as the learning system says; no deadline is set here") if is_flagged else "")
    if moment.at is None:
        return Lateness(0.0, said("late, as the learning system says; nobody knows how late") if is_flagged else "")
    over = (moment.at - due).total_seconds()
    if over <= 60 * course.grace:
        return Lateness(0.0, f"{IN_TIME.format(code=_shown(due))}{why}" if why else "")
    days = math.ceil(over / DAY)
    share = min(days * course.per_day, course.cap)
    late = counted("{count} day late by {clock}'s clock", "{count} days late by {clock}'s clock", days)
    late = late.format(count=days, clock=moment.clock)
    return Lateness(share, LESS.format(told=late, number=f"{100 * share:.3g}") if share else late)


def _due(course, names, lesson):
    """The deadline of a lesson for one student, and the reason where it is another one than everybody's."""
    due, why = course.deadlines.get(lesson), ""
    known = {nfc(name).casefold() for name in names if name}
    for one in course.extensions:
        if nfc(one.student).casefold() in known and one.lesson in ("", lesson):
            until = one.until or (due + timedelta(days=one.days) if due else None)
            if until and (due is None or until > due):
                due, why = until, f" ({one.why})" if one.why else " "
    return due, why.rstrip() or (" " if why else "")


def _shown(when):
    return when.strftime("%Y-%m-%d %H:%M")


def unused_extensions(course, students):
    """The extensions that fit nobody, by any of the names in `students` (a set of casefolded names)."""
    return [one.student for one in course.extensions if nfc(one.student).casefold() not in students]
