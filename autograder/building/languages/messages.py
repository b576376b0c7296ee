"""What there is to translate in a lesson: every text that a reader meets, where it stands and of what kind it is.

First comes what the notebook says, then what the grader says, then what stands in solutions, so that a translator who
stops early has done what is read most. What all notebooks have in common is a catalog of its own.
"""

import ast
import inspect
import json
import textwrap
from dataclasses import dataclass
from itertools import product

from autograder.building.languages.prose import units
from autograder.source.cells import TODO, starter
from autograder.source.notebook_cells import CHECK_REMARK, LETTERS_REMARK, PROGRESS, RULES
from autograder.source.section import is_choice
from helpers.questions import STARTER

MARK = "English"
SOME_ENGLISH = "This is a translation. What stands in English is not translated yet, and is marked."
ALL_ENGLISH = "This lesson is not translated yet: it stands here in English."
TOLD = ("observed", "expected", "next_step", "summary")  # the words of `expect`


@dataclass(frozen=True)
class Message:
    """A text, and a remark for translators: its section and its kind."""

    text: str
    remark: str


def common_messages():
    """What every notebook says, and how a notebook says that it is not wholly translated."""
    rules = [Message(unit.text, f"every notebook, {unit.kind}") for unit in units(RULES) + units(PROGRESS) if unit.text]
    remarks = [Message(text, "every notebook, a remark in code") for text in (TODO, LETTERS_REMARK, CHECK_REMARK)]
    notes = [Message(SOME_ENGLISH, "at the top of a notebook"), Message(ALL_ENGLISH, "at the top of a notebook")]
    starter = Message(STARTER, "where a question is answered, in italics; a cell that holds just this is unanswered")
    return [*rules, *remarks, starter, *notes, Message(MARK, "in front of what is not translated, in italics")]


def messages(lesson):
    """Return every `Message` of a lesson, each text once, in the order in which they are met."""
    found = {}
    for part, section in product((_notebook, _spoken, _solved), lesson.sections):
        for kind, text in part(section):
            found.setdefault(text, {})[f"{section.name}, {kind}"] = True
    return [Message(text, "; ".join(remarks)) for text, remarks in found.items() if text]


def _notebook(section):
    for cell in section.cells:
        if cell.kind == "markdown":
            yield from ((unit.kind, unit.text) for unit in units(cell.text))
        elif cell.kind == "answer" and is_choice(cell):
            reference = next(one.reference for one in section.exercise.answers if one.cell is cell)
            yield from (("option", one.text) for one in reference.by_letter.values())
        elif cell.kind == "answer":
            yield from (("docstring of a starter", text) for text in docstrings(starter(section.path, cell)))


def docstrings(code):
    """The docstrings of a cell's functions."""
    functions = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)]
    return [text for node in functions if (text := ast.get_docstring(node))]


def _spoken(section):
    exercise = section.exercise
    if not exercise:
        return
    yield from (("hint", text) for text in exercise.hints)
    for check in exercise.checks:
        yield "hidden check" if check.hidden else "check", check.sentence
    yield from (("said by a check", text) for text in told_by(section.full_source))
    yield from (("feedback of a wrong answer", one.feedback) for one in exercise.wrong_answers.values())
    for answer in exercise.answers:
        if answer.is_choice:
            yield from (("feedback of an option", one.feedback) for one in answer.reference.options)


def told_by(source):
    """The sentences that checks say as they stand; those with numbers in them are made when they are said."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "expect":
            named = [one.value for one in node.keywords if one.arg in TOLD]
            values = [one.value for one in [*node.args[1:], *named] if isinstance(one, ast.Constant)]
            yield from (text for text in values if isinstance(text, str))


def _solved(section):
    yield from (
        ("why it works", unit.text) for unit in units(textwrap.dedent(getattr(section.module, "WHY", "")).strip())
    )
    for right in section.exercise.right_answers.values() if section.exercise else ():
        if inspect.isfunction(right.value):
            yield "what a right answer is good for", " ".join((right.value.__doc__ or "").split())
    if section.question:
        yield from (("what earns points", text) for _, text in section.question.rubric)
        yield from (("our answer to a question", unit.text) for unit in units(section.question.answer))


def public_texts(data):
    """The texts that `helpers` says of a lesson, from the JSON that it has of it: what may travel to students."""
    lesson = json.loads(data)
    texts = {lesson["title"], *(one["title"] for one in lesson["questions"])}
    for one in lesson["exercises"]:
        texts |= {one["title"], *one["hints"], *(wrong["feedback"] for wrong in one["wrong_answers"])}
        texts |= {check["sentence"] for check in one["checks"]}
        texts |= {text for check in one["checks"] for text in told_by(check["source"])}
    return texts
