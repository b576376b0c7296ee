"""Try what a submission must not be able to do, and what it must: what is in force is found out, not assumed."""

import ctypes
import errno
import fcntl
import importlib
import json
import os
import socket
import struct
from functools import partial

SET_FLAGS = 0x40086602  # FS_IOC_SETFLAGS
# setxattrat, file_setattr, and numbers that no kernel uses yet: what is not known must be refused, not missing.
UNKNOWN = 463, 469, 600, 1000, 0x40000000 + 1


def attempts(secret, *, strict=False):
    """{name: function} of what must be refused; `secret` is a file of the course that no submission may read."""
    seen = {"seeing the lessons": lambda: os.stat(secret)} if strict else {}
    return {
        **seen,
        "reading the lessons": lambda: open(secret, "rb").close(),
        "reading the system": lambda: open("/etc/passwd", "rb").close(),
        "listing folders": lambda: os.listdir("/"),
        "reading processes": lambda: open("/proc/self/mem", "rb").close(),
        "writing elsewhere": lambda: open(os.path.join(os.path.dirname(secret), "probe"), "w").close(),
        "opening a socket": lambda: socket.socket().close(),
        "starting a process": _start,
        "running a program": lambda: os.execv("/bin/true", ["true"]),
        "signalling others": lambda: os.kill(os.getppid(), 0),
        "a lease on a file": lambda: fcntl.fcntl(open(os.__file__), fcntl.F_SETLEASE, fcntl.F_RDLCK),
        "flags of a file": lambda: fcntl.ioctl(
            os.open("flags", os.O_RDWR | os.O_CREAT), SET_FLAGS, struct.pack("l", 0)
        ),
        "a hard link": lambda: os.link("probe", "linked"),
        **{f"system call {number}": partial(_call, number) for number in UNKNOWN},
    }


def necessities():
    """{name: function} of what must work."""
    return {
        "importing modules": lambda: importlib.import_module("xml.dom.minidom"),
        "writing in the scratch folder": lambda: open("probe", "w").close(),
    }


def probe(confine, settings):
    """Fork a process, confine it, and return the names of what was possible and should not be, and the reverse."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            confine()
            tries = attempts(settings["secret"], strict=settings["isolation"] == "strict")
            found = {
                "possible": [name for name, attempt in tries.items() if _works(attempt)],
                "impossible": [name for name, need in necessities().items() if not _works(need)],
            }
        except BaseException as error:
            found = {"possible": [], "impossible": [f"confinement ({type(error).__name__}: {error})"]}
        os.write(theirs, json.dumps(found).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as answer:
        text = answer.read()
    os.waitpid(pid, 0)
    return json.loads(text) if text else {"possible": ["running a program"], "impossible": []}


def _works(attempt):
    try:
        attempt()
    except Exception:
        return False
    return True


def _call(number):
    """Make a system call by its number; `OSError` only where it is refused."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.syscall(number, -1, None, 0, None, 0) == -1 and ctypes.get_errno() == errno.EPERM:
        raise PermissionError


def _start():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
