"""Make the notebooks of a lesson: the student's and the solved one, the same bytes every time.

With the standard library alone: what the demo grades is made here, on machines that have neither Jupyter nor nbformat.
A test holds the bytes to nbformat's.
"""

import json

from autograder.building.explanations import explanation
from autograder.building.run_hash import run_hash
from autograder.source.lesson import Lesson
from autograder.source.notebook_cells import cell_id, lesson_cells
from autograder.source.standalone import standalone

KEY = "deep_learning_by_hand"


class Node(dict):
    """A part of a notebook, as JSON has it; `node.source` is `node["source"]`, as in nbformat's own nodes."""

    def __getattr__(self, name):
        if name not in self:
            raise AttributeError(name)
        return self[name]

    __setattr__ = dict.__setitem__


def code_cell(text, name="cell"):
    """Return a code cell that has not been run; `name` is its id, which must be one of a kind in a notebook."""
    return Node(cell_type="code", execution_count=None, id=name, metadata=Node(), outputs=[], source=text)


def text_cell(text, name):
    """Return a Markdown cell."""
    return Node(cell_type="markdown", id=name, metadata=Node(), source=text)


def raw_cell(text, name="cell"):
    """Return a raw cell, which instructs a tool."""
    return Node(cell_type="raw", id=name, metadata=Node(), source=text)


def student_notebook(lesson: Lesson):
    """Return the notebook that students open."""
    return _notebook(lesson, [_node(cell, cell.starter) for cell in lesson_cells(lesson)])


def solution_notebook(lesson: Lesson):
    """Return the same notebook, solved and explained, with every check shown; it has not been run."""
    nodes = []
    for cell in lesson_cells(lesson):
        if cell.role == "check":
            section = lesson.section(cell.section)
            below = text_cell(explanation(section), cell_id(section, "explained"))
            nodes += [_solves(below, section.name), _node(cell, cell.solution), _shown_checks(section)]
        else:
            node = _node(cell, cell.solution)
            nodes.append(_solves(node, cell.section) if cell.role in ("answer", "why") else node)
    notebook = _notebook(lesson, nodes)
    notebook.metadata[KEY]["run_of"] = run_hash([node.source for node in nodes if node.cell_type == "code"])
    return notebook


def _solves(node, exercise):
    """Mark a cell as part of an exercise's solution, which `grader.solution` shows."""
    node.metadata[KEY] = Node(solves=exercise)
    return node


def _shown_checks(section):
    checks = section.exercise.checks
    shown = f"grader.run({', '.join(check.name for check in checks)})"
    source = f"# Every check of this exercise, the hidden ones too.\n{standalone(section, checks)}\n\n{shown}"
    return code_cell(source, cell_id(section, "all-checks"))


def _node(cell, text):
    return (code_cell if cell.is_code else text_cell)(text, cell.id)


def _notebook(lesson, nodes):
    metadata = Node(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
    )
    metadata[KEY] = {"lesson": lesson.name, "generated_from": f"autograder/lessons/{lesson.name}"}
    return Node(cells=nodes, metadata=metadata, nbformat=4, nbformat_minor=5)


def notebook_text(notebook):
    """The bytes of a notebook, the same every time; a cell's text is a list of lines, so that differences show."""
    cells = [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in notebook["cells"]]
    return json.dumps({**notebook, "cells": cells}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
