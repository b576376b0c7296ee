"""An English text of the program in another language: found in the catalogs whole, or read back by its placeholders.

The text "In all 3 cases that fail, yours is twice what is expected." is what the entry "In all {count} cases that fail,
{relation}." makes of a count and a relation; both are looked for anew. What no entry explains stays as it is: code,
numbers, the words of Python and of the student.
"""

import gettext
import io
import re
import struct
from dataclasses import dataclass
from functools import lru_cache

from helpers.checkout import checkout
from helpers.language import APART, LOCALE, is_right_to_left
from helpers.right_to_left import apart, isolated

# A placeholder; a brace of a formula follows a letter, a sign or another brace.
PLACEHOLDER = re.compile(r"(?<![\\A-Za-z0-9^_}])\{([a-z_]+)\}")
NUMBER = r"[-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|inf|nan)"
SHORT = r"(?:(?![.:;?] ).)"  # a letter of what is no two sentences
LISTED = r"\d+(?: and \d+)*"
KINDS = {
    "argument": r"argument \d+|\w+",
    "count": r"\d+",
    "earned": NUMBER + r"(?: points?)?",
    "most": NUMBER + r"(?: points?)?",
    "name": r"[\w.<>|]+",
    "number": NUMBER,
    "numbers": LISTED,
    "others": LISTED,
    "part": r"[^\d\W].*?",
    "what": rf"\w+|{SHORT}*?(?:\w[(\[]|\w_\w|\.\w){SHORT}*?",
    "shape": r"\([\d, ]*\)",
}
LONG = ("told", "observed", "expected", "next", "first", "second", "error", "code", "sentence")  # may hold sentences
QUOTED = ("code", "error", "names", "file")  # what is never ours: it is not looked up
OURS = ("part", "value", "kind")  # what must be found, else the entry does not explain the text
DEEPEST, NEARLY_ALL = 8, 25
AUTHORS = "autograder/lessons/locale"
ENDS = re.compile(r"(?<=[.:;?)])\s+")


class Catalog:
    """One compiled catalog: entries to find whole, and entries with placeholders to read a text back by."""

    def __init__(self, data):
        self._texts = gettext.GNUTranslations(io.BytesIO(data))
        entries = [entry for entry in _msgids(data) if entry[0]]
        self._known = {text: entry for entry in entries for text in entry}
        self._patterns = sorted(
            (-_said(text), text, entry) for entry in entries for text in entry if PLACEHOLDER.search(text)
        )

    def whole(self, text):
        """The translation of a text that is an entry; None where it is not."""
        return self._said_of(self._known[text], {}) if text in self._known else None

    def read(self, text, least=0):
        """Yield what each entry says that explains a text, those first that say most of it, and {placeholder: text}."""
        for own, message, entry in self._patterns:
            if -own < least:
                return
            pieces = PLACEHOLDER.split(message)[::2]
            fits = text.startswith(pieces[0]) and text.endswith(pieces[-1]) and all(piece in text for piece in pieces)
            if fits and (found := _pattern(message).fullmatch(text)):
                yield self._said_of(entry, found.groupdict()), found.groupdict()

    def _said_of(self, entry, fields):
        if len(entry) == 1:
            return self._texts.gettext(entry[0])
        return self._texts.ngettext(*entry, int(float(fields.get("count", fields.get("number", 1)))))


def _said(message):
    """How many letters of an entry are its own."""
    return sum(map(len, PLACEHOLDER.split(message)[::2]))


def _kind(name):
    """What a placeholder may stand for; a short one for no two sentences."""
    return KINDS.get(name) or (".+?" if name in LONG else f"{SHORT}+?")


@lru_cache(2048)
def _pattern(message):
    pieces, seen = PLACEHOLDER.split(message), set()
    for place, name in enumerate(pieces):
        if place % 2 == 0:
            pieces[place] = re.escape(name)
        else:
            pieces[place] = f"(?P={name})" if name in seen else f"(?P<{name}>{_kind(name)})"
            seen.add(name)
    return re.compile("".join(pieces), re.DOTALL)


def _msgids(data):
    """The English side of a compiled catalog: each entry's text, or its singular and plural."""
    count, start = struct.unpack("<8x2I", data[:16])
    places = struct.unpack(f"<{2 * count}I", data[start : start + 8 * count])
    pairs = zip(places[::2], places[1::2], strict=True)
    return [data[place : place + length].decode().split("\0") for length, place in pairs]


@lru_cache(64)
def catalog(language, domain, folder=LOCALE):
    """The catalog of a domain, "helpers" or a lesson's, in a folder of catalogs; None where there is none."""
    path = folder / language / "LC_MESSAGES" / f"{domain}.mo"
    return Catalog(path.read_bytes()) if path.is_file() else None


def translated(text, language, lesson=""):
    """The text in a language: found whole, read back, or sentence by sentence; else as it is."""
    return _Reader(language, _catalogs(language, lesson)).told(text)


def of_lesson(lesson, text, language):
    """A sentence of a lesson, by the lesson's catalog; by ours, where an entry is nearly all of it."""
    return _Reader(language, _catalogs(language, lesson), NEARLY_ALL).told(text)


def _apart(text):
    """What is not translated, set apart as a whole where it is a sentence, for its full stop belongs to it."""
    return apart(text) if " " in text and APART not in text else isolated(text)


def _catalogs(language, lesson):
    """The lesson's catalog, and ours; in a checkout the author's too, which has what is said of hidden checks."""
    root = checkout()
    found = [catalog(language, lesson), root and catalog(language, lesson, root / AUTHORS)] if lesson else []
    return tuple(filter(None, (*found, catalog(language, "helpers"))))


@dataclass(frozen=True)
class _Reader:
    language: str
    catalogs: tuple
    least: int = 0  # letters of its own that an entry with placeholders must have

    def told(self, text):
        """The text in the language; what is left of another direction is set apart from what stands around it."""
        found = self._found(text, 0)
        if not is_right_to_left(self.language):
            return text if found is None else found
        return _apart(text) if found is None else isolated(found)

    def _found(self, text, depth):
        """The translation, or None where no catalog has anything of the text."""
        if depth > DEEPEST or not text.strip():
            return None
        found = self._at_once(text, depth)
        return self._by_sentences(text, depth) if found is None else found

    def _at_once(self, text, depth):
        """The translation by one entry, the lesson's first: whole, else by its placeholders."""
        for one in self.catalogs:
            if (found := one.whole(text)) is not None:
                return found
        for one in self.catalogs:
            for entry in one.read(text, self.least):
                if (found := self._filled(*entry, depth)) is not None:
                    return found
        return None

    def _filled(self, message, fields, depth):
        """An entry's translation with its placeholders filled: ours are looked for in their turn."""
        if any(self._found(fields[name], depth + 1) is None for name in OURS if name in fields):
            return None
        told = {name: self._field(name, text, depth + 1) for name, text in fields.items()}
        return PLACEHOLDER.sub(lambda found: told.get(found[1], found[0]), message)

    def _field(self, name, text, depth):
        found = None if name in QUOTED else self._found(text, depth)
        if found is None:
            return _apart(text) if is_right_to_left(self.language) else text
        return found

    def _by_sentences(self, text, depth):
        """The longest beginning that is known, and the rest in its turn."""
        for end in reversed(list(ENDS.finditer(text))):
            found = self._at_once(text[: end.start()], depth)
            if found is not None:
                between = "" if found.endswith("。") else end[0]
                return found + between + self._field("", text[end.end() :], depth + 1)
        return None
