"""Check notebooks of one's own: hidden checks included, confined where that can be had, with one grader for all.

Records come as plain data, as their JSON says it: it is kept, compared and handed to other processes.
"""

import json
from contextlib import contextmanager
from pathlib import Path

from autograder.grading.interruption import heeded
from autograder.grading.jobs import own_jobs
from autograder.grading.one_file import ClassGrader, Settings
from autograder.source.problems import CourseError
from autograder.studying.state import remember
from helpers.export import SUBMISSION
from helpers.language import in_language, said
from helpers.running import COULD_NOT_BE_CHECKED


@contextmanager
def own_grader(isolation=None):
    """Give a function from a notebook's path to its record as plain data."""
    with heeded(), _started(isolation) as started:
        yield lambda path: _as_data(started.grade(own_jobs(Path(path))[0]))


def check_own(path, isolation=None):
    """Yield the records, as plain data, of a notebook or of all in a folder or zip, what is handed in aside.

    The account that `course next` keeps beside them is brought up to date.
    """
    jobs = own_jobs(path)
    jobs = [job for job in jobs if not Path(job.found.parts[-1]).stem.endswith(SUBMISSION)] or jobs
    with heeded(), _started(isolation) as started:
        for job in jobs:
            data = _as_data(started.grade(job))
            if not job.found.members:
                remember(job.path, data)
            yield data


def found_in(path):
    """The notebook at a path, or those in a folder, what is handed in aside; `CourseError` where there is none."""
    if path.is_dir():
        found = [one for one in sorted(path.glob("*.ipynb")) if not one.stem.endswith(SUBMISSION)]
    else:
        found = [path] if path.exists() else []
    if not found:
        told = said("There is no notebook at {file}. Name one, or a folder that holds some.").format(file=path)
        raise CourseError(in_language(told))
    return found


def is_checked(data):
    """Whether anything at all could be checked."""
    return any(one["outcome"] != COULD_NOT_BE_CHECKED for one in data["exercises"])


@contextmanager
def _started(isolation):
    started = ClassGrader(Settings(isolation=isolation))
    try:
        started.__enter__()
    except CourseError as error:
        if isolation:
            raise
        print(error)
        print(in_language(said("The notebook is your own, so it is checked without isolation.")))
        started = ClassGrader(Settings(isolation="none"))
        started.__enter__()
    try:
        yield started
    finally:
        started.__exit__(None, None, None)


def _as_data(record):
    """A record as what its JSON line says."""
    return json.loads(record.to_json())
