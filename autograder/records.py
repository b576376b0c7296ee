"""Records: one JSON line a submission, appended and flushed; and the table of grades made from them."""

import csv
import json
import os
import platform
from importlib.metadata import version

import helpers

VERSIONED = ("numpy", "matplotlib", "ipython")


def record(*, student, lesson, file, submission, graded, isolation):
    """Return the record of a graded submission as plain data."""
    return {
        "student": student,
        "lesson": lesson,
        "file": file,
        "submission_sha256": submission.sha256,
        "seed": graded.seed,
        "isolation": isolation,
        "versions": versions(),
        "seconds": round(graded.seconds, 3),
        "points": sum(one.points for one in graded.exercises),
        "max_points": sum(one.max_points for one in graded.exercises),
        "problems": list(graded.problems),
        "exercises": [_exercise(one) for one in graded.exercises],
    }


def _exercise(one):
    return {
        "name": one.name,
        "points": one.points,
        "max_points": one.max_points,
        "outcome": one.outcome,
        "diagnosis": one.diagnosis,
        "checks": [_check(check) for check in one.checks],
    }


def _check(check):
    """A check's record; `feedback` is for the student and shows no hidden value, `details` is for the instructor."""
    return {
        "name": check.name,
        "sentence": check.sentence,
        "hidden": check.hidden,
        "outcome": check.outcome,
        "points": check.earned,
        "max_points": check.points,
        "feedback": check.summary if check.hidden else check.text,
        "details": check.text,
    }


def versions():
    """The versions that a grade depends on."""
    named = {name: version(name) for name in VERSIONED}
    return {"course": helpers.__version__, "python": platform.python_version(), **named}


def append(path, data):
    """Append one record and make sure that it has reached the disk."""
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(data, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_records(path):
    """Return the records in a file, leaving out a last line that was cut off."""
    if not path.exists():
        return []
    records = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            records.append(json.loads(line))
        except ValueError:
            continue
    return records


def status(data):
    """A record's state in one or two words."""
    if any(one["outcome"] != "could not be checked" for one in data["exercises"]):
        return "graded, see problems" if data["problems"] else "graded"
    return "could not be graded"


def write_grades(path, records):
    """Write grades.csv: a row for each student and lesson (the best file counts), one column for each exercise."""
    exercises = list(dict.fromkeys(one["name"] for data in records for one in data["exercises"]))
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["student", "lesson", *exercises, "total", "max", "status"])
        for data, files in best(records):
            earned = {one["name"]: f"{one['points']:g}" for one in data["exercises"]}
            remark = f"; best of {files} files: {data['file']}" if files > 1 else ""
            row = [data["student"], data["lesson"], *(earned.get(name, "") for name in exercises)]
            row += [f"{data['points']:g}", f"{data['max_points']:g}", status(data) + remark]
            table.writerow([_safe(value) for value in row])


def best(records):
    """For each student and lesson, the record with the most points, and how many files there were."""
    groups = {}
    for data in records:
        groups.setdefault((data["student"], data["lesson"]), []).append(data)
    for group in groups.values():
        yield max(group, key=lambda data: data["points"]), len(group)


def _safe(value):
    """A spreadsheet takes a cell that starts like this for a formula."""
    return "'" + value if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
