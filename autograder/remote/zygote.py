"""The zygote as the grader sees it: a warm, confined Python that forks one process for each submission."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.problems import CourseError
from autograder.remote.process import Process
from autograder.remote.tiers import judge, launcher, missing

ENVIRONMENT = {
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "DEEP_LEARNING_BY_HAND_GRADING": "1",
    "PYTHONHASHSEED": "0",
}
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "MPLCONFIGDIR")
SECRET = Path(__file__).resolve()
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

    def __enter__(self):
        self._scratch = tempfile.mkdtemp(prefix="course-")
        try:
            self._start_strongest()
        except BaseException:
            shutil.rmtree(self._scratch, ignore_errors=True)
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
        _lend_fonts(self._scratch)
        self._control, theirs = socket.socketpair()
        settings = {
            "isolation": tier,
            "scratch": self._scratch,
            "memory": self._limits.memory,
            "cpu_seconds": int(self._limits.submission) + 1,
            "secret": str(SECRET),
        }
        command = [*prefix, sys.executable, "-I", "-m", "autograder.jail.zygote", str(theirs.fileno())]
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        self._process = subprocess.Popen(
            [*command, json.dumps(settings)],
            pass_fds=[theirs.fileno()],
            env={**kept, **ENVIRONMENT, "HOME": self._scratch},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **options,
        )
        theirs.close()
        self._control.settimeout(PATIENCE)
        self._judge(tier)

    def _judge(self, tier):
        try:
            found = json.loads(self._control.recv(4096) or "null")
            if found is None:
                told = self._process.communicate()[1].decode(errors="replace").strip().splitlines()
                raise missing(tier, f"it did not start ({told[-1] if told else 'no reason given'})")
            judge(tier, found)
        except CourseError:
            self._stop()
            raise

    def _stop(self):
        self._control.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stderr.close()

    def __exit__(self, *_):
        for process in list(self._open):
            process.close()
        self._stop()
        remove(self._scratch)

    def fork(self):
        """Return a fresh process for a submission, in an empty scratch folder."""
        self._empty_scratch()
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(self._control, [b'{"fork": 1}'], [theirs.fileno()])
            process = Process(self, ours, self._reply()["pid"])
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._open.add(process)
        return process

    def _empty_scratch(self):
        os.chmod(self._scratch, 0o700)
        work = os.path.join(self._scratch, "work")
        for entry in list(os.scandir(self._scratch)):
            if entry.path != work or not _is_fresh(entry):
                remove(entry.path)
        if not os.path.exists(work):
            os.mkdir(work, 0o700)
            owner = os.stat(self._scratch)
            os.chown(work, owner.st_uid, owner.st_gid)

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


def _lend_fonts(scratch):
    """Give the zygote Matplotlib's list of fonts where there is one: to make it takes a third of the whole start."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "matplotlib"
    owner, target = os.stat(scratch), Path(scratch)
    for part in (".cache", "matplotlib"):
        target /= part
        target.mkdir(exist_ok=True)
        os.chown(target, owner.st_uid, owner.st_gid)
    with contextlib.suppress(OSError):  # without it the zygote makes its own
        for path in cache.glob("fontlist-*.json"):
            shutil.copyfile(path, target / path.name)


def _is_fresh(entry):
    """Whether a folder is as it was made, so that it need not be made again."""
    if not entry.is_dir(follow_symlinks=False) or entry.stat(follow_symlinks=False).st_mode & 0o7777 != 0o700:
        return False
    return not os.listdir(entry.path)


def remove(path):
    """Delete what a submission left, however deep it is and whatever its permissions."""
    try:
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    except FileNotFoundError:
        return
    except (OSError, RecursionError):
        subprocess.run(["chmod", "-R", "u+rwx", path], stderr=subprocess.DEVNULL, check=False)
        subprocess.run(["rm", "-rf", path], stderr=subprocess.DEVNULL, check=False)
