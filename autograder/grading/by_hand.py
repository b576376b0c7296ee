"""`course regrade`: a person's decision goes into the overrides, and from there into records, table and page."""

import difflib
import math

from autograder.grading.one_file import Settings, graded_lessons
from autograder.grading.whole_class import settings_of
from autograder.reporting.output_folder import opened, write_results
from autograder.reporting.terminal import print_changes
from autograder.rules.choices import read_choices
from autograder.rules.overrides import Override, add_override
from autograder.source.problems import CourseError


def decide(folder, *, student, lesson, exercise, points, why, withdraw=False):
    """Note the decision and bring all results up to it; return a sentence that says what counts now."""
    if not (folder / "records.jsonl").is_file():
        raise CourseError(f"There are no records in {folder}. Name the folder that `course grade --out` wrote.")
    if not withdraw and (points is None or not math.isfinite(points) or points < 0 or not why.strip()):
        raise CourseError('Say the points and the reason: --points 3 --why "..."; or take it back with --withdraw.')
    choices = read_choices(folder)
    settings = settings_of(Settings(), choices.course)
    with opened(folder, choices.course, choices.rule) as output:
        lesson = _lesson(output.index, student, lesson, exercise)
        add_override(folder, Override(student, lesson, exercise, None if withdraw else points, why.strip()))
        output.settle()
        write_results(output, choices, output.secret(), graded_lessons(settings))
        print_changes(output.changes())
    if withdraw:
        return f"{exercise} of {student}: the checks' points count again."
    return f"{exercise} of {student}: {points:g} points count, because: {why.strip()}"


def _lesson(index, student, lesson, exercise):
    """The full name of the lesson in which this student has this exercise; `CourseError` says what there is."""
    own = {one.lesson: one.names for one in index.entries.values() if one.student == student and one.lesson}
    if not own:
        near = difflib.get_close_matches(student, {one.student for one in index.entries.values()}, 3)
        raise CourseError(f"There is no student '{student}' in the records.{_did_you_mean(near)}")
    found = [name for name, names in own.items() if exercise in names and name.startswith(lesson)]
    if len(found) == 1:
        return found[0]
    if found:
        raise CourseError(f"Several lessons have an exercise '{exercise}': say which with --lesson.")
    near = difflib.get_close_matches(exercise, [one for names in own.values() for one in names], 3)
    raise CourseError(
        f"{student} has no exercise '{exercise}'{f' in {lesson}' if lesson else ''}.{_did_you_mean(near)}"
    )


def _did_you_mean(near):
    return f" Did you mean {' or '.join(near)}?" if near else ""
