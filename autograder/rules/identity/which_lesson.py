"""Which lesson a notebook answers: by its metadata, else by most of a lesson's names; a third name decides nothing.

A public notebook that happens to define softmax is not ours. What speaks for which lesson is then said, and --lesson
decides.
"""

import re
from dataclasses import dataclass

# Enough to sort files by, without reading them as notebooks.
GLIMPSE = re.compile(
    rb'deep_learning_by_hand"\s*:\s*\{[^{}]*?"lesson"\s*:\s*"(\w+)"|Grader\(\s*\\?["\'](\w+)\\?["\']\s*\)'
)
SAYS = re.compile(r"""Grader\(\s*["'](\w+)["']\s*\)""")


@dataclass(frozen=True)
class Told:
    """The lesson that a notebook answers; where that is "", `why` is the sentence that says why."""

    lesson: str
    why: str = ""


def glimpse(raw, lessons):
    """The lesson that a file seems to be of, from its bytes; "" if it does not say."""
    names = [(found[1] or found[2]).decode() for found in GLIMPSE.finditer(raw)]
    return next((name for name in names[::-1] if name in lessons), "")


def lesson_of(submission, lessons, asked=""):
    """Return what a submission tells of its lesson, among `lessons` by name; `asked` is the one that --lesson named."""
    said = _says(submission, lessons)
    if asked and said and said != asked:
        return Told("", f"The notebook says that it answers {said}, and --lesson says {asked}: it was not graded.")
    if asked or said:
        return Told(asked or said)
    counts = {name: _named(submission.code, lesson) for name, lesson in lessons.items()}
    most = [name for name, (found, of) in counts.items() if 2 * len(found) > of]
    if len(most) == 1:
        return Told(most[0])
    return Told("", _unclear({name: pair for name, pair in counts.items() if pair[0]}))


def _says(submission, lessons):
    if submission.lesson_hint in lessons:
        return submission.lesson_hint
    return next((name for name in SAYS.findall(submission.code) if name in lessons), "")


def _named(code, lesson):
    """The answers of a lesson that the code defines, and how many there are."""
    names = [answer.name for exercise in lesson.exercises.values() for answer in exercise.answers]
    return [name for name in names if f"def {name}(" in code or f"\n{name} =" in f"\n{code}"], len(names)


def _unclear(counts):
    if not counts:
        return "It is not clear which lesson this answers: nothing in it is of this course. If it is, use --lesson."
    said = "; ".join(
        f"{len(found)} of {of} names of {name} ({', '.join(found[:4])}{', ...' if len(found) > 4 else ''})"
        for name, (found, of) in counts.items()
    )
    return f"It is not clear which lesson this answers: it defines {said}. If it is of this course, use --lesson."
