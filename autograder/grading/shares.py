"""A class in shares, graded by machines that need not know each other: who is in a share, and records brought home.

All files of a student are in one share, which stays the same when others hand in. At home a record is taken over where
it is of the very file and student, of the checks as they are now, and of the same secret; all else is graded there.
"""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

from autograder.grading.one_submission import seed_of
from autograder.grading.submission import digest_of
from autograder.reporting.index import Index, entry_of
from autograder.source.problems import CourseError

SHARE = re.compile(r"([1-9]\d*)/([1-9]\d*)")
RECORDS = "records.jsonl"


def share_of(jobs, share):
    """The jobs of one share, such as "3/10"; all of them for ""."""
    if not share:
        return jobs
    found = SHARE.fullmatch(share)
    number, of = map(int, found.groups()) if found else (1, 0)
    if number > of:
        raise CourseError(f"--share is which of how many, as 1/10 to 10/10, and not '{share}'.")
    return [job for job in jobs if _place(job.student, of) == number - 1]


def _place(student, of):
    return int.from_bytes(hashlib.sha256(student.encode("utf-8", "surrogatepass")).digest()[:8], "big") % of


def take_over(output, jobs, folders, now, secret):
    """Put the records in other folders of results into this one, where they hold here, and print how many do."""
    wanted, taken, stale = {(job.file, job.student): job for job in jobs}, 0, 0
    paths = list(record_files(folders))
    for path in paths:
        index = Index(path)
        for record in index.records(index.entries.values()):
            job = wanted.get((record.file, record.student))
            if job is None or not _holds(record, job, now):
                stale += 1
                continue
            _require_secret(record, secret, path)
            if _is_new(output.index.entries.get(job.key), record):
                handed = replace(job.handed, asked_lesson=record.handed.asked_lesson)
                output.add(replace(record, handed=handed, whose=job.whose))
                taken += 1
    if folders:
        more = f"; {stale} more are of other files or checks than those here" if stale else ""
        print(f"{taken} records taken over from {len(paths)} folders{more}.")


def record_files(folders):
    """The records in folders of results, or in the folders within; `CourseError` where there are none."""
    for folder in map(Path, folders):
        own = [folder / RECORDS] if (folder / RECORDS).is_file() else sorted(folder.glob(f"*/{RECORDS}"))
        if not own:
            raise CourseError(f"{folder} holds no {RECORDS}: name a folder of results, or one that holds several.")
        yield from own


def _holds(record, job, now):
    """Whether a record is of the file that lies here, and of the checks as they are now."""
    is_current = not record.lesson or now.are(record.lesson, entry_of(0, record).fingerprint)
    return is_current and record.submission_sha256 == digest_of(job.found)


def _require_secret(record, secret, path):
    """A student's hidden inputs come from the secret; grades of several secrets are no grades of one class."""
    if record.is_graded and record.seed != seed_of(record.lesson, record.student, secret):
        raise CourseError(
            f"{path} was made with another secret than this folder's. Give all of them one: --secret FILE"
        )


def _is_new(entry, record):
    other = entry_of(0, record)
    return entry is None or (entry.sha256, entry.fingerprint) != (other.sha256, other.fingerprint)
