"""The mutation run: bend every reference in one way, and see whether the checks notice.

A mutant that passes every check survives. It must be explained in its lesson's `survivors.toml`, as equivalent to the
reference, within tolerance or outside of the statement; otherwise a check is too weak. Two families: one operator
changed (`mutations`), and the whole wrapped the way people go wrong (`behaviors`).
"""

import time
import tomllib
from dataclasses import dataclass

from autograder.authoring._forking import NO, ask_all
from autograder.authoring._mutant_jobs import BEHAVIOR, CONTROL, OPERATOR, behavior_jobs, operator_jobs
from autograder.source.problems import CourseError

SEEDS = range(2)
GATE = 0.95
SURVIVORS = "survivors.toml"
FAMILIES = (OPERATOR, BEHAVIOR)


@dataclass(frozen=True)
class Tally:
    """One family of one exercise's mutants: how many, and the descriptions of those that passed every check."""

    exercise: str
    family: str
    mutants: int
    survivors: tuple[str, ...]
    explained: frozenset[str]

    @property
    def unexplained(self):
        return tuple(one for one in self.survivors if one not in self.explained)

    @property
    def killed(self):
        return self.mutants - len(self.survivors)


@dataclass(frozen=True)
class MutationResult:
    """A lesson's mutation run: tallies, and the explanations that explain no survivor."""

    lesson: str
    tallies: tuple[Tally, ...]
    stale: tuple[tuple[str, str], ...]
    seconds: float

    def of(self, family):
        return [one for one in self.tallies if one.family == family]

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
        """The killed mutants' share of those that are not explained, in the family where it is smaller."""
        return min(_share(self.of(family)) for family in FAMILIES)

    @property
    def passed(self):
        return self.score >= GATE and not self.unexplained and not self.stale


def _share(tallies):
    killed = sum(one.killed for one in tallies)
    counted = killed + sum(len(one.unexplained) for one in tallies)
    return killed / counted if counted else 1.0


def mutation_run(lesson, *, only="", seeds=SEEDS, workers=2, seconds=1.0, every=1):
    """Run every mutant of every reference of a loaded lesson against all checks of its exercise.

    With `only`, those of this exercise alone; with `every`, one in so many, and all that are explained. A mutant may
    take `seconds` of processor time, or twenty times what the reference takes, whichever is more. A behavioral one
    that does nothing else than the reference on a wide set of inputs is none.
    """
    started = time.monotonic()
    explained = {name: reasons for name, reasons in load_survivors(lesson).items() if only in ("", name)}
    sections = [one for one in lesson.sections if one.exercise and only in ("", one.name)]
    jobs = _some([job for section in sections for job in operator_jobs(section, seeds, seconds)], every, explained)
    bent = _some([job for section in sections for job in behavior_jobs(section, seeds, seconds)], every, explained)
    other = ask_all([(job.differs, job.limits) for job in bent], workers=workers)
    jobs += [job for job, answer in zip(bent, other, strict=True) if answer != NO]
    answers = ask_all([(job.noticed, job.limits) for job in jobs], workers=workers)
    tallies = tuple(_tallies(jobs, answers, explained))
    survivors = {(one.exercise, mutant) for one in tallies for mutant in one.survivors}
    listed = [(name, one) for name, reasons in explained.items() for one in reasons]
    stale = tuple(one for one in listed if one not in survivors)
    return MutationResult(lesson.name, tallies, stale, time.monotonic() - started)


def _some(jobs, every, explained):
    return [
        job
        for number, job in enumerate(jobs)
        if number % every == 0 or job.family == CONTROL or job.description in explained.get(job.exercise, {})
    ]


def _tallies(jobs, answers, explained):
    outcomes = list(zip(jobs, answers, strict=True))
    for job, answer in outcomes:
        if job.family == CONTROL and answer != NO:
            raise CourseError(
                f"The reference of {job.exercise} does not pass its own checks in a fork. Run: course test"
            )
    for name, family in dict.fromkeys((job.exercise, job.family) for job in jobs if job.family != CONTROL):
        found = [(job, answer) for job, answer in outcomes if (job.exercise, job.family) == (name, family)]
        survivors = tuple(job.description for job, answer in found if answer == NO)
        yield Tally(name, family, len(found), survivors, frozenset(explained.get(name, {})))


def load_survivors(lesson):
    """Return {exercise: {description: why it survives}} from the lesson's survivors.toml, {} where there is none."""
    path = lesson.sections[0].path.parent / SURVIVORS
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def render(result):
    """The run as text: a line for each exercise and family, the sums, then what is to be done."""
    width = max([len("exercise"), *(len(one.exercise) for one in result.tallies)])
    lines = [f"{result.lesson}", f"{'exercise':{width}}  {'family':8}  mutants  killed  explained  unexplained"]
    for one in result.tallies:
        counts = len(one.survivors) - len(one.unexplained), len(one.unexplained)
        lines.append(
            f"{one.exercise:{width}}  {one.family:8}  {one.mutants:7}  {one.killed:6}  {counts[0]:9}  {counts[1]:11}"
        )
    for family in FAMILIES:
        mutants, killed = (sum(getattr(one, what) for one in result.of(family)) for what in ("mutants", "killed"))
        lines.append(f"{family}: {killed} of {mutants} killed, {_share(result.of(family)):.1%} of the unexplained")
    lines.append(f"{result.lesson}: {result.seconds:.0f} s")
    lines += [
        f"survives, sharpen a check or explain it in {SURVIVORS}: [{name}] {one}" for name, one in result.unexplained
    ]
    lines += [f"no survivor, remove it from {SURVIVORS}: [{name}] {one}" for name, one in result.stale]
    return "\n".join(lines)
