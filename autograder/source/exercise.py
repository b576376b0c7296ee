"""An exercise: its answers, checks, hints, right and wrong answers, ready to be run.

This file knows what an exercise is made of. `section` reads it from its source; what must be true of it is in `audit`.
"""

import inspect
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from autograder.source.cells import Cell
from helpers.checking import Check, Choice, RightAnswer, WrongAnswer, is_pure
from helpers.running import FAILED, run_check


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
    answers: tuple[Answer, ...]
    checks: tuple[Check, ...]
    hints: tuple[str, ...]
    right_answers: dict[str, RightAnswer]
    wrong_answers: dict[str, WrongAnswer]
    kernels: tuple

    @property
    def max_points(self):
        return sum(check.points for check in self.checks)

    @cached_property
    def known_fingerprints(self):
        """{(wrong answer, check): fingerprint or None} on inputs that never change, filled by whoever works one out."""
        return {}

    @property
    def parameters(self):
        """The names of the arguments of its one function; none where it has no function or several."""
        functions = [answer.value for answer in self.answers if callable(answer.value)]
        return tuple(inspect.signature(functions[0]).parameters) if len(functions) == 1 else ()

    @property
    def own_checks(self):
        """The checks that the section writes itself: all but the generated one."""
        return tuple(check for check in self.checks if check.name != is_pure.name)

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

    def run(self, names, seed, checks=None):
        """Run checks, by default all of them, in this process, for answers that we trust: their `CheckResult`s."""
        return [run_check(check, names, seed) for check in checks or self.checks]

    def run_with_seeds(self, names, seeds, checks=None):
        """Yield (seed, results) for every seed; a check whose inputs no seed changes is run once."""
        checks = checks or self.checks
        first = self.run(names, seeds[0], checks)
        for seed in seeds:
            pairs = zip(checks, first, strict=True)
            yield seed, [run_check(one, names, seed) if one.draws and seed != seeds[0] else was for one, was in pairs]

    def known_mistakes(self, seed):
        """Yield each wrong answer's sentence, and what gives its fingerprint on a check, None where it passes."""
        drawn = {}  # on inputs of this seed; what no seed changes is kept for the next submission
        for name, wrong in self.wrong_answers.items():
            yield wrong.feedback, partial(self._fingerprint, name, seed, drawn)

    def _fingerprint(self, wrong, seed, drawn, check_name):
        """What a wrong answer does in a check, worked out when it is first asked for."""
        check = next(one for one in self.checks if one.name == check_name)
        kept = drawn if check.draws else self.known_fingerprints
        if (wrong, check_name) not in kept:
            result = run_check(check, self.names_with(self.wrong_answers[wrong]), seed)
            kept[wrong, check_name] = result.fingerprint if result.outcome == FAILED else None
        return kept[wrong, check_name]

    def failed_by(self, wrong):
        """The checks that a wrong answer must fail, as it says itself."""
        if wrong.fails:
            return wrong.fails
        name = self.replaced(wrong)
        return tuple(one for one in self.own_checks if name in one.needs and one not in wrong.passes)
