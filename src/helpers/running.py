"""Run one check against the names that it needs and say how it went, in one of four outcomes.

The same code serves a student's kernel, the grader, otter and nbgrader. The student's fault, the author's fault and an
interruption never share a message.
"""

import hashlib
import linecache
import traceback
import types
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from helpers.cases import FLOATING_POINT, RAISED, Case, collected
from helpers.feedback import Feedback
from helpers.language import said
from helpers.tracing import Trace

PASSED, FAILED, NOT_ATTEMPTED = said("passed"), said("failed"), said("not attempted")
COULD_NOT_BE_CHECKED = said("could not be checked")
# What awaits one: hidden checks alone judge it, or a person does.
NOTED, TO_BE_MARKED = said("noted"), said("to be marked")
RAISED_SOMETHING = said("Your code raised an exception.")
INTERRUPTED = said("You interrupted the check.")
TEXTS = {  # of a finding, by the parts that it has
    ("observed", "expected", "next step"): said("Observed: {observed} Expected: {expected} Next step: {next}"),
    ("observed", "expected"): said("Observed: {observed} Expected: {expected}"),
    ("observed", "next step"): said("Observed: {observed} Next step: {next}"),
}
OURS = str(Path(__file__).parent)


@dataclass(frozen=True)
class CheckResult:
    """How one check went.

    `summary` is safe to show for a hidden check; `parts` (pairs of heading and text) show values as well.
    """

    name: str
    sentence: str
    hidden: bool
    points: float
    outcome: str
    summary: str = ""
    parts: tuple = ()
    fingerprint: tuple = field(default=(), compare=False)
    cases: tuple[Case, ...] = field(default=(), compare=False, repr=False)

    @property
    def earned(self):
        """The points that it gives: all of them, or none."""
        return self.points if self.outcome == PASSED else 0.0

    @property
    def text(self):
        """The parts as one line; a lone one needs no heading."""
        if len(self.parts) < 2:
            return "".join(text for _, text in self.parts) or self.summary
        if known := TEXTS.get(tuple(heading for heading, _ in self.parts)):
            return known.format(**{heading.split()[0]: text for heading, text in self.parts})
        return " ".join(f"{heading.capitalize()}: {text}" for heading, text in self.parts)


class NotAttempted(Exception):
    """The answer still is what the starter gave."""


class Unreachable(Exception):
    """The process that holds the answers is gone or was stopped; the message says why."""


def check_seed(check, seed=None):
    """The seed of a check's Generator: a hidden check's follows from `seed`, the submission's, where there is one.

    A public check's is the same for everybody, so that fingerprints of wrong answers can be compared.
    """
    text = f"{seed}:{check.name}" if check.hidden and seed is not None else check.name
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def run_check(check, names, seed=None):
    """Run `check` with the answers in `names` (a mapping) and return a `CheckResult`.

    A name that is missing, or still as the starter gave it, makes the outcome "not attempted".
    """
    trace = Trace()
    try:
        arguments = {name: trace.watch(name, _attempted(names, name)) for name in check.needs}
        if "rng" in check.parameters:
            arguments["rng"] = np.random.default_rng(check_seed(check, seed))
        with warnings.catch_warnings(), np.errstate(all="ignore"), collected(trace.cases):
            warnings.simplefilter("ignore")
            check.function(**arguments)
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        if error is trace.error and not trace.cases.failed:
            kind = FLOATING_POINT if isinstance(error, FloatingPointError) else RAISED
            trace.cases.note(kind, None, Feedback(RAISED_SOMETHING))
        outcome, summary, parts = _explain(error, trace)
        cases = tuple(trace.cases.all)
        return _result(check, outcome, summary, parts, fingerprint=trace.fingerprint, cases=cases)
    return _result(check, PASSED, cases=tuple(trace.cases.all))


def _result(check, outcome, summary="", parts=(), **extra):
    return CheckResult(check.name, check.sentence, check.hidden, check.points, outcome, summary, tuple(parts), **extra)


def _attempted(names, name):
    value = names.get(name, ...)
    if is_starter(value):
        raise NotAttempted
    return value


def _explain(error, trace):
    """Turn what ended a check into an outcome, a summary that shows no value, and the full parts."""
    if isinstance(error, NotAttempted):
        return NOT_ATTEMPTED, said("The answer is still the starter."), ()
    if isinstance(error, Unreachable):
        return FAILED, str(error), (("observed", str(error)),)
    if isinstance(error, KeyboardInterrupt):
        return COULD_NOT_BE_CHECKED, INTERRUPTED, (("observed", INTERRUPTED),)
    if error is trace.error:
        # One word for all types: of a hidden check, the type would tell what the check has asked.
        return FAILED, RAISED_SOMETHING, (("observed", _raised(error)),)
    if isinstance(error, Feedback):
        return FAILED, error.summary, error.parts
    # CI proves that every check accepts the reference, so what came back must be of an unexpected kind.
    summary = said("The check could not work with what your code returned.")
    observed = said("The check could not work with what your code returned ({name}).").format(name=type(error).__name__)
    next_step = said("Compare types and shapes with the statement.")
    return FAILED, summary, (("observed", observed), ("next step", next_step))


def _raised(error):
    told = {"name": type(error).__name__, "error": str(error)}
    message = RAISED_AT[bool(told["error"]), False].format(**told)
    if hasattr(error, "__notes__"):  # a remote answer brings its line along
        return " ".join([message, *(f"{note}." for note in error.__notes__ if note)])
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _is_students(f.filename)]
    line = linecache.getline(frames[-1].filename, frames[-1].lineno).strip() if frames else ""
    if not line:
        return message
    return RAISED_AT[bool(told["error"]), True].format(**told, count=frames[-1].lineno, code=line)


RAISED_AT = {  # by whether the exception has a message, and whether its line is known
    (False, False): said("Your code raised {name}."),
    (True, False): said("Your code raised {name}: {error}."),
    (False, True): said("Your code raised {name}. Line {count} of its cell: {code}."),
    (True, True): said("Your code raised {name}: {error}. Line {count} of its cell: {code}."),
}


def _is_students(filename):
    """A cell of the notebook, not the library, this package or a check (whose code has a file name of its own)."""
    library = str(Path(np.__file__).parent.parent)
    return not filename.startswith((OURS, library, "<check ", "<frozen"))


def _blank():
    pass


def _blank_with_docstring():
    """A docstring and nothing else."""


BLANK_CODES = {_blank.__code__.co_code, _blank_with_docstring.__code__.co_code}


def is_starter(value):
    """Whether a value is `...`, or a function whose body holds nothing but a docstring, `...` or `pass`."""
    if isinstance(value, types.FunctionType):
        return value.__code__.co_code in BLANK_CODES and set(value.__code__.co_consts) <= {value.__doc__, None}
    return value is ...
