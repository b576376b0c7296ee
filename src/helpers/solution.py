"""`grader.solution`: ours, why it works and the other right ways, read from the course's solved notebook.

Where there is none, as in a class release, it says so. What asks for an attempt first is here too.
"""

import json

from helpers.checkout import checkout
from helpers.language import counted, said
from helpers.report import Report

KEY = "deep_learning_by_hand"
ASKED = (
    said("You have not tried it yet. Which shape must the result have, and which line of it can you not write?"),
    said("And what do the hints leave open? Each is one step: {code}."),
)


class Shown:
    """A text in Markdown, which a notebook renders."""

    def __init__(self, text):
        self._text = text

    def told_in(self, language, lesson=""):
        """The text as it is: it is the solved notebook's own."""
        return self

    def __repr__(self):
        return self._text

    def _repr_markdown_(self):
        return self._text


def solution(lesson, name, asked, *, is_tried):
    """Return the solution, or the question that comes before it; `asked` says how often it was asked for already."""
    root = checkout()
    if root is None:
        return Report(
            said("{name}: a class release holds no solution.").format(name=name),
            remarks=(said("Your instructor shows it when you have handed in."),),
        )
    if not is_tried and asked < len(ASKED):
        question = ASKED[asked].format(code=f'grader.hint("{name}")')
        return Report(said("{name}: try it first.").format(name=name), remarks=(question, _again(asked)))
    path = root / "solutions" / f"{lesson}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.is_file() else []
    texts = [_markdown(cell) for cell in cells if cell["metadata"].get(KEY, {}).get("solves") == name]
    return Shown("\n\n".join(texts)) if texts else Report(_missing(name, path))


def _missing(name, path):
    return said("{name}: {file} holds no solution of it.").format(name=name, file=path)


def _again(asked):
    left = len(ASKED) - asked
    again = counted("To see ours: run this cell again.", "To see ours: run this cell {count} times more.", left)
    return again.format(count=left)


def _markdown(cell):
    text = "".join(cell["source"])
    return f"```python\n{text}\n```" if cell["cell_type"] == "code" else text
