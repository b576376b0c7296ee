"""Hidden inputs differ by student: what a hidden check calls an answer with follows from the seed of the submission.

Left are answers that no check calls: a number that is worked out, a letter that is chosen. They have no inputs.
"""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from autograder.source.lesson import load_lesson
from conftest import BUILT
from helpers.running import run_check

SEEDS = "bcde"
README = Path(__file__).parent.parent / "autograder" / "README.md"
# Checks that call an answer and ask everybody the same: (exercise, check), and why they can do no other. None is left.
THE_SAME_FOR_ALL = {}


def as_text(value):
    """A value by its content; a function by what it closes over, so far as that is no function."""
    if isinstance(value, np.ndarray):
        return f"{value.shape}{value.dtype}{hashlib.sha256(value.tobytes()).hexdigest()}"
    if isinstance(value, (list, tuple)):
        return str([as_text(one) for one in value])
    if isinstance(value, dict):
        return str({key: as_text(one) for key, one in value.items()})
    if isinstance(value, np.random.Generator):
        return str(value.bit_generator.state)
    cells = [cell.cell_contents for cell in getattr(value, "__closure__", None) or ()]
    return type(value).__name__ + str([as_text(one) for one in cells]) if callable(value) else repr(value)


def asked(exercise, check, seed):
    """What a check calls the references with, call by call, as one text."""
    said = []

    def listening(function):
        def call(*args, **kwargs):
            said.append(as_text((args, kwargs)))
            return function(*args, **kwargs)

        return call

    names = {name: listening(one) if callable(one) else one for name, one in exercise.reference.items()}
    run_check(check, names, seed)
    return "\n".join(said)


def calls(exercise, check):
    return any(callable(exercise.reference[name]) for name in check.needs)


EXERCISES = [pytest.param(e, id=f"{name}/{e.name}") for name in BUILT for e in load_lesson(name).exercises.values()]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_hidden_inputs_differ_by_student_and_public_ones_do_not(exercise):
    for check in exercise.checks:
        if calls(exercise, check):
            first = asked(exercise, check, "a")
            differ = any(asked(exercise, check, seed) != first for seed in (SEEDS if check.hidden else SEEDS[:1]))
            assert differ == (check.hidden and (exercise.name, check.name) not in THE_SAME_FOR_ALL), check.name


def test_the_readme_counts_the_points_that_are_drawn():
    checks = [(e, c) for name in BUILT for e in load_lesson(name).exercises.values() for c in e.checks if c.hidden]
    drawn = sum(check.points for exercise, check in checks if calls(exercise, check))
    told = re.search(r"([\d.]+) of ([\d.]+) hidden points", README.read_text(encoding="utf-8"))
    assert [float(one) for one in told.groups()] == pytest.approx([drawn, sum(check.points for _, check in checks)])
