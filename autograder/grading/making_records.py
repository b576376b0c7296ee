"""From what grading found to a record: outcomes, answers, fingerprints, versions and times."""

import platform
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

import helpers
from autograder.reporting.records import CheckRecord, ExerciseRecord, Handed, Record, Whose, from_json

VERSIONED = ("numpy", "matplotlib", "ipython")
MOST_ANSWER = 8000  # characters of an answer that a record keeps; of what a person marks, it keeps all


def record(
    *, student, lesson, file, submission, graded, isolation, whose=None, handed=None, fingerprints=None, likeness=None
):
    """Return the record of a graded submission, as it will be read again.

    `fingerprints` is a `Fingerprints` of the lesson, where the record shall know which checks made it; `likeness` its
    `Likeness`, where it shall know the form of the answers' code.
    """
    checks = fingerprints.checks if fingerprints else {}
    forms = likeness.of(cell.text for cell in submission.cells if cell.type == "code") if likeness else {}
    made = Record(
        student=student,
        lesson=lesson,
        file=file,
        submission_sha256=submission.sha256,
        points=sum(one.points for one in graded.exercises),
        max_points=sum(one.max_points for one in graded.exercises),
        exercises=tuple(
            _exercise(one, graded.answers.get(one.name, ""), checks, forms.get(one.name, ()))
            for one in graded.exercises
        ),
        problems=tuple(graded.problems),
        remarks=tuple(graded.remarks),
        seed=graded.seed,
        isolation=tuple(isolation),
        versions=dict(versions()),
        seconds=round(graded.seconds, 3),
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        given=fingerprints.given if fingerprints else "",
        whose=whose or Whose(),
        handed=handed or Handed(),
    )
    return from_json(made.to_json())


def _exercise(one, answer, fingerprints, forms):
    checks = tuple(_check(check, fingerprints.get((one.name, check.name), "")) for check in one.checks)
    kept = answer if not one.checks or len(answer) <= MOST_ANSWER else f"{answer[:MOST_ANSWER]}\n..."
    told = tuple((form["answer"], form["form"], form["equals"]) for form in forms)
    more = {"forms": told, "is_named": one.is_named}
    return ExerciseRecord(one.name, one.points, one.max_points, one.outcome, one.diagnosis, checks, kept, **more)


def _check(check, fingerprint):
    told = {
        "feedback": check.summary if check.hidden else check.text,
        "details": check.text,
        "fingerprint": fingerprint,
    }
    return CheckRecord(check.name, check.sentence, check.hidden, check.outcome, check.earned, check.points, **told)


@cache
def versions():
    """The versions that a grade depends on, as pairs."""
    named = [(name, version(name)) for name in VERSIONED]
    return (("course", helpers.__version__), ("python", platform.python_version()), *named)
