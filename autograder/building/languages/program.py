"""Catalogs of what the program says: read from the sources into .po files, which people fill, and compiled to .mo.

Bytes follow from the sources and the translations alone: no date, no version, no line number. An entry whose English
changed begins anew; an author who only mended a comma keeps the translation by mending the msgid in the .po as well.
"""

import ast
import importlib.util
import io
from pathlib import Path

from autograder.building.languages.compiling import blank, compiled
from autograder.source.problems import CourseError
from helpers.language import LOCALE

PROJECT = Path(__file__).parents[3]
PROGRAM = "helpers"  # the domain of all that the program says; a lesson's own is called as the lesson
HEADER = "# Compiled by `course build`, which also brings in what the program says anew. Fill in what is empty."
VERBS = "autograder/studying/commands.py"  # of students
KEYWORDS = {"said": None, "counted": (1, 2), "_": None}
SPOKEN = (
    ("src/helpers", "*.py", "python"),
    ("autograder/cli", "wording.py", "python"),
    ("autograder/studying", "*.py", "python"),
    ("autograder/grading", "*.py", "python"),
    ("autograder/reporting", "*.py", "python"),
    ("autograder/remote", "*.py", "python"),
    ("autograder/rules", "*.py", "python"),
    ("autograder/source", "*.py", "python"),
    ("autograder/reporting/templates", "feedback.html", "jinja2.ext:babel_extract"),
)


def can_be_made():
    """Whether Babel is here, which the extra `test` brings."""
    return importlib.util.find_spec("babel") is not None


def messages(project=PROJECT):
    """Return {msgid, or (singular, plural): the files that say it}, as the sources have them now."""
    from babel.messages.extract import extract_from_file

    found = {}
    for folder, pattern, method in SPOKEN:
        for path in sorted((project / folder).glob(pattern)):
            for _, message, _, _ in extract_from_file(method, path, keywords=KEYWORDS):
                found.setdefault(message, {})[path.relative_to(project).as_posix()] = None
    for text in _help_of_verbs(project / VERBS):
        found.setdefault(text, {})[VERBS] = None
    return {message: tuple(files) for message, files in found.items()}


def _help_of_verbs(path):
    """What Typer says of the verbs in a file: the first lines of their docstrings, and every `help=`.

    `cli.verbs` reads these files as well, and stands above this room, which must not lean on it.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for verb in tree.body:
        if isinstance(verb, ast.FunctionDef) and "app.command" in map(_called, verb.decorator_list):
            yield ast.get_docstring(verb).splitlines()[0]
            yield from (one.value.value for one in ast.walk(verb) if isinstance(one, ast.keyword) and one.arg == "help")


def _called(node):
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def catalog_text(language, entries, translations):
    """The text of a .po file: `entries` as `messages` gives them, `translations` as {msgid: its translation}."""
    from babel.messages.pofile import write_po

    catalog = blank(language, HEADER)
    for message, files in entries.items():
        catalog.add(message, translations.get(message, ""), locations=[(one, None) for one in files])
    out = io.BytesIO()
    write_po(out, catalog, width=0, include_lineno=False)
    return out.getvalue().decode()


def translations_in(text, language, path=""):
    """{msgid, or (singular, plural): its translation} of a .po file's text; what is not translated is left out."""
    from babel.messages.pofile import read_po

    found = [message for message in read_po(io.StringIO(text), locale=language, abort_invalid=True) if message.id]
    for message in found:
        if message.fuzzy:
            raise CourseError(f"{path}: an entry is marked fuzzy, {message.id!r}. Read it over and take the mark away.")
    return {message.id: message.string for message in found if message.string and all(message.string)}


def catalogs(folder=LOCALE):
    """Return {path: bytes} of every catalog: the program's .po files as the sources are now, and all .mo files.

    Nothing where Babel is not installed, for an author of exercises can do without it.
    """
    if not can_be_made():
        return {}
    files, entries = {}, messages()
    for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        text, language = path.read_text(encoding="utf-8"), path.parents[1].name
        if path.stem == PROGRAM:
            text = catalog_text(language, entries, translations_in(text, language, path))
        files[path], files[path.with_suffix(".mo")] = text.encode(), compiled(language, translations_in(text, language))
    return files


def behind(files):
    """The paths whose bytes on disk are not those of `catalogs`."""
    return [path for path, data in files.items() if not path.is_file() or path.read_bytes() != data]


def write_catalogs():
    """Write the catalogs that are behind; return their paths in the project."""
    files = catalogs()
    found = behind(files)
    for path in found:
        path.write_bytes(files[path])
    return [path.relative_to(PROJECT).as_posix() for path in found]
