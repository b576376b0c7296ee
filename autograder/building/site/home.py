"""The first page, those for students and instructors: the README's own parts, and a wrong answer with what it hears.

Nothing is said here a second time: what the README says, the site says. Where the README no longer has a part, that is
a sentence.
"""

import re

import numpy as np

from autograder.source.lesson import load_lesson
from autograder.source.problems import CourseError
from autograder.source.typed_answers import submission_source
from helpers import Grader

README = re.compile(
    r"(?P<intro># .+?)\n(?P<start>Two commands,.+?)\n(?P<picture>!\[.+?)\n(?P<idea>The idea .+?)\n"
    r"## For students and self-learners\n(?P<students>.+?)\n## For instructors\n(?P<instructors>.+?)\n"
    r"## What we measured\n(?P<measured>.+?)\n## For authors\n",
    re.S,
)
LESSONS = re.compile(r"^\| lesson \| exercises \|\n\|---\|---\|\n(?:\|.+\n)+\n?", re.M)
DOCSTRING = re.compile(r'^ +""".+"""\n', re.M)
BADGE = re.compile(r"^\[!\[(.+?)\]\(https://.+?\)\]", re.M)  # its picture would come from another address
COMMENT = re.compile(r"^<!--.+-->\n", re.M)
PART = re.compile(r"^#(##+ )", re.M)  # of a section, which is a page here
EXAMPLE = ("01_chain_rule", "softmax_vjp", "the_plain_mean")
BROWSER = ", **[work it in your browser](browser.md)**"
HOME = """\
{intro}
**[Read the first lesson]({first})**{browser} or see [how to work it](students.md), [what a class gets](instructors.md)
and [how grading works](autograder/README.md).

{picture}

## The idea

{idea}

## A wrong answer, and what its author reads

Somebody answers `{exercise}` like this:

```python
{wrong}
```

and reads, within a blink:

<div class="report">{report}</div>

## The nine lessons

{lessons}

## On your machine

{start}

## What we measured

{measured}
"""


def home_pages(readme, lessons, *, in_browser=False):
    """Return {path: text} of the pages that are made of the README; `lessons` are the names of the lessons."""
    parts = README.search(readme)
    table = LESSONS.search(parts["students"]) if parts else None
    if not table:
        raise CourseError(
            "README.md no longer has the parts that the site's first page is made of; "
            "autograder/building/site/home.py names them."
        )
    links = {"browser": BROWSER if in_browser else "", **_lessons(table[0], lessons)}
    told = parts.groupdict() | {"intro": COMMENT.sub("", BADGE.sub(r"- [\1]", parts["intro"]))}
    pages = {"index.md": HOME.format(**told, **_example(), **links)}
    students, instructors = (PART.sub(r"\1", parts[one]) for one in ("students", "instructors"))
    pages["students.md"] = f"# For students and self-learners\n\n{parts['start']}\n{LESSONS.sub('', students)}"
    pages["instructors.md"] = f"# For instructors\n{instructors}"
    return pages


def _lessons(table, lessons):
    """The README's table of the lessons, each row's title a link to its page."""
    page = {name[:2]: f"notebooks/{name}.ipynb" for name in lessons}
    linked = re.sub(
        r"^\| (\d\d) ([^|]+?) \|", lambda row: f"| [{row[1]} {row[2]}]({page[row[1]]}) |", table, flags=re.M
    )
    return {"lessons": linked, "first": page[min(page)]}


def _example():
    """A wrong answer of a lesson as a student types it, and the grader's own words to it."""
    lesson, exercise, name = EXAMPLE
    section = load_lesson(lesson).section(exercise)
    wrong = submission_source(section, section.exercise.wrong_answers[name])
    names = {"np": np}
    exec(wrong, names)
    report = Grader(lesson, names).check(exercise)._repr_html_()
    return {"exercise": exercise, "wrong": DOCSTRING.sub("", wrong), "report": report}
