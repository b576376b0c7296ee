"""Grade a class: find the notebooks, grade one after the other, and write records, grades.csv and feedback pages."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from autograder.feedback_page import page_maker, page_name
from autograder.grading import grade, grade_unreadable, seed_of
from autograder.lesson import lesson_names, load_lesson
from autograder.matching import Matching
from autograder.problems import CourseError
from autograder.records import append, best, read_records, record, write_grades
from autograder.session import Zygote
from autograder.submission import read_submission, student_of

ISOLATION = ["process"]


@dataclass(frozen=True)
class Job:
    """One file to grade, and whose it is."""

    path: Path
    student: str


def find_jobs(paths):
    """Return the notebooks among files and folders, in a stable order; `CourseError` where a path does not exist."""
    names, jobs = lesson_names(), {}
    roots = [Path(path).resolve() for path in paths]
    for root in roots:
        if not root.exists():
            raise CourseError(f"There is nothing at {root}. Name notebooks, or folders that hold some.")
        found = sorted(root.rglob("*.ipynb")) if root.is_dir() else [root]
        for path in found:
            if ".ipynb_checkpoints" not in path.parts:
                jobs[path] = Job(path, student_of(path, roots, names))
    if not jobs:
        raise CourseError(f"There is no notebook in {', '.join(map(str, paths))}.")
    return list(jobs.values())


class ClassGrader:
    """Grades jobs with one zygote; a context manager."""

    def __init__(self, *, lesson=None, secret="", limits=None):
        names = [lesson] if lesson else lesson_names()
        self.lessons = {one.name: one for one in map(load_lesson, names)}
        self._matchings = {name: Matching(one) for name, one in self.lessons.items()}
        self._secret, self._limits, self._forced = secret, limits, lesson is not None

    def __enter__(self):
        self._zygote = Zygote().__enter__()
        return self

    def __exit__(self, *error):
        self._zygote.__exit__(*error)

    def grade(self, job):
        """Return the record of one job."""
        submission = read_submission(job.path)
        name = next(iter(self.lessons)) if self._forced else lesson_of(submission, self.lessons)
        problem = submission.problem or (
            "" if name else "It is not clear which lesson this answers; name it: --lesson."
        )
        lesson = self.lessons[name or next(iter(self.lessons))]
        if problem:
            graded = grade_unreadable(lesson, problem)
        else:
            seed = seed_of(name, job.student, self._secret)
            graded = grade(submission, self._matchings[name], self._zygote, seed=seed, limits=self._limits)
        return record(
            student=job.student, lesson=lesson.name, file=job.path.name, submission=submission, graded=graded,
            isolation=ISOLATION,
        )  # fmt: skip


def write_results(out, lessons):
    """Write grades.csv and the feedback pages of all records in a folder."""
    records = read_records(out / "records.jsonl")
    write_grades(out / "grades.csv", records)
    (out / "feedback").mkdir(exist_ok=True)
    feedback_page = page_maker()
    for data, _ in best(records):
        page = feedback_page(data, lessons[data["lesson"]], causes(data))
        (out / "feedback" / page_name(data["student"])).write_text(page, encoding="utf-8")
    return records


def causes(data):
    """What a student should know of the notebook as a whole: only where nothing at all could be checked."""
    unreadable = all(one["outcome"] == "could not be checked" for one in data["exercises"])
    return data["problems"] if unreadable else []


def class_secret(out, given):
    """The course's secret: the given one, else the one kept beside the records, else a new one."""
    if given:
        return given
    kept = out / "secret.txt"
    if not kept.exists():
        kept.write_text(secrets.token_hex(16) + "\n", encoding="utf-8")
    return kept.read_text(encoding="utf-8").strip()


def append_record(out, data):
    """Append a record to the folder's records."""
    append(out / "records.jsonl", data)


def lesson_of(submission, lessons):
    """The name of the lesson that a submission answers, by its metadata, else by its content; "" where none fits."""
    if submission.lesson_hint in lessons:
        return submission.lesson_hint
    named = [name for name in lessons if f'Grader("{name}")' in submission.code or name in Path(submission.path).name]
    if named:
        return named[0]
    counts = {name: _answers_named(submission, lesson) for name, lesson in lessons.items()}
    return max(counts, key=counts.get) if counts and max(counts.values()) else ""


def _answers_named(submission, lesson):
    names = [answer.name for exercise in lesson.exercises.values() for answer in exercise.answers]
    return sum(f"def {name}(" in submission.code or f"\n{name} =" in submission.code for name in names)
