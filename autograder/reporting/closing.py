"""The closing block: who is matched, who is missing, and everything that waits for a person, each in one line.

matching.csv says the same of every single file. This file knows what is open; `terminal` prints it.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.reporting.grades import safe
from autograder.reporting.record_file import replacing
from autograder.rules.identity.spelling import named_lesson, printable
from autograder.rules.lateness import unused_extensions

MOST = 8  # named in a line; the rest is in matching.csv
WAITING = "to be marked by a person still"


@dataclass(frozen=True)
class Point:
    """One line of the block: what it is about, its items, and whether it waits for a person."""

    about: str
    items: tuple[str, ...]
    is_open: bool = True

    def __str__(self):
        more = f" and {len(self.items) - MOST} more" if len(self.items) > MOST else ""
        return f"{self.about} ({len(self.items)}): {', '.join(self.items[:MOST])}{more}"


def head(group, jobs, index):
    """The first line: how many people, notebooks and lessons."""
    students = len({job.student for job in jobs})
    graded = sum(entry.is_graded for key in {job.key for job in jobs} if (entry := index.entries.get(key)))
    files = f"{graded} of {len(jobs) + len(group.unclaimed)} notebooks graded"
    if group.roster:
        known = len({claim.person for claim in group.claims if claim.person})
        return f"{known} of {len(group.roster.people)} in the roster matched; {files}."
    return f"{students} students; {files}."


def points(group, jobs, index, course, lessons=(), failed_pages=()):
    """Return the `Point`s of a run that have items."""
    entries = [entry for job in jobs if (entry := index.entries.get(job.key))]
    found = [
        Point("missing", tuple(map(str, group.missing))),
        Point("not in the roster", tuple(group.strangers)),
        Point("not understood", tuple(f"{one.file} of {one.student}" for one in entries if not one.is_graded)),
        Point("not all of it checked, for want of time", tuple(_cut_off(entries))),
        Point("named after another lesson", tuple(_misnamed(entries, lessons))),
        *(Point(f"nothing for {lesson}", names, False) for lesson, names in _without(entries)),
        Point("whose it is cannot be told", tuple(f"{one.found.label}: {one.evidence}" for one in group.unclaimed)),
        Point("no notebook", tuple(one.found.label for one in group.without_notebook)),
        Point("not read", tuple(f"{one.label}: {one.why}" for one in group.refused)),
        Point("two people, one name", tuple(" and ".join(names) for names in group.namesakes), False),
        Point("the same file twice", tuple(_same_files(entries)), False),
        Point("more than one attempt", tuple(_attempts(entries)), False),
        Point(
            "late", tuple(f"{one.student} {one.lesson}: {one.standing.late}" for one in entries if _is_late(one)), False
        ),
        Point("late, but how late is not known", tuple(_late_without_time(entries))),
        Point("pages that could not be made", tuple(failed_pages)),
        Point("to be marked by a person, with `course mark`", tuple(_to_mark(entries)), False),
        Point("extensions that fit nobody", tuple(unused_extensions(course, _names(group, entries)))),
    ]
    return [one for one in found if one.items]


def _cut_off(entries):
    return (f"{one.file} of {one.student}" for one in entries if one.is_cut_off and one.standing.counts)


def _misnamed(entries, lessons):
    for one in entries:
        named = named_lesson(PurePosixPath(one.file).name, lessons)
        if named and one.lesson and named != one.lesson:
            yield f"{one.file} of {one.student} answers {one.lesson}"


def _without(entries):
    """(lesson, those who handed in something, but not for it), where most have handed in something for it."""
    everybody = {one.student for one in entries}
    for lesson in sorted({one.lesson for one in entries if one.lesson}):
        given = {one.student for one in entries if one.lesson == lesson}
        if len(given) < len(everybody) < 2 * len(given):
            yield lesson, tuple(sorted(everybody - given))


def _is_late(one):
    return one.standing.counts and " late by " in one.standing.late


def _to_mark(entries):
    return (f"{name} of {one.student}" for one in entries if one.standing.counts for name in one.to_mark)


def _late_without_time(entries):
    return (f"{one.student} {one.lesson}" for one in entries if one.standing.counts and "how late" in one.standing.late)


def _attempts(entries):
    return (
        f"{one.student} {one.lesson}: {one.standing.attempt} of {one.standing.attempts} counts"
        for one in entries
        if one.standing.counts and one.standing.attempts > 1
    )


def _same_files(entries):
    """Files with the same bytes; untouched notebooks of two people are alike, and that means nothing."""
    same = defaultdict(list)
    for one in entries:
        if one.sha256 and one.is_attempted and one.is_graded:
            same[one.sha256].append(one)
    for group in same.values():
        if len(group) > 1:
            students = sorted({one.student for one in group})
            yield " and ".join(students if len(students) > 1 else [f"{students[0]}: {group[0].file}", group[1].file])


def _names(group, entries):
    people = [name for person in group.roster.people for name in (person.id, person.name, person.email)]
    shown = [name for one in entries for name in (one.student, one.whose.name, one.whose.email)]
    return {printable(name).casefold() for name in (*people, *shown) if name}


def write_matching(path, group, jobs, index):
    """Write matching.csv: every file, whose it is and by what evidence, its lesson, and what became of it."""
    with replacing(path) as file:
        table = csv.writer(file)
        table.writerow(["file", "student", "name", "evidence", "system id", "lesson", "state"])
        table.writerows([safe(value) for value in row] for row in _rows(group, jobs, index))


def _rows(group, jobs, index):
    for job in jobs:
        entry = index.entries.get(job.key)
        state = "not graded" if not entry else "graded" if entry.is_graded else "could not be graded"
        state += "" if not entry or entry.standing.counts else ", another attempt counts"
        whose = job.whose
        yield job.file, job.student, whose.name, whose.evidence, whose.system_id, entry.lesson if entry else "", state
    for one in group.unclaimed:
        yield one.found.label, "", "", one.evidence, one.system_id, "", "whose it is cannot be told"
    for one in group.others:
        yield one.found.label, one.student, "", one.evidence, one.system_id, "", "no notebook"
    for one in group.refused:
        yield one.label, "", "", "", "", "", one.why
