"""What went wrong in a lesson: who heard which sentence, who heard none, and what it cost the class."""

import ast
from collections import defaultdict
from dataclasses import dataclass

from helpers.running import FAILED, PASSED

MOST_NAMES = 12
FEW = 10  # graded answers below which nothing is said of all or none


@dataclass(frozen=True)
class Mistake:
    """One mistake in one exercise; `sentence` is its diagnosis, "" for all failures that have none.

    A sentence that is not `is_named` describes what was seen, and answers of several mistakes may share it.
    """

    exercise: str
    sentence: str
    students: tuple[str, ...]
    lost: float
    example: str
    is_named: bool = False

    @property
    def who(self):
        """The first names, and how many more."""
        more = len(self.students) - MOST_NAMES
        return ", ".join(self.students[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def mistakes(lesson, rows, examples):
    """Every mistake of a lesson, the dearest first."""
    students, lost = defaultdict(list), defaultdict(float)
    for row in rows:
        for place, (name, outcome) in enumerate(zip(row.exercises, row.outcomes, strict=True)):
            missing = row.most[place] - row.points[place]
            if outcome == FAILED and missing > 0:
                key = name, row.said[place], row.is_named[place]
                students[key].append(row.student)
                lost[key] += missing
    found = [
        Mistake(*key, tuple(who), lost[*key, named], without_comments(examples.get((lesson, *key), "")), named)
        for (*key, named), who in students.items()
    ]
    return sorted(found, key=lambda one: (-one.lost, one.exercise, one.sentence))


def without_comments(answer):
    """An answer's code as nobody's: comments and docstrings may hold names; what is no Python is not shown."""
    try:
        tree = ast.parse(answer)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [one for one in body if not _is_text(one)]
            node.body = kept or ([ast.Pass()] if body else [])
    try:
        return ast.unparse(tree)
    except (ValueError, RecursionError):
        return ""


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def all_or_none(rows):
    """(checks that nine in ten attempted answers fail, exercises that nobody fails), as (exercise, check) and names."""
    failing, attempted, exercises = defaultdict(int), defaultdict(int), {}
    for row in rows:
        for name, outcome, failed in zip(row.exercises, row.outcomes, row.failed, strict=True):
            exercises[name] = exercises.get(name, True) and outcome == PASSED
            if outcome in (PASSED, FAILED):
                attempted[name] += 1
                for check in failed:
                    failing[name, check] += 1
    hard = [key for key, count in failing.items() if attempted[key[0]] >= FEW and count >= 0.9 * attempted[key[0]]]
    return sorted(hard), [name for name, easy in exercises.items() if easy and len(rows) >= FEW]
