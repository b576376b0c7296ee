"""One run of `course grade`: the work is spread over workers, and every record is written as soon as it is there."""

import hashlib
import os
from collections import deque
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import replace
from multiprocessing import get_context

from autograder.class_grading import ClassGrader, find_jobs, grade_job
from autograder.lesson import lesson_names, load_lesson
from autograder.output import opened
from autograder.progress import with_progress
from autograder.reports import print_class
from autograder.session import Zygote

AHEAD = 4  # submissions waiting for each worker: enough to keep it busy, few enough to keep memory flat


def grade_class(paths, out, *, settings, again=False, workers=None, scheduler=None):
    """Grade what is at `paths` into the folder `out`; return 0, or 1 where something could not be graded."""
    jobs = find_jobs(paths)
    lessons = {name: load_lesson(name) for name in lesson_names()}
    with opened(out, lessons, again=again) as output:
        settings = replace(settings, secret=output.secret(settings.secret))
        known = output.index.known()
        missing = [job for job in jobs if not known or (job.student, job.path.name, _sha256(job.path)) not in known]
        if len(missing) < len(jobs):
            print(f"{len(jobs) - len(missing)} of {len(jobs)} are graded already and unchanged; --again grades all.")
        for data in with_progress(graded(missing, settings, workers, scheduler), len(missing)):
            output.add(data)
        output.write_tables()
        return print_class(output.index, output.folder)


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def graded(jobs, settings, workers=None, scheduler=None):
    """Yield the record of every job, in the order in which they are done."""
    if scheduler:
        from autograder.cluster import graded_on_cluster

        yield from graded_on_cluster(jobs, settings, scheduler)
        return
    workers = min(workers or os.cpu_count() or 1, len(jobs))
    if workers <= 1:
        with ClassGrader(settings) as grader:
            print(f"Isolation: {', '.join(grader.layers)}.")
            yield from map(grader.grade, jobs)
        return
    with Zygote(settings.isolation, settings.limits) as trial:  # refuse here, before any worker starts
        print(f"Isolation: {', '.join(trial.layers)}. {workers} workers.")
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield from _bounded(pool, jobs, settings, AHEAD * workers)


def _bounded(pool, jobs, settings, ahead):
    """Submit a few jobs ahead, never all of them: memory stays the same for any number of submissions."""
    waiting, running = deque(jobs), set()
    while waiting or running:
        while waiting and len(running) < ahead:
            running.add(pool.submit(grade_job, waiting.popleft(), settings))
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()
