"""The suites of attacks and faults in each tier, as each kind of account that a grader is started by.

Everything of them runs as whoever runs this suite, elsewhere; here it is one test in a number of them for each pair.
`ALL=1 pytest -m slow -s tests/test_tiers_and_accounts.py` runs all of it and prints the table of `autograder/README.md`.
"""

import os
import re
import shutil
import sys
import tempfile

import pytest

from accounts import ACCOUNTS, missing, run_as

ONE_IN = 1 if os.environ.get("ALL") else 40
SUITES = ("tests/attacks", "tests/test_faults.py", "tests/test_isolation.py")
LOOK = """
import os, pwd, sys
from autograder.remote.zygote import Zygote
with Zygote(sys.argv[1]) as zygote:
    print(os.getuid(), pwd.getpwuid(os.getuid()).pw_name, *zygote.layers)
"""
STANDARD = {"landlock", "seccomp", "rlimits", "session"}
STRICT = STANDARD | {"bwrap", "tmpfs"}
# The layers that must be in force; None where the tier must be refused.
IN_FORCE = {
    ("strict", "root"): STRICT | {"user"},
    ("strict", "root without capabilities"): None,
    ("strict", "root of a container without root"): STRICT,
    ("strict", "an ordinary account"): STRICT,
    ("standard", "root"): STANDARD,  # and one of two, as root's Python can be read by others or not
    ("standard", "root without capabilities"): STANDARD | {"no-capabilities"},
    ("standard", "root of a container without root"): STANDARD | {"no-capabilities"},
    ("standard", "an ordinary account"): STANDARD,
}
PAIRS = [pytest.param(*pair, id=" as ".join(pair)) for pair in IN_FORCE]
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=missing())]


@pytest.fixture
def folder():
    made = tempfile.mkdtemp(dir="/tmp")
    os.chmod(made, 0o755)
    yield made
    shutil.rmtree(made)


def run(account, folder, *arguments):
    return run_as(account, [sys.executable, *arguments], folder, timeout=1200)


@pytest.mark.parametrize("pair", PAIRS)
def test_the_layers(pair, folder):
    pass
