"""The same work on a Dask cluster: each worker has a zygote of its own; files travel, no folder needs to be shared."""

import tempfile
from dataclasses import replace
from pathlib import Path

from autograder.class_grading import Job, grade_job
from autograder.problems import CourseError

AHEAD = 4


def graded_on_cluster(jobs, settings, address):
    """Yield the record of every job, graded by the workers of the scheduler at `address`."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise CourseError("--scheduler needs Dask: pip install 'deep-learning-by-hand[cluster]'.") from None
    try:
        client = Client(address, timeout=10)
    except OSError:
        raise CourseError(f"No Dask scheduler answers at {address}. Start one, or leave --scheduler out.") from None
    with client:
        ahead = AHEAD * max(1, len(client.scheduler_info()["workers"]))
        waiting = iter(jobs)
        running = as_completed([_submit(client, job, settings) for job, _ in zip(waiting, range(ahead), strict=False)])
        for future in running:
            yield future.result()
            for job in waiting:
                running.add(_submit(client, job, settings))
                break


def _submit(client, job, settings):
    return client.submit(grade_bytes, job, job.path.read_bytes(), settings, pure=False, retries=3)


def grade_bytes(job, content, settings):
    """Grade a notebook that arrived as bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / job.path.name
        path.write_bytes(content)
        return grade_job(replace(job, path=path) if isinstance(job, Job) else job, settings)
