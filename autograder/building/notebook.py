"""Make the notebooks of a lesson: the student's and the solved one, the same bytes every time."""

import nbformat

from autograder.source.lesson import Lesson
from autograder.source.notebook_cells import cell_id, lesson_cells
from autograder.source.standalone import standalone

KEY = "deep_learning_by_hand"


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
