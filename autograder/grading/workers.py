"""The work of a run, spread over workers on this machine or sent to a cluster: jobs in, records out, in any order."""

import gc
import os
import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process

from autograder.grading.interruption import Interrupted, Stop, stop_workers
from autograder.grading.one_file import ClassGrader, grade_job
from autograder.remote.undisturbed import undisturbed
from autograder.remote.zygote import Zygote
from autograder.source.problems import CourseError

AHEAD = 4  # submissions waiting for each worker: enough to keep it busy, few enough to keep memory flat
STOP = Stop()  # of a worker
MOST_POOLS = 5  # started in a run, where workers are killed


def graded(jobs, settings, workers=None, scheduler=None):
    """Yield the record of every job, in the order in which they are done."""
    if not jobs:
        return
    if scheduler:
        from autograder.grading.cluster import graded_on_cluster

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
    gc.freeze()  # so that a worker's garbage collector leaves the jobs' pages shared
    try:
        yield from _on_pools(deque(jobs), settings, workers)
    finally:
        gc.unfreeze()


def _on_pools(waiting, settings, workers):
    """Grade on a pool of workers; where one is killed, go on with a new pool, a few times."""
    for _ in range(MOST_POOLS):
        pool = ProcessPoolExecutor(workers, mp_context=get_context("fork"), initializer=_end_with_the_grader)
        try:
            with pool:
                yield from _bounded(pool, waiting, settings, AHEAD * workers)
            return
        except BrokenProcessPool:
            print(f"A worker was killed; {len(waiting)} submissions are still to do.")
    raise CourseError(
        "Workers were killed again and again, perhaps for want of memory. Take fewer with --workers; "
        "what is recorded so far is kept, and the same command goes on from there."
    )


def _bounded(pool, waiting, settings, ahead):
    """Submit a few jobs ahead, never all of them: memory stays the same for any number of submissions."""
    running = {}
    try:
        while waiting or running:
            while waiting and len(running) < ahead:
                with undisturbed():  # what is raised while Python forks a worker is ignored by it
                    running[pool.submit(_grade, waiting[0], settings)] = waiting[0]
                waiting.popleft()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                record = future.result()
                del running[future]
                yield record
    except BrokenProcessPool:
        waiting.extend(running.values())
        raise
    except (Interrupted, GeneratorExit):
        stop_workers()
        # Wait: whoever does not leaves a thread of the pool behind, which Python's end may meet with a closed pipe.
        pool.shutdown(cancel_futures=True)
        raise


def _grade(job, settings):
    """What a worker does with a job."""
    with STOP.busy():
        return grade_job(job, settings)


def _end_with_the_grader():
    """Let a worker end when the grader was killed; waiting for work, it would stay for ever. And let it be stopped."""
    STOP.listen()
    undisturbed.begin_anew()

    def watch():
        parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
