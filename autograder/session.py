"""The zygote as the grader sees it: a warm Python that forks one process for each submission."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass

from autograder.problems import CourseError
from autograder.process import Process

ENVIRONMENT = {
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "DEEP_LEARNING_BY_HAND_GRADING": "1",
    "PYTHONHASHSEED": "0",
}
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "HOME", "MPLCONFIGDIR", "TMPDIR")


@dataclass(frozen=True)
class Limits:
    """How long things may take, in seconds: one cell, one call of an answer, a whole submission."""

    cell: float = 5.0
    call: float = 5.0
    submission: float = 120.0


class Zygote:
    """A warm Python that forks processes for submissions; a context manager."""

    def __enter__(self):
        self._control, theirs = socket.socketpair()
        self._open = set()
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        command = [sys.executable, "-I", "-m", "autograder.jail.zygote", str(theirs.fileno())]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], env={**kept, **ENVIRONMENT}, stdin=subprocess.DEVNULL
        )
        theirs.close()
        if not self._control.recv(6):
            raise CourseError("The grader's own Python did not start; see the lines above for its reason.")
        return self

    def __exit__(self, *_):
        for process in list(self._open):
            process.close()
        self._control.close()
        self._process.wait()

    def fork(self):
        """Return a fresh process for a submission."""
        ours, theirs = socket.socketpair()
        socket.send_fds(self._control, [b'{"fork": 1}'], [theirs.fileno()])
        theirs.close()
        process = Process(self, ours, self._reply()["pid"])
        self._open.add(process)
        return process

    def end(self, process):
        """Kill a submission's process with its group and return the status with which it ended."""
        self._open.discard(process)
        self._control.sendall(json.dumps({"end": process.pid}).encode())
        return self._reply()["status"]

    def _reply(self):
        text = self._control.recv(4096)
        if not text:
            raise CourseError("The grader's own Python is gone; run the command again.")
        return json.loads(text)
