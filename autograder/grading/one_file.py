"""Grade one file of a class and make a record of it, whatever it holds.

This file knows files, students and lessons; `jobs` finds them, `whole_class` knows workers and the output folder.
"""

import os
import threading
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.util import Finalize

from autograder.grading.likeness import Likeness
from autograder.grading.making_records import record
from autograder.grading.matching import Matching
from autograder.grading.one_submission import grade, grade_unreadable, seed_of
from autograder.grading.submission import bytes_of, read_submission
from autograder.grading.to_mark import with_questions
from autograder.remote.zygote import Limits, Zygote
from autograder.rules.identity.spelling import named_lesson
from autograder.rules.identity.which_lesson import glimpse, lesson_of
from autograder.rules.points import with_points
from autograder.source.fingerprints import fingerprints
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.problems import CourseError


@dataclass(frozen=True)
class Settings:
    """What all jobs of a run share: `lesson` is the one asked for, `points` are ((lesson, exercise, points), ...)."""

    lesson: str | None = None
    secret: str = ""
    isolation: str | None = None
    limits: Limits = Limits()  # noqa: RUF009  frozen
    lessons: tuple[str, ...] = ()
    points: tuple[tuple[str, str, float], ...] = ()


def graded_lessons(settings):
    """The lessons of a run by name, with the points that the course gives them."""
    names = [settings.lesson] if settings.lesson else settings.lessons or lesson_names()
    found = {}
    for one in map(load_lesson, names):
        given = {exercise: points for lesson, exercise, points in settings.points if lesson == one.name}
        found[one.name] = with_points(one, given)
    return found


class ClassGrader:
    """Grades jobs with one zygote, which it starts anew should it be gone; a context manager."""

    def __init__(self, settings):
        self.lessons = graded_lessons(settings)
        self._matchings = {name: Matching(one) for name, one in self.lessons.items()}
        self._fingerprints, self._likeness = {}, {}
        self._settings = settings
        self._zygote = None

    def __enter__(self):
        self._zygote = Zygote(self._settings.isolation, self._settings.limits)
        self._zygote.__enter__()
        return self

    def __exit__(self, *error):
        if self._zygote:
            self._zygote.__exit__(*error)

    @property
    def layers(self):
        """The names of the isolation that is in force."""
        return self._zygote.layers

    def grade(self, job, raw=None):
        """Return the record of one job; `raw` is what its file holds, where it was read elsewhere."""
        submission, name, problem = self._opened(job, raw)
        if problem:
            graded = grade_unreadable(self.lessons.get(name), problem)
        else:
            graded = self._grade(submission, name, job.student)
        return self._record(job, submission, name, graded, self.layers)

    def not_graded(self, job, problem=""):
        """Return the record of a job that cannot be graded, for this reason or its file's own; no zygote is needed."""
        submission, name, own = self._opened(job)
        return self._record(job, submission, name, grade_unreadable(self.lessons.get(name), own or problem), [])

    def _opened(self, job, raw=None):
        """Read a job's file: (submission, its lesson or "", what keeps it from being graded)."""
        submission = read_submission(job.found, raw)
        if submission.problem:
            return submission, self._likely(job, raw), submission.problem
        # Asked for one lesson, a notebook may say that it is of any other.
        asked = next(iter(self.lessons)) if self._settings.lesson else ""
        known = dict.fromkeys(lesson_names()) | self.lessons if asked else self.lessons
        told = lesson_of(submission, known, asked)
        return submission, told.lesson, told.why

    def _likely(self, job, raw):
        """The lesson of a file that cannot be read, by its name or by what is left of it; "" if it says nothing."""
        if len(self.lessons) == 1:
            return next(iter(self.lessons))
        return named_lesson(job.found.parts[-1], self.lessons) or glimpse(
            raw or bytes_of(job.found) or b"", self.lessons
        )

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

    def _record(self, job, submission, name, graded, layers):
        if name and name not in self._fingerprints:
            self._fingerprints[name] = fingerprints(self.lessons[name])
            self._likeness[name] = Likeness(self.lessons[name])
        graded = with_questions(graded, self.lessons.get(name), submission)
        return record(
            student=job.student,
            lesson=name,
            file=job.file,
            submission=submission,
            graded=graded,
            isolation=layers,
            whose=job.whose,
            handed=job.handed,
            fingerprints=self._fingerprints.get(name),
            likeness=self._likeness.get(name),
        )

    def _restart(self):
        self.__exit__(None, None, None)
        self.__enter__()


def grade_job(job, settings, raw=None):
    """Grade one job in this process and thread, whose grader is started once and kept."""
    return kept_grader(settings, os.getpid(), threading.get_ident()).grade(job, raw)


@lru_cache
def kept_grader(settings, _process, _thread):
    """A started grader, which is stopped when the process ends."""
    grader = ClassGrader(settings)
    # Not atexit: the workers of a process pool do not run it. First, since a signal may come as soon as it is started.
    Finalize(None, grader.__exit__, args=(None, None, None), exitpriority=1)
    return grader.__enter__()
