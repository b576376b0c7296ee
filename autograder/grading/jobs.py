"""What there is to do: the files of a class, each with the student it counts for and when it was handed in."""

import hashlib
from dataclasses import dataclass
from datetime import UTC

from autograder.reporting.records import Handed, Whose
from autograder.rules.choices import Choices
from autograder.rules.identity.files import NOTEBOOK, Found, find
from autograder.rules.identity.spelling import printable, stem_of
from autograder.rules.identity.whose import told
from autograder.rules.lateness import handed_in, noted_times
from autograder.source.lesson import lesson_names
from autograder.source.problems import CourseError


@dataclass(frozen=True, slots=True)
class Job:
    """One file to grade, whose it is, and how it is called: by its path below the folder that was named."""

    found: Found
    student: str
    whose: Whose = Whose()  # noqa: RUF009  frozen
    handed: Handed = Handed()  # noqa: RUF009  frozen

    @property
    def file(self):
        return self.found.label

    @property
    def path(self):
        return self.found.path

    @property
    def key(self):
        """What tells this file from every other: its folder and its name."""
        return self.handed.folder, self.file


def find_jobs(paths, lessons=()):
    """Return the jobs among files, folders and zips, in a stable order."""
    return find_class(paths, lessons)[0]


def own_jobs(path):
    """Return the jobs for one's own notebooks, a file or a folder of them: whose they are is no question."""
    _, found = find([path])
    jobs = [Job(one, printable(stem_of(one.parts[-1]))) for one in found if one.kind == NOTEBOOK]
    if not jobs:
        raise CourseError(f"There is no notebook in {path}.")
    return jobs


def find_class(paths, lessons=(), choices=None, *, asked_lesson="", apart=None):
    """Return (the jobs, the `Class` they are of); `CourseError` where a path does not exist or holds no hand-in."""
    choices, lessons = choices or Choices(), lessons or tuple(lesson_names())
    course = choices.course
    base, found = find(paths, apart)
    context = base.name if len(paths) != 1 or base.samefile(paths[0]) else ""
    options = {"pattern": choices.student or course.student, "context": context, "system": course.system}
    group = told(found, lessons, roster=choices.people, **options)
    if not (group.claims or group.unclaimed or group.others or group.refused):
        raise CourseError(f"There is no notebook in {', '.join(map(str, paths))}.")
    notes, folder = noted_times(found), hashlib.sha256(str(base).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return [_job(claim, course, notes, folder, asked_lesson) for claim in group.claims], group


def _job(claim, course, notes, folder, asked_lesson):
    person, sighting = claim.person, claim.sighting
    moment = handed_in(claim, course, notes)
    groups = sighting.groups if sighting else {}
    whose = Whose(
        name=printable(person.name) if person and person.name else "",
        email=person.email if person else "",
        section=person.section if person else "",
        system=sighting.layout.system if sighting else "",
        system_id=claim.system_id,
        evidence=claim.evidence,
    )
    handed = Handed(
        at=moment.at.astimezone(UTC).isoformat(timespec="seconds") if moment.at else "",
        clock=moment.clock,
        sequence=int(groups.get("sequence", 0)),
        is_flagged_late="late" in groups,
        folder=folder,
        asked_lesson=asked_lesson,
    )
    return Job(claim.found, claim.student, whose, handed)
