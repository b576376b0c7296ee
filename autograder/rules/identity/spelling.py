"""How people and programs spell the names of files: what belongs to a name, and what was added to it.

This file knows one name at a time; `folders` compares names, `systems` knows what learning systems write.
"""

import re
import unicodedata
from functools import cache

ESCAPED = re.compile("[\udc80-\udcff]")  # bytes of a file's name that were no UTF-8, as Python hands them on
ENDING = re.compile(r"\.ipynb(?:\s*\(\d{1,2}\))?(?:\.(?:ipynb|txt|json|download))*$", re.I)
JSON = re.compile(r"\.json$", re.I)
KOPIE = r"(?:copy|kopie|copia|copie|cópia|kopia|kopi)"
BEFORE = re.compile(rf"^{KOPIE}\s+(?:of|von|de|di|da|do|van|av|af)\s+", re.I)
AFTER = re.compile(
    rf"(?:\s*\(\d{{1,2}}\)|\s*-\s*{KOPIE}(?:\s*\(\d+\)|\s*\d+)?|\s+{KOPIE}(?:\s*\(\d+\)|\s+\d+)?|-checkpoint"
    r"|\s*(?:のコピー|的副本)\s*\d*)$",
    re.I,
)
WORDS = r"(?:final(?:ly)?|fixed|new|old|done|draft|backup|submission|submitted|handed ?in|solved|v\s*\d+|rev\s*\d+)"
# What stands behind a person's name, and, where a lesson's name stands between the two, numbers too.
LATER = re.compile(rf"[\s_.-]+{WORDS}$", re.I)
ADDED = re.compile(rf"(?:[\s_.-]*(?:{WORDS}|{KOPIE}|\(?\d{{1,3}}\)?))*[\s_.-]*", re.I)
JOINT = re.compile(r"(?:\s+-\s+|[\s_.-])$")
EDGES = " _-.,"
GENERIC = re.compile(
    r"(?:untitled|solutions?|submissions?|notebooks?|home ?work|assignments?|exercises?|hw|ps|lab|project|final"
    r"|answers?|main|index|test|work|lesson|hand ?in|abgabe|aufgabe|uebung|übung|devoir|tarea|nb|src|code|files?"
    r"|content|week|attempt|version|v|unnamed|new folder)?[\s_.-]*\d*",
    re.I,
)


def nfc(text):
    """A name in its composed form; one with bytes that are no UTF-8 is read as Latin-1, which it mostly is.

    All of it: read byte by byte, what is two letters in Latin-1 would now and then be one in UTF-8, another person's.
    """
    if ESCAPED.search(text):
        text = b"".join(_byte(one) or one.encode("utf-8", "surrogatepass") for one in text).decode("latin-1")
    return unicodedata.normalize("NFC", text)


def _byte(letter):
    return bytes([ord(letter) - 0xDC00]) if ESCAPED.match(letter) else b""


def printable(name):
    """A name without control characters and halves of characters, as one line with single spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in nfc(name)).split()) or "unnamed"


def escaped(name):
    """A name that differs for every name, with what cannot be printed written out."""
    text = nfc(name)
    return text if text.isprintable() and "\\" not in text else text.encode("unicode_escape").decode()


def is_generic(name):
    """Whether a name says nothing of a person: untitled, hw1, notebooks."""
    return GENERIC.fullmatch(name.strip(EDGES)) is not None


@cache
def mention(lessons):
    """The pattern of a lesson's name as people write it: 01_chain_rule, 01-Chain-Rule, Lesson01, chain rule."""
    ways = []
    for lesson in lessons:
        number, *words = lesson.split("_")
        title = r"[\s_.-]*".join(map(re.escape, words))
        ways.append(rf"(?<!\d){_digits(number)}[\s_.-]*{title}")
        ways.append(rf"(?<![^\W_]){title}(?![^\W_])")
        ways.append(rf"lesson[\s_.-]*{_digits(number)}(?!\d)")
    return re.compile("|".join(f"(?:{way})" for way in sorted(ways, key=len, reverse=True)) or r"(?!)", re.I)


def _digits(number):
    return f"0*{int(number)}" if number.isdigit() else re.escape(number)


def named_lesson(name, lessons):
    """The lesson that a file's name mentions, or ""."""
    return next((lesson for lesson in lessons if mention((lesson,)).search(nfc(name))), "")


def stem_of(name):
    """A file's name without its ending."""
    return ENDING.sub("", JSON.sub("", nfc(name)) if not ENDING.search(nfc(name)) else nfc(name))


def spellings(stem, lessons):
    """What a stem may call a person: the whole of it, then with less and less of what is known to be added."""
    found = [stem, plain := without_copies(stem)]
    places = [place.span() for place in mention(tuple(lessons)).finditer(plain)]
    if places:
        start, end = places[-1]
        found += _around(plain[:start], plain[end:])
    else:
        found.append(LATER.sub("", plain) or plain)
    return tuple(dict.fromkeys(found))


def without_copies(stem):
    """A stem without what browsers, editors and file managers put before and behind the names of copies."""
    before = None
    while before != stem:
        before, stem = stem, AFTER.sub("", BEFORE.sub("", stem)) or stem
    return stem


def _around(before, after):
    """Names in what stands before and behind a lesson's name; one mark between the two belongs to neither."""
    head, tail = JOINT.sub("", before), JOINT.sub("", after[::-1])[::-1]
    if ADDED.fullmatch(after):
        yield from (before, head)
    elif is_generic(before):
        yield from (after, tail, LATER.sub("", tail) or tail)
    else:
        yield from (before + after, head, f"{head} {tail}")
