"""The README's badges: one block between two comments, made from where the course is published."""

import re

from autograder.source.problems import CourseError
from autograder.source.published import badges

BEGIN, END = "<!-- badges: made by course build -->", "<!-- end of badges -->"
BLOCK = re.compile(f"{re.escape(BEGIN)}\n.*?{re.escape(END)}", re.S)


def readme_with_badges(text, lesson):
    """Return the README's text with the badges that open a lesson."""
    if len(BLOCK.findall(text)) != 1:
        raise CourseError(f"README.md must hold the lines {BEGIN} and {END} once, for the badges to stand between.")
    made = badges(lesson)
    return BLOCK.sub(lambda _: "\n".join([BEGIN, *([made] if made else []), END]), text)
