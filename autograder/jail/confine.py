"""How the zygote and each submission's process give up what they do not need, before the first student byte runs.

The system calls are made by kept libraries: landlock, pyseccomp, resource. Landlock stops files, seccomp stops system
calls, rlimits bound what is left; each covers what the others cannot. Both layers survive a fork.
"""

import errno
import os
import resource
import sys
from pathlib import Path

import landlock
import pyseccomp
from landlock.plumbing import FSAccess, get_prctl
from pyseccomp import ERRNO, MASKED_EQ, NE, Arg, SyscallFilter

PR_SET_PDEATHSIG, SIGKILL, CLONE_THREAD = 1, 9, 0x00010000
READ = FSAccess.READ_FILE | FSAccess.READ_DIR
SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo", "/usr/share/fonts",
    "/etc/localtime", "/etc/ld.so.cache", "/dev/null", "/dev/zero", "/dev/urandom",
)  # fmt: skip
# Packages that hold the course's secrets, or that answer its questions.
CLOSED = ("autograder", "autograd", "jax", "keras", "nbgrader", "otter", "scipy", "sklearn", "tensorflow", "torch")
FORBIDDEN = (
    "execve", "execveat", "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "ptrace",
    "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "io_uring_setup",
    "io_uring_enter", "io_uring_register", "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key",
    "request_key", "mount", "umount2", "move_mount", "fsopen", "fsmount", "open_tree", "unshare", "setns", "chroot",
    "pivot_root", "shmget", "shmat", "shmctl", "semget", "semop", "semtimedop", "semctl", "msgget", "msgsnd",
    "msgrcv", "msgctl", "mq_open", "mq_unlink", "open_by_handle_at", "name_to_handle_at", "kexec_load",
    "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot", "swapon", "swapoff", "quotactl",
    "acct", "inotify_init", "inotify_init1", "inotify_add_watch", "personality", "modify_ldt", "fanotify_init",
    "process_madvise", "kcmp", "setpriority", "ioprio_set", "sched_setaffinity", "sched_setscheduler",
    "sched_setparam", "sched_setattr", "migrate_pages", "move_pages", "process_mrelease", "memfd_secret",
    "memfd_create", "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "capset",
    "syslog", "sethostname", "settimeofday", "clock_settime", "setxattr", "lsetxattr", "fsetxattr", "removexattr",
    "lremovexattr", "fremovexattr",
)  # fmt: skip
FORBIDDEN_TO_CHILDREN = (
    "fork", "vfork", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "setsid", "setpgid",
)  # fmt: skip
# Landlock does not cover the modes, owners and times of files: these calls do nothing and say nothing, so that
# shutil.copy works.
WITHOUT_EFFECT = (
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "utime", "utimes",
    "futimesat", "utimensat",
)  # fmt: skip
# Ways to have the kernel signal another process when a file is ready: (call, command).
SIGNALS_BY_FILE = (("fcntl", 8), ("fcntl", 10), ("fcntl", 15), ("ioctl", 0x8901), ("ioctl", 0x8902))
WORD = 0xFFFFFFFF  # the kernel looks at 32 bits of these arguments, and so must a rule
MIB = 1 << 20


def die_with_parent():
    """Ask the kernel to kill this process when its parent is gone."""
    get_prctl()(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def confine_zygote(scratch):
    """Leave this process and its children the interpreter to read, `scratch` to write, and no way to others."""
    restrict_files(scratch)
    layer = SyscallFilter(pyseccomp.ALLOW)
    _forbid(layer, FORBIDDEN)
    _forbid(layer, WITHOUT_EFFECT, 0)
    for name, command in SIGNALS_BY_FILE:
        _rule(layer, errno.EPERM, name, Arg(1, MASKED_EQ, WORD, command))
    _rule(layer, errno.ENOSYS, "clone3")  # its flags cannot be seen; the C library then falls back to clone
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
    return [] if name in CLOSED else [entry]


def confine_child(*, cpu_seconds, address_space):
    """What only a submission's process gives up: new processes, signals to others, and unbounded resources."""
    own = os.getpid()
    layer = SyscallFilter(pyseccomp.ALLOW)
    _forbid(layer, FORBIDDEN_TO_CHILDREN)
    _rule(layer, errno.EPERM, "clone", Arg(0, MASKED_EQ, CLONE_THREAD, 0))
    _rule(layer, errno.EPERM, "kill", Arg(0, NE, own))
    _rule(layer, errno.EPERM, "tgkill", Arg(0, NE, own))
    _rule(layer, errno.EPERM, "prctl", Arg(0, MASKED_EQ, WORD, PR_SET_PDEATHSIG))
    _rule(layer, errno.EPERM, "prlimit64", Arg(0, NE, 0))
    layer.load()
    limit_resources(cpu_seconds=cpu_seconds, address_space=address_space)


def limit_resources(*, cpu_seconds, address_space):
    """Bound CPU, address space in bytes, file size and open files; no core dumps."""
    for kind, amount in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_FSIZE, 64 * MIB),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (amount, amount))


def mapped():
    """The bytes of address space in use now; /proc is out of reach once files are restricted."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _forbid(layer, names, number=errno.EPERM):
    for name in names:
        _rule(layer, number, name)


def _rule(layer, number, name, *conditions):
    try:
        layer.add_rule(ERRNO(number), name, *conditions)
    except (ValueError, OSError):  # a call that this kernel or architecture does not have
        return
