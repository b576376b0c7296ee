"""What an exercise's results come to, in a student's words: its outcome, its lines, what is still open."""

from helpers.checkout import checkout
from helpers.diagnosis import IS_PURE, diagnose
from helpers.language import counted, said
from helpers.report import CheckLine, points
from helpers.running import FAILED, NOT_ATTEMPTED, NOTED, PASSED, is_starter


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
    decided, others = exercise.public_points, points(exercise.hidden_points)
    told = {"earned": f"{decided:g}", "most": points(exercise.max_points), "points": others}
    now = counted("{earned} of {most} is decided", "{earned} of {most} are decided", decided).format(**told)
    now = now if decided else said("Nothing is decided yet")
    if decided:
        who = said("hidden checks decide the other {points}").format(**told)
    else:
        who = said("hidden checks decide {points}").format(**told)
    if not checkout():
        return said("{now}; {who}, at grading.").format(now=now, who=who)
    code = f'grader.verdict("{exercise.name}")'
    return said("{now}; {who}, at grading, or now: {code}.").format(now=now, who=who, code=code)


def heading(exercise, results):
    """What came of an exercise's public checks, in a line."""
    outcome, name = outcome_of(results), exercise.name
    if outcome == NOT_ATTEMPTED:
        return said("{name}: not attempted yet").format(name=name)
    if exercise.public_points == 0:
        told = said("{name}: noted") if outcome == PASSED else said("{name}: not an answer yet")
        return told.format(name=name)
    told = (
        said("{name}: all public checks passed ({earned} of {points})")
        if outcome == PASSED
        else said("{name}: not there yet ({earned} of {points})")
    )
    earned = sum(result.earned for result in results)
    return told.format(name=name, earned=f"{earned:g}", points=points(exercise.public_points))


def standing(exercise, results):
    """Where an exercise stands, in a line of `grader.progress`."""
    if exercise.public_points == 0:
        return said("{name}, {points}, all hidden").format(name=exercise.name, points=points(exercise.hidden_points))
    told = {
        "name": exercise.name,
        "earned": f"{sum(result.earned for result in results):g}",
        "points": points(exercise.public_points),
        "number": f"{exercise.hidden_points:g}",
    }
    if exercise.hidden_points:
        return said("{name}, {earned} of {points}, {number} more are hidden").format(**told)
    return said("{name}, {earned} of {points}").format(**told)


def next_of(exercise, results, names):
    """What an outcome calls for: the diagnosis and the hints, who decides what is open, what the exercise waits for."""
    outcome = outcome_of(results)
    if outcome == FAILED:
        told = diagnose(results, exercise.mistakes, exercise.parameters)
        stuck = said("Stuck? {code} goes one step further each time.").format(code=f'grader.hint("{exercise.name}")')
        return (
            *([said("Diagnosis: {told}").format(told=told)] if told else []),
            *([stuck] if exercise.hints else []),
        )
    if outcome == PASSED and exercise.hidden_points:
        return (still_open(exercise),)
    if outcome == NOT_ATTEMPTED:
        missing = [name for name in exercise.answers if is_starter(names.get(name, ...))]
        told = said("Waiting for {names}: write it in the cell above, run that cell, then this one.")
        return (told.format(names=", ".join(missing)),)
    return ()


def lines_of(results, *, judged=False):
    """A line for each check; none where nothing was attempted. `judged` where hidden checks are among them."""
    return tuple(
        CheckLine(
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
