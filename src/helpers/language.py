"""In which language the program speaks to a student; what a sentence is called in it, `translating` knows.

What is said is composed, compared and kept in English, whoever reads it: a class's records can be counted, and each
reader reads them in a language of their own. It is turned into that language where it is shown, and only there.
"""

import importlib
import os
from pathlib import Path

from helpers.errors import StudentError

ENGLISH = "en"
RIGHT_TO_LEFT = ("fa",)
APART, END = "\u2066", "\u2069"  # Unicode's left-to-right isolate, and its end
VARIABLE = "COURSE_LANGUAGE"
LOCALE = Path(__file__).parent / "locale"


def said(sentence):
    """Return the sentence, which stands in the catalogs by this mark; what changes in it is a {placeholder}."""
    return sentence


def counted(one, many, number):
    """Return the sentence for a number: a mark as `said`, for what has a singular and a plural."""
    return one if number == 1 else many


def languages():
    """The codes of the languages that the program speaks, English first."""
    return [ENGLISH, *sorted(path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/helpers.mo"))]


def chosen(language=None):
    """The code of the language asked for, else of the variable COURSE_LANGUAGE, else of the system; else English.

    `StudentError` where one is asked for that there is not; of the system's, nobody has asked for it here.
    """
    asked = language or os.environ.get(VARIABLE)
    if asked:
        if (code := _code(asked)) in languages():
            return code
        raise StudentError(f"The course does not speak {asked!r}. The languages are: {', '.join(languages())}.")
    systems = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    code = _code(next(filter(None, systems), ENGLISH))
    return code if code != ENGLISH and code in languages() else ENGLISH


def _code(name):
    """The language of a locale's name: "ja" of ja_JP.UTF-8."""
    return str(name).replace("-", "_").partition("_")[0].partition(".")[0].lower()


def in_language(text, language=None, lesson=""):
    """Return an English text of the program in a language, piece by piece; what no catalog has stays English.

    With a lesson, what the lesson's own catalog has is said in its words.
    """
    language = language or chosen()
    if language == ENGLISH or not text:
        return text
    return importlib.import_module("helpers.translating").translated(str(text), language, lesson)


def of_lesson(lesson, text, language=None):
    """Return a sentence that a section wrote (of a check, a wrong answer, an option, a hint), else the text itself."""
    language = language or chosen()
    if language == ENGLISH or not text:
        return text
    return importlib.import_module("helpers.translating").of_lesson(lesson, str(text), language)


def in_html(escaped):
    """An escaped text with what is set apart in it, code within a text from right to left, as elements of HTML."""
    return escaped.replace(APART, '<bdi dir="ltr">').replace(END, "</bdi>")


def is_right_to_left(language):
    """Whether a language is written from right to left."""
    return language in RIGHT_TO_LEFT
