"""A record in the terms of nbgrader's cells: which cells it has results for, and what is written into their grades."""

from autograder.reporting.records import MARKED
from helpers.running import TO_BE_MARKED


def cells_of(record):
    """{cell of nbgrader's: points} that a record has results for."""
    return {
        name: points
        for one in record.exercises
        for name, points in (
            [(f"{one.name}-{check.name}", check.max_points) for check in one.checks] or [(one.name, one.max_points)]
        )
    }


def write_checks(grades, exercise, student):
    """The checks' points; of an exercise that a person decided on, that person's points, shared out as theirs are."""
    total = sum(check.max_points for check in exercise.checks)
    kept = []
    for check in exercise.checks:
        grade = grades[f"{exercise.name}-{check.name}"]
        by_hand = exercise.points * check.max_points / total if exercise.override and total else None
        grade.auto_score = check.points if by_hand is None else by_hand
        grade.needs_manual_grade = False
        if grade.manual_score is not None and grade.manual_score != grade.auto_score:
            kept.append(f"{student}, {grade.name}: {grade.manual_score:g}, not {grade.auto_score:g}")
    return kept


def write_mark(grade, exercise, student):
    """The mark of a question in words, where nbgrader has none yet."""
    if grade.manual_score is None:
        grade.manual_score = exercise.points if exercise.state == MARKED else None
        grade.auto_score = None if exercise.state in (MARKED, TO_BE_MARKED) else 0.0
        grade.needs_manual_grade = exercise.state == TO_BE_MARKED
    elif exercise.state == MARKED and grade.manual_score != exercise.points:
        return [f"{student}, {exercise.name}: {grade.manual_score:g}, not {exercise.points:g}"]
    return []
