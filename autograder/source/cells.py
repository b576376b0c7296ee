"""Cut a section's source into cells, and make the starter and the solution from an answer cell.

This file knows the percent format and the BEGIN/END SOLUTION marks; it does not run anything.
"""

import ast
import re
from dataclasses import dataclass

from autograder.source.problems import AuthorError

MARKER = re.compile(r"^# %%(?P<rest>.*)$")
TITLES = ("imports", "public checks", "hidden checks", "checks", "hints", "right and wrong answers")
KINDS = {
    **{kind: kind for kind in ("given", "answer", "why", "experiment")},
    **dict.fromkeys(TITLES, "author"),
    "[markdown]": "markdown",
    "": "author",
}
BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
TODO = "your code here"


@dataclass(frozen=True)
class Cell:
    """One cell of a section: its kind, its text without the marker, and the line where the text starts."""

    kind: str
    text: str
    line: int


def read_cells(path, source):
    """Return the cells of a section's source; `path` is for messages only."""
    cells, kind, start, lines = [], None, 1, []
    for number, line in enumerate([*source.splitlines(), "# %%"], 1):
        marker = MARKER.match(line)
        if not marker:
            lines.append(line)
            continue
        if kind is not None or "".join(lines).strip():
            cells.append(_cell(kind or "author", lines, start))
        kind, start, lines = _kind(path, number, marker["rest"].strip()), number + 1, []
    return tuple(cell for cell in cells if cell.text)


def _kind(path, number, rest):
    if rest not in KINDS:
        known = ", ".join(f"'# %% {kind}'".replace(" '", "'") for kind in KINDS)
        raise AuthorError(path, number, f"no cell is marked '{rest}'", f"The markers are {known}")
    return KINDS[rest]


def _cell(kind, lines, start):
    while lines and not lines[0].strip():
        lines, start = lines[1:], start + 1
    text = "\n".join(lines).rstrip()
    if kind == "markdown":
        text = "\n".join(re.sub(r"^# ?", "", line) for line in text.splitlines()).strip()
    return Cell(kind, text, start)


def starter(path, cell):
    """Return an answer cell as the student gets it: every solution becomes `...`."""
    kept = [f"{one.indent}...  # {TODO}" if one.solution else one.text for one in _pieces(path, cell)]
    return "\n".join(kept).rstrip()


def solution(path, cell):
    """Return an answer cell with the solution in place and without the marks."""
    return "\n".join(piece.text for piece in _pieces(path, cell) if piece.text)


@dataclass(frozen=True)
class _Piece:
    text: str
    solution: bool
    indent: str = ""


def _pieces(path, cell):
    """Split an answer cell at its marks into given text and solutions."""
    pieces, buffer, opened = [], [], None
    for number, line in enumerate(cell.text.splitlines(), cell.line):
        if line.strip() == BEGIN:
            if opened:
                raise AuthorError(path, number, "BEGIN SOLUTION stands inside a solution", "Remove one of the two")
            opened, pieces, buffer = number, [*pieces, _Piece("\n".join(buffer), False)], []
            indent = line[: len(line) - len(line.lstrip())]
        elif line.strip() == END:
            if not opened:
                raise AuthorError(path, number, "END SOLUTION has no BEGIN SOLUTION", f"Write '{BEGIN}' above it")
            opened, pieces, buffer = None, [*pieces, _Piece("\n".join(buffer), True, indent)], []
        else:
            buffer.append(line)
    if opened:
        raise AuthorError(path, opened, "BEGIN SOLUTION is never closed", f"Write '{END}' after the solution")
    if not any(piece.solution for piece in pieces):
        raise AuthorError(path, cell.line, "the answer cell holds no solution", f"Put it between '{BEGIN}' and '{END}'")
    return [*pieces, _Piece("\n".join(buffer), False)] if buffer else pieces


def names_defined(text):
    """Return the names that a cell's top level defines, in order; () where it does not parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(name for node in tree.body for name in names_of(node))


def names_of(node):
    """Return the names that a statement defines."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [leaf.id for target in node.targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)]
    if isinstance(node, (ast.AnnAssign, ast.AugAssign)) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    return []
