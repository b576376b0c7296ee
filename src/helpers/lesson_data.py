"""Read what was generated for a lesson: its public checks, hints and fingerprints of wrong answers."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from helpers.checking import Check
from helpers.errors import StudentError
from helpers.language import in_language, said
from helpers.questions import Place

LESSONS = Path(__file__).parent / "lessons"


@dataclass(frozen=True)
class ExerciseData:
    """One exercise as the student's side knows it."""

    name: str
    title: str
    answers: tuple
    hints: tuple
    hidden_points: float
    kernel: str | None
    check_sources: tuple
    mistakes: tuple
    closed: tuple = ()
    parameters: tuple = ()

    @cached_property
    def checks(self):
        """The public checks, compiled when they are first needed."""
        return tuple(_compile(item) for item in self.check_sources)

    @property
    def public_points(self):
        return sum(item["points"] for item in self.check_sources)

    @property
    def max_points(self):
        return self.public_points + self.hidden_points


def _compile(item):
    namespace = {"__name__": f"<check {item['name']}>"}
    exec(compile(item["source"], f"<check {item['name']}>", "exec"), namespace)
    check = namespace[item["name"]]
    assert isinstance(check, Check)
    # A course may count an exercise otherwise than its source does.
    return replace(check, points=item["points"])


def lesson_names():
    """The names of the lessons that this installation of helpers knows."""
    return sorted(path.stem for path in LESSONS.glob("*.json"))


def load_exercises(lesson):
    """Return the exercises of a lesson by name, in reading order; `StudentError` names the lessons there are."""
    return {item["name"]: _exercise(item) for item in load_lesson(lesson)["exercises"]}


def load_questions(lesson):
    """Return the questions of a lesson that a person marks, by name, in reading order."""
    return {item["name"]: Place(**item) for item in load_lesson(lesson).get("questions", ())}


def load_lesson(lesson):
    """Return what was generated for a lesson, as plain data."""
    if lesson not in lesson_names():
        told = said("There is no lesson called {code}. The lessons are: {names}.")
        raise StudentError(in_language(told.format(code=repr(lesson), names=", ".join(lesson_names()))))
    return json.loads((LESSONS / f"{lesson}.json").read_text(encoding="utf-8"))


def _exercise(item):
    return ExerciseData(
        name=item["name"],
        title=item["title"],
        answers=tuple(item["answers"]),
        hints=tuple(item["hints"]),
        hidden_points=item["hidden_points"],
        kernel=item["kernel"],
        check_sources=tuple(item["checks"]),
        mistakes=tuple((one["feedback"], one["fingerprints"].get) for one in item["wrong_answers"]),
        closed=tuple(item.get("closed", ())),
        parameters=tuple(item.get("parameters", ())),
    )
