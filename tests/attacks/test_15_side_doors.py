"""Class 5, by the system's side doors: the zygote's limits and priority, signals, other people's files and memory.

Landlock knows nothing of modes, times and limits, and a process of the same user may change another one's: only the
filter of system calls stands in between. Every door is tried in each tier of isolation, and must be open in none.
"""

import os
import platform
from dataclasses import dataclass

import pytest

from autograder.remote.zygote import Zygote
from helpers.running import Unreachable

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="some doors are system calls by number")
PREAMBLE = """
import ctypes, fcntl, os, resource, signal, struct
c = ctypes.CDLL(None, use_errno=True)
WIDE = ctypes.c_long(0x100000001)  # 1 to the kernel, another number to a careless filter
parent, victim = os.getppid(), VICTIM
folder = os.path.dirname(victim)
opened = False
"""
ROOT_ONLY = "only root can do this anywhere"
CHANGED = ("limits", "priority", "processors", "scheduler", "disk priority")


@dataclass(frozen=True)
class Door:
    """Code, and an expression that is true where it got through."""

    name: str
    code: str
    proof: str = "opened"
    as_root: bool = False

    @property
    def changes_the_zygote(self):
        """Whether a zygote through which it got is slower than before, or bounded."""
        return self.name.partition(" of the zygote")[0] in CHANGED


DOORS = [
    Door(
        "limits of the zygote",
        "resource.prlimit(parent, resource.RLIMIT_NOFILE, (60, 60))",
        "resource.prlimit(parent, resource.RLIMIT_NOFILE) == (60, 60)",
    ),
    Door(
        "priority of the zygote",
        "os.setpriority(os.PRIO_PROCESS, parent, 5)",
        "os.getpriority(os.PRIO_PROCESS, parent) == 5",
    ),
    Door("processors of the zygote", "os.sched_setaffinity(parent, {0})\nopened = True"),
    Door(
        "scheduler of the zygote",
        "os.sched_setscheduler(parent, os.SCHED_BATCH, os.sched_param(0))",
        "os.sched_getscheduler(parent) == os.SCHED_BATCH",
    ),
    Door("disk priority of the zygote", "opened = c.syscall(251, 1, parent, (2 << 13) | 7) == 0"),
    Door(
        "a signal when a pipe is ready",
        "r, w = os.pipe()\nfcntl.fcntl(r, fcntl.F_SETOWN, parent)",
        "fcntl.fcntl(r, fcntl.F_GETOWN) == parent",
    ),
    Door(
        "the same, extended",
        "r, w = os.pipe()\nfcntl.fcntl(r, 15, struct.pack('ii', 1, parent))",
        "fcntl.fcntl(r, fcntl.F_GETOWN) == parent",
    ),
    Door("another signal for it", "r, w = os.pipe()\nfcntl.fcntl(r, 10, 9)", "fcntl.fcntl(r, 11) == 9"),
    Door("a signal by number", "opened = c.syscall(62, parent, 0) == 0"),
    Door("a signal to everybody of the user", "opened = c.syscall(62, -parent, 0) == 0 or c.syscall(62, 0, 0) == 0"),
    Door("a signal to a thread", "opened = c.syscall(234, parent, parent, 0) == 0"),
    Door("a signal to a thread, the old way", "opened = c.syscall(200, parent, 0) == 0"),
    Door("a handle of the zygote", "opened = os.pidfd_open(parent) > 0"),
    Door(
        "to live on without the zygote",
        "c.prctl(1, 9)\nc.syscall(157, WIDE, 0, 0, 0, 0)\ndeath = ctypes.c_int(-1)\nc.prctl(2, ctypes.byref(death))",
        "death.value == 0",
    ),
    Door("tracing the zygote", "opened = c.ptrace(0x4206, parent, None, None) == 0"),
    Door(
        "memory of the zygote",
        "here = ctypes.create_string_buffer(8)\nthere = (ctypes.c_size_t * 2)(id(None), 8)\n"
        "into = (ctypes.c_size_t * 2)(ctypes.addressof(here), 8)\n"
        "opened = c.syscall(310, parent, into, 1, there, 1, 0) == 8",
    ),
    Door(
        "shared memory",
        "n = c.shmget(0, 4096, 0o1600)\nopened = n >= 0\nif opened: c.shmctl(n, 0, None)",
    ),
    Door("memory that no limit counts", "os.write(os.memfd_create('more'), b'x')\nopened = True"),
    Door("watching a folder", "opened = c.inotify_add_watch(c.inotify_init(), folder.encode(), 2) > 0"),
    Door("a pair of sockets", "import socket\nsocket.socketpair()\nopened = True"),
    Door("the mode of a file", "os.chmod(victim, 0o640)", "os.stat(victim).st_mode & 0o777 == 0o640"),
    Door("the mode of a folder", "os.chmod(folder, 0o777)", "os.stat(folder).st_mode & 2"),
    Door("the owner of a file", "os.chown(victim, 12345, -1)", "os.stat(victim).st_uid == 12345", as_root=True),
    Door("the times of a file", "os.utime(victim, (1, 1))", "os.stat(victim).st_mtime == 1"),
    Door("a file emptied", "os.truncate(victim, 0)", "os.stat(victim).st_size == 0"),
    Door("a file renamed", "os.rename(victim, victim + '2')\nopened = True"),
    Door("a file deleted", "os.unlink(victim)\nopened = True"),
    Door("a folder beside it", "os.mkdir(victim + '.d')", "os.path.isdir(victim + '.d')"),
    Door("a link to it from here", "os.symlink(victim, 'mine')\nopen('mine', 'a').write('x')\nopened = True"),
    Door("a link to here from there", "os.symlink('/etc', victim + '.l')\nopened = True"),
    Door(
        "reading it through its folder",
        "f = os.open(folder, os.O_PATH)\nopened = os.read(os.open('victim', 0, dir_fd=f), 9) != b''",
    ),
]


