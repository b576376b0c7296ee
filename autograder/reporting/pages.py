"""The folder of students' pages: a file for each student, never another's, and one bad page does not stop the rest."""

import errno
import hashlib
import os
import re
import unicodedata

NO_PLACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)  # no page could be written
MOST_BYTES = 80  # of a name, in UTF-8: file systems count bytes
DIGEST = re.compile(r"-[0-9a-f]{16}$")


def page_name(student):
    """A file name for a student's page: readable, safe on every system, and different for different students.

    A plain name is its own; every other one gets a digest, and a name that looks as if it had one is not plain.
    """
    name = unicodedata.normalize("NFC", student)
    kept = "".join(c if c.isalnum() or c in " -_.@" else "_" for c in name).strip(" .")
    kept = kept.encode("utf-8", "replace")[:MOST_BYTES].decode("utf-8", "ignore").strip(" .")
    if kept == student and not DIGEST.search(kept):
        return f"{kept}.html"
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{kept or 'student'}-{digest}.html"


def write_pages(folder, records, page):
    """Write `page(record)` for every record, and return a sentence for each page that could not be written.

    Names that some file systems take for the same, for they differ in case alone, get their digests too.
    """
    folder.mkdir(exist_ok=True)
    taken, problems = {}, []
    for data in records:
        name = page_name(data["student"])
        if taken.setdefault(name.casefold(), data["student"]) != data["student"]:
            name = page_name(data["student"] + "\0")
        try:
            draft = folder / f".{os.getpid()}.part"
            draft.write_text(page(data), encoding="utf-8", errors="replace")
            os.replace(draft, folder / name)
        except Exception as error:
            if getattr(error, "errno", None) in NO_PLACE:
                raise
            reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            problems.append(f"The page of {data['student'][:60]} could not be written ({reason}).")
    return problems
