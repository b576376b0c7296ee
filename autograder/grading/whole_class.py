"""One run of `course grade`: who handed in what, what is still to grade, and what counts in the end.

Every record is written as soon as it is there; `workers` does the grading.
"""

from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import replace

from autograder.grading.interruption import heeded
from autograder.grading.jobs import find_class
from autograder.grading.one_file import graded_lessons
from autograder.grading.shares import share_of, take_over
from autograder.grading.submission import digest_of
from autograder.grading.workers import graded
from autograder.reporting.closing import head, points, write_matching
from autograder.reporting.index import ranked
from autograder.reporting.output_folder import opened, write_results
from autograder.reporting.terminal import print_changes, print_class, print_closing, with_progress
from autograder.rules.attempts import Attempt
from autograder.rules.choices import Choices
from autograder.rules.identity.evidence import seems_of
from autograder.rules.identity.spelling import named_lesson
from autograder.source.fingerprints import OfLessons, changed, of_record
from autograder.source.lesson import lesson_names, load_lesson


def grade_class(paths, out, *, settings, choices=None, again=False, workers=None, scheduler=None, share="", take=()):
    """Grade what is at `paths` into the folder `out`; return 0, or 1 where something waits for a person.

    Of a class in shares this is one, as "3/10"; or records of folders in `take` are taken over and not made again.
    """
    choices = choices or Choices()
    settings = settings_of(settings, choices.course)
    jobs, group = find_class(paths, tuple(lesson_names()), choices, asked_lesson=settings.lesson or "", apart=out)
    jobs = share_of(jobs, share)
    lessons = graded_lessons(settings)
    now = OfLessons(lessons)
    with heeded(), opened(out, choices.course, choices.rule) as output:
        choices.keep(output.folder)
        settings = replace(settings, secret=output.secret(settings.secret))
        take_over(output, jobs, take, now, settings.secret)
        missing, said = _missing(jobs, output.index, now, settings, again=again)
        places = _places(missing, jobs, lessons, choices.rule)
        with closing(graded(missing, settings, workers, scheduler)) as done:
            for record in with_progress(done, len(missing)):
                output.add(record, places.get((record.handed.folder, record.file), (1, 1, True)))
        output.settle()
        failed = write_results(output, choices, settings.secret, lessons)
        write_matching(output.folder / "matching.csv", group, jobs, output.index)
        print_class(output.index, output.folder)
        print_changes(output.changes(said))
        waiting = points(group, jobs, output.index, choices.course, tuple(lessons), failed)
        return 1 if print_closing(head(group, jobs, output.index), waiting) else 0


def settings_of(settings, course):
    """The settings of grading, with what the course says of lessons and points."""
    given = tuple((lesson, name, value) for lesson, all in course.points.items() for name, value in all.items())
    lesson = settings.lesson and load_lesson(settings.lesson).name
    return replace(settings, lesson=lesson, lessons=settings.lessons or course.lessons, points=given)


def _missing(jobs, index, now, settings, *, again):
    """Return (the jobs that are to be graded, what changed in the checks since their records were made)."""
    missing, stale = [], []
    for job in jobs:
        entry = index.entries.get(job.key)
        if again or entry is None or not _is_same(entry, job, settings):
            missing.append(job)
        elif entry.lesson and not now.are(entry.lesson, entry.fingerprint):
            stale.append((job, entry))
    done = len(jobs) - len(missing) - len(stale)
    if done:
        print(f"{done} of {len(jobs)} are graded already and unchanged; --again grades all.")
    return [*missing, *(job for job, _ in stale)], _what_changed([entry for _, entry in stale], index, now)


def _is_same(entry, job, settings):
    """Whether a record is of this very file and student, and of the lesson that is asked for now."""
    asked = settings.lesson or ""
    is_asked = entry.handed.asked_lesson == asked or entry.lesson == (asked or entry.lesson) != ""
    return is_asked and entry.student == job.student and entry.sha256 == digest_of(job.found)


def _what_changed(stale, index, now):
    """Print which checks changed and how many records that concerns; return it in a few words."""
    counts = Counter()
    for record in index.records(stale):
        new = now.of(record.lesson)
        counts.update(changed(of_record(record), new) if new else ["the lesson"])
    phrases = [f"{phrase} changed" for phrase, _ in counts.most_common()]
    for phrase in phrases[:10]:
        print(phrase)
    if stale:
        more = f"{len(phrases) - 10} more changed; " if len(phrases) > 10 else ""
        print(f"{more}{len(stale)} record{'s' * (len(stale) > 1)} to grade again.")
    return "; ".join(phrases[:3]) + (f" and {len(phrases) - 3} more" if len(phrases) > 3 else "")


def _places(missing, jobs, lessons, rule):
    """Foresee which attempt each file is, where a student has several: {key: (number, of how many, counts)}."""
    concerned, groups = {job.student for job in missing}, defaultdict(list)
    for job in jobs:
        if job.student in concerned:
            groups[job.student].append(job)
    found = {}
    for several in groups.values():
        if len(several) > 1:
            of_lesson = defaultdict(list)
            for job in several:
                of_lesson[seems_of(job.found, lessons) or named_lesson(job.file, lessons)].append(job)
            for same in of_lesson.values():
                attempts = [Attempt.of(job.file, job.handed) for job in same]
                found |= ranked([job.key for job in same], attempts, rule)
    return found
