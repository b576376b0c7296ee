"""Run many short pieces of work that may hang, grow or die, each in a fork of this process with limits of its own.

For code that we trust to be harmless and not to end: mutants. Students' code runs in the jail.
"""

import contextlib
import os
import resource
import signal
import time
import warnings
from dataclasses import dataclass
from multiprocessing.connection import wait

YES, NO, DIED = "yes", "no", "died"


@dataclass(frozen=True)
class ForkLimits:
    """What one piece of work may use: seconds of processor time, seconds by the clock, and bytes beyond ours."""

    seconds: float = 1.0
    clock: float = 30.0
    memory: int = 1 << 30


@dataclass(frozen=True)
class _Child:
    job: int
    pid: int
    pipe: int
    deadline: float


def ask_all(questions, *, workers=2):
    """Answer (question, limits) pairs, each in its own fork; a question is a function that returns true or false.

    Returns YES, NO or DIED for each, in order. What outlives its limits, or raises, has died.
    """
    answers, waiting, running = [DIED] * len(questions), list(enumerate(questions))[::-1], {}
    while waiting or running:
        while waiting and len(running) < workers:
            child = _start(*waiting.pop())
            running[child.pipe] = child
        patience = min(child.deadline for child in running.values()) - time.monotonic()
        finished = set(wait(list(running), max(0.0, patience)))
        late = {pipe for pipe, child in running.items() if child.deadline <= time.monotonic()}
        for pipe in finished | late:
            child = running.pop(pipe)
            answers[child.job] = _finish(child, late=pipe not in finished)
    return answers


def _start(job, question):
    ask, limits = question
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # NumPy's idle threads hold no lock that a child would wait for.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        os.close(reader)
        _answer(ask, limits, writer)
    os.close(writer)
    return _Child(job, pid, reader, time.monotonic() + limits.clock)


def _answer(ask, limits, writer):
    """The child's life: confine itself, answer, and leave without the parent's exit handlers."""
    try:
        _confine(limits)
        os.write(writer, (YES if ask() else NO).encode())
    finally:
        os._exit(0)


def _confine(limits):
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_address_space() + limits.memory,) * 2)


def _address_space():
    """The bytes that this process has mapped; without /proc more than any machine has, which means no limit."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1 << 50


def _finish(child, *, late):
    if late:
        os.kill(child.pid, signal.SIGKILL)
    with open(child.pipe, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child.pid, 0)
    return said if said in (YES, NO) and not late else DIED
