"""Whose each file of a class is: what the evidence tells, with namesakes told apart; what nobody can tell is listed.

This file knows the class as a whole, `evidence` knows one file at a time.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from autograder.rules.identity.archives import Refused
from autograder.rules.identity.evidence import Claim, Teller, seems_of
from autograder.rules.identity.files import NOTEBOOK, OTHER, REFUSED, Found
from autograder.rules.identity.roster import Roster
from autograder.rules.identity.spelling import printable
from autograder.rules.identity.systems import ASSIGNMENT


@dataclass(frozen=True)
class Class:
    """All that was found: notebooks with an owner, and what has none or is no notebook."""

    claims: tuple[Claim, ...]
    unclaimed: tuple[Claim, ...]
    others: tuple[Claim, ...]
    refused: tuple[Found, ...]
    roster: Roster

    @cached_property
    def missing(self):
        """The people of the roster of whom there is no notebook."""
        seen = {claim.person for claim in self.claims}
        return [person for person in self.roster.people if person not in seen]

    @cached_property
    def strangers(self):
        """The students that are not in the roster, where there is one."""
        return sorted({claim.student for claim in self.claims if not claim.person}) if self.roster else []

    @cached_property
    def without_notebook(self):
        """Hand-ins that are no notebooks, of students who handed in none."""
        seen = {claim.student for claim in self.claims}
        return [claim for claim in self.others if claim.student not in seen]

    @cached_property
    def namesakes(self):
        """Groups of students who share a name and are told apart by something else."""
        names = defaultdict(set)
        for claim in self.claims:
            names[printable(_bare(claim))].add(str(claim.person or claim.student))
        return sorted(sorted(group) for group in names.values() if len(group) > 1)


def _bare(claim):
    if claim.person:
        return claim.person.name or claim.person.id
    return claim.sighting.label if claim.sighting else claim.student


def told(found, lessons, *, roster=None, pattern="", context="", system=""):
    """Return the `Class` of what was found below a folder called `context`; `system` is the one to look for alone."""
    roster, known = roster or Roster(()), tuple(lessons)
    notebooks = [one for one in found if one.kind == NOTEBOOK and _is_notebook(one)]
    others = [one for one in found if one.kind == OTHER]
    teller = Teller(known, roster, pattern, context, system)
    claims = _told_apart(teller.claims(notebooks), known)
    return Class(
        tuple(claim for claim in claims if claim.student),
        tuple(claim for claim in claims if not claim.student),
        tuple(_told_apart(teller.claims(others), known)),
        tuple(one for one in found if one.kind == REFUSED),
        roster,
    )


def _is_notebook(one):
    """Whether a file whose name ends in .json alone holds a notebook; any other name is taken at its word."""
    if ".ipynb" in one.parts[-1].lower():
        return True
    try:
        return b'"cells"' in one.read()
    except (Refused, OSError):
        return False


def _told_apart(claims, lessons):
    """Give every two people names of their own: with the system's id where a name is shared, as it is written else."""
    shared = _shared_by_ids(claims, lessons)
    claims = [
        replace(claim, student=f"{claim.student} ({claim.system_id})") if _key(claim) in shared else claim
        for claim in claims
    ]
    spelled = defaultdict(set)
    for claim in claims:
        if claim.student:
            spelled[printable(claim.student)].add((claim.person is not None, claim.student))
    names = {pair: name for shown, pairs in spelled.items() for pair, name in _distinct(shown, pairs)}
    return [
        replace(claim, student=names[claim.person is not None, claim.student]) if claim.student else claim
        for claim in claims
    ]


def _distinct(shown, pairs):
    """A name for each of those that look the same: one that is in the roster, or is what is shown, keeps it."""
    first, *rest = sorted(pairs, key=lambda pair: (not pair[0], pair[1] != shown, pair[1]))
    yield first, shown
    for pair in rest:
        yield pair, f"{shown} [{pair[1].encode('unicode_escape').decode()}]"


def _key(claim):
    return (claim.student, claim.sighting.layout.system) if claim.sighting and not claim.person else None


def _shared_by_ids(claims, lessons):
    """The names that a learning system gave to several ids; of ids that hold in one assignment, in one lesson."""
    groups = defaultdict(list)
    for claim in claims:
        if (key := _key(claim)) and claim.student and claim.system_id not in ("", claim.student):
            groups[key].append(claim)
    return {key for key, group in groups.items() if _are_several(group, lessons)}


def _are_several(group, lessons):
    if len({claim.system_id for claim in group}) < 2 or group[0].sighting.layout.within != ASSIGNMENT:
        return len({claim.system_id for claim in group}) > 1
    ids = defaultdict(set)
    for claim in group:
        ids[seems_of(claim.found, lessons)].add(claim.system_id)
    return any(len(found) > 1 for found in ids.values())
