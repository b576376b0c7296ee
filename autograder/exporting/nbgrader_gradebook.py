"""nbgrader's gradebook.db, written through nbgrader's own interface: what its formgrader shows is what we graded.

The assignment must be there already, with the cells of our release (`course release LESSON --to nbgrader`). Automatic
scores are ours to write; a mark that a person gave in formgrader stays.
"""

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from autograder.exporting.pairing import Pairs, paired
from autograder.exporting.scores import TOTAL, chosen_lesson, scores_of
from autograder.identity.roster import Person
from autograder.problems import CourseError, require
from autograder.reporting.closing import Point
from autograder.reporting.records import MARKED


def into_gradebook(path, index, asked_lesson="", roster=None):
    """Write the scores of a lesson into a gradebook; return (what is told, points)."""
    require("nbgrader", "release")
    lesson = chosen_lesson(index, asked_lesson)
    if lesson == TOTAL:
        raise CourseError(f"nbgrader keeps each lesson as an assignment: --lesson {', '.join(index.exercises)}.")
    path = Path(path) / "gradebook.db" if Path(path).is_dir() else Path(path)
    if not path.is_file():
        raise CourseError(f"There is no gradebook at {path}. 'nbgrader generate_assignment {lesson}' makes one.")
    with _opened(path, lesson) as gradebook:
        people = {row: _person(one) for row, one in enumerate(gradebook.students)}
        scores = scores_of(index, lesson)
        pairs = paired(people, scores, system="nbgrader", lesson=lesson, roster=roster)
        known = {score.student: people[row].id for row, score in pairs.found.items()}
        new = [one for one in scores if str(one) in pairs.strangers and one.points is not None]
        chosen = known | {one.student: one.student for one in new}
        entries = [one for one in index.counting() if one.lesson == lesson and one.student in chosen and one.is_graded]
        kept = [told for one in index.records(entries) for told in _write(gradebook, one, chosen[one.student])]
        points = _points(pairs, scores, new, kept)
    return f"{len(entries)} students have their points in {path}.", points


@contextmanager
def _opened(path, lesson):
    from nbgrader.api import Gradebook, MissingEntry
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with Gradebook(f"sqlite:///{path.resolve()}") as gradebook:
            gradebook.find_notebook(lesson, lesson)
            yield gradebook
    except MissingEntry as error:
        mend = f"Make it with our release: course release {lesson} --to nbgrader"
        raise CourseError(f"{path} does not hold what {lesson} needs ({error}). {mend}") from None
    except SQLAlchemyError as error:
        raise CourseError(f"{path} cannot be used ({type(error).__name__}). Is it nbgrader's, and free?") from None


def _person(student):
    name = " ".join(filter(None, (student.first_name, student.last_name)))
    aliases = tuple(filter(None, (student.id, student.lms_user_id)))
    return Person(student.id, name, student.email or "", aliases=aliases)


def _points(pairs: Pairs, scores, new, kept):
    found = (
        Point("left alone, because it cannot be told who is who", pairs.unclear),
        Point(
            "left alone, because a notebook could not be graded",
            tuple(str(one) for one in scores if one.points is None),
        ),
        Point("in the gradebook and not in the grades", pairs.missing),
        Point("new in the gradebook", tuple(map(str, new)), False),
        Point("marks given in nbgrader, which stay", tuple(kept), False),
        Point("to be marked by a person still", tuple(str(one) for one in scores if one.to_mark), False),
    )
    return tuple(one for one in found if one.items)


def _write(gradebook, record, student):
    """Write one record; return the marks of people that differ from ours and stay."""
    gradebook.update_or_create_student(student, **_names(gradebook, record, student))
    at = datetime.fromisoformat(record.handed.at).astimezone(UTC).replace(tzinfo=None) if record.handed.at else None
    submission = gradebook.update_or_create_submission(record.lesson, student, **({"timestamp": at} if at else {}))
    notebook = next(one for one in submission.notebooks if one.name == record.lesson)
    grades, kept = {one.name: one for one in notebook.grades}, []
    for exercise in record.exercises:
        if exercise.checks:
            _write_checks(grades, exercise, record.lesson)
        else:
            kept += _write_mark(_grade(grades, exercise.name, record.lesson), exercise, student)
    notebook.late_submission_penalty = record.earned - record.points
    notebook.needs_manual_grade = any(one.needs_manual_grade for one in notebook.grades)
    gradebook.db.commit()
    return kept


def _names(gradebook, record, student):
    """The name and address of a student who is new; those who are there keep theirs."""
    if any(one.id == student for one in gradebook.students):
        return {}
    first, _, last = record.whose.name.rpartition(" ")
    return {"first_name": first or None, "last_name": last or None, "email": record.whose.email or None}


def _grade(grades, name, lesson):
    if name not in grades:
        raise CourseError(
            f"nbgrader's assignment {lesson} has no cell {name}: it is of another version. Make the release anew."
        )
    return grades[name]


def _write_checks(grades, exercise, lesson):
    """The checks' points; of an exercise that a person decided on, that person's points, shared out as theirs are."""
    total = sum(check.max_points for check in exercise.checks)
    for check in exercise.checks:
        grade = _grade(grades, f"{exercise.name}-{check.name}", lesson)
        if abs(grade.max_score - check.max_points) > 1e-6:
            raise CourseError(
                f"nbgrader counts {grade.max_score:g} points for {grade.name}, the records {check.max_points:g}. "
                "Make the release anew, with --course where the course has points of its own."
            )
        by_hand = exercise.points * check.max_points / total if exercise.override and total else None
        grade.auto_score = check.points if by_hand is None else by_hand
        grade.needs_manual_grade = False


def _write_mark(grade, exercise, student):
    """The mark of a question in words, where nbgrader has none yet."""
    if grade.manual_score is None and exercise.state == MARKED:
        grade.manual_score, grade.needs_manual_grade = exercise.points, False
    elif grade.manual_score is not None and exercise.state == MARKED and grade.manual_score != exercise.points:
        return [f"{student}, {exercise.name}: {grade.manual_score:g}, not {exercise.points:g}"]
    return []
