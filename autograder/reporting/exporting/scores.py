"""What there is to export: for each student the points of one lesson, or of all, and who the student is."""

from collections import defaultdict
from dataclasses import dataclass

from autograder.reporting.index import Index
from autograder.reporting.records import Whose
from autograder.source.problems import CourseError

TOTAL = "total"


@dataclass(frozen=True)
class Score:
    """The points of one student; `points` is None where something could not be graded, which is nobody's zero."""

    student: str
    whose: Whose
    points: float | None
    max_points: float
    to_mark: tuple[str, ...] = ()

    def __str__(self):
        name = self.whose.name
        return f"{name} ({self.student})" if name and name != self.student else self.student


def read_index(folder):
    """The index of the records in a folder; `CourseError` where there are none."""
    index = Index(folder / "records.jsonl")
    if not index.entries:
        raise CourseError(f"There are no records in {folder}. Name the folder that course grade wrote: --out of it.")
    return index


def chosen_lesson(index, asked):
    """The lesson that is exported: the one asked for by its beginning, `TOTAL`, or the only one there is."""
    lessons = list(index.exercises)
    found = [one for one in (*lessons, TOTAL) if asked and one.startswith(asked)] if asked else lessons
    if len(found) == 1:
        return found[0]
    problem = f"no single lesson '{asked}'" if asked else f"{len(lessons)} lessons"
    raise CourseError(f"The records hold {problem}. Say which with --lesson: {', '.join(lessons)}, or {TOTAL}.")


def scores_of(index, lesson):
    """The `Score` of every student who handed something in for a lesson, or, for `TOTAL`, for any, by student."""
    groups, most = defaultdict(list), defaultdict(float)
    for one in index.counting():
        if lesson in (TOTAL, one.lesson) or not one.lesson:
            groups[one.student].append(one)
            most[one.lesson] = max(most[one.lesson], one.max_points)
    return [_score(student, entries, sum(most.values())) for student, entries in groups.items()]


def _score(student, entries, max_points):
    known = [one for one in entries if one.lesson] or entries
    is_whole = all(one.is_graded for one in known)
    points = sum(one.points for one in known) if is_whole else None
    return Score(student, known[0].whose, points, max_points, tuple(name for one in known for name in one.to_mark))
