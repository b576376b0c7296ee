"""The roster: who is in the class, and who is meant by an id, a login, an address or a name.

Read from any system's own export, by its headers. Two people of one name stay two; what fits both names neither.
"""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from autograder.rules.identity.spelling import nfc, printable
from autograder.source.problems import CourseError

# Headers as systems write them, in their order: the first one with a value is the id that grades are listed under.
IDS = (
    *("id", "student_id", "student id", "studentid", "sis user id", "sid", "id number", "idnumber", "org defined id"),
    *("orgdefinedid", "matriculation number", "matrikelnummer", "student number", "username", "user name", "user_name"),
    *("benutzername", "user id", "user_id", "userid", "login", "login id", "sis login id", "eid", "participant"),
    *("identifier", "github_username", "github username", "lms_user_id", "external id"),
)
NAMES = (
    "name",
    "full name",
    "fullname",
    "student name",
    "student",
    "vollständiger name",
    "nom complet",
    "nombre completo",
)
FIRST = ("first name", "first_name", "firstname", "given name", "vorname", "prénom", "nombre", "nome")
LAST = ("last name", "last_name", "lastname", "surname", "family name", "nachname", "nom", "apellido(s)", "apellidos")
EMAIL = ("email", "e-mail", "email address", "e-mail address", "mail", "e-mail-adresse")
SECTION = ("section", "sections", "group", "groups", "gruppe", "section name", "roster_identifier")
NOBODY = ("points possible", "student, test", "test student", "max points")


@dataclass(frozen=True)
class Person:
    """One row of a roster; `aliases` are all ids by which systems know this person."""

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    aliases: tuple[str, ...] = ()

    def __str__(self):
        return f"{self.name} ({self.id})" if self.name and self.name != self.id else self.id


class Roster:
    """The people of a class, to be asked who is meant."""

    def __init__(self, people):
        self.people = tuple(people)
        self._ids, self._names, self._loose = defaultdict(set), defaultdict(set), defaultdict(set)
        for person in self.people:
            keys = {
                nfc(key) for key in (person.id, person.email, person.email.partition("@")[0], *person.aliases) if key
            }
            for key in keys:
                self._ids[key].add(person)
            for key in _names_of(person):
                self._names[key].add(person)
            for key in {key.casefold() for key in keys}.union(*map(_roughly, _names_of(person))):
                self._loose[key].add(person)
        self._tokens = {key: people for key, people in self._ids.items() if len(key) > 2 and re.search(r"\d|@", key)}

    def __bool__(self):
        return bool(self.people)

    def meant_by(self, ids=(), spellings=(), *, words=True):
        """Return the set of people who may be meant by ids and by spellings of a name; each exactly before roughly.

        Where they mean different people all are returned: nobody is to guess. With `words`, an id may also be one word
        of a spelling.
        """
        by_id = set().union(*(self._ids.get(nfc(one), ()) for one in ids))
        by_name = set().union(*(self._called(nfc(name)) for name in spellings))
        if by_id and by_name and not by_id & by_name:
            return by_id | by_name
        return (by_id & by_name) or by_id or by_name or (self._by_token(spellings) if words else set())

    def with_id(self, spellings):
        """The people whose id is one of these spellings, to the letter."""
        return set().union(*(self._ids.get(nfc(name), ()) for name in spellings))

    def _called(self, name):
        exact = self._ids.get(name, set()) | self._names.get(_spaced(name), set())
        return exact or self._loose.get(name.casefold(), set()) | self._loose.get(_loose(name), set())

    def _by_token(self, spellings):
        """The people whose id, one with digits or an address, stands in a spelling as a word of its own."""
        cuts = (r"[^\w@.+-]", r"[^\w@.+-]|_")
        words = {word for name in spellings for cut in cuts for word in re.split(cut, nfc(name))}
        return set().union(*(self._tokens.get(word, ()) for word in words))


def _spaced(name):
    return " ".join(name.split())


def _names_of(person):
    name = _spaced(nfc(person.name))
    last, comma, first = name.partition(",")
    return {one for one in (name, f"{first.strip()} {last.strip()}" if comma else "") if one}


def _loose(name):
    """A name without case, order of words, commas and spaces."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold().replace("_", " "))
    return "\0".join(sorted(words)) if words else name


def _roughly(name):
    """A name as systems write it that sort people: without order, or as Canvas does, ableada."""
    words = re.findall(r"\w+", name.casefold())
    return {_loose(name), "".join(words[-1:] + words[:-1]), "".join(words)} - {""}


def read_roster(path):
    """Return the `Roster` in a CSV file; `CourseError` with file and line where it cannot be used."""
    path = Path(path)
    try:
        text = _decoded(path.read_bytes())
    except OSError as error:
        raise CourseError(f"The roster {path} cannot be read ({error.strerror}).") from None
    table = csv.reader(io.StringIO(text, newline=""), _dialect(text))
    try:
        header = [printable(cell).casefold().lstrip("\ufeff") for cell in next(table, [])]
        rows = [(table.line_num, row) for row in table if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise CourseError(f"{path}:{table.line_num}: the roster is not a table ({error}).") from None
    columns = {name: _columns(header, known) for name, known in COLUMNS.items()}
    if not any(columns[name] for name in ("id", "name", "email", "last")):
        raise CourseError(f"{path}:1: the roster has no column called id, name or email. It has: {', '.join(header)}.")
    return Roster(_distinct(path, [(line, _person(row, columns)) for line, row in rows]))


COLUMNS = {"id": IDS, "name": NAMES, "first": FIRST, "last": LAST, "email": EMAIL, "section": SECTION}


def _decoded(raw):
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _dialect(text):
    first = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    return type("Found", (csv.excel,), {"delimiter": delimiter})


def _columns(header, known):
    return [header.index(name) for name in known if name in header]


def _person(row, columns):
    def first(name):
        values = (row[place].strip() for place in columns[name] if place < len(row))
        return next((value for value in values if value), "")

    ids = tuple(one for place in columns["id"] if place < len(row) for one in _ids(row[place]))
    given, last = first("first"), first("last")
    name = f"{given} {last}".strip() if given and last else first("name") or last or given
    email = first("email")
    key = ids[0] if ids else email or name
    return None if name.strip().casefold() in NOBODY or not key else Person(key, name, email, first("section"), ids)


def _ids(cell):
    """An id as file names have it: Brightspace's "#able" is able, Moodle's "Teilnehmer 12" is Participant 12."""
    cell = cell.strip()
    worksheet = re.fullmatch(r"[^\W\d][^\d]* ?(\d+)", cell) if " " in cell else None
    return tuple(dict.fromkeys(one for one in (cell.lstrip("#"), worksheet and f"Participant {worksheet[1]}") if one))


def _distinct(path, found):
    seen = {}
    for line, person in found:
        if person is None:
            continue
        if nfc(person.id) in seen and seen[nfc(person.id)] != person:
            raise CourseError(f"{path}:{line}: the id {person.id} is there twice. Give each person one row and one id.")
        seen[nfc(person.id)] = person
    return seen.values()
