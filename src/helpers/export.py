"""Write the file that a student hands in: the saved notebook without its outputs, next to it.

It finds the notebook, says what is missing and never changes the notebook itself.
"""

import json
import os
from pathlib import Path

from helpers.language import said
from helpers.report import Report
from helpers.running import NOT_ATTEMPTED

NAME_IT = said("Save it, then name it: {code}.")
SUBMISSION = "_submission"  # at the end of the names of files that are handed in


def export(lesson, exercises, progress, path=None):
    """Write `<lesson>_submission.ipynb` beside the notebook and return a report of what is in it."""
    found = Path(path) if path else find_notebook(lesson)
    if found is None or not found.is_file():
        return Report(
            said("Nothing was written: the notebook could not be found."),
            remarks=(
                said("Save it, then name it: {code}.").format(code='grader.export("path/to/your_notebook.ipynb")'),
            ),
        )
    notebook = json.loads(found.read_text(encoding="utf-8"))
    target = found.with_name(f"{lesson}{SUBMISSION}.ipynb")
    target.write_text(json.dumps(_without_outputs(notebook), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    told = said("Hand in this file: {file}").format(file=target.name)
    return Report(told, progress.lines, (*_missing(notebook, progress), *progress.remarks))


def saved_cells(lesson):
    """(id, text) of each cell of the saved notebook; None where it cannot be found or read."""
    found = find_notebook(lesson)
    try:
        cells = json.loads(found.read_text(encoding="utf-8"))["cells"] if found else None
        return cells and [(cell.get("id", ""), "".join(cell.get("source", ""))) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def find_notebook(lesson):
    """The notebook that runs here, if the front end says so, else the only one in this folder that is of the lesson."""
    for variable in ("JPY_SESSION_NAME", "__vsc_ipynb_file__"):
        named = Path(os.environ.get(variable, ""))
        if named.suffix == ".ipynb" and named.is_file():
            return named
    here = [path for path in Path.cwd().glob("*.ipynb") if not path.stem.endswith(SUBMISSION) and _is_of(lesson, path)]
    return here[0] if len(here) == 1 else None


def _is_of(lesson, path):
    return f'"{lesson}"' in path.read_text(encoding="utf-8", errors="replace").replace('\\"', '"')


def _without_outputs(notebook):
    cells = [
        {**cell, "outputs": [], "execution_count": None} if cell.get("cell_type") == "code" else cell
        for cell in notebook.get("cells", [])
    ]
    return {**notebook, "cells": cells}


def _missing(notebook, progress):
    missing = [line.text.split(",")[0] for line in progress.lines if line.outcome == NOT_ATTEMPTED]
    remarks = [said("Not attempted: {names}.").format(names=", ".join(missing))] if missing else []
    source = "\n".join("".join(cell.get("source", "")) for cell in notebook.get("cells", []))
    unsaved = [
        name
        for line in progress.lines
        if line.outcome != NOT_ATTEMPTED and (name := line.text.split(",")[0]) and name not in source
    ]
    told = said("Not in the saved file, save and export again: {names}.").format(names=", ".join(unsaved))
    return (*remarks, *([told] if unsaved else []))
