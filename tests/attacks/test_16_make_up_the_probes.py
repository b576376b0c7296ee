"""From inside: the probes of purity are made where the answer lives, so what they saw can be made up there.

It earns what five lines around the answer earn honestly: no value that another check compares, and nothing at all where
none of these passes, which is found out on our side.
"""

import pytest

from helpers.checking import Check, expect_close, expect_pure
from helpers.running import FAILED, PASSED, run_check

MADE_UP = """
import autograder.jail.worker as worker
def observe(function, calls):
    same = "value", 1.0
    seen = {"first": same, "again": same, "changed": [], "stayed": True}
    return [dict(seen) for _ in calls]
worker.observe = observe
"""
AROUND = """
def cleanly(function):
    def clean(x):
        return np.array(function(np.array(x, dtype=float)))
    return clean
f = cleanly(f)
"""
IMPURE = {
    "in place": "import numpy as np\ndef f(x):\n    x *= 2\n    return x",
    "a shared buffer": "import numpy as np\nkept = np.zeros((2, 3))\ndef f(x):\n    kept[:] = 2 * x\n    return kept",
}
WRONG = {
    "zeros": "import numpy as np\ndef f(x): return 0 * x",
    "an echo": "def f(x): return x",
    "in place and wrong": "def f(x):\n    x *= 3\n    return x",
}


def doubled(f, rng):
    x = rng.normal(size=(2, 3))
    expect_close(f(x.copy()), 2 * x, "f(x)")


def purity(f, rng):
    """Arguments stay."""
    expect_pure({"f": f}, [Check(doubled, 1, True)], rng)


def verdict(zygote, *cells):
    process = zygote.fork()
    for cell in cells:
        assert process.run(cell, "one", 5) is None
    result = run_check(Check(purity, 1, True), {"f": process.look("f", 5)}, 5)
    process.close()
    return result


@pytest.mark.parametrize("wrong", WRONG)
def test_made_up_probes_earn_nothing_where_no_value_is_right(wrong, zygote):
    result = verdict(zygote, WRONG[wrong], MADE_UP)
    assert (result.outcome, result.summary) == (FAILED, "It counts only where some other check passes.")


@pytest.mark.parametrize("impure", IMPURE)
def test_made_up_probes_earn_no_more_than_a_wrapper_does(impure, zygote):
    assert verdict(zygote, IMPURE[impure]).outcome == FAILED
    assert verdict(zygote, IMPURE[impure], AROUND).outcome == PASSED
    assert verdict(zygote, IMPURE[impure], MADE_UP).outcome == PASSED
