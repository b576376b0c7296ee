"""A lesson as a page: the solved notebook, with what gives an answer folded away and a text for every picture.

Notebooks come in as data and go out as data. What each cell is, its id says.
"""

import html
import itertools
import json
import re

from autograder.building.notebook import KEY, Node, text_cell

PARTS = re.compile(r"(?P<exercise>.+)-(?P<part>answer|explained|check|all-checks)(?:-\d+)?")
HEADING = re.compile(r"^(#+ )", re.M)
LEFT_OUT = ("progress-text", "progress")  # they are about the reader's own answers
TO_WORK_IT = """\
:::{{note}}
To read: every exercise is solved, and its solution opens when you ask for it. To work it, which is how it is learned:
`python3 course.py lab {number}`{elsewhere}
:::"""


def lesson_page(solved, student, elsewhere=""):
    """Return the text of the page's notebook, from those of the solved and of the student's notebook.

    `elsewhere` is a sentence that says where else the lesson can be worked.
    """
    notebook = json.loads(solved)
    starters = {cell["id"]: cell for cell in json.loads(student)["cells"]}
    cells = [cell for cell in notebook["cells"] if cell["id"] not in LEFT_OUT]
    pieces = [_group(exercise, list(group), starters) for exercise, group in itertools.groupby(cells, _exercise)]
    first, *rest = (one for piece in pieces for cell in piece for one in one_picture_each(cell))
    rest = under_one_title(rest)
    title, _, text = "".join(first["source"]).partition("\n")
    elsewhere = f"\n\n{elsewhere}" if elsewhere else ""
    to_work_it = TO_WORK_IT.format(number=notebook["metadata"][KEY]["lesson"][:2], elsewhere=elsewhere)
    first = {**first, "source": f"{title}\n\n{to_work_it}\n{text}"}
    return json.dumps({**notebook, "cells": [first, *rest]}, ensure_ascii=False)


def _exercise(cell):
    """The exercise whose answer a cell gives or judges, else None; the setup stands by itself."""
    found = PARTS.fullmatch(cell["id"])
    return found["exercise"] if found else "setup" if cell["id"] == "setup" else None


def _group(exercise, cells, starters):
    """Cells as they are; those of one exercise as what the student finds there, and the rest folded."""
    if exercise is None:
        return cells
    if exercise == "setup":
        return folded("What the notebook imports", cells)
    if all(cell["cell_type"] == "markdown" for cell in cells):
        return folded("An answer, and what it is marked by", cells)
    name = f"<code>{html.escape(exercise.replace('-', '_'))}</code>"
    part = {one: [cell for cell in cells if _part(cell) == one] for one in ("answer", "explained", "all-checks")}
    found = [{**starters[cell["id"]], "id": f"{cell['id']}-starter"} for cell in part["answer"]]
    solution = folded(f"Solution of {name}", part["answer"] + part["explained"])
    return [*found, *solution, *folded(f"What is checked in {name}", [_outcomes(one) for one in part["all-checks"]])]


def _part(cell):
    return PARTS.fullmatch(cell["id"])["part"]


def _outcomes(cell):
    """The checks as the sentences that students read; their code is in the solved notebook."""
    return {**cell, "metadata": {**cell["metadata"], "tags": ["remove-input"]}}


def folded(summary, cells):
    """Cells between the ends of a disclosure, which a reader opens by mouse or by keyboard, without a script."""
    if not cells:
        return []
    opening = f'<details class="folded">\n<summary>{summary}</summary>'
    name = cells[0]["id"]
    return [text_cell(opening, f"{name}-opens"), *cells, text_cell("</details>", f"{name}-closes")]


def under_one_title(cells):
    """Cells in which a second title of the page, and all headings from there on, are one step lower."""
    found, lower = [], False
    for cell in cells:
        text, is_text = "".join(cell["source"]), cell["cell_type"] == "markdown"
        lower |= is_text and text.startswith("# ")
        found.append({**cell, "source": HEADING.sub(r"#\1", text)} if lower and is_text else cell)
    return found


def one_picture_each(cell):
    """A cell with its picture's alt text where myst-nb looks for it; of several pictures, each in a cell of its own."""
    outputs = cell.get("outputs", [])
    if not any(_alt(one) for one in outputs):
        return [cell]
    runs = _up_to_a_picture(outputs)
    return [_with_alt(cell, run, number) for number, run in enumerate(runs)]


def _up_to_a_picture(outputs):
    runs = [[]]
    for one in outputs:
        if _alt(one) and any(map(_alt, runs[-1])):
            runs.append([])
        runs[-1].append(one)
    return runs


def _with_alt(cell, outputs, number):
    alt = next(filter(None, map(_alt, outputs)))
    metadata = Node(cell["metadata"], mystnb={"image": {"alt": alt}})
    if number:
        metadata["tags"] = ["remove-input"]
    return {**cell, "id": cell["id"] + f"-{number}" * bool(number), "outputs": outputs, "metadata": metadata}


def _alt(output):
    """The alt text of an output's picture; where it has none, that it is one."""
    if "image/png" not in output.get("data", {}):
        return ""
    return output.get("metadata", {}).get("image/png", {}).get("alt") or "A figure"
