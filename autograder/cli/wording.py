"""The help of the students' verbs in the reader's language: by the program's catalogs and the standard library alone.

What stands in no catalog, as the verbs for instructors and authors, stays English.
"""

import gettext
import os
from itertools import pairwise
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
HELPERS = next(path for path in (PACKAGE.parent / "src/helpers", PACKAGE.parent / "helpers") if path.is_dir())
OPTION, VARIABLES = "--language", ("COURSE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def said(sentence):
    """Return the sentence, which stands in the catalogs by this mark."""
    return sentence


TITLE = said("Deep Learning by Hand: work the notebooks, grade a class, write lessons.")
STUDENTS = said("For students")
USAGE = said("Usage: {command}")
MORE = said("{command} says more of a verb; --version tells the version.")


def language(words=()):
    """The language that a command line asks for, else the environment's; which of them there are, its catalogs say."""
    after = dict(pairwise(words))
    joined = dict(word.split("=", 1) for word in words if word.startswith(f"{OPTION}="))
    asked = after.get(OPTION) or joined.get(OPTION) or next(filter(None, map(os.environ.get, VARIABLES)), "en")
    return asked.replace("-", "_").partition("_")[0].partition(".")[0].lower()


def told(text, language, **names):
    """Return the text in a language with its placeholders filled."""
    catalog = gettext.translation("helpers", HELPERS / "locale", [language], fallback=True)
    return catalog.gettext(text).format(**names) if text else ""


def reword(group, language):
    """Say the help of a click group, its commands and their parameters in a language."""
    for command in group.commands.values():
        command.help = told(command.help, language)
        command.rich_help_panel = told(command.rich_help_panel, language)
        for parameter in command.params:
            parameter.help = told(parameter.help, language)
    group.help = told(group.help, language)
