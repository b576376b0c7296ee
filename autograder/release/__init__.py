"""Releases of a lesson: for otter-grader, nbgrader, Gradescope, and students who want notebooks and helpers only.

This file knows the targets and where a release goes; each target is a file of its own.
"""

import importlib.util
from pathlib import Path

from autograder.reporting.output_folder import read_secret
from autograder.source.problems import CourseError

GRADESCOPE = "gradescope"
# The package that a target needs, by its import name.
TARGETS = {"otter": "otter", "nbgrader": "nbgrader", GRADESCOPE: None, "student": None}


def release(lesson, target, out, *, course=None, hidden="", secret=None):
    """Make a release of a `Lesson` and return its folder, `out/<lesson>-<target>`.

    For Gradescope: the `Course` with the rule for lateness, when hidden checks are seen, a file with the secret.
    `CourseError` if there is no such target, its tool is missing, or the folder holds something already.
    """
    folder = Path(out).resolve() / f"{lesson.name}-{target}"
    _require_target(target)
    options = _for_gradescope(target, course, hidden, secret)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} is not empty. Remove it, or name another place: --out FOLDER")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"{folder} cannot be made ({error.strerror}). Name another place: --out FOLDER") from None
    module = importlib.import_module(f"autograder.release.{target}")
    module.make(lesson, folder, **options)
    return folder


def _require_target(target):
    if target not in TARGETS:
        raise CourseError(f"There is no release called '{target}'. The releases are: {', '.join(TARGETS)}.")
    tool = TARGETS[target]
    if tool and importlib.util.find_spec(tool) is None:
        mend = "Install them: pip install 'deep-learning-by-hand[release]'"
        raise CourseError(f"A release for {target} is made by {target}'s own tools, which are not installed. {mend}")


def _for_gradescope(target, course, hidden, secret):
    """What only the release for Gradescope takes; a word of it for another one is a slip."""
    if target == GRADESCOPE:
        return {"course": course, "hidden": hidden, "secret": read_secret(secret) if secret else ""}
    if hidden or secret:
        raise CourseError(f"--hidden and --secret are for --to {GRADESCOPE}; the release for {target} takes neither.")
    return {}
