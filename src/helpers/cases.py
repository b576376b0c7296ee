"""The cases of a check: every comparison that it makes, with the call before it, so that it runs on to its end.

While cases are collected, an expectation that fails is noted and the check goes on; the first finding is raised at the
end. What the failing cases share is looked for in `relations` and `where_it_fails`.
"""

import contextlib
import functools
from contextvars import ContextVar
from dataclasses import dataclass, field

from helpers.feedback import Feedback

_COLLECTED = ContextVar("the cases of the check that runs", default=None)
MOST = 500
RAISED = object()  # stands for the result of a call that raised an exception
FLOATING_POINT = object()  # the same, where NumPy raised it because the check allows no floating-point warning


@dataclass(frozen=True)
class Case:
    """One comparison: what came, what was expected, the arguments of the call before it, and the finding, if any."""

    observed: object
    expected: object
    args: tuple = ()
    kwargs: dict = field(default_factory=dict)
    number: int = 0
    finding: Feedback | None = None

    @property
    def failed(self):
        """Whether something was found amiss in it."""
        return self.finding is not None


class Cases:
    """The cases of one run of a check, in order; `last_call` is what an answer was called with last.

    `small_counts` says whether some comparison had no absolute part, so that the smallest numbers are content.
    """

    def __init__(self):
        self.all, self.last_call, self.calls = [], ((), {}), 0
        self.small_counts = False

    def called(self, args, kwargs):
        """Note a call of an answer, before it is made."""
        self.last_call, self.calls = (args, kwargs), self.calls + 1

    def note(self, observed, expected, finding):
        """Keep a comparison; beyond the most that are kept, the first finding is raised at once."""
        if len(self.all) < MOST:
            self.all.append(Case(observed, expected, *self.last_call, self.calls, finding))
        elif finding and not self.failed:
            raise finding

    @property
    def failed(self):
        """The cases in which something was found amiss."""
        return [case for case in self.all if case.failed]


@contextlib.contextmanager
def collected(cases):
    """Note the outcome of every expectation within in `cases`, and raise the first finding at the end."""
    before = _COLLECTED.set(cases)
    try:
        yield
    except Exception:
        # What follows from a value that was wrong is not the finding.
        if not cases.failed:
            raise
    finally:
        _COLLECTED.reset(before)
    if cases.failed:
        raise cases.failed[0].finding


@contextlib.contextmanager
def not_collected():
    """Let expectations within raise at once, as they do outside of any check."""
    before = _COLLECTED.set(None)
    try:
        yield
    finally:
        _COLLECTED.reset(before)


def noted(finding):
    """Note a finding as a case without values; False where no cases are collected, so that it must be raised."""
    cases = _COLLECTED.get()
    if cases is not None:
        cases.note(None, None, finding)
    return cases is not None


def as_case(expectation):
    """Let a function `expectation(observed, expected, ...)` be a case where cases are collected."""

    @functools.wraps(expectation)
    def noting(observed, expected="", *args, **kwargs):
        """The expectation; where cases are collected it notes its finding and goes on."""
        cases, finding = _COLLECTED.get(), None
        if cases is None:
            return expectation(observed, expected, *args, **kwargs)
        try:
            with not_collected():
                expectation(observed, expected, *args, **kwargs)
        except Feedback as error:
            finding = error
        cases.small_counts |= kwargs.get("atol") == 0
        return cases.note(observed, expected, finding)

    return noting
