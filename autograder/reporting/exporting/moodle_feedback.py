"""Moodle's zip of feedback files: the students' pages, in folders named as Moodle names them.

Moodle takes such a folder's name apart at underscores, NAME_NUMBER_assignfeedback_file, so a name has none.
"""

import re
import zipfile

from autograder.reporting.closing import Point
from autograder.reporting.exporting.scores import TOTAL
from autograder.reporting.pages import names_of_pages
from autograder.reporting.record_file import replacing

NUMBERED = re.compile(r"Participant (\d+)$")


def write_feedback_zip(path, folder, index, lesson, people):
    """Write the pages of a lesson into a zip; return (what is told, points). Who has no number or page is named.

    `people` are those of the worksheet, {student: Person}. The numbers in what Moodle gave out may be those of another
    assignment, in which they are other people's.
    """
    entries = list(index.counting())
    pages = names_of_pages((one.student, one.lesson) for one in entries)
    wanted = [(one, page) for one, page in zip(entries, pages, strict=True) if lesson in (TOTAL, one.lesson)]
    without, packed = [], 0
    with replacing(path, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, page in wanted:
            source, number = folder / "feedback" / page, _number(people.get(entry.student))
            if number and source.is_file():
                archive.write(source, f"{_folder(entry, number)}/{entry.lesson}.html")
                packed += 1
            else:
                without.append(f"{entry.student} ({'no page' if number else 'not found in the worksheet'})")
    return f"Wrote {path} with {packed} pages.", [Point("without a page in the zip", tuple(without))] * bool(without)


def _number(person):
    """A participant's number in the worksheet; "" for nobody, and where the worksheet has none."""
    found = NUMBERED.match(person.id) if person else None
    return found[1] if found else ""


def _folder(entry, number):
    student = entry.student.removesuffix(f" ({number})").removesuffix(f" {number}")  # a namesake's, a blind one's
    name = re.sub(r'[_/\\:*?"<>|\x00-\x1f]', " ", entry.whose.name or student)
    return f"{name.strip(' .') or 'Participant'}_{number}_assignfeedback_file"
