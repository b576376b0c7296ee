"""The tables of learning systems as data: which columns say who a row is of, which hold scores, and out of how many.

A new system is a new row of `FORMS`. Headers are compared without case; where a system translates them, those that we
know stand here, and `--column` names any other. `scores` finds columns that may be filled; its group `possible`, where
there is one, is what the system counts for full points.
"""

import re
from dataclasses import dataclass

from autograder.reporting.exporting.numbers import number
from autograder.rules.identity.roster import EMAIL, FIRST, IDS, LAST, NAMES, NOBODY, Person

NUMBER = r"(?P<possible>\d+(?:[.,]\d+)?)"
MOODLE_GRADES = (
    r"grade|bewertung|note|calificación|valutazione|nota|cijfer|ocena|známka|betyg|نمره|評点|成绩|not|оценка"
)
MOODLE_MOST = ("maximum grade", "bestwertung", "maximalbewertung", "note maximale", "calificación máxima")
MOODLE_MOST += ("valutazione massima", "nota máxima", "maximumcijfer", "maximale cijfer")


@dataclass(frozen=True)
class Form:
    """How one system's table looks; `system` is its name in `identity.systems`, whose ids may stand in `own_ids`."""

    name: str
    scores: str
    own_ids: tuple[str, ...] = ()
    system: str = ""
    most: tuple[str, ...] = ()
    empty: tuple[str, ...] = ("",)
    identifier: bool = False


FORMS = {
    one.name: one
    for one in (
        Form("canvas", r".+ \(\d+\)", own_ids=("id",), system="Canvas"),
        Form("moodle", MOODLE_GRADES, system="Moodle", most=MOODLE_MOST, empty=("", "-"), identifier=True),
        Form(
            "blackboard",
            rf".+ \[[^\]]*?(?:{NUMBER}[^\]]*)?\] ?\|_?\d[\d_]*",
            own_ids=("username", "user name", "benutzername"),
            system="Blackboard",
            empty=("", "needs grading", "in progress", "not attempted"),
        ),
        Form(
            "brightspace",
            rf".+ points grade(?: <.*?maxpoints:{NUMBER}.*>)?",
            system="Brightspace",
        ),
    )
}


def score_columns(form, table):
    """The places of the columns that may be filled."""
    return [place for place, title in enumerate(table.header) if re.fullmatch(form.scores, title, re.I)]


def people_of(form, table):
    """Return {row: `Person`} for every row of somebody."""
    header = [title.casefold() for title in table.header]
    header[0] = header[0].lstrip("\ufeff")
    found = {}
    for row in range(1, len(table.rows)):
        cells = [cell.value.strip() for cell in table.rows[row]]
        person = _person(form, header, cells) if any(cells) else None
        if person and not _is_nobody(person, cells):
            found[row] = person
    return found


def _person(form, header, cells):
    def values(names):
        known = {title: cells[place] for place, title in reversed(list(enumerate(header))) if place < len(cells)}
        return [known[name] for name in names if known.get(name)]

    first, last = values(FIRST), values(LAST)
    name = f"{first[0]} {last[0]}" if first and last else next(iter((*values(NAMES), *last, *first)), "")
    ids = [*values(form.own_ids), *(one.lstrip("#") for one in values(IDS))]
    if form.identifier and (participant := _participant(cells[0])):
        ids = [participant, *(one for one in ids if one != cells[0])]
    email = next(iter(values(EMAIL)), "")
    if form.name == "canvas" and cells[1:2] == [""]:
        return None  # Canvas's rows of points possible and of how grades are posted
    key = next(filter(None, (*ids, email, name)), "")
    return Person(key, name, email, aliases=tuple(dict.fromkeys(ids))) if key else None


def _participant(cell):
    """Moodle's number of a participant, in any language, as `identity` writes it."""
    found = re.fullmatch(r"\D*?(\d+)", cell)
    return f"Participant {found[1]}" if found else ""


def _is_nobody(person, cells):
    return person.name.casefold() in NOBODY or cells[0].casefold() in NOBODY


def full_points(form, table, column):
    """What the system counts for full points in a column; None where the file does not say."""
    titled = re.fullmatch(form.scores, table.header[column], re.I)
    if titled and titled.groupdict().get("possible"):
        return number(titled["possible"])
    header = [title.casefold() for title in table.header]
    if place := next((header.index(name) for name in form.most if name in header), None):
        most = {number(row[place].value) for row in table.rows[1:] if place < len(row)} - {None}
        return most.pop() if len(most) == 1 else None
    if form.name == "canvas":
        rows = [row for row in table.rows[1:] if len(row) > column and not row[1].value.strip()]
        return next((value for row in rows if (value := number(row[column].value)) is not None), None)
    return None
