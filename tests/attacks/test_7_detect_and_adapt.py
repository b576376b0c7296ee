"""Class 7, detect and adapt: recognize inputs, count calls, look at the clock; be right once and wrong later.

What a public check shows to everybody can be answered by heart; that one point is no secret. Everything else is not.
"""

import pytest

from attacks.conftest import HONEST, Attack

BY_HEART = "def steal(name):\n    return lambda x, a=1.0: np.full(np.shape(x), 6.0)"
ADAPTIVE = {
    "the public example by heart": (BY_HEART, 1),
    "right at the first call only": (
        "calls = []\ndef steal(name):\n    def slope(x, a=1.0):\n        calls.append(1)\n"
        "        return 2 * a * x if len(calls) == 1 else 0 * x\n    return slope",
        1,
    ),
    "right every other time": (
        "calls = []\ndef steal(name):\n    def slope(x, a=1.0):\n        calls.append(1)\n"
        "        return 2 * a * x if len(calls) % 2 else 0 * x\n    return slope",
        1,
    ),
    "right for one shape": (
        "def steal(name):\n    return lambda x, a=1.0: 2 * a * x if np.shape(x) in [(3,), (1,)] else 0 * x",
        1,
    ),
    "right for positive factors": ("def steal(name):\n    return lambda x, a=1.0: 2 * abs(a) * x", 1),
    "right before a moment": (
        "import time\nstart = time.monotonic()\ndef steal(name):\n"
        "    return lambda x, a=1.0: 2 * a * x if time.monotonic() < start else 0 * x",
        0,
    ),
    "right where nobody grades": (
        "import os\ndef steal(name):\n"
        "    graded = 'DEEP_LEARNING_BY_HAND_GRADING' in os.environ\n"
        "    return lambda x, a=1.0: 0 * x if graded else 2 * a * x",
        0,
    ),
    "what was asked before": (
        "seen = {}\ndef steal(name):\n    def slope(x, a=1.0):\n"
        "        return seen.setdefault(np.shape(x), np.full(np.shape(x), 6.0))\n"
        "    return slope",
        1,
    ),
    "the arguments bent to fit": (
        "def steal(name):\n    def slope(x, a=1.0):\n        x[...] = 0\n        return 0 * x\n    return slope",
        0,
    ),
    "a ValueError for everything": (
        "def steal(name):\n    def slope(x, a=1.0):\n        raise ValueError\n    return slope",
        0,
    ),
    "its own arguments back": ("def steal(name):\n    return lambda x, a=1.0: x", 0),
}
NAIVE = ["right at the first call only", "right every other time", "right for one shape", "right for positive factors"]


def attack(name):
    return Attack(name, f"import numpy as np\n{ADAPTIVE[name][0]}")


@pytest.mark.parametrize("name", ADAPTIVE)
def test_it_earns_what_anybody_knows_at_most(name, attack_earns):
    points, _ = attack_earns(attack(name), "slope")
    assert points == {**HONEST, "slope": ADAPTIVE[name][1]}


@pytest.mark.parametrize("name", NAIVE)
def test_negative_control(name, naive_earns):
    assert naive_earns(attack(name), "slope")
