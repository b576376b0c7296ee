"""The page that a student reads, one for each lesson: a self-contained HTML file, no hidden value, all text escaped."""

import hashlib
import hmac
import unicodedata
from dataclasses import replace
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, TemplateError

from autograder.reporting.record_file import open_private
from autograder.reporting.records import Whose
from helpers.report import SYMBOLS

MOST_BYTES = 120  # of a student's name in a file's name; file systems take 255 in all


@cache
def page_maker():
    """Return the function that turns a record and its lesson, None where that is unknown, into a page."""
    environment = Environment(
        loader=PackageLoader("autograder.reporting"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["moment"] = _moment
    template = environment.get_template("feedback.html")

    def feedback_page(record, lesson, course_title=""):
        titles = {name: exercise.title for name, exercise in lesson.exercises.items()} if lesson else {}
        title = lesson.title if lesson else "Not graded"
        return template.render(record=record, title=title, course=course_title, titles=titles, symbols=SYMBOLS)

    return feedback_page


def _moment(text):
    """A time of a record as people read it."""
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M UTC") if text else ""


def page_name(student, lesson, taken=()):
    """A file name for a page: readable, safe on every system, and different for every student and lesson.

    `taken` are names in small letters that are others': some systems tell no small letters from capitals.
    """
    name = unicodedata.normalize("NFC", student)
    kept = "".join(c if c.isalnum() or c in " -_.@()" else "_" for c in name).strip(" .")
    kept = kept.encode("utf-8", "replace")[:MOST_BYTES].decode("utf-8", "ignore").strip(" .")
    plain, end = f"{kept or 'student'}", f"-{lesson or 'not graded'}.html"
    if kept == student and f"{plain}{end}".casefold() not in taken:
        return plain + end
    return f"{plain}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}{end}"


def alias(secret, student):
    """A name that stands for a student, always the same, from which nobody finds the student without the secret."""
    return "student-" + hmac.new(secret.encode(), student.encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:8]


def write_pages(folder, index, lessons, *, title="", aliases=None):
    """Write the pages of what counts, and remove those of what no longer does; one bad page does not stop the rest.

    `aliases` is a function from students to the names on anonymous pages.
    """
    if not folder.exists():
        folder.mkdir(mode=0o700)
    make, written, taken, failed = page_maker(), set(), set(), []
    for record in index.records(index.counting()):
        shown = replace(record, student=aliases(record.student), whose=Whose(), file="") if aliases else record
        name = page_name(shown.student, record.lesson, taken)
        written.add(name)
        taken.add(name.casefold())
        try:
            page = make(shown, lessons.get(record.lesson), title)
            with open_private(folder / name, "w") as file:
                file.write(page)
        except (ValueError, LookupError, TemplateError) as error:
            failed.append(f"{name}: {type(error).__name__}")
    for stale in folder.glob("*.html"):
        if stale.name not in written:
            stale.unlink()
    return failed
