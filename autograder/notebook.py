"""The notebook that a lesson becomes: its cells with their roles and ids, as the student or as the solution has them.

This file knows the order, the ids and the wording of the cells that every notebook has. `build` writes files.
"""

from dataclasses import dataclass

import nbformat

from autograder.cells import solution, starter
from autograder.closure import standalone
from autograder.lesson import Lesson
from autograder.section import Section, is_choice

KEY = "deep_learning_by_hand"
SETUP = """\
import math

import matplotlib.pyplot as plt
import numpy as np

from helpers import Grader

grader = Grader("{lesson}")"""
PROGRESS = """\
---

Where you stand. Hidden checks come later, at grading. To hand in, save the notebook, then run `grader.export()` in a
new cell: it says what is missing and writes the file to hand in."""


@dataclass(frozen=True)
class NotebookCell:
    """One cell of a lesson's notebook.

    `role` is one of text, setup, given, options, answer, check, experiment, progress; `starter` and `solution` differ
    in answers only.
    """

    id: str
    role: str
    section: str
    starter: str
    solution: str

    @property
    def is_code(self):
        return self.role not in ("text", "options")


def lesson_cells(lesson: Lesson):
    """Return the cells of a lesson's notebook, in order."""
    cells = []
    for section in lesson.sections:
        cells += _section_cells(section)
    first_code = next((i for i, cell in enumerate(cells) if cell.is_code), len(cells))
    cells.insert(first_code, _same("setup", "setup", "", SETUP.format(lesson=lesson.name)))
    cells.append(_same("progress-text", "text", "", PROGRESS))
    cells.append(_same("progress", "progress", "", "grader.progress()"))
    return cells


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
        elif cell.kind == "answer":
            cells += _answer_cells(section, cell, answers.index(cell) + 1 if len(answers) > 1 else 0)
            if cell is answers[-1]:
                cells.append(_same(cell_id(section, "check"), "check", section.name, check_line(section.name)))
    return cells


def cell_id(section, role, number=0):
    """The id of a cell: a name that an author recognizes, within Jupyter's 64 characters."""
    return f"{section.name.replace('_', '-')[:44]}-{role}" + (f"-{number}" if number else "")


def check_line(exercise):
    """The code of an exercise's check cell."""
    return f'grader.check("{exercise}")  # stuck? grader.hint("{exercise}") goes one step further each time'


def _answer_cells(section, cell, number):
    if not is_choice(cell):
        texts = starter(section.path, cell), solution(section.path, cell)
        return [NotebookCell(cell_id(section, "answer", number), "answer", section.name, *texts)]
    answer = next(answer for answer in section.exercise.answers if answer.cell is cell)
    options = answer.reference.by_letter
    listing = "\n".join(f"- **{letter}.** {one.text}" for letter, one in options.items())
    letters = ", ".join(f'"{letter}"' for letter in options)
    texts = f"{answer.name} = ...  # one of {letters}", f'{answer.name} = "{answer.value}"'
    return [
        _same(cell_id(section, "options", number), "options", section.name, listing),
        NotebookCell(cell_id(section, "answer", number), "answer", section.name, *texts),
    ]


def student_notebook(lesson: Lesson):
    """Return the notebook that students open."""
    return _notebook(lesson, [_node(cell, cell.starter) for cell in lesson_cells(lesson)])


def solution_notebook(lesson: Lesson):
    """Return the same notebook, solved, with every check shown and run."""
    nodes = []
    for cell in lesson_cells(lesson):
        nodes.append(_node(cell, cell.solution))
        if cell.role == "check":
            nodes.append(_shown_checks(lesson.section(cell.section)))
    return _notebook(lesson, nodes)


def _shown_checks(section):
    checks = section.exercise.checks
    shown = f"grader.run({', '.join(check.name for check in checks)})"
    source = f"# Every check of this exercise, the hidden ones too.\n{standalone(section, checks)}\n\n{shown}"
    return nbformat.v4.new_code_cell(source, id=cell_id(section, "all-checks"))


def _node(cell, text):
    make = nbformat.v4.new_code_cell if cell.is_code else nbformat.v4.new_markdown_cell
    return make(text, id=cell.id)


def _notebook(lesson, nodes):
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        KEY: {"lesson": lesson.name, "generated_from": f"autograder/lessons/{lesson.name}"},
    }
    return nbformat.v4.new_notebook(cells=nodes, metadata=metadata)


def notebook_text(notebook):
    """The bytes of a notebook, the same every time."""
    return nbformat.writes(notebook, version=4) + "\n"
