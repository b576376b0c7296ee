"""The output folder of a run: held by one grader at a time, appended to, never overwritten by half, its owner's only.

records.jsonl   one line a submission, a later one on the same file replacing an earlier       grades.csv   the table
feedback/       a page for each student and lesson      overrides.jsonl   what a person decided    history/, changes.csv
The course's secret lies beside the folder, never in it: the folder may be zipped and sent.
"""

import csv
import os
import secrets
import stat
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from autograder.reporting.feedback_page import alias, page_maker
from autograder.reporting.grades import safe, write_grades
from autograder.reporting.history import last_told, tell
from autograder.reporting.index import Index
from autograder.reporting.pages import write_pages
from autograder.reporting.record_file import append, mend, open_private
from autograder.reporting.records import Whose
from autograder.reporting.settling import decisions, settle, settled, standing_of
from autograder.rules.overrides import read_overrides
from autograder.source.problems import CourseError


class FolderInUse(CourseError):
    """Another run holds the folder."""


class Output:
    """One folder of results; use it inside `opened`."""

    def __init__(self, folder, course, rule="last"):
        self.folder, self._course, self._rule = Path(folder), course, rule
        self.records = self.folder / "records.jsonl"
        mend(self.records)
        self.index = Index(self.records)
        self._overrides = read_overrides(self.folder)
        if self.index.entries and last_told(self.folder) is None:
            self.changes()  # of records that were made before, by a run that was killed or by an earlier version

    def add(self, record, place=(1, 1, True)):
        """Append a record as it counts, being such a `place` among its student's: (number, of how many, counts)."""
        standing = standing_of(record, self._course, self._rule, place)
        self._append(settled(record, standing, decisions(self._overrides, record)))

    def _append(self, record):
        offset = self.records.stat().st_size if self.records.exists() else 0
        append(self.records, record)
        self.index.add(offset, record)

    def settle(self):
        """Bring all records up to the course's rules and to what a person decided since."""
        self._overrides = read_overrides(self.folder)
        settle(self.index, self._course, self._rule, self._overrides, self._append)

    def write_tables(self, lessons, *, people=(), long=False, aliases=None):
        """Write grades.csv and the feedback pages from the records; return what kept a page from being written."""
        write_grades(self.folder / "grades.csv", self.index, people, long=long)
        records, make = self.index.records(self.index.counting()), page_maker()
        if aliases:
            records = (replace(one, student=aliases(one.student), whose=Whose(), file="") for one in records)

        def page(one):
            return make(one, lessons.get(one.lesson), self._course.title, self._course.language)

        return write_pages(self.folder / "feedback", records, page)

    def changes(self, changed_checks=""):
        """Keep what counts now, and return whose points moved since this was last told."""
        return tell(self.folder, self.index, changed_checks)

    def secret(self, given=""):
        """The course's secret: the given one, else the one kept beside the folder, else a new one."""
        return given or kept_secret(self.folder)


def write_results(output, choices, secret, lessons):
    """Write table and pages as they were chosen; return what kept a page from being written."""
    aliases = partial(alias, secret) if choices.anonymous else None
    if aliases:
        write_aliases(output.folder, {one.student for one in output.index.counting()}, aliases)
    return output.write_tables(lessons, people=choices.people.people, long=choices.long, aliases=aliases)


def write_aliases(folder, students, aliases):
    """Write who is behind the names on anonymous pages, beside the folder, where the secret lies."""
    folder = folder.resolve()
    with open_private(folder.with_name(f"{folder.name}.aliases.csv"), "w") as file:
        csv.writer(file).writerows([safe(aliases(one)), safe(one)] for one in sorted(students))


def kept_secret(folder):
    """The secret beside an output folder, made where there is none; one that lies inside, as once, is moved out."""
    folder = folder.resolve()
    path, inside = folder.with_name(f"{folder.name}.secret"), folder / "secret.txt"
    if inside.is_file() and not path.exists():
        os.replace(inside, path)
        os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)
    try:
        with open_private(path, "x") as file:
            file.write(secrets.token_hex(16) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    return read_secret(path)


def read_secret(path):
    """The secret in a file; `CourseError` where there is none."""
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise CourseError(
            f"The file of the secret, {path}, cannot be read ({reason}). --secret takes a file; "
            "the secret itself may stand in the variable COURSE_SECRET."
        ) from None
    if not text:
        raise CourseError(f"The file of the secret, {path}, is empty. Delete it, or put a word into it.")
    return text


@contextmanager
def opened(folder, course, rule="last"):
    """Hold the folder for the time of a run."""
    folder = Path(folder)
    mask = os.umask(0o077)  # names and grades are for nobody else on the machine
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o700)
        with open_private(folder / ".lock", "w") as lock:
            _hold(lock, folder)
            yield Output(folder, course, rule)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CourseError(
            f"{error.filename or folder} cannot be written ({reason}). Free space or choose another folder with --out; "
            "what is recorded so far is kept, and the same command goes on from there."
        ) from None
    finally:
        os.umask(mask)


def _hold(lock, folder):
    import fcntl  # not on Windows, which `isolation` refuses in words

    try:
        # lockf, not flock: workers must not inherit the lock, or a killed grader's would hold it on.
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise FolderInUse(f"Another grader is at work in {folder}. Wait for it, or choose another --out.") from None
