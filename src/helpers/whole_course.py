"""Where one stands in the whole course: read from the one file in which `course next` keeps it, beside the notebooks.

The closing cell of the last lesson and the command line tell the same lines.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from helpers.language import chosen, counted, said
from helpers.report import Line, Report, points
from helpers.running import COULD_NOT_BE_CHECKED, FAILED, NOT_ATTEMPTED, PASSED, TO_BE_MARKED

FILE = "course_progress.json"
MOST_STEPS = 3


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
        return PASSED if outcomes <= {PASSED, TO_BE_MARKED} else said("begun")

    @property
    def line(self):
        """The lesson in one line."""
        earned, most = self.points
        judged = sum(one["outcome"] != TO_BE_MARKED for one in self.exercises.values())
        told = {"title": self.title, "number": self.lesson[:2], "done": self.done, "count": judged}
        told |= {"earned": f"{earned:g}", "points": points(most)}
        return said("{number} {title}: {done} of {count} exercises, {earned} of {points}").format(**told)


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
            said("The course keeps no account here yet."),
            remarks=(
                said("In a terminal: course next. It looks at all notebooks of this folder; then run this cell again."),
            ),
        ).told_in(chosen())
    old = [one.file for one in found if _digest(Path(folder) / one.file) != one.sha256]
    told = said("Changed since: {names}. In a terminal: course next.").format(names=", ".join(old))
    return report(found, (told,) if old else ()).told_in(chosen())


def report(found, remarks=()):
    """The lessons, a line each, and below them the sum and what to do next."""
    lines = tuple(Line(one.state, one.line) for one in found)
    return Report(_heading(found), lines, (_sum(found), *next_steps(found), *remarks))


def _heading(found):
    complete = all(one.state == PASSED for one in found)
    if complete:
        return said("Deep Learning by Hand: completed, every check passed")
    return said("Deep Learning by Hand: where you stand")


def _sum(found):
    earned, most = (sum(column) for column in zip(*(one.points for one in found), strict=True))
    rows = [one for each in found for one in each.exercises.values()]
    waiting = sum(one["max_points"] for one in rows if one["outcome"] == TO_BE_MARKED)
    done = sum(one.done for one in found)
    told = {"count": done, "earned": f"{earned:g}", "most": points(most), "points": points(waiting)}
    if waiting:
        return counted(
            "In all: {count} exercise passed, {earned} of {most}, {points} to be marked by a person.",
            "In all: {count} exercises passed, {earned} of {most}, {points} to be marked by a person.",
            done,
        ).format(**told)
    return counted(
        "In all: {count} exercise passed, {earned} of {most}.",
        "In all: {count} exercises passed, {earned} of {most}.",
        done,
    ).format(**told)


def next_steps(found):
    """What to do next, a line each: what was tried and failed first, then what comes next in reading order."""
    tried = [(one, *item) for one in found for item in one.exercises.items() if item[1]["outcome"] in TRIED]
    fresh = [(one, *item) for one in found for item in one.exercises.items() if item[1]["outcome"] == NOT_ATTEMPTED]
    steps = [said("Next: {told}").format(told=_step(*one)) for one in [*tried, *fresh][:MOST_STEPS]]
    more = len(tried) + len(fresh) - len(steps)
    return (*steps, *([said("And {count} more.").format(count=more)] if more else ()))


TRIED = (FAILED, COULD_NOT_BE_CHECKED)


def _step(one, name, kept):
    told = {"name": name, "file": one.file, "earned": f"{kept['points']:g}", "points": points(kept["max_points"])}
    if kept["outcome"] == NOT_ATTEMPTED:
        return said("{name} in {file}, {earned} of {points}.").format(**told)
    hint = said("{outcome}; {code} goes a step further.").format(outcome=kept["outcome"], code=f'grader.hint("{name}")')
    return said("{name} in {file}, {earned} of {points}: {told}").format(**told, told=kept.get("diagnosis") or hint)


def _digest(path):
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
