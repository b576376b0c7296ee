"""`course test`: the audit of the sections that are named, or the test suite."""

import os
import subprocess
import sys
from pathlib import Path

from autograder.authoring.audit import audit
from autograder.source.addresses import section_paths
from autograder.source.problems import require
from autograder.source.section import load_section

PROJECT = Path(__file__).parents[2]


def findings(words):
    """Return what the audit finds in the sections that these words name, each of them once."""
    paths = dict.fromkeys(path for word in words for path in section_paths(word))
    return [finding for path in paths for finding in audit(load_section(path))]


def run_suite():
    """Run the test suite, on two cores where there are two; return its exit code."""
    require("pytest", "test")
    # Three workers on two cores: many tests wait for a limit to pass. More do not help, for each reads all tests.
    workers = ["-n", "3", "--dist", "loadgroup"] if (os.cpu_count() or 1) > 1 else []
    # Hundreds of short-lived processes must not compile the same modules again.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.call([sys.executable, "-m", "pytest", *workers], cwd=PROJECT, env=kept)
