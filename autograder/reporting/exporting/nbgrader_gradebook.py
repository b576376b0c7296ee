"""nbgrader's gradebook.db, filled through nbgrader's own interface: what its formgrader shows is what we graded.

The assignment must be there already, with the cells of our release (`course release LESSON --to nbgrader`). Automatic
scores are ours to write; a mark that a person gave in formgrader stays, and so does all else. Nothing is written before
everything is known to fit.
"""

import sqlite3
import warnings
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.reporting.closing import WAITING, Point
from autograder.reporting.exporting.nbgrader_cells import cells_of, write_checks, write_mark
from autograder.reporting.exporting.pairing import paired
from autograder.reporting.exporting.scores import TOTAL, chosen_lesson, scores_of
from autograder.rules.identity.roster import Person
from autograder.source.problems import CourseError, require


@dataclass(frozen=True)
class Assignment:
    """An assignment of a gradebook that holds a lesson: its name, its notebook's, and {cell: points it gives}."""

    name: str
    notebook: str
    cells: dict[str, float]


def into_gradebook(path, index, wanted, roster=None):
    """Write the scores of a lesson into a gradebook; return (what is told, points).

    `wanted` is a `filling.Wanted`: its column is the assignment's name, where that is not the lesson's.
    """
    require("nbgrader", "release")
    lesson = chosen_lesson(index, wanted.lesson)
    if lesson == TOTAL:
        raise CourseError(f"nbgrader keeps each lesson as an assignment: --lesson {', '.join(index.exercises)}.")
    path = Path(path) / "gradebook.db" if Path(path).is_dir() else Path(path)
    if not path.is_file():
        raise CourseError(f"There is no gradebook at {path}. 'nbgrader generate_assignment {lesson}' makes one.")
    with _opened(path) as gradebook:
        assignment = _assignment(gradebook, wanted.column or lesson, lesson, path)
        chosen, points = _chosen(gradebook, scores_of(index, lesson), lesson, roster)
        entries = [one for one in index.counting() if one.lesson == lesson and one.student in chosen and one.is_graded]
        for record in index.records(entries):
            _require_cells(gradebook, assignment, record, chosen[record.student])
        kept = []
        for record in index.records(entries):
            kept += _write(gradebook, assignment, record, chosen[record.student])
        gradebook.db.commit()
    points.append(Point("marks given in nbgrader, which stay", tuple(kept), False))
    return f"{len(entries)} students have their points in {path}.", [one for one in points if one.items]


@contextmanager
def _opened(path):
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SAWarning, SQLAlchemyError

    _require_gradebook(path)
    try:
        with warnings.catch_warnings(), Gradebook(f"sqlite:///{path.resolve()}") as gradebook:
            warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own way to add a submission
            yield gradebook
    except SQLAlchemyError as error:
        raise CourseError(f"{path} cannot be used ({type(error).__name__}). Is it nbgrader's, and free?") from None


def _require_gradebook(path):
    """`CourseError` where a file is none of nbgrader's, which would make its tables in any database it is given."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'submitted_assignment'").fetchone():
                return
    except sqlite3.DatabaseError:
        pass
    raise CourseError(f"{path} is no gradebook of nbgrader's. It lies in the course directory, as gradebook.db.")


def _assignment(gradebook, name, lesson, path):
    """The assignment of this name with its one notebook; `CourseError` says what the gradebook holds instead."""
    found = next((one for one in gradebook.assignments if one.name == name), None)
    if found is None or len(found.notebooks) != 1:
        there = ", ".join(sorted(one.name for one in gradebook.assignments)) or "none"
        problem = "no assignment" if found is None else "no assignment of one notebook"
        mend = f"Make it with our release: course release {lesson} --to nbgrader; or name another with --column"
        raise CourseError(f"{path} has {problem} '{name}'; there are {there}. {mend}.")
    (notebook,) = found.notebooks
    return Assignment(name, notebook.name, {cell.name: cell.max_score for cell in notebook.grade_cells})


def _chosen(gradebook, scores, lesson, roster):
    """({student here: student there}, points): a gradebook that knows nobody takes all, another whom it knows."""
    people = {row: _person(one) for row, one in enumerate(gradebook.students)}
    pairs = paired(people, scores, system="nbgrader", lesson=lesson, roster=roster)
    chosen = {score.student: people[row].id for row, score in pairs.found.items()}
    new = [] if people else [one for one in scores if one.points is not None]
    missing = "not in the gradebook, where 'nbgrader db student add' or 'import' puts them"
    return chosen | {one.student: one.student for one in new}, [
        Point("in the gradebook and not in the grades", pairs.missing),
        Point(missing, pairs.strangers if people else ()),
        Point("left alone, because it cannot be told who is who", pairs.unclear),
        Point("left alone, because a notebook could not be graded", tuple(str(o) for o in scores if o.points is None)),
        Point("new in the gradebook, which knew nobody", tuple(map(str, new)), False),
        Point(WAITING, tuple(str(one) for one in scores if one.to_mark), False),
    ]


def _person(student):
    name = " ".join(filter(None, (student.first_name, student.last_name)))
    aliases = tuple(filter(None, (student.id, student.lms_user_id)))
    return Person(student.id, name, student.email or "", aliases=aliases)


def _require_cells(gradebook, assignment, record, student):
    """`CourseError` where the assignment, or what a student handed in of it, is of another version than the record."""
    mend = "Make the release anew, with --course where the course has points of its own; or grade again."
    for name, points in cells_of(record).items():
        if name not in assignment.cells:
            raise CourseError(f"nbgrader's assignment {assignment.name} has no cell {name}. {mend}")
        if abs(assignment.cells[name] - points) > 1e-6:
            theirs = f"nbgrader counts {assignment.cells[name]:g} points for {name}"
            raise CourseError(f"{theirs}, the record of {record.student} {points:g}. {mend}")
    submission = _submission(gradebook, assignment, student)
    if submission and not set(cells_of(record)) <= {one.name for one in _notebook(submission, assignment).grades}:
        raise CourseError(
            f"What nbgrader holds of {student} for {assignment.name} is of an earlier version of the assignment. "
            f"Run: nbgrader autograde {assignment.name} --student {student}"
        )


def _submission(gradebook, assignment, student):
    from nbgrader.api import MissingEntry

    try:
        return gradebook.find_submission(assignment.name, student)
    except MissingEntry:
        return None


def _notebook(submission, assignment):
    return next(one for one in submission.notebooks if one.name == assignment.notebook)


def _write(gradebook, assignment, record, student):
    """Write one record; return the marks of people that differ from ours and stay."""
    submission = _submission(gradebook, assignment, student) or _added(gradebook, assignment, record, student)
    notebook = _notebook(submission, assignment)
    grades, kept = {one.name: one for one in notebook.grades}, []
    for exercise in record.exercises:
        if exercise.checks:
            kept += write_checks(grades, exercise, student)
        else:
            kept += write_mark(grades[exercise.name], exercise, student)
    if record.earned != record.points or notebook.late_submission_penalty:
        notebook.late_submission_penalty = record.earned - record.points
    return kept


def _added(gradebook, assignment, record, student):
    """A new submission, of a student who may be new as well."""
    if not any(one.id == student for one in gradebook.students):
        first, _, last = record.whose.name.rpartition(" ")
        names = {"first_name": first or None, "last_name": last or None, "email": record.whose.email or None}
        gradebook.add_student(student, **names)
    at = datetime.fromisoformat(record.handed.at).astimezone(UTC).replace(tzinfo=None) if record.handed.at else None
    return gradebook.add_submission(assignment.name, student, **({"timestamp": at} if at else {}))
