"""`course watch`: a notebook is checked again whenever it is saved, and the exercises that changed are shown."""

import time

from rich.console import Console
from rich.text import Text

from autograder.grading.interruption import Interrupted
from autograder.source.problems import CourseError
from autograder.studying.own_notebooks import own_grader
from autograder.studying.state import remember
from autograder.studying.telling import print_exercise, print_head, total
from helpers.language import in_language, said
from helpers.running import PASSED

EVERY = 0.5  # seconds between two looks at the file


def watch(notebook, isolation=None, *, wait=time.sleep):
    """Check `notebook` now and at every save, until interrupted; `wait` lets a time pass."""
    if not notebook.is_file():
        raise CourseError(in_language(said("There is no notebook at {file}.").format(file=notebook)))
    console, before = Console(), None
    try:
        with own_grader(isolation) as grade:
            for _ in saves(notebook, wait):
                data = grade(notebook)
                remember(notebook, data)
                _tell(console, notebook, data, before)
                before = data
    except Interrupted:
        told = said("{file} is no longer watched.").format(file=notebook.name)
        console.print(Text(f"\n{in_language(told)}"))


def saves(path, wait):
    """Yield at once, and each time that the file at `path` has been written anew."""
    seen = None
    while True:
        found = _stamp(path)
        if found and found != seen:
            seen = found
            yield found
        wait(EVERY)


def _stamp(path):
    """What a save changes; None while the file is being replaced."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _tell(console, notebook, data, before):
    if before is None:
        passed = sum(one["outcome"] == PASSED for one in data["exercises"])
        told = said("{file}: {number} of {count} exercises passed, {total}.")
        told = told.format(file=notebook.name, number=passed, count=len(data["exercises"]), total=total(data))
        console.print(Text(in_language(told)))
        console.print(Text(in_language(said("Save it, and what changed is shown here. Ctrl-C ends."))))
    else:
        moved = changed(before, data)
        console.print(Text(f"\n{time.strftime('%H:%M:%S')}  {in_language(total(data))}"), soft_wrap=True)
        for exercise in moved:
            print_exercise(console, exercise, data["lesson"])
        if not moved:
            told = in_language(said("Saved, and no exercise changed."))
            console.print(Text(f"  {told}"))
    if before is None or data["problems"] != before["problems"]:
        print_head(console, data)


def changed(before, after):
    """The exercises of a record that are not what they were: outcome, points, diagnosis, what a check saw."""
    was = {one["name"]: one for one in before["exercises"]}
    return [one for one in after["exercises"] if was.get(one["name"]) != one]
