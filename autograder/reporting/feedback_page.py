"""The page that a student reads, one for each lesson: a self-contained HTML file, no hidden value, all text escaped."""

import hmac
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from helpers.language import ENGLISH, counted, in_html, in_language, is_right_to_left, of_lesson, said
from helpers.report import SYMBOLS


@cache
def page_maker():
    """Return the function that turns a record and its lesson, None where that is unknown, into a page."""
    environment = Environment(
        loader=PackageLoader("autograder.reporting"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["moment"] = _moment
    template = environment.get_template("feedback.html")

    def feedback_page(record, lesson, course_title="", language=ENGLISH):
        titles = lesson.titles if lesson else {}
        title = lesson.title if lesson else said("Not graded")
        words = _words(language, lesson.name if lesson else "")
        return template.render(
            record=record, title=title, course=course_title, titles=titles, symbols=SYMBOLS, language=language, **words
        )

    return feedback_page


def _words(language, lesson):
    """What the template says things with: records hold them in English."""

    def shown(text):
        return Markup(in_html(str(escape(text))))

    return {
        "_": lambda text, **fields: shown(in_language(text.format(**fields), language)),
        "counted": lambda one, many, count: shown(in_language(counted(one, many, count).format(count=count), language)),
        "told": lambda text: shown(in_language(text, language, lesson)),
        "of_lesson": lambda text: shown(of_lesson(lesson, text, language)),
        "rtl": is_right_to_left(language),
    }


def _moment(text):
    """A time of a record as people read it."""
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M UTC") if text else ""


def alias(secret, student):
    """A name that stands for a student, always the same, from which nobody finds the student without the secret."""
    return "student-" + hmac.new(secret.encode(), student.encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:8]
