"""One run of `course grade`: progress while it goes, results on disk, and a table of what came out."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.class_grading import ClassGrader, append_record, class_secret, find_jobs, write_results
from autograder.problems import CourseError
from autograder.records import read_records, status
from autograder.reports import print_class


def grade_class(paths, out, *, lesson=None, secret=None, again=False):
    """Grade what is at `paths` into the folder `out`; return 0, or 1 where something could not be graded."""
    out, jobs = Path(out), find_jobs(paths)
    _prepare(out, again)
    known = {(data["file"], data["student"], data["submission_sha256"]) for data in read_records(out / "records.jsonl")}
    with ClassGrader(lesson=lesson, secret=class_secret(out, secret)) as grader:
        for job in _with_progress(jobs):
            if not known or _key(job) not in known:
                append_record(out, grader.grade(job))
        records = write_results(out, grader.lessons)
    print_class(records, out)
    return 1 if any(status(data) == "could not be graded" for data in records) else 0


def _key(job):
    import hashlib

    return job.path.name, job.student, hashlib.sha256(job.path.read_bytes()).hexdigest()


def _prepare(out, again):
    try:
        out.mkdir(parents=True, exist_ok=True)
        if again:
            (out / "records.jsonl").unlink(missing_ok=True)
    except OSError as error:
        raise CourseError(f"{out} cannot be written ({error.strerror}). Choose another folder with --out.") from None


def _with_progress(jobs):
    """Yield the jobs, with a bar on a terminal and one line a submission elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        for number, job in enumerate(jobs, 1):
            print(f"{number} of {len(jobs)}: {job.path.name}", flush=True)
            yield job
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        yield from progress.track(jobs, description="Grading")
