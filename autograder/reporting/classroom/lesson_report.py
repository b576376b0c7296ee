"""All that is reported of one lesson, as plain values that a page and a terminal can show."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from autograder.reporting.classroom.alike import published_answers, shared_answers
from autograder.reporting.classroom.item_analysis import cronbach_alpha, difficulty, discrimination
from autograder.reporting.classroom.mistakes import Mistake, all_or_none, mistakes
from autograder.reporting.classroom.people import stopped
from helpers.running import NOT_ATTEMPTED, TO_BE_MARKED


@dataclass(frozen=True)
class ExerciseLine:
    """One exercise: mean share of its points, corrected item-total correlation, and shares of the students.

    They did not try it, or a wrong answer was a known mistake (`named`), or was described, or nothing was said of it.
    """

    name: str
    difficulty: float
    discrimination: float
    not_attempted: float
    named: float
    described: float
    untold: float
    commonest: Mistake | None


@dataclass(frozen=True)
class LessonReport:
    """One lesson; `totals` are the students' points, `most` is what could be earned.

    `waiting` are exercises, with how many of their answers a person has yet to mark; no number counts these. `changes`
    are sentences on what is new since the last report.
    """

    name: str
    totals: tuple[float, ...]
    most: float
    alpha: float
    exercises: tuple[ExerciseLine, ...]
    mistakes: tuple[Mistake, ...]
    hard_checks: tuple
    easy_exercises: tuple
    stopped: tuple
    shared: tuple
    published: tuple
    waiting: tuple = ()
    changes: tuple[str, ...] = ()

    @property
    def mean(self):
        """The mean of the totals."""
        return float(np.mean(self.totals))


def lesson_report(name, rows, examples):
    """Make the report of a lesson from rows of one version of it."""
    waiting = _waiting(rows)
    places = [place for place, exercise in enumerate(rows[0].exercises) if exercise not in dict(waiting)]
    points, most = np.array([row.points for row in rows])[:, places], np.array(rows[0].most)[places]
    found = mistakes(name, rows, examples)
    hard, easy = all_or_none(rows)
    return LessonReport(
        name=name,
        totals=tuple(float(total) for total in points.sum(axis=1)),
        most=float(most.sum()),
        alpha=cronbach_alpha(points),
        exercises=tuple(_lines(rows, places, points, most, found)),
        mistakes=tuple(found),
        hard_checks=tuple(hard),
        easy_exercises=tuple(easy),
        stopped=tuple(stopped(rows)),
        shared=tuple(shared_answers(rows)),
        published=tuple(published_answers(rows)),
        waiting=waiting,
    )


def _waiting(rows):
    counts = Counter(
        exercise
        for row in rows
        for exercise, outcome in zip(row.exercises, row.outcomes, strict=True)
        if outcome == TO_BE_MARKED
    )
    return tuple(counts.items())


def of_one_version(rows):
    """(rows of the version of the lesson that most were graded by, how many others there are)."""
    versions = {}
    for row in rows:
        versions.setdefault((row.exercises, row.most), []).append(row)
    kept = max(versions.values(), key=len)
    return kept, len(rows) - len(kept)


def _lines(rows, places, points, most, found):
    hard, apart = difficulty(points, np.where(most > 0, most, 1.0)), discrimination(points)
    for column, place in enumerate(places):
        name = rows[0].exercises[place]
        own = [one for one in found if one.exercise == name]
        counts = Counter(_kind(one) for one in own for _ in one.students)
        skipped = sum(row.outcomes[place] == NOT_ATTEMPTED for row in rows)
        shares = (count / len(rows) for count in (skipped, counts["named"], counts["described"], counts["untold"]))
        commonest = max((one for one in own if one.is_named), key=lambda one: len(one.students), default=None)
        yield ExerciseLine(name, float(hard[column]), float(apart[column]), *shares, commonest)


def _kind(mistake):
    return "named" if mistake.is_named else "described" if mistake.sentence else "untold"
