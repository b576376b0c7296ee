"""The output folder of a run: held by one grader at a time, appended to, never overwritten by half.

records.jsonl   one line a submission       grades.csv   the table        feedback/   a page for each student
secret.txt      where --secret was not given, the one that was drawn
"""

import os
import secrets
from contextlib import contextmanager
from pathlib import Path

from autograder.problems import CourseError
from autograder.reporting.feedback_page import page_maker, page_name
from autograder.reporting.grades import Index, write_grades
from autograder.reporting.record_file import append, mend


class Output:
    """One folder of results; use it inside `opened`."""

    def __init__(self, folder, lessons):
        self.folder, self._lessons = Path(folder), lessons
        self.records = self.folder / "records.jsonl"
        mend(self.records)
        self.index = Index(self.records)
        self._page = page_maker()

    def add(self, record):
        """Append a record, then write its page where it is the student's best so far."""
        offset = self.records.stat().st_size if self.records.exists() else 0
        append(self.records, record)
        self.index.add(offset, record)

    def write_tables(self):
        """Write grades.csv and the feedback pages from the records."""
        write_grades(self.folder / "grades.csv", self.index)
        (self.folder / "feedback").mkdir(exist_ok=True)
        for record, _ in self.index.best():
            page = self._page(record, self._lessons[record.lesson], causes(record))
            target = self.folder / "feedback" / page_name(record.student)
            target.write_text(page, encoding="utf-8", errors="replace")

    def secret(self, given):
        """The course's secret: the given one, or what is in the file of that name, else the one kept here, else new."""
        if given and os.path.isfile(given):
            return Path(given).read_text(encoding="utf-8").strip()
        kept = self.folder / "secret.txt"
        if not given and not kept.exists():
            kept.write_text(secrets.token_hex(16) + "\n", encoding="utf-8")
        return given or kept.read_text(encoding="utf-8").strip()


def causes(record):
    """What a student should know of the notebook as a whole: only where nothing at all could be checked."""
    return () if record.is_graded else record.problems


@contextmanager
def opened(folder, lessons, *, again=False):
    """Hold the folder for the time of a run; with `again`, earlier records are set aside first."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / ".lock", "w") as lock:
            _hold(lock, folder)
            if again and (folder / "records.jsonl").exists():
                os.replace(folder / "records.jsonl", folder / "records.previous.jsonl")
            yield Output(folder, lessons)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CourseError(
            f"{error.filename or folder} cannot be written ({reason}). Free space or choose another folder with --out; "
            "what is recorded so far is kept, and the same command goes on from there."
        ) from None


def _hold(lock, folder):
    import fcntl  # not on Windows, which `isolation` refuses in words

    try:
        # lockf, not flock: workers must not inherit the lock, or a killed grader's would hold it on.
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise CourseError(f"Another grader is at work in {folder}. Wait for it, or choose another --out.") from None
