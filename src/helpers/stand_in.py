"""What stands where a class release leaves a kernel out that would answer the lesson: a sentence, static pictures.

A cell that asks for such a kernel by `grader.yours("name")` waits for the answer: in a notebook it shows the picture
that it drew with ours, and a sentence, and raises nothing. Where helpers are whole, none of this is in force.
"""

import ast
import base64
import hashlib
import json
import re
import sys
from pathlib import Path

from helpers.errors import StudentError
from helpers.language import in_language, said

WORD = re.compile(r"""["'](\w+)["']""")
PICTURES = Path(__file__).parent / "lessons"


class LeftOut:
    """In the place of a kernel: whoever calls it reads that the answer comes first."""

    def __init__(self, name):
        self.__name__ = name

    def __call__(self, *args, **kwargs):
        told = said("{name} is left out of this release: the lesson asks for it, so answer it first.")
        raise StudentError(in_language(told.format(name=self.__name__)))

    def __repr__(self):
        return f"<{self.__name__}, left out of this release>"


def pictures_path(lesson, folder=PICTURES):
    """Where a class release keeps a lesson's pictures; elsewhere there is no such file."""
    return Path(folder) / f"{lesson}.pictures"


def key_of(text):
    """What a cell's pictures are found by."""
    return hashlib.sha256("\n".join(line.rstrip() for line in text.strip().splitlines()).encode()).hexdigest()[:16]


def wait_for_answers(lesson, is_missing):
    """In a class release, within IPython, let cells wait that ask for what `is_missing(name)` says is not answered."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython and pictures_path(lesson).exists() else None
    if shell is None:
        return

    waiting = {}  # {name that a cell which waits would have defined: what it waits for}

    def wait_or_run(lines):
        """The cell, or in its place a line that shows what there is."""
        text = "".join(lines)
        named = WORD.findall(text) if "grader.yours" in text else ()
        missing = [name for name in dict.fromkeys(named) if is_missing(name)]
        defined, read = _names(text)
        missing += [waiting[name] for name in sorted(read & waiting.keys()) if name not in shell.user_ns]
        if not missing:
            return lines
        waiting.update(dict.fromkeys(defined - read, missing[0]))
        missing = list(dict.fromkeys(missing))
        return [f"__import__('helpers.stand_in').stand_in.show_instead({lesson!r}, {key_of(text)!r}, {missing!r})\n"]

    before = [one for one in shell.input_transformers_cleanup if getattr(one, "__name__", "") != wait_or_run.__name__]
    shell.input_transformers_cleanup[:] = [*before, wait_or_run]


def _names(text):
    """The names that a cell stores, and those that it reads; nothing of what is not Python alone."""
    try:
        leaves = [one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.Name)]
    except SyntaxError:
        return set(), set()
    stored = {one.id for one in leaves if isinstance(one.ctx, ast.Store)}
    functions = {one.name for one in ast.walk(ast.parse(text)) if isinstance(one, ast.FunctionDef)}
    return stored | functions, {one.id for one in leaves if isinstance(one.ctx, ast.Load)} - stored - functions


def show_instead(lesson, key, missing):
    """Show the pictures of a cell and say what it waits for."""
    told = said("This cell waits for {names}: answer it first, then run this cell again.")
    print(in_language(told.format(names=", ".join(missing))))
    kept = json.loads(pictures_path(lesson).read_text(encoding="utf-8")).get(key, ())
    if kept:
        from IPython.display import Image, display

        print(in_language(said("With ours it shows:")))
        for encoded, alt in kept:
            display(Image(base64.b64decode(encoded), format="png", alt=alt))
