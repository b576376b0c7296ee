"""Releases of a lesson: for otter-grader, for nbgrader, and for students who want notebooks and helpers only.

This file knows the targets and where a release goes; each target is a file of its own.
"""

import importlib.util
from pathlib import Path

from autograder.source.problems import CourseError

# The package that a target needs, by its import name.
TARGETS = {"otter": "otter", "nbgrader": "nbgrader", "student": None}


def release(lesson, target, out):
    """Make a release of a `Lesson` and return its folder, `out/<lesson>-<target>`.

    `CourseError` if there is no such target, its tool is missing, or the folder holds something already.
    """
    folder = Path(out).resolve() / f"{lesson.name}-{target}"
    _require_target(target)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} is not empty. Remove it, or name another place: --out FOLDER")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"{folder} cannot be made ({error.strerror}). Name another place: --out FOLDER") from None
    module = importlib.import_module(f"autograder.release.{target}")
    module.make(lesson, folder)
    return folder


def _require_target(target):
    if target not in TARGETS:
        raise CourseError(f"There is no release called '{target}'. The releases are: {', '.join(TARGETS)}.")
    tool = TARGETS[target]
    if tool and importlib.util.find_spec(tool) is None:
        mend = "Install them: pip install 'deep-learning-by-hand[release]'"
        raise CourseError(f"A release for {target} is made by {target}'s own tools, which are not installed. {mend}")
