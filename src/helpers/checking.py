"""The words that sections are written with: check, right_answer, wrong_answer, choice, and the expectations.

Nothing here runs a check; `running` does. A decorated function stays callable, so that a wrong answer may be built
from a right one.
"""

import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from helpers.derivatives import complex_step
from helpers.expectations import (
    describe,
    expect,
    expect_array,
    expect_close,
    expect_parts,
    expect_raises,
    expect_unchanged,
)
from helpers.feedback import Feedback
from helpers.forms import as_letter
from helpers.purity import expect_pure
from helpers.questions import Question, question

__all__ = [
    "Check", "Choice", "Feedback", "Question", "RightAnswer", "WrongAnswer", "as_letter", "check", "choice",
    "complex_step", "describe", "expect", "expect_array", "expect_close", "expect_parts", "expect_pure",
    "expect_raises", "expect_unchanged", "is_pure", "option", "question", "right_answer", "wrong_answer",
]  # fmt: skip

LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Check:
    """A function that returns when the names it takes are right, and raises `Feedback` when they are not.

    `name` is the stable id, `sentence` (the docstring) is what the student reads, `needs` are the names that it takes
    from the student; a parameter called `rng` is given a seeded NumPy Generator instead.
    """

    function: Callable
    points: float
    hidden: bool

    @property
    def name(self):
        """The stable id."""
        return self.function.__name__

    @property
    def sentence(self):
        """What the student reads: the docstring on one line."""
        return " ".join((self.function.__doc__ or "").split())

    @cached_property
    def parameters(self):
        """The names of all parameters, `rng` among them."""
        return tuple(inspect.signature(self.function).parameters)

    @property
    def needs(self):
        """The names that the check takes from the student."""
        return tuple(name for name in self.parameters if name != "rng")

    @property
    def draws(self):
        """Whether its inputs depend on a submission's seed: those of a public check are the same for everybody."""
        return self.hidden and "rng" in self.parameters

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)


@dataclass(frozen=True)
class WrongAnswer:
    """A mistake that people make, and the sentence that names it.

    It must fail the checks in `fails` and no others; with none named there, every check but those in `passes`.
    """

    value: Any
    feedback: str
    fails: tuple[Check, ...] = ()
    passes: tuple[Check, ...] = ()
    instead_of: Any = None

    def __call__(self, *args, **kwargs):
        return self.value(*args, **kwargs)


@dataclass(frozen=True)
class RightAnswer:
    """Another correct way: it must pass every check."""

    value: Any
    instead_of: Any = None

    def __call__(self, *args, **kwargs):
        return self.value(*args, **kwargs)


@dataclass(frozen=True)
class Option:
    """One option of a multiple-choice answer, with what its chooser hears."""

    text: str
    feedback: str
    right: bool = False


@dataclass(frozen=True)
class Choice:
    """A multiple-choice answer; the options stand in an order that their own words decide, so no place is telling."""

    options: tuple
    points: float

    @property
    def by_letter(self):
        """The options by their letters, in the order that a hash of their words decides."""
        ordered = sorted(self.options, key=lambda one: hashlib.sha256(one.text.encode()).digest())
        return dict(zip(LETTERS, ordered, strict=False))

    @property
    def letter(self):
        """The letter of the right option."""
        return next(letter for letter, one in self.by_letter.items() if one.right)


def check(*, points, hidden=False):
    """Declare a check that is worth `points`; a hidden one never travels to the student."""
    return lambda function: Check(function, points, hidden)


def _is_pure():
    raise NotImplementedError("the section that imports this name is given its own check of that name")


_is_pure.__name__ = "is_pure"
is_pure = Check(_is_pure, 0, True)  # what a wrong answer names that fails the generated check alone


def wrong_answer(*fails, feedback, passes=(), instead_of=None):
    """Declare a wrong answer and what its author should hear.

    It fails every check that asks for its name, but those in `passes`; one that fails few names these instead. In an
    exercise with several answers, `instead_of` is the answer (the object itself) that this one replaces.
    """
    if fails and passes:
        raise ValueError("a wrong answer names the checks that it fails or those that it passes, not both")
    return lambda value: WrongAnswer(value, feedback, fails, tuple(passes), instead_of)


def right_answer(value=None, *, instead_of=None):
    """Declare another right answer, bare or with `instead_of`."""
    if value is None:
        return lambda value: RightAnswer(value, instead_of)
    return RightAnswer(value, instead_of)


def option(text, feedback, *, right=False):
    """One option of a `choice`: its text, and what the student hears who takes it."""
    return Option(text, feedback, right)


def choice(*options, points):
    """A multiple-choice answer with exactly one right option."""
    if sum(one.right for one in options) != 1 or not 2 <= len(options) <= len(LETTERS):
        raise ValueError(f"a choice takes 2 to {len(LETTERS)} options, exactly one of them with right=True")
    return Choice(tuple(options), points)
