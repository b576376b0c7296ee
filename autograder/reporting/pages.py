"""The folder of students' pages: one for each student and lesson; one bad page does not stop the rest."""

import errno
import hashlib
import re
import unicodedata

from autograder.reporting.record_file import replacing

NO_PLACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)  # no page could be written
MOST_BYTES = 80  # of a name, in UTF-8: file systems count bytes
DIGEST = re.compile(r"-[0-9a-f]{16}$")


def page_name(student, lesson):
    """A file name for a page: readable, safe on every system, and different for every student and lesson.

    A plain name is its own; every other one gets a digest, and a name that looks as if it had one is not plain.
    """
    name = unicodedata.normalize("NFC", student)
    kept = "".join(c if c.isalnum() or c in " -_.@()" else "_" for c in name).strip(" .")
    kept = kept.encode("utf-8", "replace")[:MOST_BYTES].decode("utf-8", "ignore").strip(" .")
    end = f"-{lesson or 'not graded'}.html"
    if kept == student and not DIGEST.search(kept):
        return kept + end
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{kept or 'student'}-{digest}{end}"


def names_of_pages(pairs):
    """The names of the pages that `write_pages` writes for (student, lesson) pairs, in their order."""
    taken = {}
    return [_next_name(student, lesson, taken) for student, lesson in pairs]


def _next_name(student, lesson, taken):
    name = page_name(student, lesson)
    if taken.setdefault(name.casefold(), name) != name:
        name = page_name(student + "\0", lesson)
        taken[name.casefold()] = name
    return name


def write_pages(folder, records, page):
    """Write `page(record)` for every record, remove the pages of all others, and return what could not be written.

    Names that some file systems take for the same, for they differ in case alone, get their digests too.
    """
    if not folder.exists():
        folder.mkdir(mode=0o700)
    taken, problems = {}, []
    for record in records:
        name = _next_name(record.student, record.lesson, taken)
        try:
            with replacing(folder / name) as file:
                file.write(page(record))
        except Exception as error:
            if getattr(error, "errno", None) in NO_PLACE:
                raise
            reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            problems.append(f"The page of {record.student[:60]} could not be written ({reason}).")
    for stale in folder.glob("*.html"):
        if stale.name.casefold() not in taken:
            stale.unlink()
    return problems
