"""What a statement's table says of each argument of an answer: its kind, its axes, and its words.

A row of it reads "| `x`, `y` | `(N, D)`, `(N,)` | meaning |". Nothing is guessed: what no row speaks of is not stated.
"""

import inspect
import re
from dataclasses import dataclass, replace

ARRAY, NUMBER, INTEGER, OTHER = "array", "number", "integer", "other"
NAME = re.compile(r"`(\w+)((?:\[\"\w+\"\])?)`")
SHAPE = re.compile(r"`\(([^`]*)\)`")
NOT_NUMBERS = re.compile(r"function|string|bool|Generator|pair|list of (integers|`)|\| a tuple")
SAME = re.compile(r"(?:as|the shape of) `(\w+)`")


@dataclass(frozen=True)
class Stated:
    """One argument as the statement has it.

    `axes` are the names of an array's axes, the last ones where the shape is `open`: then there are at least `least`
    axes, and all arguments of one `group` have the same leading ones. `words` is the row without its first cell,
    `default` the value that is taken where the argument is left out.
    """

    name: str
    key: str
    kind: str
    words: str
    axes: tuple[str, ...] = ()
    open: bool = False
    least: int = 0
    group: str = ""
    default: object = inspect.Parameter.empty

    @property
    def is_option(self):
        return self.default is not inspect.Parameter.empty

    @property
    def label(self):
        """The argument as the table writes it: x, or P["W"]."""
        return f'{self.name}["{self.key}"]' if self.key else self.name


def stated_inputs(section, name, function):
    """Return the `Stated` arguments of an answer, in order; one that no row speaks of is left out."""
    parameters = inspect.signature(function).parameters
    found = {}
    for cells in _rows(section, name):
        names = NAME.findall(cells[0])
        if names and names[0][0] in parameters and not re.match(r"(first|second)? ?result", cells[0]):
            for (argument, key), shape in zip(names, _each_shape(cells[1], len(names)), strict=True):
                one = _stated(argument, key[2:-2], shape, " | ".join(cells[1:]), found, names[0][0])
                found.setdefault(one.label, replace(one, default=parameters[argument].default))
    return list(found.values())


def statement(section, name):
    """The prose of a section up to the answer's own name in it, tables included."""
    texts = [cell.text for cell in section.cells if cell.kind == "markdown"]
    last = next((place for place, text in enumerate(texts) if f"`{name}(" in text), 0)
    return "\n".join(texts[: last + 1])


def _rows(section, name):
    for line in statement(section, name).splitlines():
        if line.startswith("|") and not line.startswith("|-"):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
            if len(cells) > 2:
                yield cells


def _each_shape(cell, count):
    """The shape of each of several arguments: as many as are written, or one for all."""
    words = re.sub(r"\$[^$]*\$", "", cell)
    pieces = [one.strip() for one in re.split(r",\s*(?=(?:[^`]*`[^`]*`)*[^`]*$)", words) if one.strip()]
    several = any(one.startswith("the same") or SHAPE.match(one) for one in pieces)
    return pieces if len(pieces) == count > 1 and several else [words] * count


def _stated(name, key, shape, words, before, first):
    same = SAME.search(shape)
    if same and same[1] in before:
        other = before[same[1]]
        return Stated(name, key, other.kind, words, other.axes, other.open, other.least, other.group)
    if shape.startswith("the same") and before:
        return _stated(name, key, f"as `{list(before)[-1]}`", words, before, first)
    written = SHAPE.search(shape)
    if NOT_NUMBERS.search(f"{shape} | {words.partition(' | ')[2]}") or name == "axis":
        return Stated(name, key, OTHER, words)
    if written and written[1] and "..." not in written[1]:
        return Stated(name, key, ARRAY, words, _axes(written[1]))
    if written or re.search(r"\bany\b|array", shape):
        return _open(name, key, shape, words, _axes(written[1].replace("...", "")) if written else (), first)
    if re.search(r"number|float", shape):
        return Stated(name, key, NUMBER, words)
    return Stated(name, key, INTEGER if re.search(r"\bint", shape) else OTHER, words)


def _axes(text):
    return tuple(axis.strip() for axis in text.split(",") if axis.strip())


def _open(name, key, shape, words, axes, first):
    if "matrix" in shape:
        return Stated(name, key, ARRAY, words, ("rows", "columns"))
    least = len(axes) or int("at least one axis" in shape)
    # Shapes with axes of their own share their leading ones; one of any shape has others "as" it.
    return Stated(name, key, ARRAY, words, axes, True, least, "..." if axes else first)
