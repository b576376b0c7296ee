"""The grader's student side: check, hint, progress, yours and export, in a notebook or a terminal.

It holds public checks only. What it shows contains no line of the course's own code.
"""

import importlib
import sys
import time
from functools import cached_property

from helpers.at_grading import remarks
from helpers.diagnosis import diagnose
from helpers.errors import StudentError
from helpers.lesson_data import load_exercises
from helpers.newest_cell import stale
from helpers.report import Line, Report, points
from helpers.running import FAILED, NOT_ATTEMPTED, PASSED, is_starter, run_check
from helpers.stand_in import LeftOut, wait_for_answers


class Grader:
    """Answers questions about one lesson: `grader = Grader("01_chain_rule")`.

    `names` is where the answers are looked up; by default the namespace of the caller, which in a notebook is the
    notebook's own. The lesson's data is read when it is first needed; a lesson that does not exist is then a
    `StudentError`, a ValueError.
    """

    def __init__(self, lesson, names=None):
        self.lesson = lesson
        self._names = sys._getframe(1).f_globals if names is None else names
        self._hints_given = {}
        wait_for_answers(lesson, self._is_missing)

    @cached_property
    def _exercises(self):
        return load_exercises(self.lesson)

    def __repr__(self):
        return f"Grader({self.lesson!r})"

    def check(self, name):
        """Run the public checks of an exercise and report: passed, or what was observed, expected, and a next step."""
        exercise, unknown = self._find(name)
        if unknown:
            return unknown
        started = time.monotonic()
        results = self._run(exercise)
        told = remarks(exercise, self._names, time.monotonic() - started)
        return Report(
            self._verdict(exercise, results),
            _lines(results),
            (*self._remarks(exercise, results), *told, *stale(exercise.answers)),
        )

    def hint(self, name):
        """Show the next hint of an exercise, one step further each time."""
        exercise, unknown = self._find(name)
        if unknown:
            return unknown
        if not exercise.hints:
            return Report(f"{name} has no hints: read its options once more.")
        number = min(self._hints_given.get(name, 0) + 1, len(exercise.hints))
        self._hints_given[name] = number
        return Report(f"{name}, hint {number} of {len(exercise.hints)}: {exercise.hints[number - 1]}")

    def progress(self):
        """Show where every exercise of the lesson stands, and the points of the public checks so far."""
        rows = [(exercise, self._run(exercise)) for exercise in self._exercises.values()]
        earned = sum(result.earned for _, results in rows for result in results)
        hidden = sum(exercise.hidden_points for exercise in self._exercises.values())
        available = sum(exercise.public_points for exercise in self._exercises.values())
        lines = tuple(Line(_outcome(results), self._progress_text(exercise, results)) for exercise, results in rows)
        remark = (
            f"{points(earned)} of {available:g} from public checks. Hidden checks, worth {hidden:g}, come at grading."
        )
        return Report(f"Progress in {self.lesson}", lines, (remark,))

    def yours(self, name):
        """Return your function where it passes its public checks, else ours from `helpers`, and print which."""
        exercise, unknown = self._find(name)
        if unknown:
            raise StudentError(unknown.heading)
        if _outcome(self._run(exercise)) == PASSED:
            print(f"{name}: yours")
            return self._names[exercise.answers[0]]
        if exercise.kernel is None:
            raise StudentError(f"{name} has no stand-in in helpers: answer it first, then run this cell again.")
        kernel = getattr(importlib.import_module("helpers.kernels"), exercise.kernel)
        if isinstance(kernel, LeftOut):
            print(f"{name}: answer it first; this release has nothing that could stand in for it")
            return kernel
        print(f"{name}: ours, until yours passes its checks")
        return kernel

    def _is_missing(self, name):
        """Whether `yours` would have nothing to give."""
        exercise = self._exercises.get(name)
        if exercise is None or _outcome(self._run(exercise)) == PASSED or exercise.kernel is None:
            return False
        return isinstance(getattr(importlib.import_module("helpers.kernels"), exercise.kernel), LeftOut)

    def run(self, *checks):
        """Run the given checks, hidden ones too, as the solution notebooks show them."""
        results = [run_check(check, self._names) for check in checks]
        passed = sum(result.outcome == PASSED for result in results)
        return Report(f"{passed} of {len(results)} checks passed", _lines(results))

    def export(self, path=None):
        """Write the file to hand in and say what is missing; `path` is the notebook where it cannot be found."""
        export = importlib.import_module("helpers.export")
        return export.export(self.lesson, self._exercises, self.progress(), path)

    def _find(self, name):
        if name in self._exercises:
            return self._exercises[name], None
        known = ", ".join(self._exercises)
        return None, Report(f"{self.lesson} has no exercise called {name!r}. Its exercises are: {known}.")

    def _run(self, exercise):
        return [run_check(check, self._names) for check in exercise.checks]

    def _verdict(self, exercise, results):
        earned = sum(result.earned for result in results)
        if _outcome(results) == NOT_ATTEMPTED:
            return f"{exercise.name}: not attempted yet"
        if exercise.public_points == 0:
            return f"{exercise.name}: noted" if _outcome(results) == PASSED else f"{exercise.name}: not an answer yet"
        passed = "all public checks passed" if _outcome(results) == PASSED else "not there yet"
        return f"{exercise.name}: {passed} ({earned:g} of {points(exercise.public_points)})"

    def _remarks(self, exercise, results):
        outcome = _outcome(results)
        if outcome == FAILED:
            told = diagnose(results, exercise.mistakes)
            stuck = (
                [f'Stuck? grader.hint("{exercise.name}") goes one step further each time.'] if exercise.hints else []
            )
            return tuple(([f"Diagnosis: {told}"] if told else []) + stuck)
        if outcome == PASSED and exercise.hidden_points:
            return (f"Hidden checks worth {points(exercise.hidden_points)} come at grading.",)
        if outcome == NOT_ATTEMPTED:
            missing = [name for name in exercise.answers if is_starter(self._names.get(name, ...))]
            return (f"Waiting for {', '.join(missing)}: write it in the cell above, run that cell, then this one.",)
        return ()

    def _progress_text(self, exercise, results):
        earned = sum(result.earned for result in results)
        hidden = f", {exercise.hidden_points:g} more are hidden" if exercise.hidden_points else ""
        return f"{exercise.name}, {earned:g} of {points(exercise.public_points)}{hidden}"


def _outcome(results):
    """The outcome of an exercise: the worst of its checks, but not attempted only where all of them are."""
    outcomes = [result.outcome for result in results]
    if all(outcome == NOT_ATTEMPTED for outcome in outcomes):
        return NOT_ATTEMPTED
    return next((outcome for outcome in outcomes if outcome != PASSED), PASSED)


def _lines(results):
    return tuple(
        Line(result.outcome, result.sentence, result.parts)
        for result in results
        if not (result.outcome == NOT_ATTEMPTED and all(one.outcome == NOT_ATTEMPTED for one in results))
    )
