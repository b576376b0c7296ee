"""A file of records: one line each, appended and flushed, and read again one at a time.

A kill at any moment costs at most the line in flight, which `mend` cuts off.
"""

import os
import stat
from contextlib import contextmanager

from autograder.reporting.records import from_json
from autograder.source.problems import CourseError


def open_private(path, mode):
    """Open a file to write, text or bytes, that only its owner may read."""
    flags = {"w": os.O_TRUNC, "a": os.O_APPEND, "x": os.O_EXCL}[mode[0]]
    number = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600)
    if os.name == "posix" and os.fstat(number).st_uid == os.geteuid() and stat.S_ISREG(os.fstat(number).st_mode):
        os.fchmod(number, 0o600)  # also where it was there before
    if "b" in mode:
        return open(number, mode.replace("x", "w"))
    return open(number, mode.replace("x", "w"), newline="", encoding="utf-8", errors="replace")


@contextmanager
def replacing(path, mode="w"):
    """A private file to write that takes the place of `path` in one move at the end; what fails leaves the old one."""
    draft = path.with_name(f".{os.getpid()}.part")
    try:
        with open_private(draft, mode) as file:
            yield file
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def append(path, record):
    """Append one record and make sure that it has reached the disk."""
    with open_private(path, "ab") as file:
        file.write(record.to_json().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def mend(path):
    """Cut off a last line that a kill left unfinished, so that the next record starts on a line of its own."""
    if not path.exists():
        return
    with open(path, "rb+") as file:
        size = file.seek(0, os.SEEK_END)
        while size:
            step = min(size, 1 << 16)
            file.seek(size - step)
            end = file.read(step).rfind(b"\n")
            if end >= 0:
                file.truncate(size - step + end + 1)
                return
            size -= step
        file.truncate(0)


def read_records(path, start=0):
    """Yield (offset, record) for every whole record in a file, from the one that begins at `start`, one at a time."""
    if not path.exists():
        return
    with open(path, "rb") as file:
        offset = file.seek(start)
        for number, line in enumerate(file, 1):
            if line.endswith(b"\n"):
                yield offset, _parsed(line, path, number)
            offset += len(line)


def _parsed(line, path, number):
    try:
        return from_json(line)
    except ValueError:
        raise unreadable_line(path, number) from None


def unreadable_line(path, number):
    """The error that says of a line that it is no record."""
    return CourseError(f"Line {number} of {path} is not a record. Delete that line, or grade all anew with --again.")


def read_at(path, offsets):
    """Yield the records that start at these offsets."""
    with open(path, "rb") as file:
        for offset in offsets:
            file.seek(offset)
            yield from_json(file.readline())
