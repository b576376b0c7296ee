"""What an exercise's results come to, in a student's words: its outcome, its lines, what is still open."""

from helpers.checkout import checkout
from helpers.diagnosis import IS_PURE
from helpers.report import Line, points
from helpers.running import NOT_ATTEMPTED, NOTED, PASSED


def outcome_of(results):
    """The outcome of an exercise: the worst of its checks, but not attempted only where all of them are."""
    outcomes = [result.outcome for result in results]
    if all(outcome == NOT_ATTEMPTED for outcome in outcomes):
        return NOT_ATTEMPTED
    return next((outcome for outcome in outcomes if outcome != PASSED), PASSED)


def shown(outcome, exercise):
    """An outcome as students read it: where only hidden checks give points, nothing has passed yet."""
    return NOTED if outcome == PASSED and exercise.public_points == 0 else outcome


def still_open(exercise):
    """How many points are decided, and who decides the others."""
    decided, is_are = exercise.public_points, "is" if exercise.public_points == 1 else "are"
    now = checkout() and f', or now: grader.verdict("{exercise.name}")'
    told = f"{decided:g} of {points(exercise.max_points)} {is_are} decided" if decided else "Nothing is decided yet"
    who = f"hidden checks decide {'the other ' * bool(decided)}{points(exercise.hidden_points)}"
    return f"{told}; {who}, at grading{now or ''}."


def lines_of(results, *, judged=False):
    """A line for each check; none where nothing was attempted. `judged` where hidden checks are among them."""
    return tuple(
        Line(
            NOTED if not judged and _decides_nothing(result) else result.outcome,
            result.sentence,
            result.parts,
        )
        for result in results
        if not (result.outcome == NOT_ATTEMPTED and all(one.outcome == NOT_ATTEMPTED for one in results))
    )


def _decides_nothing(result):
    """Whether a check passed that is worth no points: it says that an answer is one, not that it is right."""
    return result.outcome == PASSED and result.points == 0 and result.name != IS_PURE
