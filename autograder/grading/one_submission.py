"""Grade one submission: run its cells in a process of its own, and every exercise's checks here, at its own cell.

The checks, the references and the score stay in this process. A cell or a call that hangs, exits or dies costs its own
exercise: the process is forked afresh, the cells so far are run again without the dead one, and the rest goes on.
"""

import hashlib
import time
from dataclasses import dataclass, field, replace

from autograder.grading.execution import Execution, older, remark
from autograder.grading.matching import Matching
from autograder.remote.remote_names import RemoteNames
from autograder.remote.zygote import Limits
from autograder.reporting.records import CUT_OFF
from autograder.source.lesson import Lesson
from autograder.source.other_arguments import diagnosis_of
from helpers.language import said
from helpers.purity import another_passes
from helpers.running import COULD_NOT_BE_CHECKED, FAILED, NOT_ATTEMPTED, PASSED, CheckResult, run_check

MOST_PROBLEMS, MOST_REMARKS = 50, 12
NOT_CHECKED = said("Not checked, because an earlier call ended the process.")


@dataclass(frozen=True)
class ExerciseResult:
    """How one exercise went; `saw_hidden` where its public checks failed in a process that had seen hidden inputs."""

    name: str
    checks: tuple
    diagnosis: str = ""
    saw_hidden: bool = False
    is_named: bool = False

    @property
    def points(self):
        return sum(check.earned for check in self.checks)

    @property
    def max_points(self):
        return sum(check.points for check in self.checks)

    @property
    def outcome(self):
        """Passed if all checks did; not attempted if none was; else the first thing that went wrong."""
        outcomes = [check.outcome for check in self.checks]
        return next((one for one in outcomes if one == FAILED), next((o for o in outcomes if o != "passed"), "passed"))


@dataclass(frozen=True)
class Graded:
    """A graded submission: the exercises in the lesson's order, and sentences on what went wrong on the way.

    `problems` are for the instructor; `remarks` are what of them the student may read, without a word that the
    submission's process made up; `answers` are the student's own texts, {exercise: text}.
    """

    exercises: tuple
    problems: tuple
    seed: int
    seconds: float
    answers: dict = field(default_factory=dict)
    remarks: tuple = ()


