"""The grader's student side: check, hint, verdict, solution, progress, yours and export, in a notebook or a terminal.

It holds public checks only. What it shows contains no line of the course's own code.
"""

import importlib
import sys
import time
from functools import cached_property

from helpers.at_grading import remarks
from helpers.diagnosis import diagnose
from helpers.errors import StudentError
from helpers.lesson_data import load_exercises, load_questions
from helpers.newest_cell import stale
from helpers.outcomes import lines_of, outcome_of, shown, still_open
from helpers.report import Line, Report, points
from helpers.running import FAILED, NOT_ATTEMPTED, PASSED, TO_BE_MARKED, is_starter, run_check
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
        self._hints_given, self._solutions_asked = {}, {}
        wait_for_answers(lesson, self._is_missing)

    @cached_property
    def _exercises(self):
        return load_exercises(self.lesson)

    @cached_property
    def _questions(self):
        return load_questions(self.lesson)

    def __repr__(self):
        return f"Grader({self.lesson!r})"

    def check(self, name):
        """Run the public checks of an exercise and report: passed, or what was observed, expected, and a next step."""
        if name in self._questions:
            return self._to_be_marked(name)
        exercise, unknown = self._find(name)
        if unknown:
            return unknown
        started = time.monotonic()
        results = self._run(exercise)
        told = remarks(exercise, self._names, time.monotonic() - started)
        return Report(
            self._verdict(exercise, results),
            lines_of(results),
            (*self._remarks(exercise, results), *told, *stale(exercise.answers)),
        )

    def hint(self, name):
        """Show the next hint of an exercise, one step further each time, and say when there is no more."""
        exercise, unknown = self._find(name)
        if unknown:
            return unknown
        if not exercise.hints:
            return Report(f"{name} has no hints: read its statement once more.")
        count, given = len(exercise.hints), self._hints_given.get(name, 0)
        number = self._hints_given[name] = min(given + 1, count)
        last = "This was the last one: there is no more." if given == count else "This is the last one."
        told = f"{name}, hint {number} of {count}: {exercise.hints[number - 1]}"
        return Report(told, remarks=(last,) if number == count else ())

    def verdict(self, name, path=None):
        """Give the full verdict, hidden checks included, on the saved notebook; in a class release, say when it comes.

        `path` is the notebook where it cannot be found.
        """
        exercise, unknown = self._find(name)
        if unknown:
            return unknown
        answers = {one: self._names[one] for one in getattr(exercise, "answers", ()) if one in self._names}
        return importlib.import_module("helpers.verdict").verdict(self.lesson, name, answers, path)

    def solution(self, name):
        """Show ours, why it works and the other right ways: after an attempt, or two questions."""
        exercise, unknown = self._find(name)
        if unknown:
            return unknown
        asked = self._solutions_asked.get(name, 0)
        self._solutions_asked[name] = asked + 1
        outcome = self._state(exercise) if name in self._questions else outcome_of(self._run(exercise))
        module = importlib.import_module("helpers.solution")
        return module.solution(self.lesson, name, asked, is_tried=outcome != NOT_ATTEMPTED)

    def progress(self):
        """Show where every exercise of the lesson stands, and the points of the public checks so far."""
        rows = [(exercise, self._run(exercise)) for exercise in self._exercises.values()]
        earned = sum(result.earned for _, results in rows for result in results)
        hidden = sum(exercise.hidden_points for exercise in self._exercises.values())
        available = sum(exercise.public_points for exercise in self._exercises.values())
        lines = [Line(shown(outcome_of(res), one), self._progress_text(one, res)) for one, res in rows]
        lines += [Line(self._state(one), f"{one.name}, {points(one.points)}") for one in self._questions.values()]
        remark = (
            f"{points(earned)} of {available:g} from public checks. Hidden checks, worth {hidden:g}, come at grading."
        )
        by_hand = sum(one.points for one in self._questions.values())
        marked = (f"A person marks what is worth {points(by_hand)} more.",) if by_hand else ()
        return Report(f"Progress in {self.lesson}", tuple(lines), (remark, *marked))

    def yours(self, name):
        """Return your function where it passes its public checks, else ours from `helpers`, and print which."""
        exercise, unknown = self._find(name)
        if unknown:
            raise StudentError(unknown.heading)
        if outcome_of(self._run(exercise)) == PASSED:
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
        if exercise is None or outcome_of(self._run(exercise)) == PASSED or exercise.kernel is None:
            return False
        return isinstance(getattr(importlib.import_module("helpers.kernels"), exercise.kernel), LeftOut)

    def run(self, *checks):
        """Run the given checks, hidden ones too, as the solution notebooks show them."""
        results = [run_check(check, self._names) for check in checks]
        passed = sum(result.outcome == PASSED for result in results)
        return Report(f"{passed} of {len(results)} checks passed", lines_of(results, judged=True))

    def export(self, path=None):
        """Write the file to hand in and say what is missing; `path` is the notebook where it cannot be found."""
        export = importlib.import_module("helpers.export")
        return export.export(self.lesson, self._exercises, self.progress(), path)

    def _find(self, name):
        found = self._exercises.get(name) or self._questions.get(name)
        if found:
            return found, None
        known = ", ".join([*self._exercises, *self._questions])
        return None, Report(f"{self.lesson} has no exercise called {name!r}. Its exercises are: {known}.")

    def _run(self, exercise):
        return [run_check(check, self._names) for check in exercise.checks]

    def _state(self, question):
        """What the saved notebook says of a question: to be marked, unless nobody has written an answer."""
        cells = importlib.import_module("helpers.export").saved_cells(self.lesson)
        return NOT_ATTEMPTED if cells is not None and not question.answer_in(cells) else TO_BE_MARKED

    def _to_be_marked(self, name):
        question = self._questions[name]
        state = self._state(question)
        heading = f"{name}: {state}" + (" yet, in the saved file" if state == NOT_ATTEMPTED else "")
        return Report(heading, remarks=(f"Worth {points(question.points)}. A person reads and marks your answer.",))

    def _verdict(self, exercise, results):
        earned = sum(result.earned for result in results)
        if outcome_of(results) == NOT_ATTEMPTED:
            return f"{exercise.name}: not attempted yet"
        if exercise.public_points == 0:
            return f"{exercise.name}: noted" if outcome_of(results) == PASSED else f"{exercise.name}: not an answer yet"
        passed = "all public checks passed" if outcome_of(results) == PASSED else "not there yet"
        return f"{exercise.name}: {passed} ({earned:g} of {points(exercise.public_points)})"

    def _remarks(self, exercise, results):
        outcome = outcome_of(results)
        if outcome == FAILED:
            told = diagnose(results, exercise.mistakes, exercise.parameters)
            stuck = (
                [f'Stuck? grader.hint("{exercise.name}") goes one step further each time.'] if exercise.hints else []
            )
            return tuple(([f"Diagnosis: {told}"] if told else []) + stuck)
        if outcome == PASSED and exercise.hidden_points:
            return (still_open(exercise),)
        if outcome == NOT_ATTEMPTED:
            missing = [name for name in exercise.answers if is_starter(self._names.get(name, ...))]
            return (f"Waiting for {', '.join(missing)}: write it in the cell above, run that cell, then this one.",)
        return ()

    def _progress_text(self, exercise, results):
        if exercise.public_points == 0:
            return f"{exercise.name}, {points(exercise.hidden_points)}, all hidden"
        earned = sum(result.earned for result in results)
        hidden = f", {exercise.hidden_points:g} more are hidden" if exercise.hidden_points else ""
        return f"{exercise.name}, {earned:g} of {points(exercise.public_points)}{hidden}"
