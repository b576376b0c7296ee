"""What Gradescope reads of a record: results.json as its documentation describes it, all text escaped.

An exercise is one entry for its public checks, which students see at once, and one for its hidden checks, which they
see when the instructor says. This file knows records and the format; it reads and writes nothing.
"""

from html import escape
from itertools import groupby

from helpers.report import symbol_of
from helpers.running import FAILED, PASSED, TO_BE_MARKED

VISIBLE = "visible"
VISIBILITIES = ("after_published", "after_due_date", "hidden", VISIBLE)
PUBLIC, HIDDEN = "public", "hidden"


def results_of(record, *, titles, hidden, seconds, more):
    """Return the data of results.json for a record, whose exercises have these titles.

    `hidden` is when students see hidden checks, one of `VISIBILITIES`; `more` is kept beside the result, for staff.
    """
    tests = [test for number, one in enumerate(record.exercises, 1) for test in _tests(one, number, titles, hidden)]
    return {
        "score": round(record.points, 6),
        "execution_time": round(seconds, 3),
        "output": _output(record, titles),
        "output_format": "html",
        "stdout_visibility": "hidden",
        "tests": tests if record.is_graded else [],
        "extra_data": more,
    }


def not_graded(sentence, *, seconds=0.0, more=None):
    """Return the data of results.json where there is no record, and the sentence that says why."""
    return {
        "score": 0.0,
        "execution_time": round(seconds, 3),
        "output": f"<p>{escape(sentence)}</p>",
        "output_format": "html",
        "stdout_visibility": "hidden",
        "tests": [],
        "extra_data": more or {},
    }


def _output(record, titles):
    """What concerns the whole notebook; nothing here was learned from a hidden check."""
    said = [record.standing.late] * bool(record.standing.late) + list(record.remarks)
    said += [
        f"{titles.get(one.name, one.name)}: a person reads this answer; its points come then."
        for one in record.exercises
        if one.state == TO_BE_MARKED
    ]
    return "".join(f"<p>{escape(one[:1].upper() + one[1:])}</p>" for one in said)


def _tests(exercise, number, titles, hidden):
    """The entries of one exercise; one whose answer a person marks has no checks and so none."""
    checks = sorted(exercise.checks, key=lambda check: check.hidden)
    for is_hidden, some in groupby(checks, key=lambda check: check.hidden):
        own = list(some)
        kind = HIDDEN if is_hidden else PUBLIC
        earned, most = sum(one.points for one in own), sum(one.max_points for one in own)
        yield {
            "name": f"{titles.get(exercise.name, exercise.name)}: {kind} checks",
            "number": f"{number}.{1 + is_hidden}",
            "score": round(earned, 6),
            "max_score": round(most, 6),
            "status": "passed" if all(one.outcome == PASSED for one in own) else "failed",
            "output": _told(exercise, own),
            "output_format": "html",
            "visibility": hidden if is_hidden else VISIBLE,
            "tags": [exercise.name, kind],
        }


def _told(exercise, checks):
    """The checks of one entry, and the diagnosis where one of them failed: a pass must not tell of the others."""
    failed = exercise.diagnosis and any(one.outcome == FAILED for one in checks)
    told = f"<p><strong>Diagnosis.</strong> {escape(exercise.diagnosis)}</p>" if failed else ""
    return f"{told}<ul>{''.join(map(_line, checks))}</ul>"


def _line(check):
    feedback = f"<br>{escape(check.feedback)}" if check.feedback and check.outcome != PASSED else ""
    return f"<li>{symbol_of(check.outcome)} {escape(check.outcome)}: {escape(check.sentence)}{feedback}</li>"
