"""A lesson's notebook in another language: what has no translation stands in English, marked, and a line says so.

Ids, code and order are those of the English notebook, so that both are checked and graded alike. Docstrings of starters
are translated, all other code is as it is: a given cell or an experiment that differs would count as changed.
"""

import ast
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import east_asian_width

from autograder.building.languages.messages import ALL_ENGLISH, MARK, SOME_ENGLISH
from autograder.building.languages.prose import CODE, units
from autograder.building.notebook import KEY, student_notebook
from autograder.source.cells import TODO
from autograder.source.notebook_cells import CHECK_REMARK, LETTERS_REMARK, lesson_cells
from autograder.source.words import words
from helpers import Grader
from helpers.language import is_right_to_left

NEW_LINE = "\n"
GRADER = re.compile(r'^grader = Grader\("\w+"', re.M)
SPEAKS = "language" in inspect.signature(Grader).parameters
WIDTH = 88  # of a docstring: Persian that goes on beyond the edge would hide how it begins
FROM_THE_RIGHT, AS_BEFORE = "\u202b", "\u202c"  # of a line of code: its words in their order, which editors show so
WIDE = "\u3000-\u9fff\uff00-\uffef"
BREAKABLE = re.compile(rf"[{WIDE}][、。」）]*|[^\s{WIDE}]+\s*|\s+")
OPTION = re.compile(r"(- \*\*[A-H]\.\*\* )(.+)")


@dataclass
class _Told:
    """The words of a language, and how many of a lesson's texts had none."""

    language: str
    words: Callable
    english: int = 0

    @property
    def is_right_to_left(self):
        return is_right_to_left(self.language)

    def common(self, text):
        """A text that all notebooks share; in English where it has no translation."""
        return self.words(text) or text

    def __call__(self, text):
        found = self.words(text)
        self.english += found is None
        return found


def translated_notebook(lesson, language, say=None):
    """Return the notebook of a lesson in a language, as `student_notebook` does in English.

    `say` gives a text in that language, or None; by default as the catalogs have it.
    """
    told = _Told(language, say or words(lesson.name, language))
    notebook, cells = student_notebook(lesson), lesson_cells(lesson)
    begun = any(told.words(unit.text) for cell in cells if cell.role == "text" for unit in own_units(cell))
    for cell, node in zip(cells, notebook.cells, strict=True):
        node.source = _source(cell, told, marks=begun)
    if told.english:
        line = f"**{told.common(SOME_ENGLISH if begun else ALL_ENGLISH)}**"
        top = _sided(f"> {_turned(line, 'paragraph')}", "rtl") if told.is_right_to_left else f"> {line}"
        notebook.cells[0].source = f"{top}\n\n{notebook.cells[0].source}"
    notebook.metadata[KEY]["language"] = language
    return notebook


def own_units(cell):
    """What is translated of a text cell of a lesson; nothing of what all notebooks share."""
    return [unit for unit in units(cell.starter) if unit.text] if cell.section else []


def _source(cell, told, *, marks):
    if cell.role == "text":
        return _prose(cell.starter, told, marks=marks)
    if cell.role == "options":
        return _options(cell.starter, told)
    if cell.role == "setup":
        return GRADER.sub(rf'\g<0>, language="{told.language}"', cell.starter) if SPEAKS else cell.starter
    if cell.role == "why":
        found = told.common(cell.starter)
        return _sided(found, "rtl") if told.is_right_to_left and found != cell.starter else found
    if cell.role == "check":
        remark = CHECK_REMARK.format(exercise=cell.section)
        return cell.starter.replace(remark, told.common(CHECK_REMARK).format(exercise=cell.section))
    return _starter(cell.starter, told) if cell.role == "answer" else cell.starter


def _prose(markdown, told, *, marks):
    pairs = [(unit, told(unit.text) if unit.text else None) for unit in units(markdown)]
    turns = told.is_right_to_left and any(text for _, text in pairs)
    lines = []
    for unit, text in pairs:
        if text:
            lines += unit.put(_turned(text, unit.kind) if turns else text)
        elif unit.text and (marks or turns):
            lines += unit.put(_english(unit, told, turns))
        else:
            lines += unit.lines
    return _sided("\n".join(lines), "rtl") if turns else "\n".join(lines)


def _english(unit, told, turns):
    """The text of a unit as it is, marked; from left to right where all around it goes the other way."""
    if unit.kind == "heading":
        return unit.text
    text = f"*({told.common(MARK)})*{' ' if unit.kind == 'paragraph' else 2 * NEW_LINE}{unit.text}"
    return _sided(text, "ltr") if turns else text


def _sided(text, side):
    # Between blank lines Markdown is read as such, and formulas with it.
    return f'<div dir="{side}">\n\n{text}\n\n</div>'


def _turned(text, kind):
    """A text in which code goes from left to right; a paragraph is set to the right, where JupyterLab sets it left."""
    text = _isolated(text)
    is_plain = kind == "paragraph" and not text.startswith("<details>")
    return f'<span style="display: block; text-align: right">{text}</span>' if is_plain else text


def _isolated(text):
    return CODE.sub(r'<bdi dir="ltr">\g<0></bdi>', text)


def _options(listing, told):
    """The options of a choice, under the letters that their English words gave them."""
    pairs = [OPTION.match(line).groups() for line in listing.split("\n")]
    found = [told(text) for _, text in pairs]
    turns = told.is_right_to_left and any(found)
    texts = [one and (_isolated(one) if turns else one) for one in found]
    put = "\n".join(mark + (text or english) for (mark, english), text in zip(pairs, texts, strict=True))
    return _sided(put, "rtl") if turns else put


def _starter(code, told):
    """A starter with its docstrings and remarks translated."""
    lines = code.split("\n")
    for node in reversed([node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)]):
        text = told(ast.get_docstring(node)) if ast.get_docstring(node) else None
        if text:
            literal = node.body[0].value
            lines[literal.lineno - 1 : literal.end_lineno] = _docstring(
                lines[literal.lineno - 1], text, is_turned=told.is_right_to_left
            )
    return _remarks("\n".join(lines), told)


def _docstring(first, text, *, is_turned):
    """The lines of a docstring in the place of one whose first line this is."""
    indent, prefix = re.match(r'( *)([rRuU]?)"""', first).groups()
    text = text if prefix.lower() == "r" else text.replace("\\", "\\\\")
    lines = [line for paragraph in text.split("\n") for line in wrapped(paragraph, WIDTH - 6)]
    if is_turned:
        lines = [f"{FROM_THE_RIGHT}{line}{AS_BEFORE}" if line else "" for line in lines]
    lines[0] = f'{prefix}"""{lines[0]}'
    lines[-1] += '"""'
    return [indent + line if line else "" for line in lines]


def wrapped(text, width):
    """A text in lines of at most so many columns; between the letters of Japanese it may break anywhere."""
    lines, taken = [""], 0
    for piece in BREAKABLE.findall(text):
        if taken and taken + _columns(piece.rstrip()) > width:
            lines, taken = [*lines[:-1], lines[-1].rstrip(), ""], 0
        lines[-1] += piece
        taken += _columns(piece)
    return lines


def _columns(text):
    return sum(1 + (east_asian_width(letter) in "WF") for letter in text)


def _remarks(code, told):
    code = code.replace(f"# {TODO}", f"# {told.common(TODO)}")
    letters = re.compile(rf"# {LETTERS_REMARK.format(letters='(.+)')}$", re.M)
    return letters.sub(lambda match: f"# {told.common(LETTERS_REMARK).format(letters=match[1])}", code)
