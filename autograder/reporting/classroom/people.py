"""Whom to talk to: who stopped in the middle of a lesson, and who did far worse than before."""

import statistics

from helpers.running import NOT_ATTEMPTED

TRAILING = 3  # exercises without an attempt at the end of a lesson
FELL = 0.3  # share of the points by which a lesson lies below the mean of those before it
MOST = 20


def stopped(rows):
    """[(student, the last exercise with an attempt, how many follow)], the earliest first, of one lesson."""
    found = []
    for row in rows:
        tried = [place for place, outcome in enumerate(row.outcomes) if outcome != NOT_ATTEMPTED]
        left = len(row.outcomes) - 1 - (tried[-1] if tried else -1)
        if tried and left >= TRAILING:
            found.append((row.student, row.exercises[tried[-1]], left))
    return sorted(found, key=lambda one: (-one[2], one[0]))[:MOST]


def fell_behind(lessons):
    """[(student, lesson, share there, mean share before)] of the last lesson that each student handed in."""
    shares = {}
    for name, rows in lessons.items():
        for row in rows:
            shares.setdefault(row.student, []).append((name, sum(row.points) / (sum(row.most) or 1)))
    found = []
    for student, each in shares.items():
        *before, (name, last) = each
        mean = statistics.fmean(share for _, share in before) if before else last
        if mean - last > FELL:
            found.append((student, name, last, mean))
    return sorted(found, key=lambda one: (one[2] - one[3], one[0]))[:MOST]
