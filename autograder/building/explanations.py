"""What the solved notebook says below an answer: why it works, the other right ways, the classic wrong ways.

Authors write a text called `WHY` beside the hints, and in the docstring of each right answer what that way is good
for. Where a section has neither, only the ways themselves are shown.
"""

import ast
import re
import textwrap

from autograder.source.standalone import free_names
from helpers.checking import Option

CORRECT = re.compile(r"^(Correct|Right|Yes)[.:,]\s*")


def explanation(section):
    """Return the text below a section's last answer, in Markdown."""
    exercise = section.exercise
    choices = [answer.reference for answer in exercise.answers if answer.is_choice]
    pieces = [_why(section, choices), _right_ways(section), _wrong_ways(exercise, choices)]
    return "\n\n".join(piece for piece in pieces if piece)


def _why(section, choices):
    """The author's words; for a multiple choice what is said of the right option."""
    said = [textwrap.dedent(getattr(section.module, "WHY", "")).strip()]
    said += [_capital(CORRECT.sub("", one.feedback)) for choice in choices for one in choice.options if one.right]
    said = [text for text in said if text]
    return f"**Why it works.** {' '.join(said)}" if said else ""


def _capital(text):
    return text[:1].upper() + text[1:]


def _right_ways(section):
    ways = section.exercise.right_answers
    if not ways:
        return ""
    shown = [_way(section, name, right.value) for name, right in ways.items()]
    return "\n\n".join([f"**{'Another right way' if len(ways) == 1 else 'Other right ways'}.**", *shown])


def _way(section, name, value):
    """A right answer: what it is good for, where its docstring says so, and its code with what that leans on."""
    node = section.nodes[name]
    good_for = " ".join((getattr(value, "__doc__", "") or "").split()) if isinstance(node, ast.FunctionDef) else ""
    title = f"*{spoken(name)}.*" + f" {good_for}" * bool(good_for)
    codes = [_code(section, one) for one in (*_leant_on(section, node), node)]
    return "\n".join([f"{title}\n\n```python", "\n\n\n".join(codes), "```"])


def _leant_on(section, node):
    """The section's own functions and values that a definition uses, its answers aside, in their order."""
    answers = {answer.name for answer in section.exercise.answers}
    found, waiting = {}, [node]
    while waiting:
        for name in free_names(waiting.pop()) - answers - found.keys():
            used = section.nodes.get(name)
            if isinstance(used, (ast.FunctionDef, ast.Assign)) and used is not node:
                found[name] = used
                waiting.append(used)
    return sorted(dict.fromkeys(found.values()), key=lambda one: one.lineno)


def _code(section, node):
    """The lines of a definition, without its decorators and docstring."""
    lines = section.full_source.splitlines()
    kept = lines[node.lineno - 1 : node.end_lineno]
    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None and len(node.body) > 1:
        first = node.body[0]
        kept = lines[node.lineno - 1 : first.lineno - 1] + lines[first.end_lineno : node.end_lineno]
    return "\n".join(kept)


def _wrong_ways(exercise, choices):
    """Every wrong answer with the sentence that its author reads, folded."""
    options = {f"option_{letter}": one for choice in choices for letter, one in choice.by_letter.items()}
    rows = [
        f"- *{_called(name, options.get(name))}*: {wrong.feedback}"
        for name, wrong in exercise.wrong_answers.items()
        if not (choices and name == "no_letter")
    ]
    count = f"{len(rows)} classic wrong ways" if len(rows) > 1 else "A classic wrong way"
    head = f"<details><summary>{count}, and what one reads then</summary>"
    return "\n".join([head, "", *rows, "", "</details>"]) if rows else ""


def _called(name, option):
    return option.text.rstrip(".") if isinstance(option, Option) else spoken(name)


def spoken(name):
    """A name as words."""
    return name.strip("_").replace("_", " ").capitalize()
