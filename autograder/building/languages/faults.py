"""What a translation must not lose: formulas, code, links, tags, placeholders, and the lines of a list or a table."""

import re
from collections import Counter

from autograder.building.languages.prose import CODE, FORMULA, ITEM, TAG

LINK = re.compile(r"\]\(([^)\s]+)\)")
ISOLATES = re.compile(r"</?bdi\b")  # what goes from left to right in Persian: the translator's own
PLACEHOLDER = re.compile(r"(?<![\\\w^_}])\{[a-z]+\}")
WORDS_IN_FORMULA = re.compile(r"\\text\{[^}]*\}")


def catalog_faults(catalog, name):
    """Return a sentence for each entry of a catalog that is fuzzy or whose translation lost something."""
    found = []
    for message in catalog:
        if message.id and message.fuzzy:
            found.append(f"{name}: fuzzy, its text changed: {message.id[:70]!r}. Mend msgstr, remove the mark.")
        elif message.id and message.string:
            found += [
                f"{name}: {fault}, in the translation of {message.id[:70]!r}"
                for fault in faults(message.id, message.string)
            ]
    return found


def faults(text, translation):
    """Yield what a translation has lost or gained, a phrase each."""
    ours, theirs = kept(text), kept(translation)
    for what in ours:
        for sign, more, less in (("lacks", ours, theirs), ("adds", theirs, ours)):
            for one in (more[what] - less[what]).elements():
                yield f"{sign} the {what} {one}"


def kept(text):
    """What of a text must be found again in its translation, {kind: how often each}."""
    bare = CODE.sub(" ", text)
    formulas = (" ".join(WORDS_IN_FORMULA.sub(r"\\text{}", one).split()) for one in FORMULA.findall(bare))
    lines = text.split("\n")
    return {
        "code": Counter(one[1] for one in CODE.findall(text)),
        "formula": Counter(formulas),
        "link": Counter(LINK.findall(bare)),
        "tag": Counter(tag for tag in TAG.findall(FORMULA.sub(" ", bare)) if not ISOLATES.match(tag)),
        "placeholder": Counter(PLACEHOLDER.findall(bare)),
        "mark of an item": Counter(mark[0] for line in lines if (mark := ITEM.match(line))),
        "number of lines": Counter([len(lines)]),
        "number of columns": Counter([len(re.findall(r"(?<!\\)\|", FORMULA.sub(" ", CODE.sub(" ", lines[0]))))]),
    }
