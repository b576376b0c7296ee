"""An exercise: its answers, checks, hints, right and wrong answers, ready to be run.

This file knows what an exercise is made of. `section` reads it from its source; what must be true of it is in `audit`.
"""

from dataclasses import dataclass
from pathlib import Path

from autograder.source.cells import Cell
from helpers.checking import Choice


@dataclass(frozen=True)
class Answer:
    """One answer: its name, its reference value (or Choice), and the cell that holds it."""

    name: str
    reference: object
    cell: Cell

    @property
    def is_choice(self):
        return isinstance(self.reference, Choice)

    @property
    def value(self):
        """What a student who is right would have under this name."""
        return self.reference.letter if self.is_choice else self.reference


@dataclass(frozen=True)
class Exercise:
    """Everything that a section says of its exercise."""

    name: str
    title: str
    path: Path
    answers: tuple
    checks: tuple
    hints: tuple
    right_answers: dict
    wrong_answers: dict
    kernels: tuple

    @property
    def max_points(self):
        return sum(check.points for check in self.checks)

    @property
    def reference(self):
        return {answer.name: answer.value for answer in self.answers}

    def names_with(self, given):
        """The names of a submission that gives this right or wrong answer and is right in the others."""
        return {**self.reference, self.replaced(given): given.value}

    def replaced(self, given):
        """The name of the answer that a right or wrong answer stands for."""
        if given.instead_of is None:
            return self.answers[0].name
        return next(answer.name for answer in self.answers if answer.reference is given.instead_of)

    def failed_by(self, wrong):
        """The checks that a wrong answer must fail, as it says itself."""
        if wrong.fails:
            return wrong.fails
        name = self.replaced(wrong)
        return tuple(check for check in self.checks if name in check.needs and check not in wrong.passes)
