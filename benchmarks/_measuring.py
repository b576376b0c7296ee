"""CPU seconds and memory of whole trees of processes."""

import os
import resource
import statistics
import subprocess
import threading
import time
from pathlib import Path

from autograder.release.shared import with_tools

TICK = os.sysconf("SC_CLK_TCK")


def own_cpu():
    """CPU seconds of this process and of the children that it has waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def descendants():
    """The processes below this one."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, before = {os.getpid()}, 0
    while len(found) > before:
        before = len(found)
        found |= {pid for pid, parent in parents.items() if parent in found}
    return found - {os.getpid()}


def living_cpu():
    """CPU seconds of the processes below this one that are still there, with all that they have waited for."""
    ticks = 0
    for pid in descendants():
        try:
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
        except OSError:
            continue
    return ticks / TICK


def memory_of(pids):
    """The sum of the largest resident sets that these processes have had, each by itself, in bytes.

    Pages that several share are counted in each: shared sizes cannot be read of all processes in one moment, and a fork
    in between would be counted twice or not at all.
    """
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))
    return total


class Peak(threading.Thread):
    """Watches the memory of everything below this process, until stopped."""

    def __init__(self):
        super().__init__(daemon=True)
        self.bytes, self._stopped = 0, threading.Event()

    def run(self):
        while not self._stopped.wait(0.1):
            self.bytes = max(self.bytes, memory_of(descendants()))

    def stop(self):
        self._stopped.set()
        self.join()
        return self.bytes


def run(command, folder, accepted=(0,)):
    """Run a command with all that it leaves behind and return (CPU seconds, wall seconds)."""
    cpu, wall = own_cpu(), time.monotonic()
    done = subprocess.run(command, cwd=folder, env=with_tools(), capture_output=True, text=True, check=False)
    if done.returncode not in accepted:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    wall = time.monotonic() - wall
    try:  # orphans come to this process, see `main`
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass
    return own_cpu() - cpu, wall


def median(values):
    return statistics.median(values)