@pytest.fixture(scope="module")
def open_zygote():
    """One without isolation, for the controls that leave it as it was."""
    with Zygote("none") as started:
        yield started


@pytest.fixture
def victim(tmp_path):
    path = tmp_path / "others" / "victim"
    path.parent.mkdir(mode=0o755)
    path.write_text("somebody's work")
    path.chmod(0o600)
    return path


def opens(door, zygote, victim):
    """Whether a submission's process gets through the door."""
    process = zygote.fork()
    try:
        process.run(PREAMBLE.replace("VICTIM", repr(str(victim))), "one", 5)
        process.run(door.code, "two", 5)
        process.run(f"proof = bool({door.proof})", "three", 5)
        return process.look("proof", 5) is True
    except Unreachable:
        return False
    finally:
        process.close()


def state(victim):
    """What can be seen of the victim's file and its folder from outside."""
    looks = [(path.name, path.stat(), path.read_bytes()) for path in sorted(victim.parent.iterdir())]
    return victim.parent.stat().st_mode, [(name, s.st_mode, s.st_uid, s.st_mtime_ns, text) for name, s, text in looks]


@pytest.mark.parametrize("door", DOORS, ids=lambda one: one.name)
def test_it_is_closed(door, jail, victim):
    before = state(victim)
    assert not opens(door, jail, victim)
    assert state(victim) == before
    process = jail.fork()
    assert process.run("x = 1", "one", 5) is None
    process.close()


@pytest.mark.parametrize("door", DOORS, ids=lambda one: one.name)
def test_negative_control(door, open_zygote, victim):
    if door.as_root and os.getuid() != 0:
        pytest.skip(ROOT_ONLY)
    if door.changes_the_zygote:
        with Zygote("none") as own:
            assert opens(door, own, victim)
    else:
        assert opens(door, open_zygote, victim)
