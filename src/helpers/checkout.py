"""The course's own checkout, where this package lies in one: for self-learners, who have hidden checks and solutions.

In a class release, and in the browser, there is none. What starts a process is here and nowhere else in `helpers`.
"""

import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path

GRADING = "DEEP_LEARNING_BY_HAND_GRADING"


def checkout():
    """The folder of the course that this package belongs to, or None."""
    root = Path(__file__).resolve().parents[2]
    is_course = (root / "course.py").is_file() and (root / "autograder" / "lessons").is_dir()
    return root if is_course and not os.environ.get(GRADING) and sys.platform != "emscripten" else None


def run_course(*words):
    """Run the `course` command in a process of its own: (the JSON that it printed, or None, and its last words)."""
    subprocess = importlib.import_module("subprocess")
    root = checkout()
    is_here = all(importlib.util.find_spec(name) for name in ("autograder", "typer"))
    way_in = ["-P", "-m", "autograder"] if is_here else [str(root / "course.py")]
    command = [sys.executable, *way_in, *map(str, words)]
    done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", errors="replace", check=False)
    found = [line for line in done.stdout.splitlines() if line.startswith("{")]
    said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
    return (json.loads(found[-1]) if found else None), said
