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
from helpers.language import said
from helpers.report import CheckLine, Report, points
from helpers.running import PASSED

LATER = said("In a class release hidden checks stay with your instructor: they come when you have handed in.")
NOW = said("Now: {code}.")
NAME_IT = said("Save it, then name it: {code}.")
SAVE_IT = said("Save the notebook (Ctrl+S or ⌘S) with {names} in it, then run this cell again.")


def verdict(lesson, name, answers, path=None):
    """Return the full verdict on an exercise; `answers` are what its answers are now, {name: value}."""
    if checkout() is None:
        told = said("{name}: the verdict comes at grading.").format(name=name)
        return Report(told, remarks=(LATER, NOW.format(code=f'grader.check("{name}")')))
    notebook = Path(path) if path else find_notebook(lesson)
    if notebook is None or not notebook.is_file():
        return Report(
            said("{name}: no verdict, because the notebook could not be found.").format(name=name),
            remarks=(NAME_IT.format(code=f'grader.verdict("{name}", "path/to/your_notebook.ipynb")'),),
        )
    unsaved = [one for one, value in answers.items() if not is_saved(one, value, code_of(notebook))]
    if unsaved:
        return Report(
            said("{name}: the file has another answer than the one that you ran last.").format(name=name),
            remarks=(SAVE_IT.format(names=", ".join(unsaved)),),
        )
    record, last_words = run_course("check", notebook.resolve(), "--json")
    found = next((one for one in (record or {}).get("exercises", ()) if one["name"] == name), None)
    if not found:
        return Report(said("{name}: no verdict, something went wrong.").format(name=name), remarks=(last_words,))
    return judged(found)


def judged(exercise):
    """An exercise's part of a record, as a report."""
    lines = [
        CheckLine(
            one["outcome"],
            one["sentence"],
            ((said("seen"), one["details"]),) if one["details"] and one["outcome"] != PASSED else (),
            one["hidden"],
        )
        for one in exercise["checks"]
    ]
    is_said = any(one["details"] == exercise["diagnosis"] for one in exercise["checks"])
    diagnosis = said("Diagnosis: {told}").format(told=exercise["diagnosis"])
    ours = said("Ours, and why it works: {code}.").format(code=f'grader.solution("{exercise["name"]}")')
    head = said("{name}: {outcome}, {earned} of {points}, hidden checks included").format(
        name=exercise["name"],
        outcome=exercise["outcome"],
        earned=f"{exercise['points']:g}",
        points=points(exercise["max_points"]),
    )
    told = [diagnosis] if exercise["diagnosis"] and not is_said else []
    return Report(head, tuple(lines), (*told, ours))


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
