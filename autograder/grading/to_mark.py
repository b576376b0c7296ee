"""The questions of a lesson that a person marks: what a submission says in answer to each, beside what was graded."""

from dataclasses import dataclass, replace

from autograder.source.notebook_cells import places
from helpers.running import COULD_NOT_BE_CHECKED, NOT_ATTEMPTED, TO_BE_MARKED


@dataclass(frozen=True)
class ToMark:
    """One question, in the shape of an `ExerciseResult`; points come when a person gives them."""

    name: str
    max_points: float
    outcome: str
    points: float = 0.0
    diagnosis: str = ""
    checks: tuple = ()
    is_named: bool = False


def with_questions(graded, lesson, submission):
    """A `Graded` with the lesson's questions among its exercises, in reading order, and what was written as answers.

    Where nothing could be checked, a file that is cut off for example, nobody marks anything. Where the lesson is not
    known, it is None and nothing is added.
    """
    if not (lesson and lesson.questions):
        return graded
    found, answers = {one.name: one for one in graded.exercises}, {}
    is_lost = not submission.cells or (found and all(one.outcome == COULD_NOT_BE_CHECKED for one in found.values()))
    cells = [(cell.id, cell.text) for cell in submission.cells]
    for place in places(lesson).values():
        answers[place.name] = place.answer_in(cells)
        outcome = COULD_NOT_BE_CHECKED if is_lost else TO_BE_MARKED if answers[place.name] else NOT_ATTEMPTED
        found[place.name] = ToMark(place.name, place.points, outcome)
    ordered = [found[section.name] for section in lesson.sections if section.name in found]
    return replace(graded, exercises=tuple(ordered), answers=graded.answers | answers)
