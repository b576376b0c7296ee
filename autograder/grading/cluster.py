"""The same work on a Dask cluster: each worker has a zygote of its own; files travel, no folder needs to be shared."""

import threading
from itertools import islice

from autograder.grading.one_file import ClassGrader, grade_job
from autograder.grading.submission import bytes_of, digest_of
from autograder.source.problems import CourseError

AHEAD = 4  # submissions waiting for each worker
PATIENCE = 15  # seconds until a scheduler or its first worker must have answered
ONE_AT_A_TIME = threading.Lock()  # warnings and errstate, which checks rely on, belong to the whole process


def graded_on_cluster(jobs, settings, address):
    """Yield the record of every job, graded by the workers of the scheduler at `address`."""
    with _client(address) as client:
        workers = len(client.nthreads())
        print(f"{workers} workers of the scheduler at {address}.")
        # What nobody can read here is nothing to send.
        readable, running = [job for job in jobs if digest_of(job.found)], {}
        yield from (ClassGrader(settings).not_graded(job) for job in jobs if not digest_of(job.found))
        waiting = iter(readable)
        first = islice(waiting, AHEAD * workers)
        done = _as_completed([_submit(client, job, settings, running) for job in first])
        for future in done:
            yield _record(future, running.pop(future.key), settings)
            for job in waiting:
                done.add(_submit(client, job, settings, running))
                break


def _client(address):
    try:
        from distributed import Client
    except ImportError:
        raise CourseError("--scheduler needs Dask: pip install 'deep-learning-by-hand[cluster]'.") from None
    try:
        client = Client(address, timeout=PATIENCE)
        client.wait_for_workers(1, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        what = "has no workers" if isinstance(error, TimeoutError) else "does not answer"
        raise CourseError(f"The Dask scheduler at {address} {what}. Start it, or leave --scheduler out.") from None
    return client


def _as_completed(futures):
    from distributed import as_completed

    return as_completed(futures)


def _submit(client, job, settings, running):
    future = client.submit(grade_bytes, job, bytes_of(job.found) or b"", settings, pure=False, retries=3)
    running[future.key] = job
    return future


def _record(future, job, settings):
    """The record that a worker made; where the job took several workers with it, one that says so."""
    try:
        return future.result()
    except CourseError:
        raise
    except Exception as error:
        problem = f"It was not graded: every worker that took it on was lost ({type(error).__name__})."
        return ClassGrader(settings).not_graded(job, problem)


def grade_bytes(job, content, settings):
    """Grade a notebook that arrived as bytes."""
    with ONE_AT_A_TIME:
        return grade_job(job, settings, content)
