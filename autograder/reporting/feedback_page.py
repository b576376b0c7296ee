"""The page that a student reads: one self-contained HTML file, without hidden inputs or values, all text escaped."""

from jinja2 import Environment, PackageLoader

from helpers.report import SYMBOLS


def page_maker():
    """Return the function that turns a record, its lesson and remarks on the whole notebook into a page."""
    environment = Environment(
        loader=PackageLoader("autograder.reporting"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template("feedback.html")

    def feedback_page(record, lesson, causes=()):
        return template.render(record=record, title=lesson.title, titles=lesson.titles, symbols=SYMBOLS, causes=causes)

    return feedback_page
