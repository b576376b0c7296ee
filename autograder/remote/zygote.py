"""The zygote as the grader sees it: a warm, confined Python that forks one process for each submission."""

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.remote import scratch
from autograder.remote.process import Process
from autograder.remote.tiers import judge, launcher, missing
from autograder.remote.undisturbed import undisturbed
from autograder.source.problems import CourseError

ENVIRONMENT = {
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "DEEP_LEARNING_BY_HAND_GRADING": "1",
    "PYTHONHASHSEED": "0",
}
KEPT_VARIABLES = ("LANG", "LC_ALL")
SECRET = Path(__file__).resolve()
PASS_NUMBERS = getattr(socket, "SO_PASSCRED", None)  # on Linux: messages bear the number of the process they come from
LAST_PATIENCE = 10.0
PATIENCE = 60.0  # seconds for what the zygote does in milliseconds


@dataclass(frozen=True)
class Limits:
    """How much things may take: seconds for one cell, one call of an answer, a whole submission; bytes of memory."""

    cell: float = 5.0
    call: float = 5.0
    submission: float = 120.0
    memory: int = 1 << 30


class Zygote:
    """A warm Python that forks processes for submissions; a context manager.

    `isolation` is one of `autograder.remote.tiers`, or None for the strongest that works. `layers` names what is in
    force. `CourseError` where a tier is missing, or the weakest that is acceptable by default.
    """

    def __init__(self, isolation=None, limits=None):
        self._tiers = [isolation] if isolation else ["strict", "standard"]
        self._limits = limits or Limits()
        self._open, self.layers = set(), []
        self._process = self._control = None
        self._scratch = ""

    def __enter__(self):
        try:
            with undisturbed():
                self._scratch = scratch.make()
            self._start_strongest()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start_strongest(self):
        for tier in self._tiers:
            try:
                return self._start(tier)
            except CourseError:
                if tier == self._tiers[-1]:
                    raise

    def _start(self, tier):
        prefix, options, self.layers = launcher(tier, self._scratch)
        scratch.hand_over(self._scratch)
        self._control, theirs = socket.socketpair()
        # No path of the project's among the arguments, which any process of the machine may read.
        command = [*prefix, os.path.basename(sys.executable), "-I", "-m", "autograder.jail.zygote"]
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        path = os.pathsep.join([os.path.dirname(sys.executable), os.defpath])
        with undisturbed():  # who starts a process knows it
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**kept, **ENVIRONMENT, "HOME": self._scratch, "PATH": path},
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,  # what a terminal says to the grader is not for it
                **options,
            )
        theirs.close()
        self._control.settimeout(PATIENCE)
        with contextlib.suppress(OSError):  # it is gone already; why is found out next
            self._control.sendall(json.dumps(self._zygote_settings(tier)).encode())
        self._judge(tier)

    def _zygote_settings(self, tier):
        return {
            "isolation": tier,
            "disk": os.path.join(self._scratch, scratch.DISK),
            "memory": self._limits.memory,
            "cpu_seconds": int(self._limits.submission) + 1,
            "secret": str(SECRET),
        }

    def _judge(self, tier):
        try:
            found = json.loads(self._answer() or "null")
            if found is None:
                told = self._process.communicate()[1].decode(errors="replace").strip().splitlines()
                raise missing(tier, f"it did not start ({told[-1] if told else 'no reason given'})")
            judge(tier, found)
        except CourseError:
            self._stop()
            raise

    def _answer(self):
        try:
            return self._control.recv(4096)
        except ConnectionError:  # it ended with words of ours unread
            return b""

    def _stop(self):
        """Hang up, whereupon the zygote ends what it has forked and itself; where it does not, end it."""
        if self._control:
            self._control.close()
        if self._process:
            try:
                self._process.wait(LAST_PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process.stderr.close()

    def __exit__(self, *_):
        with undisturbed():
            for process in list(self._open):
                process.hang_up()
            self._stop()
            scratch.remove(self._scratch)

    def fork(self):
        """Return a fresh process for a submission, in an empty scratch folder."""
        ours, theirs = socket.socketpair()
        if PASS_NUMBERS:
            ours.setsockopt(socket.SOL_SOCKET, PASS_NUMBERS, 1)
        try:
            socket.send_fds(self._control, [b'{"fork": 1}'], [theirs.fileno()])
            process = Process(self, ours, self._reply()["pid"], number_of(ours))
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._open.add(process)
        return process

    def excess(self):
        """What is wrong with the amount that the submission has written, as half a sentence; or ""."""
        return scratch.excess(self._scratch)

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


def number_of(connection):
    """The process number of who speaks first on a connection, as the kernel tells it here; 0 where it does not."""
    connection.settimeout(PATIENCE)
    size = struct.calcsize("3i")
    said, told, *_ = connection.recvmsg(1, socket.CMSG_SPACE(size))
    if not said:
        raise CourseError("A process for a submission could not be started.")
    if PASS_NUMBERS:
        connection.setsockopt(socket.SOL_SOCKET, PASS_NUMBERS, 0)
    return struct.unpack("3i", told[0][2][:size])[0] if told else 0
