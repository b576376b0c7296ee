"""The mutation run: change every reference at one node, and see whether the checks notice.

A mutant that passes every check survives. It must be explained in its lesson's `survivors.toml`, as equivalent to the
reference or within tolerance; otherwise a check is too weak. What is changed is in `mutations`.
"""

import time
import tomllib
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from autograder.authoring._forking import NO, Limits, ask_all
from autograder.authoring.mutations import mutations
from autograder.problems import CourseError
from autograder.source.cells import names_defined, solution
from autograder.source.section import is_choice
from helpers.running import PASSED, run_check

SEEDS = range(2)
GATE = 0.95
SURVIVORS = "survivors.toml"


@dataclass(frozen=True)
class Tally:
    """One exercise's mutants: how many, and the descriptions of those that passed every check."""

    exercise: str
    mutants: int
    survivors: tuple
    explained: frozenset

    @property
    def unexplained(self):
        return tuple(one for one in self.survivors if one not in self.explained)

    @property
    def killed(self):
        return self.mutants - len(self.survivors)


@dataclass(frozen=True)
class MutationResult:
    """A lesson's mutation run: a tally for each exercise, and the explanations that explain no survivor."""

    lesson: str
    tallies: tuple
    stale: tuple
    seconds: float

    @property
    def mutants(self):
        return sum(one.mutants for one in self.tallies)

    @property
    def killed(self):
        return sum(one.killed for one in self.tallies)

    @property
    def unexplained(self):
        """Pairs of exercise and description."""
        return tuple((one.exercise, mutant) for one in self.tallies for mutant in one.unexplained)

    @property
    def score(self):
        """The killed mutants' share of those that are not explained."""
        counted = self.killed + len(self.unexplained)
        return self.killed / counted if counted else 1.0

    @property
    def passed(self):
        return self.score >= GATE and not self.unexplained and not self.stale


def mutation_run(lesson, *, seeds=SEEDS, workers=2, seconds=1.0):
    """Run every mutant of every reference of a loaded lesson against all checks of its exercise.

    A mutant may take `seconds` of processor time, or twenty times what the reference takes, whichever is more.
    """
    started = time.monotonic()
    explained = load_survivors(lesson)
    jobs = [job for section in lesson.sections if section.exercise for job in _jobs(section, seeds, seconds)]
    answers = ask_all([(job.noticed, job.limits) for job in jobs], workers=workers)
    names = dict.fromkeys(job.exercise for job in jobs)
    tallies = tuple(_tally(name, jobs, answers, explained.get(name, {})) for name in names)
    survivors = {(one.exercise, mutant) for one in tallies for mutant in one.survivors}
    listed = [(name, one) for name, reasons in explained.items() for one in reasons]
    stale = tuple(one for one in listed if one not in survivors)
    return MutationResult(lesson.name, tallies, stale, time.monotonic() - started)


@dataclass(frozen=True)
class _Job:
    """One mutant of an exercise to try; the reference itself, without a description, comes first as the control."""

    exercise: str
    description: str
    noticed: Callable
    limits: Limits


def _jobs(section, seeds, seconds):
    limits, cells = _limits(section.exercise, seeds, seconds), _answer_cells(section)
    for cell in cells:
        source = solution(section.path, cell)
        # Lines are counted within a cell, so that they outlive changes elsewhere in the file.
        where = f"{names_defined(source)[0]}, " if len(cells) > 1 else ""
        yield _Job(section.name, "", _question(section, source, seeds), limits)
        for one in mutations(source):
            yield _Job(section.name, where + one.description, _question(section, one.source, seeds), limits)


def _tally(name, jobs, answers, explained):
    outcomes = [(job.description, answer) for job, answer in zip(jobs, answers, strict=True) if job.exercise == name]
    if any(answer != NO for description, answer in outcomes if not description):
        raise CourseError(f"The reference of {name} does not pass its own checks in a fork. Run: course test")
    mutants = [(description, answer) for description, answer in outcomes if description]
    survivors = tuple(description for description, answer in mutants if answer == NO)
    return Tally(name, len(mutants), survivors, frozenset(explained))


def load_survivors(lesson):
    """Return {exercise: {description: why it survives}} from the lesson's survivors.toml, {} where there is none."""
    path = lesson.sections[0].path.parent / SURVIVORS
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _answer_cells(section):
    cells = dict.fromkeys(answer.cell for answer in section.exercise.answers)
    return [cell for cell in cells if not is_choice(cell)]


def _question(section, source, seeds):
    """A function that says whether some check notices this source in the place of its answer cell."""

    def noticed():
        names = names_with(section, source)
        runs = (run_check(check, names, seed) for seed in seeds for check in section.exercise.checks)
        return any(one.outcome != PASSED for one in runs)

    return noticed


def names_with(section, source):
    """The names of a submission that has this source in an answer cell, and is right in everything else."""
    namespace = dict(vars(section.module))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source, f"<mutant of {section.name}>", "exec"), namespace)
    answers = section.exercise.answers
    return {one.name: one.value if one.is_choice else namespace[one.name] for one in answers}


def _limits(exercise, seeds, seconds):
    started = time.process_time()
    for seed in seeds:
        exercise.run(exercise.reference, seed)
    return Limits(seconds=max(seconds, 20 * (time.process_time() - started)))


def render(result):
    """The run as text: a line for each exercise, then what is to be done."""
    width = max([len("exercise"), *(len(one.exercise) for one in result.tallies)])
    lines = [f"{result.lesson}", f"{'exercise':{width}}  mutants  killed  explained  unexplained"]
    for one in result.tallies:
        counts = len(one.survivors) - len(one.unexplained), len(one.unexplained)
        lines.append(f"{one.exercise:{width}}  {one.mutants:7}  {one.killed:6}  {counts[0]:9}  {counts[1]:11}")
    lines.append(f"{result.killed} of {result.mutants} killed, score {result.score:.1%}, {result.seconds:.0f} s")
    lines += [
        f"survives, sharpen a check or explain it in {SURVIVORS}: [{name}] {one}" for name, one in result.unexplained
    ]
    lines += [f"no survivor, remove it from {SURVIVORS}: [{name}] {one}" for name, one in result.stale]
    return "\n".join(lines)
