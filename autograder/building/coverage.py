"""Where every item of the syllabus is settled: the coverage page, and what it lacks.

This file knows `syllabus.toml` and the sections' COVERS. Whether a section teaches an item well is for readers to say.
"""

import ast
import difflib
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from autograder.source.problems import AuthorError

SYLLABUS = Path(__file__).parents[1] / "lessons" / "syllabus.toml"
NONE = "none"
VERDICTS = ("correct", "conditional", "wrong", "misprint", "open", "not testable")
RULE = "|---|---|---|---|"
HEAD = """\
<!-- Generated from autograder/lessons/syllabus.toml and the COVERS of autograder/lessons; repair with: course build -->

# Coverage

The course grew out of five sources. Each of their {total} items has an id, a verdict on what the source says, and the
statement that holds. Settled in a notebook: {settled}. Planned: {planned}. Dropped, with the reason: {dropped}.

| verdict | items |
|---|---|
{verdicts}

| lesson | items | settled |
|---|---|---|
{lessons}
"""


@dataclass(frozen=True)
class Item:
    """One item: its verdict, the numbers of the lessons that are its home, and the correct statement."""

    id: str
    verdict: str
    lessons: tuple
    gist: str
    reason: str = ""


@dataclass(frozen=True)
class Syllabus:
    """The items by id, and the titles of lessons and sources by number and name."""

    items: dict
    lessons: dict
    sources: dict


def load_syllabus(path=SYLLABUS):
    """Read a syllabus; a slip in it is an `AuthorError`."""
    text = Path(path).read_text(encoding="utf-8")
    data = tomllib.loads(text)
    items = {name: _item(name, fields) for name, fields in data["items"].items()}
    for item in items.values():
        for fault, mend in _slips(item, data["lessons"]):
            line = text[: text.index(f'"{item.id}" =')].count("\n") + 1
            raise AuthorError(path, line, f"{item.id} {fault}", mend)
    return Syllabus(items, data["lessons"], data["sources"])


def _item(name, fields):
    lessons = fields["lesson"] if isinstance(fields["lesson"], list) else [fields["lesson"]]
    homes = tuple(number for number in lessons if number != NONE)
    return Item(name, fields["verdict"], homes, fields["gist"], fields.get("reason", ""))


def _slips(item, lessons):
    if item.verdict not in VERDICTS:
        yield f"has the verdict '{item.verdict}'", f"The verdicts are {', '.join(VERDICTS)}"
    if not item.lessons and not item.reason:
        yield "is dropped without a reason", 'Write reason = "..."'
    for number in item.lessons:
        if number not in lessons:
            yield f"has its home in lesson {number}, which [lessons] lacks", "Mend the number, or add the lesson"


def coverage_findings(lessons, *, syllabus=None):
    """Return a sentence for each item that no section of its home covers, though that lesson is built."""
    syllabus = syllabus or load_syllabus()
    homes, built = _homes(lessons, syllabus), {_number(lesson) for lesson in lessons}
    return [
        f"{item.id} has its home in lesson {number}, but no section there covers it. "
        f"Settle it and add it to that section's COVERS: {item.gist}"
        for item in syllabus.items.values()
        for number in item.lessons
        if number in built and number not in {_number(lesson) for lesson, _ in homes[item.id]}
    ]


def coverage_page(lessons, *, syllabus=None):
    """Return docs/coverage.md: a head with counts, and a table for each source."""
    syllabus = syllabus or load_syllabus()
    homes = _homes(lessons, syllabus)
    pieces = [_head(syllabus, homes)]
    for source, title in syllabus.sources.items():
        items = [item for item in syllabus.items.values() if item.id.split(".")[0] == source]
        rows = [
            _row(item.id, item.verdict, _escape(item.gist), _where(item, homes[item.id], syllabus)) for item in items
        ]
        pieces.append(
            "\n".join([f"## {source}: {title}", "", _row("id", "verdict", "what holds", "where"), RULE, *rows, ""])
        )
    return "\n".join(pieces)


def _homes(lessons, syllabus):
    """Return {item id: [(lesson, section), ...]}; an id that the syllabus lacks is an `AuthorError`."""
    homes = {name: [] for name in syllabus.items}
    for lesson in lessons:
        for section in lesson.sections:
            for covered in dict.fromkeys(section.covers):
                if covered not in homes:
                    raise _unknown(section, covered, homes)
                homes[covered].append((lesson, section))
    return homes


def _unknown(section, covered, known):
    near = difflib.get_close_matches(str(covered), known, 3)
    mend = f"Did you mean {' or '.join(repr(name) for name in near)}" if near else "The ids are those of syllabus.toml"
    return AuthorError(section.path, _line(section, covered), f"COVERS names '{covered}', which is no item", mend)


def _line(section, covered):
    """The line of an id in COVERS, else of COVERS itself."""
    for node in ast.parse(section.full_source).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "COVERS":
            lines = (leaf.lineno for leaf in ast.walk(node) if getattr(leaf, "value", None) == covered)
            return next(lines, node.lineno)
    return 0


def _number(lesson):
    return lesson.name.split("_")[0]


def _settled(item, places):
    return [place for place in places if _number(place[0]) in item.lessons]


def _head(syllabus, homes):
    items = syllabus.items.values()
    settled = [item for item in items if _settled(item, homes[item.id])]
    dropped = [item for item in items if not item.lessons]
    verdicts = Counter(item.verdict for item in items)
    rows = [
        _row(f"{number} {title}", *(str(sum(number in item.lessons for item in some)) for some in (items, settled)))
        for number, title in syllabus.lessons.items()
    ]
    return HEAD.format(
        total=len(items),
        settled=len(settled),
        planned=len(items) - len(settled) - len(dropped),
        dropped=len(dropped),
        verdicts="\n".join(_row(verdict, str(count)) for verdict, count in verdicts.most_common()),
        lessons="\n".join(rows),
    )


def _where(item, places, syllabus):
    settled = _settled(item, places)
    missing = [number for number in item.lessons if number not in {_number(lesson) for lesson, _ in settled}]
    touched = [place for place in places if place not in settled]
    planned = " and ".join(f"{number} ({syllabus.lessons[number]})" for number in missing)
    pieces = [
        "; ".join(_link(*place) for place in settled),
        f"planned for lesson {planned}" if missing else "",
        f"dropped: {_escape(item.reason)}" if not item.lessons else "",
        "touched in " + "; ".join(_link(*place) for place in touched) if touched else "",
    ]
    return "; ".join(piece for piece in pieces if piece)


def _link(lesson, section):
    return f"[{_number(lesson)}](../notebooks/{lesson.name}.ipynb), {_escape(section.title)}"


def _row(*cells):
    return f"| {' | '.join(cells)} |"


def _escape(text):
    """Keep Markdown from reading a formula's own characters as marks."""
    for mark in "\\|*_<":
        text = text.replace(mark, "\\" + mark)
    return text
