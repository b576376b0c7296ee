"""The release for otter-grader: a source notebook, from which `otter assign` makes the student's side and the zip.

An exercise is a question, a check is a test case of it with its own points. Otter's `grader` checks; hints, progress
and stand-ins for figures are borrowed from `helpers.Grader`.
"""

import json
import shutil

from autograder.building.notebook import code_cell, notebook_text, raw_cell, student_notebook, text_cell
from autograder.release.shared import PROGRESS_TEXT, as_test, copy_helpers, marked_answers, requirements, run_tool
from autograder.release.shared import write as write_text
from autograder.source.notebook_cells import lesson_cells

OURS = """\
# Otter's grader checks. Hints and stand-ins for figures come from the course: stuck? grader.hint("name").
course = Grader("{lesson}")
grader.hint, grader.progress, grader.yours = course.hint, course.progress, course.yours"""
README = """\
# {lesson} for otter-grader

| folder | what it is |
|---|---|
| `student/` | what students get: the notebook and `helpers`, which must stay beside it |
| `autograder/` | `autograder.zip` for `otter grade`, `otter run` and Gradescope; the solved notebook |
| `source/` | what `otter assign` made the other two from |

Grade one submission here: `otter run SUBMISSION.ipynb -a autograder/autograder.zip`. The zip holds `helpers`, so the
grading environment needs otter and the packages in `autograder/requirements.txt` only. Make it again after a change of
the source: `otter assign source/{lesson}.ipynb . --no-pdfs`.

Otter runs hidden checks in the process that runs the student's code, and that code can read them and forge a result.
"""


def make(lesson, folder):
    """Write the source notebook into `folder` and let otter make, and prove, the rest."""
    source = folder / "source" / f"{lesson.name}.ipynb"
    write_text(source, notebook_text(source_notebook(lesson)))
    copy_helpers(lesson, source.parent)
    run_tool(["otter", "assign", str(source), str(folder), "--no-pdfs"], folder)
    made = next((folder / "autograder").glob("*.zip"))
    made.rename(made.with_name("autograder.zip"))
    for cache in folder.rglob("__pycache__"):
        shutil.rmtree(cache)
    write_text(folder / "README.md", README.format(lesson=lesson.name))


def source_notebook(lesson):
    """Return the notebook that `otter assign` takes: raw cells are its instructions."""
    nodes = [_raw("# ASSIGNMENT CONFIG\n" + json.dumps(_config(lesson), indent=1))]
    answers = {section.name: iter(marked_answers(section)) for section in lesson.sections}
    opened = ""
    for cell in lesson_cells(lesson):
        if cell.role in ("options", "answer") and opened != cell.section:
            opened = cell.section
            nodes.append(_raw(f"# BEGIN QUESTION\nname: {cell.section}"))
        if cell.role == "answer":
            nodes += [_raw("# BEGIN SOLUTION"), _code(cell, next(answers[cell.section])), _raw("# END SOLUTION")]
        elif cell.role == "check":
            nodes += _tests(lesson.section(cell.section))
        elif cell.role == "why":
            nodes += _marked_by_hand(lesson, cell)
        else:
            nodes.append(_same(lesson, cell))
    ours = {cell.id for cell in lesson_cells(lesson)}
    for number, node in enumerate(nodes, 1):
        node.id = node.id if node.id in ours else f"otter-{number}"
    notebook = student_notebook(lesson)
    notebook.cells = nodes
    return notebook


def _marked_by_hand(lesson, cell):
    """A manual question, as otter calls what a person marks."""
    points = lesson.section(cell.section).question.points
    return [
        _raw(f"# BEGIN QUESTION\nname: {cell.section}\nmanual: true\npoints: {points:g}"),
        _raw("# BEGIN SOLUTION"),
        text_cell(cell.solution, cell.id),
        _raw("# END SOLUTION"),
        _raw("# END QUESTION"),
    ]


def _config(lesson):
    return {
        "name": lesson.name,
        "tests": {"ok_format": False},
        "export_cell": {"pdf": False},
        "files": ["helpers"],
        "requirements": requirements(),
    }


def _same(lesson, cell):
    text = cell.starter
    if cell.role == "setup":
        ours = f'grader = Grader("{lesson.name}")'
        assert ours in text, "the set-up cell makes the grader"
        text = text.replace(ours, OURS.format(lesson=lesson.name))
    elif cell.id == "progress-text":
        text = PROGRESS_TEXT
    return _code(cell, text) if cell.is_code else text_cell(text, cell.id)


def _tests(section):
    cells = [code_cell(_test(section, check)) for check in section.exercise.checks]
    return [_raw("# BEGIN TESTS"), *cells, _raw("# END TESTS"), _raw("# END QUESTION")]


def _test(section, check):
    lines = [
        '""" # BEGIN TEST CONFIG',
        f"points: {check.points}",
        f"hidden: {str(check.hidden).lower()}",
        f"failure_message: {_quoted(f'{check.name}: {check.sentence}')}",
        '""" # END TEST CONFIG',
    ]
    return "\n".join([*lines, as_test(section, check)])


def _quoted(text):
    """A YAML string whose value is the inside of a Python literal: otter pastes it between quotation marks."""
    for _ in range(2):
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _code(cell, text):
    return code_cell(text, cell.id)


def _raw(text):
    return raw_cell(text)
