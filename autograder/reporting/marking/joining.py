"""What is marked comes into the records, grades.csv and the students' pages: in quiet moments, and at the end."""

import threading
from contextlib import contextmanager

from autograder.reporting.output_folder import opened, write_results
from autograder.rules.choices import read_choices
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.problems import CourseError

QUIET = 20.0  # seconds without a mark


def join(folder):
    """Bring all results up to what is marked, and return whose points moved."""
    choices = read_choices(folder)
    with opened(folder, choices.course, choices.rule) as output:
        output.settle()
        lessons = {name: load_lesson(name) for name in output.index.exercises if name in lesson_names()}
        write_results(output, choices, output.secret(), lessons)
        return output.changes()


class Joining:
    """Joins marks in a thread of its own, a while after the last one; `ask` says that there is one."""

    def __init__(self, folder, quiet=QUIET):
        self._folder, self._quiet = folder, quiet
        self._asked, self._ended = threading.Event(), threading.Event()

    def ask(self):
        """Say that something was marked."""
        self._asked.set()

    @contextmanager
    def running(self):
        """Within this, marks are joined in quiet moments."""
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._asked.set()
            thread.join()

    def _run(self):
        while self._asked.wait() and not self._ended.is_set():
            self._asked.clear()
            if self._ended.wait(self._quiet):
                return
            if not self._asked.is_set():
                self._join()

    def _join(self):
        try:
            join(self._folder)
        except CourseError:  # a grader is at work there, or the disk is full: a while later, or said at the end
            self._asked.set()
