"""The zygote: a clean, warm Python that forks one process for each submission and has never seen a lesson.

It is started by `autograder.remote.zygote` as a module of its own and told what to do over a Unix socket: fork, with
the new process's connection attached, or end a process. It confines itself before it serves, and dies with the grader.
"""

import gc
import importlib
import io
import json
import os
import signal
import socket
import sys

import matplotlib
import matplotlib.pyplot
import numpy as np
import numpy.random

from autograder.jail.folder import WORK, renew
from autograder.jail.probe import probe
from autograder.jail.shell import make_shell
from autograder.jail.worker import Worker


def main():
    """Serve the socket whose number is the first argument, as its first message (JSON) says."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(control.recv(4096))
    matplotlib.use("Agg")
    shell = make_shell()
    _warm_up()
    gc.collect()
    gc.freeze()
    confine = _confinement(settings)
    control.sendall(json.dumps(probe(confine, settings) if confine else {}).encode())
    _serve(control, shell, confine, settings["disk"])


def _confinement(settings):
    """Confine this process and return what confines a submission's; None where no isolation is wanted."""
    os.chdir(settings["disk"])
    if settings["isolation"] == "none":
        return None
    from autograder.jail import confine

    address_space = confine.mapped() + settings["memory"]
    confine.die_with_parent()
    confine.be_the_first_to_go()
    confine.confine_zygote(settings["disk"])

    def confine_submission():
        confine.die_with_parent()
        confine.confine_child(cpu_seconds=settings["cpu_seconds"], address_space=address_space)

    return confine_submission


def _serve(control, shell, confine, disk):
    """Fork and end processes as the grader says, each in an empty folder, until it hangs up."""
    children = set()
    while True:
        request, descriptors, *_ = socket.recv_fds(control, 4096, 1)
        if not request:
            break
        message = json.loads(request)
        if "fork" in message:
            renew(disk)
            children.add(pid := _fork(control, descriptors[0], shell, confine))
            control.sendall(json.dumps({"pid": pid}).encode())
        else:
            children.discard(message["end"])
            control.sendall(json.dumps({"status": _end(message["end"])}).encode())
    for pid in children:
        _end(pid)


def _warm_up():
    """Import what a notebook imports, and what numerical work imports lazily, once instead of in every submission."""
    for name in ("helpers.grader", "helpers.kernels", "helpers.figures"):
        importlib.import_module(name)
    np.random.default_rng(0).normal(size=2)
    np.linalg.norm(np.einsum("ij,jk", np.eye(2), np.eye(2)))
    matplotlib.pyplot.close(matplotlib.pyplot.figure())


def _fork(control, descriptor, shell, confine):
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    try:
        control.close()
        os.setsid()
        _silence()
        _keep_only(descriptor)
        connection = socket.socket(fileno=descriptor)
        connection.send(b".")  # before anybody else can: with it, the kernel tells the grader this process's number
        if confine:
            confine()
        Worker(connection, shell).serve()
    finally:
        os._exit(0)


def _keep_only(descriptor):
    """Close every other descriptor, and forget the environment."""
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, 256)
    disk = os.getcwd()
    os.environ.clear()
    os.environ.update(HOME=disk, TMPDIR=disk, MPLBACKEND="Agg", DEEP_LEARNING_BY_HAND_GRADING="1")
    os.chdir(WORK)
    sys.path.insert(0, "")  # as in a notebook: what a cell writes beside it can be imported


def _silence():
    """Nothing that a submission prints is kept, and nothing can be asked of anybody."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    sys.stdout, sys.stderr, sys.stdin = Sink(), Sink(), io.StringIO()


class Sink(io.StringIO):
    """A stream that forgets."""

    def write(self, text):
        return len(text)


def _end(pid):
    """Kill a submission's process and all of its group, and return its status."""
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return os.waitpid(pid, 0)[1]


if __name__ == "__main__":
    np.seterr(all="warn")
    main()
