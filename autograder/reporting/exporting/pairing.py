"""Who in a system's file is who in the grades: by ids and names, exactly or not at all.

Whoever may be two people is neither: all are named, and nothing is written for them.
"""

from collections import defaultdict
from dataclasses import dataclass

from autograder.reporting.exporting.scores import TOTAL, Score
from autograder.rules.identity.roster import Roster
from autograder.rules.identity.systems import ASSIGNMENT, LAYOUTS

HERE_ONLY = tuple(one.system for one in LAYOUTS if one.within == ASSIGNMENT)


@dataclass(frozen=True)
class Pairs:
    """`found` is {row: Score}; `missing` are people of the file, `strangers` those of the grades, `unclear` both."""

    found: dict[int, Score]
    missing: tuple[str, ...]
    strangers: tuple[str, ...]
    unclear: tuple[str, ...]


def paired(people, scores, *, system="", lesson=TOTAL, roster=None):
    """Pair the rows of a file, {row: Person}, with scores; `roster` knows more ids of the people who were graded."""
    rows = defaultdict(list)
    for row, person in people.items():
        rows[person].append(row)
    asked, known = Roster(people.values()), {one.id: one for one in roster.people} if roster else {}
    meant, strangers, unclear, disputed = defaultdict(list), [], [], set()
    for score in scores:
        found = asked.meant_by(*_evidence(score, known.get(score.student), system, lesson), words=False)
        places = sorted(row for person in found for row in rows[person])
        if not places:
            strangers.append(str(score))
        elif len(places) > 1:
            unclear.append(f"{score} may be {' or '.join(f'{people[row]} in row {row + 1}' for row in places)}")
            disputed.update(places)
        else:
            meant[places[0]].append(score)
    for row, several in meant.items():
        if len(several) > 1:
            unclear.append(f"{people[row]} may be {' or '.join(map(str, several))}")
    missing = tuple(str(person) for row, person in people.items() if row not in meant and row not in disputed)
    found = {row: several[0] for row, several in meant.items() if len(several) == 1 and row not in disputed}
    return Pairs(found, missing, tuple(strangers), tuple(unclear))


def _evidence(score, person, system, lesson):
    """(ids, spellings of the name) of a student: another system's ids, or another assignment's, are none here."""
    whose, ids = score.whose, {score.student, score.whose.email}
    if person:
        ids |= {person.email, *person.aliases}
    name = score.student
    if whose.system_id:
        name = name.removesuffix(f" ({whose.system_id})")
        is_same = whose.system.partition(",")[0] == system
        if is_same and not (whose.system in HERE_ONLY and lesson == TOTAL):
            ids |= {whose.system_id, f"Participant {whose.system_id}" if system == "Moodle" else ""}
        else:
            ids -= {whose.system_id}
    spellings = tuple(dict.fromkeys(one for one in (whose.name, name) if one))
    return tuple(sorted(ids - {""})), spellings
