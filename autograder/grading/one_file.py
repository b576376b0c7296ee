"""Grade the files of a class: find them, say whose each one is, and make a record of each.

This file knows files, students and lessons; `class_run` knows workers, progress and the output folder.
"""

import os
import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from multiprocessing.util import Finalize
from pathlib import Path

from autograder.grading.links import is_regular, is_through_link, refused
from autograder.grading.matching import Matching
from autograder.grading.one_submission import grade, grade_unreadable, seed_of
from autograder.grading.submission import ENDING, printable, read_submission, student_of
from autograder.grading.to_mark import with_questions
from autograder.problems import CourseError
from autograder.remote.zygote import Limits, Zygote
from autograder.reporting.records import record
from autograder.source.lesson import lesson_names, load_lesson


@dataclass(frozen=True, slots=True)
class Job:
    """One file to grade, whose it is, and how it is called: by its path below the folder that was named."""

    path: Path
    student: str
    file: str


@dataclass(frozen=True)
class Settings:
    """What all jobs of a run share."""

    lesson: str | None = None
    secret: str = ""
    isolation: str | None = None
    limits: Limits = Limits()  # noqa: RUF009  frozen


def find_jobs(paths):
    """Return the notebooks among files and folders, in a stable order; `CourseError` where a path does not exist."""
    names, jobs = lesson_names(), {}
    roots = [Path(path).resolve() for path in paths]
    for root in roots:
        if not root.exists():
            raise CourseError(f"There is nothing at {root}. Name notebooks, or folders that hold some.")
        for path in _notebooks(root) if root.is_dir() else [root]:
            file = path.relative_to(root).as_posix() if root.is_dir() else path.name
            jobs.setdefault(path, Job(path, student_of(path, roots, names), printable(file)))
    if not jobs:
        raise CourseError(f"There is no notebook in {', '.join(map(str, paths))}.")
    return list(jobs.values())


def _notebooks(root):
    """The notebooks below a folder, also with what a browser put behind; hidden files and links not."""
    found = [path for path in sorted(root.rglob("*")) if ENDING.search(path.name)]
    found = [path for path in found if not _is_hidden(path.relative_to(root))]
    print("".join(f"{sentence}\n" for sentence in refused(found, root)), end="")
    return [path for path in found if is_regular(path) and not is_through_link(path, root)]


def _is_hidden(path):
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


class ClassGrader:
    """Grades jobs with one zygote, which it starts anew should it be gone; a context manager."""

    def __init__(self, settings):
        names = [settings.lesson] if settings.lesson else lesson_names()
        self.lessons = {one.name: one for one in map(load_lesson, names)}
        self._matchings = {name: Matching(one) for name, one in self.lessons.items()}
        self._settings = settings
        self._zygote = None

    def __enter__(self):
        self._zygote = Zygote(self._settings.isolation, self._settings.limits).__enter__()
        return self

    def __exit__(self, *error):
        self._zygote.__exit__(*error)

    @property
    def layers(self):
        """The names of the isolation that is in force."""
        return self._zygote.layers

    def grade(self, job):
        """Return the record of one job."""
        submission, lesson, problem = self._opened(job)
        graded = grade_unreadable(lesson, problem) if problem else self._grade(submission, lesson.name, job.student)
        graded = with_questions(graded, lesson, submission)
        return _record(job, submission, lesson, graded, self.layers)

    def not_graded(self, job, problem=""):
        """Return the record of a job that cannot be graded, for this reason or its file's own; no zygote is needed."""
        submission, lesson, own = self._opened(job)
        graded = with_questions(grade_unreadable(lesson, own or problem), lesson, replace(submission, cells=()))
        return _record(job, submission, lesson, graded, [])

    def _opened(self, job):
        """Read a job's file: (submission, its lesson, what keeps it from being graded)."""
        submission = read_submission(job.path)
        forced = self._settings.lesson is not None
        name = next(iter(self.lessons)) if forced else lesson_of(submission, self.lessons)
        problem = submission.problem or ("" if name else "It is not clear which lesson this answers: use --lesson.")
        return submission, self.lessons[name or next(iter(self.lessons))], problem

    def _grade(self, submission, name, student):
        seed = seed_of(name, student, self._settings.secret)
        for _ in range(2):
            try:
                return grade(submission, self._matchings[name], self._zygote, seed=seed, limits=self._settings.limits)
            except (CourseError, OSError):
                # The zygote itself was killed, by a system short of memory for example: once more, with a new one.
                problem = "The grader's own Python ended twice on this file, so it was not graded."
                self._restart()
            except Exception as error:
                kind = f"{type(error).__name__}: {error}"
                problem = f"A fault of the grader, not of the student, kept it from being graded ({kind[:300]})."
                self._restart()
                break
        return grade_unreadable(self.lessons[name], problem)

    def _restart(self):
        self.__exit__(None, None, None)
        self.__enter__()


def _record(job, submission, lesson, graded, layers):
    options = {"submission": submission, "graded": graded, "isolation": layers}
    return record(student=job.student, lesson=lesson.name, file=job.file, **options)


def grade_job(job, settings):
    """Grade one job in this process and thread, whose grader is started once and kept."""
    return kept_grader(settings, os.getpid(), threading.get_ident()).grade(job)


@lru_cache
def kept_grader(settings, _process, _thread):
    """A started grader, which is stopped when the process ends."""
    grader = ClassGrader(settings).__enter__()
    # Not atexit: the workers of a process pool do not run it.
    Finalize(None, grader.__exit__, args=(None, None, None), exitpriority=1)
    return grader


def lesson_of(submission, lessons):
    """The name of the lesson that a submission answers, by its metadata, else by its content; "" where none fits."""
    if submission.lesson_hint in lessons:
        return submission.lesson_hint
    code = submission.code
    named = [name for name in lessons if f'Grader("{name}")' in code or name in Path(submission.path).name]
    if named:
        return named[0]
    counts = {name: _answers_named(code, lesson) for name, lesson in lessons.items()}
    return max(counts, key=counts.get) if counts and max(counts.values()) else ""


def _answers_named(code, lesson):
    names = [answer.name for exercise in lesson.exercises.values() for answer in exercise.answers]
    return sum(f"def {name}(" in code or f"\n{name} =" in code for name in names)
