"""The questions of a lesson that a person marks: what a submission says in answer to each, beside what was graded."""

from dataclasses import dataclass, replace

from autograder.source.notebook_cells import places
from helpers.running import COULD_NOT_BE_CHECKED, NOT_ATTEMPTED, TO_BE_MARKED


@dataclass(frozen=True)
class ToMark:
    """One question and the answer to it, in the shape of an `ExerciseResult`; points come when a person gives them."""

    name: str
    max_points: float
    outcome: str
    answer: str = ""
    points: float = 0.0
    diagnosis: str = ""
    checks: tuple = ()


def with_questions(graded, lesson, submission):
    """A `Graded` with the lesson's questions among its exercises, in reading order."""
    found = {one.name: one for one in graded.exercises}
    cells = [(cell.id, cell.text) for cell in submission.cells]
    for place in places(lesson).values():
        answer = place.answer_in(cells)
        outcome = COULD_NOT_BE_CHECKED if not cells else TO_BE_MARKED if answer else NOT_ATTEMPTED
        found[place.name] = ToMark(place.name, place.points, outcome, answer)
    ordered = [found[section.name] for section in lesson.sections if section.name in found]
    return replace(graded, exercises=tuple(ordered))
