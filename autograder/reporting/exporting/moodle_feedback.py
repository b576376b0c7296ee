"""Moodle's zip of feedback files: the students' pages, in folders named as Moodle names them.

Moodle takes such a folder's name apart at underscores, NAME_NUMBER_assignfeedback_file, so a name has none.
"""

import re
import zipfile

from autograder.reporting.closing import Point
from autograder.reporting.exporting.scores import TOTAL
from autograder.reporting.pages import names_of_pages
from autograder.reporting.record_file import replacing


def write_feedback_zip(path, folder, index, lesson):
    """Write the pages of a lesson into a zip; return (what is told, points). Who has no number or page is named."""
    entries = list(index.counting())
    pages = names_of_pages((one.student, one.lesson) for one in entries)
    wanted = [(one, page) for one, page in zip(entries, pages, strict=True) if lesson in (TOTAL, one.lesson)]
    without, packed = [], 0
    with replacing(path, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, page in wanted:
            source, number = folder / "feedback" / page, _number(entry)
            if number and source.is_file():
                archive.write(source, f"{_folder(entry, number)}/{entry.lesson}.html")
                packed += 1
            else:
                without.append(f"{entry.student} ({'no page' if number else 'no number of Moodle'})")
    return f"Wrote {path} with {packed} pages.", [Point("without a page in the zip", tuple(without))] * bool(without)


def _number(entry):
    """The participant's number, which is in the names of what Moodle gave out."""
    return entry.whose.system_id if entry.whose.system.startswith("Moodle") else ""


def _folder(entry, number):
    student = entry.student.removesuffix(f" ({number})").removesuffix(f" {number}")  # a namesake's, a blind one's
    name = re.sub(r'[_/\\:*?"<>|\x00-\x1f]', " ", entry.whose.name or student)
    return f"{name.strip(' .') or 'Participant'}_{number}_assignfeedback_file"
