"""Check notebooks of one's own: hidden checks included, confined where that can be had, with one grader for all.

Records come as plain data, whatever they are elsewhere.
"""

import json
from contextlib import contextmanager
from pathlib import Path

from autograder.grading.interruption import heeded
from autograder.grading.one_file import ClassGrader, Settings, find_jobs
from autograder.problems import CourseError
from helpers.export import SUBMISSION
from helpers.running import COULD_NOT_BE_CHECKED


@contextmanager
def own_grader(isolation=None):
    """Give a function from a notebook's path to its record as plain data."""
    started = _started(isolation)
    try:
        with heeded():
            yield lambda path: as_data(started.grade(find_jobs([Path(path)])[0]))
    finally:
        started.__exit__(None, None, None)


def found_in(path):
    """The notebook at a path, or those in a folder, what is handed in aside; `CourseError` where there is none."""
    if path.is_dir():
        found = [one for one in sorted(path.glob("*.ipynb")) if not one.stem.endswith(SUBMISSION)]
    else:
        found = [path] if path.exists() else []
    if not found:
        raise CourseError(f"There is no notebook at {path}. Name one, or a folder that holds some.")
    return found


def is_checked(data):
    """Whether anything at all could be checked."""
    return any(one["outcome"] != COULD_NOT_BE_CHECKED for one in data["exercises"])


def _started(isolation):
    try:
        return ClassGrader(Settings(isolation=isolation)).__enter__()
    except CourseError as error:
        if isolation:
            raise
        print(f"{error}\nThe notebook is your own, so it is checked without isolation.")
    return ClassGrader(Settings(isolation="none")).__enter__()


def as_data(record):
    """A record as what its JSON line says."""
    return record if isinstance(record, dict) else json.loads(record.to_json())
