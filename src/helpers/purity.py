"""The check that every exercise with a function gets without an author: its answers compute, and do nothing else."""

import contextlib
from contextvars import ContextVar

import numpy as np

from helpers.cases import not_collected
from helpers.feedback import Feedback
from helpers.first_calls import first_calls
from helpers.language import said
from helpers.probing import finding
from helpers.running import Unreachable

_KNOWN = ContextVar("whether another check of the exercise is known to pass", default=False)
COUNTS_BESIDE = said("It counts only where some other check passes.")


@contextlib.contextmanager
def another_passes(is_known):
    """Let `expect_pure` within take it as known that some other check passes, where the caller has seen one pass."""
    before = _KNOWN.set(is_known)
    try:
        yield
    finally:
        _KNOWN.reset(before)


def expect_pure(answers, checks, rng, off=(), inputs=None):
    """Raise `Feedback` unless the functions among `answers` pass the probes of `probing`, `off` aside.

    `answers` is {name: answer}, `checks` are the other checks of the exercise; their first calls are probed, or those
    of `inputs` alone. At least one of them must pass: what computes nothing right, a constant for example, is not
    worth points for computing it cleanly.
    """
    functions = {name: answer for name, answer in answers.items() if callable(answer)}

    def make_rng(check):
        """A generator of its own for each check, that follows from the seed of this one."""
        return np.random.default_rng(rng.integers(2**63))

    with not_collected():
        for name, calls in first_calls(functions, inputs or checks, make_rng).items():
            for kind, detail in functions[name].probe(calls, off):
                raise finding(kind, detail)
        if not _KNOWN.get():
            _expect_one_to_pass(answers, checks, make_rng)


def _expect_one_to_pass(answers, checks, make_rng):
    for check in checks:
        more = {"rng": make_rng(check)} if "rng" in check.parameters else {}
        try:
            check.function(**{name: answers[name] for name in check.needs}, **more)
        except Unreachable:
            raise
        except Exception:
            continue
        return
    raise Feedback(
        said("No other check of this exercise passes yet."),
        summary=COUNTS_BESIDE,
    )
