"""The cells that a lesson's notebook has, with their roles and ids, as the student and as the solution has them.

This file knows the order, the ids and the wording of the cells. `notebook` makes notebooks of them; grading needs the
cells only, and is spared the import of nbformat.
"""

from dataclasses import dataclass
from itertools import pairwise

from autograder.source.cells import solution, starter
from autograder.source.lesson import Lesson
from autograder.source.published import elsewhere, install
from autograder.source.section import Section, is_choice
from helpers.questions import STARTER, Place

SETUP = """\
import math

import matplotlib.pyplot as plt
import numpy as np

try:
    from helpers import Grader
except ImportError as error:
    mend = "If a helpers.py of your own lies beside the notebook, it hides the course's: rename it, restart the kernel."
    raise ImportError(f"{{error}}. {{mend}}") from None

grader = Grader("{lesson}")"""
RULES = """\
### What holds in all exercises

- Use Python's own library, NumPy and what the notebook itself imports. Only the notebook is handed in: when it is
  graded there is no SciPy, no torch, no network and no file that no cell of it writes, and the functions of `helpers`
  that would answer this lesson's exercises are closed.
- Arguments that are arrays hold floats or integers, of 64 bits unless the statement speaks of others, in any memory
  layout, possibly read-only. They stay as they were, and the same call gives the same again.
- Unless a statement says so, no array is empty, and no number is infinite, beyond $10^{100}$ in size, or within
  $10^{-100}$ of 0 without being 0. Integers in arrays go up to 1000.
- Results are compared to nine digits, and near 0 to $10^{-12}$, unless the statement says otherwise. A list where an
  array is asked is fine, an array of two for a pair as well. A cell, or a call of your function, may take 5 seconds."""
PROGRESS = """\
---

Where you stand. Hidden checks come later, at grading. To hand in, save the notebook, then run `grader.export()` in a
new cell: it says what is missing and writes the file to hand in."""
CHECK_REMARK = 'stuck? grader.hint("{exercise}") goes one step further each time'
LETTERS_REMARK = "one of {letters}"


@dataclass(frozen=True)
class NotebookCell:
    """One cell of a lesson's notebook.

    `role` is one of text, setup, given, options, answer, check, why, experiment, progress; `starter` and `solution`
    differ in answers, and in the prose that answers a why.
    """

    id: str
    role: str
    section: str
    starter: str
    solution: str

    @property
    def is_code(self):
        return self.role not in ("text", "options", "why")


def lesson_cells(lesson: Lesson):
    """Return the cells of a lesson's notebook, in order."""
    cells = []
    for section in lesson.sections:
        cells += _section_cells(section)
    first_code = next((i for i, cell in enumerate(cells) if cell.is_code), len(cells))
    cells[first_code:first_code] = _opening(lesson.name)
    cells.append(_same("progress-text", "text", "", PROGRESS))
    cells.append(_same("progress", "progress", "", "grader.progress()"))
    return cells


def _opening(lesson):
    """What stands before the first code; a notebook that is published says where it opens, and finds its `helpers`."""
    links = elsewhere(lesson)
    rules = [_same("rules", "text", "", RULES), _same("setup", "setup", "", install() + SETUP.format(lesson=lesson))]
    return [_same("elsewhere", "text", "", links), *rules] if links else rules


def _same(cell_id, role, section, text):
    return NotebookCell(cell_id, role, section, text, text)


def _section_cells(section: Section):
    cells, counts = [], {}
    answers = [cell for cell in section.cells if cell.kind == "answer"]
    for cell in section.cells:
        role = {"markdown": "text", "given": "given", "experiment": "experiment"}.get(cell.kind)
        if role:
            counts[role] = counts.get(role, 0) + 1
            cells.append(_same(cell_id(section, role, counts[role]), role, section.name, cell.text))
        elif cell.kind == "why":
            cells.append(_why_cell(section))
        elif cell.kind == "answer":
            cells += _answer_cells(section, cell, answers.index(cell) + 1 if len(answers) > 1 else 0)
            if cell is answers[-1]:
                cells.append(_same(cell_id(section, "check"), "check", section.name, check_line(section.name)))
    return cells


def _why_cell(section):
    question = section.question
    rows = "\n".join(f"- {points:g}: {text}" for points, text in question.rubric)
    solution = f"{question.answer}\n\n**What earns the points** ({question.points:g} in all):\n\n{rows}"
    return NotebookCell(cell_id(section, "answer"), "why", section.name, STARTER, solution)


def places(lesson: Lesson):
    """Where the questions that a person marks stand in the lesson's notebook: {name: `Place`}."""
    cells = lesson_cells(lesson)
    found = {}
    for one, after in pairwise(cells):
        if one.role == "why":
            section = lesson.section(one.section)
            points = section.question.points
            found[one.section] = Place(one.section, section.title, points, one.id, after.id)
    return found


def cell_id(section, role, number=0):
    """The id of a cell: a name that an author recognizes, within Jupyter's 64 characters."""
    return f"{section.name.replace('_', '-')[:44]}-{role}" + (f"-{number}" if number else "")


def check_line(exercise):
    """The code of an exercise's check cell."""
    return f'grader.check("{exercise}")  # {CHECK_REMARK.format(exercise=exercise)}'


def _answer_cells(section, cell, number):
    if not is_choice(cell):
        texts = starter(section.path, cell), solution(section.path, cell)
        return [NotebookCell(cell_id(section, "answer", number), "answer", section.name, *texts)]
    answer = next(answer for answer in section.exercise.answers if answer.cell is cell)
    options = answer.reference.by_letter
    listing = "\n".join(f"- **{letter}.** {one.text}" for letter, one in options.items())
    letters = ", ".join(f'"{letter}"' for letter in options)
    texts = f"{answer.name} = ...  # {LETTERS_REMARK.format(letters=letters)}", f'{answer.name} = "{answer.value}"'
    return [
        _same(cell_id(section, "options", number), "options", section.name, listing),
        NotebookCell(cell_id(section, "answer", number), "answer", section.name, *texts),
    ]
