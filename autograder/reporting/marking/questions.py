"""The questions of this version of the course that people mark, and whether records were made with the same."""

import difflib
from dataclasses import dataclass
from functools import cached_property

from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.problems import CourseError


@dataclass(frozen=True)
class Asked:
    """One question: what students read, pairs of points and what earns them, and an answer of ours."""

    lesson: str
    exercise: str
    title: str
    text: str
    rubric: tuple[tuple[float, str], ...]
    answer: str

    @cached_property
    def most(self):
        """The points of all lines."""
        return sum(points for points, _ in self.rubric)

    def points(self, lines):
        """What these lines of the rubric are worth, which count from 1."""
        return round(sum(self.rubric[line - 1][0] for line in lines), 6)


def questions_of(lesson):
    """{exercise: `Asked`} of one lesson, in reading order; nothing where this course has no such lesson."""
    if lesson not in lesson_names():
        return {}
    return {name: _asked(lesson, section) for name, section in load_lesson(lesson).questions.items()}


def _asked(lesson, section):
    texts = [cell.text for cell in section.cells if cell.kind == "markdown"]
    heading = f"## {section.title}"
    text = "\n\n".join(texts).removeprefix(heading).strip()
    return Asked(lesson, section.name, section.title, text, section.question.rubric, section.question.answer)


def asked_in(folder, entries, exercise=""):
    """{(lesson, exercise): `Asked`} of what entries of the index hold answers to, or of the one exercise of this name.

    `CourseError` where there is nothing to mark, or where it was recorded with other questions than this course has.
    """
    answered = {(one.lesson, name): most for one in entries for name, _, most in one.read_by_people}
    known = {(name, asked): one for name in sorted({one.lesson for one in entries}) for asked, one in _pairs(name)}
    if not answered:
        raise CourseError(f"No answer in {folder} is for a person to mark: nobody wrote one to such a question.")
    names = {name for _, name in answered}
    if exercise and exercise not in names:
        near = difflib.get_close_matches(exercise, names, 1)
        mend = f"Did you mean '{near[0]}'?" if near else f"There are answers to {', '.join(sorted(names))}."
        raise CourseError(f"Nobody in {folder} answered a question '{exercise}'. {mend}")
    for (lesson, name), most in answered.items():
        if name == (exercise or name):
            _match(folder, lesson, name, most, known.get((lesson, name)))
    return {key: one for key, one in known.items() if key in answered and key[1] == (exercise or key[1])}


def _pairs(lesson):
    return questions_of(lesson).items()


def _match(folder, lesson, name, most, one):
    if one and abs(one.most - most) < 1e-9:
        return
    now = f"it is worth {one.most:g} points, there {most:g}" if one else "there is no such question"
    raise CourseError(
        f"{folder} was recorded with another version of the course: here, {name} of {lesson}, {now}. "
        "Grade again with `course grade`, or mark with that version."
    )
