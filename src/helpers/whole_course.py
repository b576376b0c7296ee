"""Where one stands in the whole course: read from the one file in which `course next` keeps it, beside the notebooks.

The closing cell of the last lesson and the command line tell the same lines.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from helpers.report import Line, Report, points
from helpers.running import COULD_NOT_BE_CHECKED, FAILED, NOT_ATTEMPTED, PASSED, TO_BE_MARKED

FILE = "course_progress.json"
MOST_STEPS = 3
NAME = "Deep Learning by Hand"


@dataclass(frozen=True)
class Standing:
    """How one notebook of the course stands: its exercises as {name: the part of its record that is kept}."""

    file: str
    lesson: str
    title: str
    sha256: str
    exercises: dict

    @property
    def points(self):
        """(Points so far, points in all.)"""
        rows = self.exercises.values()
        return sum(one["points"] for one in rows), sum(one["max_points"] for one in rows)

    @property
    def done(self):
        """How many exercises are passed, those that a person marks aside."""
        return sum(one["outcome"] == PASSED for one in self.exercises.values())

    @property
    def state(self):
        """The lesson's own outcome, or "begun"."""
        outcomes = {one["outcome"] for one in self.exercises.values()}
        if outcomes <= {NOT_ATTEMPTED}:
            return NOT_ATTEMPTED
        return PASSED if outcomes <= {PASSED, TO_BE_MARKED} else "begun"

    @property
    def line(self):
        """The lesson in one line."""
        earned, most = self.points
        judged = sum(one["outcome"] != TO_BE_MARKED for one in self.exercises.values())
        return f"{self.lesson[:2]} {self.title}: {self.done} of {judged} exercises, {earned:g} of {points(most)}"


def read(folder):
    """Return the `Standing` of every notebook that the file in `folder` knows, by lesson; () where there is none."""
    try:
        kept = json.loads((Path(folder) / FILE).read_text(encoding="utf-8"))["notebooks"]
        keys = "lesson", "title", "sha256", "exercises"
        found = [Standing(file, *(one[key] for key in keys)) for file, one in kept.items()]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple(sorted(found, key=lambda one: (one.lesson, one.file)))


def standing(folder="."):
    """Show where one stands in the whole course: a certificate where all is passed, else what is still to do."""
    found = read(folder)
    if not found:
        return Report(
            "The course keeps no account here yet.",
            remarks=(
                "In a terminal: course next. It looks at all notebooks of this folder; then run this cell again.",
            ),
        )
    old = [one.file for one in found if _digest(Path(folder) / one.file) != one.sha256]
    stale = (f"Changed since: {', '.join(old)}. In a terminal: course next.",) if old else ()
    return report(found, stale)


def report(found, remarks=()):
    """The lessons, a line each, and below them the sum and what to do next."""
    lines = tuple(Line(one.state, one.line) for one in found)
    return Report(_heading(found), lines, (_sum(found), *next_steps(found), *remarks))


def _heading(found):
    complete = all(one.state == PASSED for one in found)
    return f"{NAME}: completed, every check passed" if complete else f"{NAME}: where you stand"


def _sum(found):
    earned, most = (sum(column) for column in zip(*(one.points for one in found), strict=True))
    rows = [one for each in found for one in each.exercises.values()]
    waiting = sum(one["max_points"] for one in rows if one["outcome"] == TO_BE_MARKED)
    marked = f", {points(waiting)} to be marked by a person" if waiting else ""
    done = sum(one.done for one in found)
    return f"In all: {done} exercise{'s' * (done != 1)} passed, {earned:g} of {points(most)}{marked}."


def next_steps(found):
    """What to do next, a line each: what was tried and failed first, then what comes next in reading order."""
    tried = [(one, *item) for one in found for item in one.exercises.items() if item[1]["outcome"] in TRIED]
    fresh = [(one, *item) for one in found for item in one.exercises.items() if item[1]["outcome"] == NOT_ATTEMPTED]
    steps = [f"Next: {_step(*one)}" for one in [*tried, *fresh][:MOST_STEPS]]
    more = len(tried) + len(fresh) - len(steps)
    return (*steps, *([f"And {more} more."] if more else ()))


TRIED = (FAILED, COULD_NOT_BE_CHECKED)


def _step(one, name, kept):
    what = f"{name} in {one.file}, {kept['points']:g} of {points(kept['max_points'])}"
    if kept["outcome"] == NOT_ATTEMPTED:
        return f"{what}."
    told = kept.get("diagnosis") or f'{kept["outcome"]}; grader.hint("{name}") goes a step further'
    return f"{what}: {told.rstrip('.')}."


def _digest(path):
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
