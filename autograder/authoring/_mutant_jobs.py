"""The mutants of an exercise as pieces of work: which there are, and the question whether its checks notice one."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

from autograder.authoring._forking import ForkLimits
from autograder.authoring.behaviors import behaviors
from autograder.authoring.generic_inputs import differs, recorded, varied
from autograder.authoring.mutations import mutations
from autograder.source.cells import names_defined, solution
from autograder.source.section import is_choice
from helpers.expectations import ATOL
from helpers.running import PASSED, run_check

CONTROL, OPERATOR, BEHAVIOR = "control", "operator", "behavior"


@dataclass(frozen=True)
class MutantJob:
    """One mutant of an exercise to try; the control is the reference itself.

    `noticed` says whether some check notices it; `differs`, of a behavioral one, whether it does anything else than the
    reference on a wide set of inputs.
    """

    exercise: str
    family: str
    description: str
    noticed: Callable
    limits: ForkLimits
    differs: Callable | None = None


def operator_jobs(section, seeds, seconds):
    """The control, and every mutant of the reference's source."""
    limits, cells = _limits(section.exercise, seeds, seconds), _answer_cells(section)
    for cell in cells:
        source = solution(section.path, cell)
        # Lines are counted within a cell, so that they outlive changes elsewhere in the file.
        where = f"{names_defined(source)[0]}, " if len(cells) > 1 else ""
        yield MutantJob(section.name, CONTROL, "", _of_source(section, source, seeds), limits)
        for one in mutations(source):
            noticed = _of_source(section, one.source, seeds)
            yield MutantJob(section.name, OPERATOR, where + one.description, noticed, limits)


def behavior_jobs(section, seeds, seconds):
    """Every behavior of every answer that is a function."""
    exercise, limits = section.exercise, _limits(section.exercise, seeds, seconds)
    functions = [answer.name for answer in exercise.answers if callable(answer.value)]
    for name in functions:
        calls = recorded(exercise, name)
        calls = [*calls, *varied(calls)]
        where = f"{name} " if len(functions) > 1 else ""
        # Where a check compares without an absolute part, the smallest numbers count.
        atol = 0.0 if "atol=0" in section.full_source else ATOL
        for words, wrap in behaviors().items():
            noticed, other = (
                _of_behavior(exercise, name, wrap, seeds),
                _differs(exercise.reference[name], wrap, calls, atol),
            )
            yield MutantJob(exercise.name, BEHAVIOR, where + words, noticed, limits, other)


def _answer_cells(section):
    cells = dict.fromkeys(answer.cell for answer in section.exercise.answers)
    return [cell for cell in cells if not is_choice(cell)]


def _of_source(section, source, seeds):
    return lambda: _noticed(section.exercise, names_with(section, source), seeds)


def _of_behavior(exercise, name, wrap, seeds):
    return lambda: _noticed(exercise, {**exercise.reference, name: wrap(exercise.reference[name])}, seeds)


def _differs(function, wrap, calls, atol):
    return lambda: differs(function, wrap(function), calls, atol)


def _noticed(exercise, names, seeds):
    runs = (run_check(check, names, seed) for seed in seeds for check in exercise.checks)
    return any(one.outcome != PASSED for one in runs)


def names_with(section, source):
    """The names of a submission that has this source in an answer cell, and is right in everything else."""
    namespace = dict(vars(section.module))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source, f"<mutant of {section.name}>", "exec"), namespace)
    answers = section.exercise.answers
    return {one.name: one.value if one.is_choice else namespace[one.name] for one in answers}


def _limits(exercise, seeds, seconds):
    started = process_time()
    for seed in seeds:
        exercise.run(exercise.reference, seed)
    return ForkLimits(seconds=max(seconds, 20 * (process_time() - started)))
