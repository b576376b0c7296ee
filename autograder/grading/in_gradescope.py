"""Grade the one submission that lies in a Gradescope container, and write results.json, whatever happens.

    python -m autograder.grading.in_gradescope ROOT

ROOT has Gradescope's own layout: source, submission, submission_metadata.json, results. What the release decided stands
in source/settings.json. The grading is `course grade`'s, in the strongest isolation that the container allows.
"""

import json
import os
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.grading.jobs import Job
from autograder.grading.one_file import ClassGrader, Settings
from autograder.grading.submission import read_submission
from autograder.reporting.gradescope_results import not_graded, results_of
from autograder.reporting.records import Handed, Whose
from autograder.reporting.settling import settled, standing_of
from autograder.rules.course_file import Course, Extension
from autograder.rules.identity.files import NOTEBOOK, find
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.problems import CourseError

FAULT = "A fault of the grader, not yours, kept this from being graded. Tell your instructor: {}."
MOST_NAMES = 5


@dataclass(frozen=True)
class Submitted:
    """What Gradescope says of a submission: who handed it in, when, and by when it was due for this student."""

    student: str = ""
    name: str = ""
    email: str = ""
    at: str = ""
    due: str = ""


def main(root):
    """Grade what lies under `root` and write its results; return 0, since the result says what went wrong."""
    started = time.monotonic()
    try:
        results = graded(Path(root), started)
    except CourseError as error:
        results = not_graded(str(error), seconds=time.monotonic() - started)
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
        results = not_graded(FAULT.format(type(error).__name__), seconds=time.monotonic() - started)
    write(Path(root) / "results" / "results.json", results)
    return 0


def graded(root, started):
    """Return the data of results.json for the submission under `root`."""
    release = json.loads((root / "source" / "settings.json").read_text(encoding="utf-8"))
    submitted = read_metadata(root / "submission_metadata.json")
    lesson, course = load_lesson(release["lesson"]), course_of(release, submitted)
    whose = Whose(submitted.name, submitted.email, system="Gradescope")
    handed = Handed(submitted.at, "Gradescope" if submitted.at else "", asked_lesson=lesson.name)
    job = Job(the_notebook(root / "submission", lesson.name), submitted.student, whose, handed)
    points = tuple((lesson.name, name, value) for name, value in release["points"].items())
    settings = Settings(lesson=lesson.name, secret=release["secret"], points=points)
    record, layers = _graded_by(job, settings, release["isolation"] or None)
    record = settled(record, standing_of(record, course, "last", (1, 1, True)), {})
    print(f"Isolation: {', '.join(layers)}. {record.points:g} of {record.max_points:g} points.")
    print("\n".join(record.problems))
    more = {"isolation": list(layers), "student": record.student, "seed": record.seed, "versions": record.versions}
    seconds = time.monotonic() - started
    return results_of(record, titles=lesson.titles, hidden=release["hidden"], seconds=seconds, more=more)


def _graded_by(job, settings, isolation):
    """(the record, the layers in force); where nothing confines here and nothing was asked for, without isolation."""
    for tier in (isolation, "none"):
        try:
            with ClassGrader(Settings(**{**vars(settings), "isolation": tier})) as grader:
                return grader.grade(job), grader.layers
        except CourseError as error:
            if isolation:
                raise
            print(error)
    raise CourseError(FAULT.format("no Python could be started to grade in"))


def read_metadata(path):
    """What Gradescope says of a submission; where it says nothing that can be read, nobody is known."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        users = sorted(data["users"], key=lambda user: str(user["id"]))
        first = users[0]
        due = (first.get("assignment") or data.get("assignment") or {}).get("due_date")
        student = str(first.get("email") or first["id"])
        return Submitted(student, str(first.get("name", "")), student, _moment(data.get("created_at")), _moment(due))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        print(f"submission_metadata.json could not be read ({type(error).__name__}), so nobody's name is known.")
        return Submitted()


def _moment(text):
    """A time with its zone, as records write it; "" where there is none."""
    moment = datetime.fromisoformat(text) if text else None
    return moment.isoformat(timespec="seconds") if moment and moment.tzinfo else ""


def course_of(release, submitted):
    """The course's rule for lateness; where course.toml sets no deadline, Gradescope's for this student is it."""
    late = release["late"]
    due = late["deadline"] or (submitted.due if late["per_day"] else "")
    extensions = tuple(
        Extension(**{**one, "until": datetime.fromisoformat(one["until"]) if one["until"] else None})
        for one in late["extensions"]
    )
    return Course(
        zone=ZoneInfo(late["zone"]) if late["zone"] else None,
        deadlines={release["lesson"]: datetime.fromisoformat(due)} if due else {},
        per_day=late["per_day"],
        grace=late["grace"],
        cap=late["cap"],
        extensions=extensions,
    )


def the_notebook(folder, lesson):
    """The one notebook of the lesson that was handed in; `CourseError` says to the student what else there is."""
    _, found = find([folder])
    notebooks = {}
    for one in found:
        if one.kind == NOTEBOOK:
            submission = read_submission(one)
            notebooks.setdefault(submission.sha256 or one.label, (one, submission))
    told = ", ".join([one.label for one in found][:MOST_NAMES]) or "nothing that is handed in"
    if not notebooks:
        raise CourseError(f"No notebook was handed in, only {told}. Hand in {lesson}.ipynb.")
    whole = [pair for pair in notebooks.values() if not pair[1].problem] or list(notebooks.values())
    named = [pair for pair in whole if pair[1].lesson_hint == lesson]
    others = [pair for pair in whole if pair[1].lesson_hint in set(lesson_names()) - {lesson}]
    likely = named or [pair for pair in whole if pair not in others] or others
    if len(likely) > 1:
        names = ", ".join(one.label for one, _ in likely[:MOST_NAMES])
        raise CourseError(f"{len(likely)} different notebooks were handed in: {names}. Hand in the one that counts.")
    return likely[0][0]


def write(path, results):
    """Write results.json in one move."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(beside, path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
