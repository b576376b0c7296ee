"""The suites of attacks and faults in each tier, as each kind of account that a grader is started by.

Everything of them runs as whoever runs this suite, elsewhere; here it is one test in a number of them for each pair.
`ALL=1 pytest -m slow -s tests/test_tiers_and_accounts.py` runs all of it and prints the counts for the README.
"""

import os
import re
import shutil
import sys
import tempfile

import pytest
from accounts import NAME, missing, run_as

ONE_IN = 1 if os.environ.get("ALL") else 40
SUITES = ("tests/attacks", "tests/test_faults.py", "tests/test_isolation.py")
LEAST = 500  # tests, of all
LOOK = """
import os, pwd, sys
from autograder.remote.zygote import Zygote
with Zygote(sys.argv[1]) as zygote:
    print(pwd.getpwuid(os.getuid()).pw_name, *zygote.layers)
"""
STANDARD = {"landlock", "seccomp", "rlimits", "session"}
STRICT = STANDARD | {"bwrap", "tmpfs"}
# The layers that must be in force; None where the tier must be refused. Root has one more: another user, or no powers.
IN_FORCE = {
    ("strict", "root"): STRICT,
    ("strict", "root without capabilities"): None,
    ("strict", "root of a container without root"): STRICT,
    ("strict", "an ordinary account"): STRICT,
    ("standard", "root"): STANDARD,
    ("standard", "root whose Python others can read"): STANDARD | {"user"},
    ("standard", "root without capabilities"): STANDARD | {"no-capabilities"},
    ("standard", "root of a container without root"): STANDARD | {"no-capabilities"},
    ("standard", "an ordinary account"): STANDARD,
}
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=missing())]
COUNTED = re.compile(r"(\d+) (passed|skipped|failed|error)")


@pytest.fixture
def run():
    """Run this Python as an account with a folder of its own, open to all on its way."""
    folder = tempfile.mkdtemp(prefix="course-test-", dir="/tmp")
    os.chmod(folder, 0o755)
    yield lambda account, *arguments: run_as(account, [sys.executable, *arguments], folder, timeout=1200)
    shutil.rmtree(folder)


def installed(tier):
    if tier == "strict" and not shutil.which("bwrap"):
        pytest.skip("bubblewrap (bwrap) is not installed, so there is no tier 'strict' to try")


@pytest.mark.parametrize(("tier", "account"), IN_FORCE)
def test_the_layers_in_force_are_those_of_the_account(tier, account, run):
    installed(tier)
    looked, layers = run(account, "-c", LOOK, tier), IN_FORCE[tier, account]
    if layers is None:
        assert f"CourseError: The isolation '{tier}' is not to be had here: it did not start" in looked.stderr
        return
    assert looked.returncode == 0, looked.stderr
    name, *found = looked.stdout.split()
    assert name == (NAME if account == "an ordinary account" else "root")
    assert layers <= set(found) <= layers | ({"user", "no-capabilities"} if account == "root" else set())


@pytest.mark.parametrize(("tier", "account"), [pair for pair, layers in IN_FORCE.items() if layers])
def test_no_attack_works_and_no_fault_costs(tier, account, run):
    installed(tier)
    options = ("--isolation", tier, "--one-in", str(ONE_IN), "-m", "not slow", "-k", "not control")
    told = run(account, "-m", "pytest", "-p", "no:cacheprovider", *options, *SUITES)
    counts = {word: int(number) for number, word in COUNTED.findall(told.stdout.strip().splitlines()[-1])}
    print(f"| `{tier}` | {account} | {counts} |")
    assert told.returncode == 0, told.stdout
    assert counts["passed"] >= LEAST // ONE_IN
