"""Cut the Markdown of a cell into units that are translated one by one, and put it together again.

A unit is a heading, a paragraph, a list or a table. Its text has one line for each paragraph, item or row, however the
source is wrapped. Blank lines, code, formulas that stand alone and bare tags are units too, and never translated.
"""

import re
from dataclasses import dataclass, field

FENCE = re.compile(r" *(```|~~~)")
HEADING = re.compile(r"(#{1,6} +)(.+)")
ITEM = re.compile(r" *([-*+]|\d+[.)]) ")
INTERRUPTS = re.compile(r"([-*+]|1[.)]) |#{1,6} |>|\||```|~~~")
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$]+\$", re.S)
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
TAG = re.compile(r"</?[a-z][^>]*>")
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Unit:
    """A piece of a cell: its lines as they stand, and its text where it is to be translated, else "".

    `first` stands in front of its first line, `rest` in front of all others: a heading's marks, a quotation's.
    """

    kind: str
    lines: tuple[str, ...]
    text: str = ""
    first: str = field(default="", kw_only=True)
    rest: str = field(default="", kw_only=True)

    def put(self, text):
        """The lines of another text in the place of this one's."""
        marks = [self.first, *[self.rest] * text.count("\n")]
        return [(mark + line).rstrip() for mark, line in zip(marks, text.split("\n"), strict=True)]


def units(markdown, mark=""):
    """Return the units of a cell's text; `mark` stands in front of each line of a quotation that it is part of."""
    lines, found = markdown.split("\n"), []
    while lines:
        kind, count = _block(lines)
        block, lines = lines[:count], lines[count:]
        if kind == "quotation":
            found += units("\n".join(re.sub(r"^> ?", "", line) for line in block), mark + "> ")
        else:
            found.append(_unit(kind, block, mark))
    return found


def _unit(kind, block, mark):
    lines = tuple((mark + line).rstrip() for line in block)
    text = {"heading": _of_heading, "paragraph": _of_paragraph, "list": _of_list, "table": "\n".join}.get(kind)
    text = text(block) if text else ""
    if not has_words(text):
        return Unit("", lines)
    first = HEADING.match(block[0])[1] if kind == "heading" else re.match(" *", block[0])[0] * (kind == "paragraph")
    return Unit(kind, lines, text, first=mark + first, rest=mark)


def has_words(text):
    """Whether anything but formulas, code and tags stands in a text."""
    for pattern in (CODE, FORMULA, TAG):
        text = pattern.sub(" ", text)
    return LETTER.search(text) is not None


def _block(lines):
    """(The kind of the block that these lines begin with, of how many lines it is.)"""
    first = lines[0]
    if not first.strip() or not TAG.sub("", first).strip(" -"):
        return "", 1
    if FENCE.match(first):
        return "code", next((i for i, line in enumerate(lines[1:], 2) if FENCE.match(line)), len(lines))
    if HEADING.match(first):
        return "heading", 1
    if formula := re.match(r" *\$\$(?:(?!\n\n).)+?\$\$[.,;]? *(?=\n|$)", "\n".join(lines), re.S):
        return "formula", formula[0].count("\n") + 1
    for kind, begins in (("quotation", re.compile(">")), ("table", re.compile(r" *\|"))):
        if begins.match(first):
            return kind, _while(lines, begins.match)
    if ITEM.match(first):
        return "list", _while(lines, lambda line: line.strip() and not re.match(r">|\||</", line))
    return "paragraph", _while(lines, lambda line: line.strip() and not INTERRUPTS.match(line))


def _while(lines, holds):
    """How many lines, from the second on, go on in this way; the first is in any case."""
    return next((i for i, line in enumerate(lines[1:], 1) if not holds(line)), len(lines))


def _of_heading(block):
    return HEADING.match(block[0])[2].strip()


def _of_paragraph(block):
    return " ".join(line.strip() for line in block)


def _of_list(block):
    """The items, a line each, with their marks."""
    items = []
    for line in block:
        if ITEM.match(line):
            items.append(line.rstrip())
        else:
            items[-1] += f" {line.strip()}"
    return "\n".join(items)
