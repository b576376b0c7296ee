"""Grading on a real Dask scheduler with two workers: the records of a local run, also when a worker is killed."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from test_nothing_lost import (  # noqa: F401  `place`, `class_folder` and `undisturbed` are fixtures
    COURSE,
    SIZE,
    class_folder,
    course,
    lines,
    place,
    records,
    started,
    undisturbed,
    wait_for,
)

from conftest import FIXTURES

pytestmark = pytest.mark.slow
pytest.importorskip("distributed")
# Dask's own commands, in a process where the fixture lesson stands in the place of the course's own.
DASK = COURSE.replace("cli.main()", "from distributed.cli.dask_{} import main\nsys.argv[0] = 'dask'\nmain()")


@pytest.fixture
def cluster(place):  # noqa: F811
    """(address, the processes of two workers)."""
    where, running = place / "scheduler.json", []
    environment = {**os.environ, "TMPDIR": str(place / "tmp"), "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}

    def dask(part, *words):
        command = [sys.executable, "-c", DASK.format(part), str(FIXTURES), "--no-dashboard", *words]
        with (place / f"{part}.log").open("ab") as log:
            running.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=place))
        return running[-1]

    dask("scheduler", "--port", "0", "--host", "127.0.0.1", "--scheduler-file", str(where))
    wait_for(where.exists)
    options = ("--no-nanny", "--nthreads", "1", "--scheduler-file", str(where), "--local-directory", str(place))
    workers = [dask("worker", *options) for _ in range(2)]
    yield json.loads(where.read_text())["address"], workers
    for process in running[::-1]:
        ended(process)


def ended(process):
    """End a process of Dask's, whose event loop now and then waits forever for a task that it has canceled."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def test_a_cluster_gives_the_records_of_a_local_run(place, class_folder, cluster, undisturbed):  # noqa: F811
    address, _ = cluster
    code, printed = course(place, class_folder, "--out", place / "out", "--scheduler", address)
    assert code == 1, printed
    assert "workers of the scheduler at tcp://" in printed
    assert records(place / "out") == undisturbed[0]
    _, printed = course(place, class_folder, "--out", place / "out", "--scheduler", address)
    assert f"{SIZE} of {SIZE} are graded already" in printed


def test_a_worker_that_is_killed_costs_nothing(place, class_folder, cluster, undisturbed):  # noqa: F811
    address, workers = cluster
    run = started(place, class_folder, "--out", place / "out", "--scheduler", address)
    wait_for(lambda: lines(place / "out" / "records.jsonl") > 2)
    workers[0].send_signal(signal.SIGKILL)
    printed = run.communicate(timeout=120)[0]
    assert run.returncode == 1, printed
    assert "Traceback" not in printed
    assert records(place / "out") == undisturbed[0]


def test_a_killed_client_loses_only_what_was_in_flight(place, class_folder, cluster, undisturbed):  # noqa: F811
    address, _ = cluster
    run = started(place, class_folder, "--out", place / "out", "--scheduler", address)
    wait_for(lambda: lines(place / "out" / "records.jsonl") > 2)
    run.kill()
    run.communicate()
    kept = lines(place / "out" / "records.jsonl")
    _, printed = course(place, class_folder, "--out", place / "out", "--scheduler", address)
    assert f"{kept} of {SIZE} are graded already" in printed
    assert records(place / "out") == undisturbed[0]


def test_no_scheduler_is_a_sentence(place, class_folder):  # noqa: F811
    began = time.monotonic()
    code, printed = course(place, class_folder, "--out", place / "out", "--scheduler", "tcp://127.0.0.1:9")
    assert code == 2
    assert "does not answer" in printed
    assert time.monotonic() - began < 60
