"""The grader's student side: check, hint, verdict, solution, progress, yours and export, in a notebook or a terminal.

It holds public checks only. What it shows contains no line of the course's own code.
"""

import importlib
import sys
import time
from functools import cached_property

from helpers.at_grading import remarks
from helpers.errors import StudentError
from helpers.language import chosen, in_language, of_lesson, said
from helpers.lesson_data import load_exercises, load_questions
from helpers.newest_cell import stale
from helpers.outcomes import heading, lines_of, next_of, outcome_of, shown, standing
from helpers.report import Line, Report, points
from helpers.running import NOT_ATTEMPTED, PASSED, TO_BE_MARKED, run_check
from helpers.stand_in import LeftOut, wait_for_answers


class Grader:
    """Answers questions about one lesson: `grader = Grader("01_chain_rule")`.

    `names` is where the answers are looked up; by default the namespace of the caller, which in a notebook is the
    notebook's own. `language` is what it speaks ("fa", "ja"), else what COURSE_LANGUAGE or the system says. The
    lesson's data is read when it is first needed; a lesson that does not exist is then a `StudentError`, a ValueError.
    """

    def __init__(self, lesson, names=None, *, language=None):
        self.lesson, self.language = lesson, chosen(language)
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
        more = (*next_of(exercise, results, self._names), *told, *stale(exercise.answers))
        return self._told(Report(heading(exercise, results), lines_of(results), more))

    def hint(self, name):
        """Show the next hint of an exercise, one step further each time, and say when there is no more."""
        exercise, unknown = self._find(name)
        if unknown:
            return unknown
        if not exercise.hints:
            return self._told(Report(said("{name} has no hints: read its statement once more.").format(name=name)))
        count, given = len(exercise.hints), self._hints_given.get(name, 0)
        number = self._hints_given[name] = min(given + 1, count)
        last = said("This was the last one: there is no more.") if given == count else said("This is the last one.")
        hint = of_lesson(self.lesson, exercise.hints[number - 1], self.language)
        told = said("{name}, hint {number} of {count}: {told}").format(name=name, number=number, count=count, told=hint)
        return self._told(Report(told, remarks=(last,) if number == count else ()))

    def verdict(self, name, path=None):
        """Give the full verdict, hidden checks included, on the saved notebook; in a class release, say when it comes.

        `path` is the notebook where it cannot be found.
        """
        exercise, unknown = self._find(name)
        if unknown:
            return unknown
        answers = {one: self._names[one] for one in getattr(exercise, "answers", ()) if one in self._names}
        return self._told(importlib.import_module("helpers.verdict").verdict(self.lesson, name, answers, path))

    def solution(self, name):
        """Show ours, why it works and the other right ways: after an attempt, or two questions."""
        exercise, unknown = self._find(name)
        if unknown:
            return unknown
        asked = self._solutions_asked.get(name, 0)
        self._solutions_asked[name] = asked + 1
        outcome = self._state(exercise) if name in self._questions else outcome_of(self._run(exercise))
        module = importlib.import_module("helpers.solution")
        return self._told(module.solution(self.lesson, name, asked, is_tried=outcome != NOT_ATTEMPTED))

    def progress(self):
        """Show where every exercise of the lesson stands, and the points of the public checks so far."""
        return self._told(self._progress())

    def _progress(self):
        rows = [(exercise, self._run(exercise)) for exercise in self._exercises.values()]
        earned = sum(result.earned for _, results in rows for result in results)
        hidden = sum(exercise.hidden_points for exercise in self._exercises.values())
        available = sum(exercise.public_points for exercise in self._exercises.values())
        lines = [Line(shown(outcome_of(res), one), standing(one, res)) for one, res in rows]
        asked = said("{name}, {points}")
        questions = self._questions.values()
        lines += [Line(self._state(one), asked.format(name=one.name, points=points(one.points))) for one in questions]
        remark = said("{earned} of {most} from public checks. Hidden checks, worth {number}, come at grading.")
        remark = remark.format(earned=points(earned), most=f"{available:g}", number=f"{hidden:g}")
        by_hand = sum(one.points for one in questions)
        marked = said("A person marks what is worth {points} more.").format(points=points(by_hand))
        return Report(
            said("Progress in {name}").format(name=self.lesson), tuple(lines), (remark, *([marked] * bool(by_hand)))
        )

    def yours(self, name):
        """Return your function where it passes its public checks, else ours from `helpers`, and print which."""
        exercise, unknown = self._find(name)
        if unknown:
            raise StudentError(unknown.heading)
        if outcome_of(self._run(exercise)) == PASSED:
            self._print(said("{name}: yours"), name)
            return self._names[exercise.answers[0]]
        if exercise.kernel is None:
            told = said("{name} has no stand-in in helpers: answer it first, then run this cell again.")
            raise StudentError(in_language(told.format(name=name), self.language))
        kernel = getattr(importlib.import_module("helpers.kernels"), exercise.kernel)
        if isinstance(kernel, LeftOut):
            self._print(said("{name}: answer it first; this release has nothing that could stand in for it"), name)
            return kernel
        self._print(said("{name}: ours, until yours passes its checks"), name)
        return kernel

    def _told(self, shown):
        """What is shown, in the language that this grader speaks."""
        return shown.told_in(self.language, self.lesson)

    def _print(self, sentence, name):
        print(in_language(sentence.format(name=name), self.language))

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
        told = said("{number} of {count} checks passed").format(number=passed, count=len(results))
        return self._told(Report(told, lines_of(results, judged=True)))

    def export(self, path=None):
        """Write the file to hand in and say what is missing; `path` is the notebook where it cannot be found."""
        export = importlib.import_module("helpers.export")
        return self._told(export.export(self.lesson, self._exercises, self._progress(), path))

    def _find(self, name):
        found = self._exercises.get(name) or self._questions.get(name)
        if found:
            return found, None
        known = ", ".join([*self._exercises, *self._questions])
        told = said("{name} has no exercise called {code}. Its exercises are: {names}.")
        return None, self._told(Report(told.format(name=self.lesson, code=repr(name), names=known)))

    def _run(self, exercise):
        return [run_check(check, self._names) for check in exercise.checks]

    def _state(self, question):
        """What the saved notebook says of a question: to be marked, unless nobody has written an answer."""
        cells = importlib.import_module("helpers.export").saved_cells(self.lesson)
        return NOT_ATTEMPTED if cells is not None and not question.answer_in(cells) else TO_BE_MARKED

    def _to_be_marked(self, name):
        question = self._questions[name]
        state = self._state(question)
        blank, written = said("{name}: not attempted yet, in the saved file"), said("{name}: to be marked")
        told = said("Worth {points}. A person reads and marks your answer.").format(points=points(question.points))
        heading = (blank if state == NOT_ATTEMPTED else written).format(name=name)
        return self._told(Report(heading, remarks=(told,)))
