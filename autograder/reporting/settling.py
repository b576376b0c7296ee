"""Settle what counts: attempts, lateness and overrides, in the records themselves, so that they alone tell everything.

A record whose standing has changed is appended again; nothing is graded for it.
"""

from dataclasses import replace
from datetime import datetime

from autograder.reporting.records import Record, Standing, fingerprints_of_answers
from autograder.rules.lateness import Moment, lateness
from autograder.rules.overrides import holding


def settle(index, course, rule, overrides, append):
    """Bring every record up to the rules of `course`; `append` takes those that changed."""
    wanted = {}
    for key, place in index.standings(rule).items():
        entry = index.entries[key]
        decided = decisions(overrides, entry)
        standing = standing_of(entry, course, rule, place)
        if standing != entry.standing or _overridden(decided, entry.names) != entry.overridden:
            wanted[key] = standing, decided
    for key, (standing, decided) in wanted.items():
        (record,) = index.records([index.entries[key]])
        append(settled(record, standing, decided))


def decisions(overrides, one):
    """{exercise: Override} of what holds of a record or an entry, of all that `read_overrides` read."""
    return holding(overrides.get((one.student, one.lesson), {}), fingerprints_of_answers(one))


def standing_of(one, course, rule, place):
    """The `Standing` of a record or an entry, which is such a `place`: (number, of how many, whether it counts)."""
    number, of, counts = place
    moment = Moment(datetime.fromisoformat(one.handed.at) if one.handed.at else None, one.handed.clock)
    names = (one.student, one.whose.name, one.whose.email)
    late = lateness(course, names, one.lesson, moment, one.handed.is_flagged_late)
    return Standing(number, of, counts, rule if of > 1 else Standing.rule, late.said, late.share)


def _overridden(decided, names):
    return tuple((name, float(decided[name].points), decided[name].why) for name in names if name in decided)


def settled(record: Record, standing: Standing, overrides):
    """A record as it counts: with its standing, and with what a person decided, {exercise: Override}."""
    exercises = tuple(_decided(one, overrides.get(one.name)) for one in record.exercises)
    earned = sum(one.points for one in exercises)
    points = round(earned * (1 - standing.deduction), 6) if standing.deduction else earned
    return replace(record, exercises=exercises, standing=standing, points=points)


def _decided(exercise, override):
    if override:
        return replace(exercise, points=float(override.points), override=override.why)
    if exercise.override:
        return replace(exercise, points=sum(check.points for check in exercise.checks), override="")
    return exercise
