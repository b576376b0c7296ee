"""`grader.verdict`: everything that can be said of one exercise, hidden checks included, for a self-learner.

It asks `course check` about the saved notebook, in a process of its own: hidden checks do not come into the student's.
"""

import ast
import inspect
import json
import re
from pathlib import Path

from helpers.checkout import checkout, run_course
from helpers.export import find_notebook
from helpers.report import Line, Report, points
from helpers.running import PASSED

LATER = "In a class release hidden checks stay with your instructor: they come when you have handed in."


def verdict(lesson, name, answers, path=None):
    """Return the full verdict on an exercise; `answers` are what its answers are now, {name: value}."""
    if checkout() is None:
        return Report(f"{name}: the verdict comes at grading.", remarks=(LATER, f'Now: grader.check("{name}").'))
    notebook = Path(path) if path else find_notebook(lesson)
    if notebook is None or not notebook.is_file():
        return Report(
            f"{name}: no verdict, because the notebook could not be found.",
            remarks=(f'Save it, then name it: grader.verdict("{name}", "path/to/your_notebook.ipynb").',),
        )
    unsaved = [one for one, value in answers.items() if not is_saved(one, value, code_of(notebook))]
    if unsaved:
        return Report(
            f"{name}: the file has another answer than the one that you ran last.",
            remarks=(f"Save the notebook (Ctrl+S or ⌘S) with {', '.join(unsaved)} in it, then run this cell again.",),
        )
    record, said = run_course("check", notebook.resolve(), "--json")
    found = next((one for one in (record or {}).get("exercises", ()) if one["name"] == name), None)
    return judged(found) if found else Report(f"{name}: no verdict, something went wrong.", remarks=(said,))


def judged(exercise):
    """An exercise's part of a record, as a report."""
    lines = [
        Line(
            one["outcome"],
            one["sentence"] + " (hidden check)" * one["hidden"],
            (("seen", one["details"]),) if one["details"] and one["outcome"] != PASSED else (),
        )
        for one in exercise["checks"]
    ]
    is_said = any(one["details"] == exercise["diagnosis"] for one in exercise["checks"])
    told = [f"Diagnosis: {exercise['diagnosis']}"] if exercise["diagnosis"] and not is_said else []
    more = [f'Ours, and why it works: grader.solution("{exercise["name"]}").']
    head = (
        f"{exercise['name']}: {exercise['outcome']}, {exercise['points']:g} of {points(exercise['max_points'])}, "
        "hidden checks included"
    )
    return Report(head, tuple(lines), tuple(told + more))


def code_of(notebook):
    """The code of a notebook file, as one text."""
    cells = json.loads(Path(notebook).read_text(encoding="utf-8")).get("cells", [])
    return "\n".join("".join(cell.get("source", "")) for cell in cells if cell.get("cell_type") == "code")


def is_saved(name, value, code):
    """Whether a file's code can be where this value comes from; where nobody can tell, it is."""
    if callable(value):
        try:
            return inspect.getsource(value).strip() in code
        except (OSError, TypeError):
            return True
    written = re.findall(rf"^{name}\s*=\s*(.+?)\s*(?:#.*)?$", code, re.M)
    try:
        return any(ast.literal_eval(one) == value for one in written)
    except (ValueError, SyntaxError):
        return bool(written)