def seed_of(lesson, student, secret):
    """The seed of a submission's hidden inputs, from the lesson, the student and the course's secret."""
    digest = hashlib.sha256(f"{secret}\0{lesson}\0{student}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "big")


def grade(submission, matching: Matching, zygote, *, seed, limits=None):
    """Grade a readable submission and return what became of it."""
    execution = Execution(zygote, limits or Limits(), matching.lesson.closed_modules)
    plan = matching.plan(submission)
    results = _walk(plan.steps, plan, execution, matching.lesson, seed)
    if any(one.saw_hidden for one in results.values()):
        results = _worded_by_a_fresh_process(results, plan, execution, matching.lesson, seed)
    return _graded(matching.lesson, results, plan, execution, seed)


def _walk(steps, plan, execution, lesson, seed, *, hidden=True):
    """Run the cells and grade the exercises where they stand, until the time is used up: {exercise: result}."""
    results = {}
    try:
        for step in steps:
            if execution.out_of_time():
                break
            if step.exercise:
                exercise, cells = lesson.exercises[step.exercise], plan.answer_cells[step.exercise]
                results[step.exercise] = _grade_exercise(exercise, execution, cells, seed, hidden)
            else:
                execution.cell(step)
    finally:
        execution.close()
    return results


def _worded_by_a_fresh_process(results, plan, execution, lesson, seed):
    """Let failed public checks say what a process shows that has seen no hidden input, and so can give none away."""
    affected, again, ran = [name for name, one in results.items() if one.saw_hidden], {}, set(execution.ran)
    if time.monotonic() - execution.started < execution.limits.submission / 3:
        steps = [step for step in plan.steps if step.exercise in affected or step in ran]
        fresh = Execution(execution.zygote, execution.limits, execution.closed, started=execution.started)
        again = _walk(steps, plan, fresh, lesson, seed, hidden=False)
    return results | {name: _with_the_words_of(again.get(name), results[name]) for name in affected}


def _with_the_words_of(fresh, result):
    """A result with the words of another one in its failed public checks; without words where that one passed."""
    told = {check.name: check.parts for check in fresh.checks if check.outcome == FAILED} if fresh else {}
    checks = [
        check if check.hidden or check.outcome != FAILED else replace(check, parts=told.get(check.name, ()))
        for check in result.checks
    ]
    return replace(result, checks=tuple(checks))


def _graded(lesson: Lesson, results, plan, execution, seed):
    problems = [*plan.problems, *(f"Cell {cell}: {fault.full}" for cell, fault in execution.faults.items())]
    limit = f"{execution.limits.submission:g}"
    late = said("The submission took more than {number} s in all, so this was not checked.").format(number=limit)
    problems += [f"{CUT_OFF}: the limit of {limit} s was reached."] * (len(results) < len(lesson.exercises))
    problems += older(plan.answer_cells, {name for name, one in results.items() if one.points}, execution.faults)
    exercises = [
        results.get(name) or ExerciseResult(name, tuple(_unchecked(check, late) for check in exercise.checks))
        for name, exercise in lesson.exercises.items()
    ]
    problems += [
        f"{one.name}: {check.summary}"
        for one in exercises
        for check in one.checks
        if check.outcome == FAILED and check.summary.startswith(("Stopped", "Python itself"))
    ]
    if len(problems) > MOST_PROBLEMS:
        problems[MOST_PROBLEMS:] = [f"And {len(problems) - MOST_PROBLEMS} more."]
    remarks = _remarks(plan, execution)
    return Graded(tuple(exercises), tuple(problems), seed, time.monotonic() - execution.started, plan.answers, remarks)


def _remarks(plan, execution):
    """What concerns the whole notebook, in words that the student may read.

    Of cells that failed after a hidden check nothing is said: what they raised, or that they did, might tell of it.
    """
    texts = {step.cell: step.text for step in plan.steps if step.cell}
    early = {cell: fault for cell, fault in execution.faults.items() if cell in execution.early}
    told = [*plan.problems, *(remark(cell, fault, texts.get(cell, "")) for cell, fault in early.items())]
    more = [said("And {count} more.").format(count=len(told) - MOST_REMARKS)] if len(told) > MOST_REMARKS else ()
    return (*told[:MOST_REMARKS], *more)


def _grade_exercise(exercise, execution, cells, seed, hidden):
    if cells is None:
        return ExerciseResult(exercise.name, tuple(_unchecked(check, "", NOT_ATTEMPTED) for check in exercise.checks))
    fault = next(((f"Cell {cell}: ", execution.faults[cell]) for cell in cells if cell in execution.faults), None)
    process, found, saw_hidden = execution.alive(), {}, False
    names = RemoteNames(process, execution.limits.call)
    for check in sorted(exercise.checks, key=lambda check: check.hidden):
        if check.hidden and not hidden:
            continue
        process.saw_hidden |= check.hidden
        execution.asked_hidden |= check.hidden
        with another_passes(any(one.outcome == PASSED for one in found.values())):
            found[check.name] = _check_one(check, process, names, seed, fault)
        saw_hidden |= process.saw_hidden and not check.hidden and found[check.name].outcome == FAILED
    checks = tuple(found[check.name] for check in exercise.checks if check.name in found)
    diagnosis, is_named = diagnosis_of(exercise, checks, seed) if hidden else ("", False)
    return ExerciseResult(exercise.name, checks, diagnosis, saw_hidden, is_named)


def _check_one(check, process, names, seed, fault):
    """Run one check, if the process still lives; where the answer is missing, the fault of its cell is the finding."""
    if process.death:
        return _unchecked(check, f"{NOT_CHECKED} {process.death}")
    process.begin()
    result = run_check(check, names, seed)
    if process.restore() and result.outcome == PASSED:
        # What is expected may be worked out after the call, from bent arguments: it must hold for the check's own too.
        with process.unchanged_arguments():
            result = run_check(check, names, seed)
    if result.outcome == NOT_ATTEMPTED and fault:
        cell, found = fault
        return _unchecked(check, cell + found.public, FAILED, cell + found.full)
    return result


def _unchecked(check, cause, outcome=COULD_NOT_BE_CHECKED, details=""):
    parts = (("observed", details or cause),) if cause else ()
    return CheckResult(check.name, check.sentence, check.hidden, check.points, outcome, cause, parts)


def grade_unreadable(lesson: Lesson | None, problem):
    """The result for a file that could not be read: nothing could be checked, and why; its lesson may be unknown."""
    exercises = lesson and [
        ExerciseResult(name, tuple(_unchecked(check, problem) for check in exercise.checks))
        for name, exercise in lesson.exercises.items()
    ]
    return Graded(tuple(exercises or ()), (problem,), 0, 0.0, remarks=(problem,))
