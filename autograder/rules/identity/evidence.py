"""The evidence for whose one file is, in its order; what it does not tell stays open.

1. --student, where the instructor gave a pattern   2. the learning system's own folder or file, the outermost
3. a roster's id or name in the path, outermost first   4. the folder where file names repeat   5. the file's own name
Where a roster is given, who is meant by 1, 2, 4 and 5 is looked up in it, and who is in it counts under its id.
"""

import re
from collections import Counter
from dataclasses import dataclass

from autograder.rules.identity.archives import Refused
from autograder.rules.identity.files import Found
from autograder.rules.identity.folders import Placed, owners
from autograder.rules.identity.roster import Person
from autograder.rules.identity.sightings import Sighting, layouts_of, sighted, with_shared_titles
from autograder.rules.identity.spelling import is_generic, mention, named_lesson, nfc, spellings, stem_of
from autograder.rules.identity.which_lesson import glimpse
from autograder.source.problems import CourseError


@dataclass(frozen=True)
class Claim:
    """What is told of one file: the student it counts for, "" if nobody can say, and by what evidence."""

    found: Found
    student: str
    evidence: str
    person: Person | None = None
    sighting: Sighting | None = None

    @property
    def system_id(self):
        """The learning system's own id, which an export needs."""
        return self.sighting.groups.get("id", "") if self.sighting else ""


class Teller:
    """Tells whose files are, by everything but what they have in common with others of the same name."""

    def __init__(self, lessons, roster, pattern, context, system=""):
        self._lessons, self._roster, self._context = lessons, roster, context
        self._pattern = _compiled(pattern)
        self._begins, self._layouts = mention(lessons).match, layouts_of(system)

    def claims(self, found):
        """Return a `Claim` for each file."""
        if self._pattern is not None:
            return [self._by_pattern(one) for one in found]
        sightings = with_shared_titles([self._sighted(one) for one in found])
        claims = [sighting and self._by_system(one, sighting) for one, sighting in zip(found, sightings, strict=True)]
        left = [number for number, claim in enumerate(claims) if claim is None]
        if self._roster:
            for number in left:
                claims[number] = self._by_roster(found[number])
            left = [number for number in left if claims[number] is None]
        for number, claim in zip(left, self._by_names([found[number] for number in left]), strict=True):
            claims[number] = claim
        return claims

    def _by_pattern(self, one):
        match = self._pattern.search("/".join(one.parts))
        if not match:
            return Claim(one, "", "--student does not fit it")
        groups = match.groupdict()
        name = groups.get("student") or groups.get("id") or groups.get("name") or (match.groups() or match[:1])[0] or ""
        return self._looked_up(one, "--student", (nfc(name),), ids=(name,))

    def _sighted(self, one):
        parts = [part.removesuffix(".zip") for part in one.parts[:-1]] + [one.parts[-1]]
        return sighted([self._context, *parts] if self._context else parts, self._begins, self._layouts)

    def _by_system(self, one, sighting):
        # Where the label is nothing but the id, it is no second witness.
        is_named = "{id}" not in sighting.layout.label or not self._roster.with_id(sighting.ids)
        label = (sighting.label,) if is_named else ()
        claim = self._looked_up(one, sighting.layout.system, label, ids=sighting.ids, sighting=sighting)
        whole = self._roster.with_id(spellings(stem_of(one.parts[-1]), self._lessons)) if len(one.parts) == 1 else set()
        return (
            self._of(one, {claim.person or claim.student, *whole}, claim.evidence)
            if whole and claim.person not in whole
            else claim
        )

    def _by_roster(self, one):
        """By the outermost part of the path that means somebody in the roster."""
        for depth, part in enumerate(one.parts):
            stem = stem_of(part) if depth == len(one.parts) - 1 else part.removesuffix(".zip")
            ways = dict.fromkeys((nfc(part), *spellings(nfc(stem), self._lessons)))
            if people := self._roster.meant_by(spellings=tuple(ways)):
                return self._of(one, people, "the roster")
        return None

    def _by_names(self, found):
        names = without_titles([spellings(stem_of(one.parts[-1]), self._lessons)[-1] for one in found])
        inside = any(len(one.parts) > 1 for one in found)
        placed = [
            Placed(_folders(one), "" if is_generic(name) else name, self._lesson(one) if inside else "")
            for one, name in zip(found, names, strict=True)
        ]
        nameless = Counter(
            named_lesson(one.parts[-1], self._lessons) for one, name in zip(found, names, strict=True) if not name
        )
        for one, name, depth in zip(found, names, owners(placed, self._lessons), strict=True):
            if depth is not None:
                yield self._looked_up(one, "the folder", spellings(_folders(one)[depth], self._lessons)[::-1])
            elif name or nameless[named_lesson(one.parts[-1], self._lessons)] == 1:
                yield self._looked_up(one, "the file's name", (name or stem_of(one.parts[-1]),))
            else:
                yield Claim(one, "", "its name says nothing of a person")

    def _lesson(self, one):
        return named_lesson(one.parts[-1], self._lessons) or seems_of(one, self._lessons)

    def _looked_up(self, one, evidence, names, ids=(), sighting=None):
        if self._roster and (people := self._roster.meant_by(ids, names)):
            return self._of(one, people, evidence, sighting)
        return Claim(one, next((name for name in names if name), ""), evidence, sighting=sighting)

    def _of(self, one, people, evidence, sighting=None):
        if len(people) > 1:
            between = " or ".join(sorted(map(str, people))[:4])
            return Claim(one, "", f"it may be of {between}", sighting=sighting)
        (person,) = people
        return Claim(one, person.id, evidence, person, sighting)


def _folders(one):
    return tuple(part.removesuffix(".zip") for part in one.parts[:-1])


def without_titles(names):
    """Names less the title that many share, as in "Ada Able - Homework 1" or "Homework 1 - Ada Able"."""
    pairs = [(name.partition(" - ")[0], name.rpartition(" - ")[2]) if " - " in name else None for name in names]
    lefts, rights = Counter(pair[0] for pair in pairs if pair), Counter(pair[1] for pair in pairs if pair)
    found = []
    for name, pair in zip(names, pairs, strict=True):
        if pair and rights[pair[1]] > max(lefts[pair[0]], 1):
            name = name.rpartition(" - ")[0]
        elif pair and lefts[pair[0]] > max(rights[pair[1]], 1):
            name = name.partition(" - ")[2]
        found.append(name)
    return found


def seems_of(one, lessons):
    """The lesson that a file seems to be of, "" also where it cannot be read: that is told when it is graded."""
    try:
        return glimpse(one.read(), lessons)
    except (Refused, OSError):
        return ""


def _compiled(pattern):
    try:
        return re.compile(pattern) if pattern else None
    except re.error as error:
        raise CourseError(f"--student {pattern!r} is not a regular expression ({error}).") from None
