"""Catalogs of the lessons' prose: what translators fill in, brought up to date with the lessons, and compiled.

A catalog is `autograder/lessons/locale/LANGUAGE/LC_MESSAGES/LESSON.po`. It holds everything, secrets too, and stays on
the author's side. What `helpers` says of a lesson, and no more, is compiled into `helpers` for students.
"""

import re
from io import BytesIO
from pathlib import Path

from autograder.building.languages.compiling import blank, compiled
from autograder.building.languages.messages import common_messages, messages, public_texts
from autograder.source.lesson import LESSONS
from autograder.source.problems import CourseError, require
from autograder.source.words import languages
from helpers.questions import COMMON, STARTER

FOLDER = "LC_MESSAGES"
LINE = re.compile(r' *(#.*|((msgid|msgstr) )?"([^"\\]|\\["\\nrt])*"|)')
OURS, STUDENTS = "autograder/lessons/locale", "src/helpers/locale"
HEAD = """\
# {lesson} in the language "{language}". Fill in msgstr; `course build` keeps the rest up to date.
# Formulas, code in backticks, links, tags and the marks of Markdown stay; so does the number of lines. What is marked
# fuzzy was translated before its text changed: mend it and remove the mark."""


def catalog_files(lessons, public, root=LESSONS, only=None):
    """Return {path relative to the project: text or bytes} of all catalogs, brought up to date and compiled.

    `public` are the names of lessons with the JSON that students get of each; `only` is the one language that is asked
    for, else all.
    """
    files, known = {}, {lesson.name: lesson for lesson in lessons}
    for language in [only] if only else languages(root):
        folder = Path(root) / "locale" / language / FOLDER
        for name in sorted({COMMON, *(path.stem for path in folder.glob("*.po"))}):
            if name not in {COMMON, *known}:
                raise CourseError(f"{folder / name}.po: there is no lesson {name}. Rename the file as its lesson is.")
            wanted = messages(known[name]) if name in known else common_messages()
            catalog = updated(folder / f"{name}.po", language, wanted)
            at = f"{language}/{FOLDER}/{name}"
            files[f"{OURS}/{at}.po"] = written(catalog)
            files[f"{OURS}/{at}.mo"] = compiled(language, translations(catalog))
            said = public_texts(public[name]) if name in public else {STARTER} if name == COMMON else ()
            if said:
                files[f"{STUDENTS}/{at}.mo"] = compiled(language, translations(catalog, said))
    return files


def read(path):
    """Return a catalog as it stands in its file, empty where there is none; `CourseError` names the line of a slip."""
    require("babel", "test")
    from babel.messages.pofile import PoFileError, read_po

    content = path.read_bytes() if path.is_file() else b""
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), 1):
        if not LINE.fullmatch(line.rstrip("\r")):  # Babel would take it, and lose a letter
            raise CourseError(
                f'{path}:{number}: this is no line of a catalog. Write: msgstr "...", with \\" and \\\\ inside.'
            )
    try:
        return read_po(BytesIO(content), charset="utf-8", ignore_obsolete=True, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise CourseError(f"{path}: this is no catalog ({error}). Mend that line.") from None


def updated(path, language, wanted):
    """Return the catalog of a file with these messages, in their order, each with its translation where it has one."""
    from babel.messages import Catalog

    old, template = read(path), Catalog()
    for message in wanted:
        template.add(message.text, auto_comments=[message.remark])
    old.update(template)
    new = blank(language, HEAD.format(lesson=path.stem, language=language))
    for message in old:
        if message.id:
            flags = ["fuzzy"] if message.fuzzy else []
            comments = {"auto_comments": message.auto_comments, "user_comments": message.user_comments}
            new.add(message.id, message.string, flags=flags, **comments).flags.intersection_update({"fuzzy"})
    return new


def written(catalog):
    """The text of a catalog's file."""
    from babel.messages.pofile import write_po

    out = BytesIO()
    write_po(out, catalog, width=0, ignore_obsolete=True)
    return out.getvalue().decode("utf-8").rstrip("\n") + "\n"


def translations(catalog, only=None):
    """{text: its translation} of what is translated in a catalog; of the texts in `only`, where it is given."""
    done = (one for one in catalog if one.id and one.string and not one.fuzzy)
    return {one.id: one.string for one in done if only is None or one.id in only}
