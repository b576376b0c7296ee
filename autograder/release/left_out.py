"""What a class release leaves out: the kernels that answer its lesson. Students get their names, and pictures.

A kernel's module is emptied as a whole: its other functions are steps of the same answer. What else it defines goes
too, unless it is a plain constant.
"""

import ast
import json
from pathlib import Path

from autograder.building.notebook import solution_notebook
from autograder.source.problems import CourseError
from helpers.stand_in import key_of, pictures_path

PATIENCE = 300  # seconds for a cell of ours
HEAD = '"""Left out of this release: the lesson asks for it."""\n\nfrom helpers.stand_in import LeftOut\n\n'


def leave_out(lesson, package):
    """Empty the lesson's kernels in a copy of `helpers`, and put the pictures beside the lesson's data."""
    for module in lesson.kernel_modules:
        path = Path(package, *module.split(".")[1:]).with_suffix(".py")
        path.write_text(emptied(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    if lesson.kernel_modules:
        path = pictures_path(lesson.name, Path(package) / "lessons")
        path.write_text(json.dumps(pictures(lesson), indent=1), encoding="utf-8", newline="\n")


def emptied(source):
    """A module's text with the same names in it and nothing behind them; imports and plain constants stay."""
    lines = []
    for node in ast.parse(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            lines.append(ast.unparse(node))
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            lines.append(f"{node.name} = LeftOut({node.name!r})")
        elif isinstance(node, ast.Assign):
            lines += _assignment(node)
    return HEAD + "\n".join(lines) + "\n"


def _assignment(node):
    try:
        ast.literal_eval(node.value)
        return [ast.unparse(node)]
    except ValueError:
        names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)]
        return [f"{name} = LeftOut({name!r})" for name in names]


def pictures(lesson):
    """{key of a cell: [[PNG in base64, alt text]]} of the experiment cells that ask for answers, drawn with ours."""
    notebook = solution_notebook(lesson)
    asking = [cell for cell in notebook.cells if cell.cell_type == "code" and "grader.yours" in cell.source]
    if not asking:
        return {}
    _execute(notebook)
    return {key_of(cell.source): [_picture(one) for one in cell.outputs if _is_picture(one)] for cell in asking}


def _execute(notebook):
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    try:
        NotebookClient(notebook, timeout=PATIENCE, kernel_name="python3").execute()
    except CellExecutionError as error:
        raise CourseError(f"The solved notebook does not run: {str(error)[-500:]}") from None


def _is_picture(output):
    return "image/png" in output.get("data", {})


def _picture(output):
    return ["".join(output["data"]["image/png"].split()), output["data"].get("text/plain", "")]
