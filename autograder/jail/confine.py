"""How the zygote and each submission's process give up what they do not need, before the first student byte runs.

The system calls are made by kept libraries: landlock, pyseccomp, resource. Landlock stops files, seccomp stops system
calls, rlimits bound what is left; each covers what the others cannot. Both layers survive a fork. `calls` says which
system calls are allowed and why.
"""

import errno
import os
import resource
import sys
from pathlib import Path

import landlock
import pyseccomp
from landlock.plumbing import FSAccess, get_prctl
from pyseccomp import ALLOW, ERRNO, NE, Arg, Attr, SyscallFilter

from autograder.jail.calls import ANSWERS, GROUPS, NUMBERS, PR_SET_PDEATHSIG, THREAD, ZYGOTE

SIGKILL = 9
UNKNOWN = -1  # what libseccomp answers to a name that it has never heard
READ = FSAccess.READ_FILE | FSAccess.READ_DIR
SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo", "/usr/share/fonts",
    "/etc/localtime", "/etc/ld.so.cache", "/dev/null", "/dev/zero", "/dev/urandom",
)  # fmt: skip
# Packages that hold the course's secrets, or that answer its questions.
CLOSED_PACKAGES = (
    "autograder", "autograd", "jax", "keras", "nbgrader", "otter", "scipy", "sklearn", "tensorflow", "torch",
)  # fmt: skip
MIB = 1 << 20
MOST_FILE = 64 * MIB


def die_with_parent():
    """Ask the kernel to kill this process when its parent is gone."""
    get_prctl()(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def be_the_first_to_go():
    """Where the machine runs out of memory, the kernel takes a submission's process and not the grader."""
    Path("/proc/self/oom_score_adj").write_text("1000", encoding="utf-8")


def confine_zygote(scratch):
    """Leave this process and its children the interpreter to read, `scratch` to write, and the calls in `calls`."""
    restrict_files(scratch)
    layer = _layer(ERRNO(errno.EPERM))
    for one in (*GROUPS, ZYGOTE):
        for call, conditions in one.rules():
            _add(layer, ALLOW, call, conditions)
    for number, calls in ANSWERS.items():
        for call in set(calls.split()) - set(ZYGOTE.calls):
            _add(layer, ERRNO(number), call)
    layer.load()


def restrict_files(scratch):
    """Apply the Landlock layer: readable paths, and one writable folder."""
    rules = landlock.Ruleset()
    for path in readable():
        rules.allow(path, rules=READ if path.is_dir() else FSAccess.READ_FILE)
    rules.allow("/dev/null", rules=FSAccess.READ_FILE | FSAccess.WRITE_FILE)
    rules.allow(scratch)
    rules.apply()
    os.close(rules._fd)


def readable():
    """What a submission may read: the standard library, packages that are not closed to it, and system libraries."""
    standard = Path(os.__file__).parent
    yield from (entry for entry in standard.iterdir() if entry.name != "site-packages")
    for folder in {Path(entry).resolve() for entry in sys.path if Path(entry).is_dir()} - {standard}:
        if folder.name in ("site-packages", "dist-packages") or not (folder / "autograder").exists():
            for entry in folder.iterdir():
                yield from _open_parts(entry)
    yield from (path for path in map(Path, SYSTEM) if path.exists())


def _open_parts(entry):
    """A package, or what of it is open: our kernels are in memory already, and their source answers exercises."""
    name = entry.name.split(".")[0].split("-")[0]
    if name == "helpers" and entry.is_dir():
        return [part for part in entry.iterdir() if part.name != "kernels"]
    return [] if name in CLOSED_PACKAGES else [entry]


def confine_child(*, cpu_seconds, address_space):
    """What only a submission's process gives up: all that the zygote needs besides, and unbounded resources."""
    own = os.getpid()
    layer = _layer(ALLOW)
    for call in set(ZYGOTE.calls) - {"clone", "prctl", *ANSWERS[0].split()}:
        _add(layer, ERRNO(errno.EPERM), call)
    for call in set(ZYGOTE.calls) & set(ANSWERS[0].split()):
        _add(layer, ERRNO(0), call)
    _add(layer, ERRNO(errno.EPERM), "clone", (Arg(0, NE, THREAD),))
    _add(layer, ERRNO(errno.EPERM), "kill", (Arg(0, NE, own),))
    _add(layer, ERRNO(errno.EPERM), "tgkill", (Arg(0, NE, own),))
    for _, conditions in (rule for rule in ZYGOTE.rules() if rule[0] == "prctl"):
        _add(layer, ERRNO(errno.EPERM), "prctl", conditions[:1])
    layer.load()
    limit_resources(cpu_seconds=cpu_seconds, address_space=address_space)


def limit_resources(*, cpu_seconds, address_space):
    """Bound CPU, address space in bytes, file size and open files; no core dumps."""
    for kind, amount in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_FSIZE, MOST_FILE),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (amount, amount))


def mapped():
    """The bytes of address space in use now; /proc is out of reach once files are restricted."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _layer(default):
    """A filter; calls of another architecture than this one's, whose numbers mean other things, are refused too."""
    layer = SyscallFilter(default)
    layer.set_attr(Attr.ACT_BADARCH, ERRNO(errno.EPERM))
    return layer


def _add(layer, action, call, conditions=()):
    """Add a rule; one that cannot be added ends the confinement, and with it the zygote."""
    number = NUMBERS.get(call)
    if number is None:
        number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, call)
    if number == UNKNOWN:
        raise ValueError(f"libseccomp knows no system call {call}, and no rule can be made of it")
    if number > UNKNOWN:  # below: the library knows it, and this architecture has no such call
        layer.add_rule(action, number, *conditions)
