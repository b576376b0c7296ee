"""The system calls that a submission's process may make, in groups, each with its reason. Everything else is EPERM.

Found by tracing (strace) what NumPy, Matplotlib, IPython, the worker and the zygote's fork make of the kernel; what is
not named here, or not invented yet, is refused by number. The table in autograder/README.md is made of this file.
"""

import errno
from dataclasses import dataclass

from pyseccomp import EQ, MASKED_EQ, Arg

WORD = 0xFFFFFFFF  # the kernel looks at 32 bits of these arguments, and so must a rule
ANY = ((),)


@dataclass(frozen=True)
class Group:
    """Calls that are allowed for one reason; `when` holds, for a call, the alternatives of conditions on arguments."""

    name: str
    reason: str
    calls: tuple[str, ...]
    when: dict[str, tuple[tuple[Arg, ...], ...]]

    def rules(self):
        """Yield (call, conditions), one for each alternative."""
        for call in self.calls:
            for conditions in self.when.get(call, ANY):
                yield call, conditions


def group(name, reason, calls, **when):
    """A `Group` of the calls in a text."""
    return Group(name, reason, tuple(calls.split()), when)


def one_of(place, *values):
    """Alternatives: the argument at this place, as the kernel reads it, is one of these values."""
    return tuple((Arg(place, MASKED_EQ, WORD, value),) for value in values)


def without(place, flags):
    """None of these flags is set in the argument at this place."""
    return Arg(place, MASKED_EQ, flags, 0)


EXECUTE, WRITE_AND_EXECUTE = 4, 6
UNCOUNTED = 0x2000 | 0x40000  # MAP_LOCKED, MAP_HUGETLB
OTHER_THAN_A_LIBRARY = UNCOUNTED | 0x1 | 0x20  # MAP_SHARED, MAP_ANONYMOUS
ODD_FILES = 0x400000 | 0x200000 | 0x2000  # O_TMPFILE's own bit, O_PATH, O_ASYNC: unseen files, and signals
THREAD = 0x3D0F00  # the flags with which the C library starts a thread, and no others
FORK = 0x1200011  # and with which it forks
FCNTL = 0, 1, 2, 3, 1030  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC
F_SETFL, O_ASYNC = 4, 0x2000
IOCTL = 0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451  # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
MADVISE = 0, 1, 2, 3, 4, 8, 14, 15, 16  # plain use and giving back; not merging with others' pages, not poisoning
NAMES_OF_THREADS = 15, 16  # PR_SET_NAME, PR_GET_NAME
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38

GROUPS = (
    group(
        "reading and writing",
        "Python, NumPy and Matplotlib read modules, fonts and the folder of the submission; Landlock says which",
        "read pread64 readv preadv preadv2 write pwrite64 writev pwritev pwritev2 open openat close close_range lseek "
        "stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents getdents64 getcwd "
        "chdir fchdir dup dup2 dup3 pipe pipe2 sendfile copy_file_range truncate ftruncate umask",
        open=((without(1, ODD_FILES),),),
        openat=((without(2, ODD_FILES),),),
    ),
    group(
        "names of files",
        "a notebook may save a figure, an array, a folder of its own; no hard links, devices, modes or attributes",
        "mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 symlink symlinkat",
    ),
    group(
        "state of files",
        "what `open`, `isatty` and `dup` ask; no leases, locks, owners of signals, flags of the file system",
        "fcntl ioctl",
        fcntl=(*one_of(1, *FCNTL), (Arg(1, MASKED_EQ, WORD, F_SETFL), without(2, O_ASYNC))),
        ioctl=one_of(1, *IOCTL),
    ),
    group(
        "memory",
        "arrays, and libraries that are imported; nothing both writable and executable, nothing that no limit counts",
        "brk mmap munmap mremap mprotect madvise msync",
        mmap=(
            (without(2, EXECUTE), without(3, UNCOUNTED)),
            (Arg(2, MASKED_EQ, WRITE_AND_EXECUTE, EXECUTE), without(3, OTHER_THAN_A_LIBRARY)),
        ),
        mprotect=((without(2, EXECUTE),),),
        madvise=one_of(2, *MADVISE),
    ),
    group(
        "threads",
        "BLAS, `threading` and the C library; `clone` with the flags of a thread only, no processes, no namespaces",
        "clone futex set_robust_list rseq set_tid_address sched_yield exit exit_group prctl",
        clone=((Arg(0, EQ, THREAD),),),
        prctl=one_of(0, *NAMES_OF_THREADS),
    ),
    group(
        "signals",
        "Python's handlers, `abort`; to this process only (its number is a condition, set after the fork)",
        "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause "
        "restart_syscall kill tgkill",
    ),
    group(
        "clocks and waiting",
        "`time`, `%timeit`, `sleep`, timers; waiting for a pipe or the wire",
        "clock_gettime clock_getres gettimeofday time times getrusage nanosleep clock_nanosleep alarm setitimer "
        "getitimer poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2",
    ),
    group(
        "who and where am I",
        "`os`, `platform`, `tempfile`, `multiprocessing.cpu_count`; chance",
        "getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getpgrp uname getrandom "
        "sched_getaffinity prlimit64",
        sched_getaffinity=((Arg(0, EQ, 0),),),
        prlimit64=((Arg(0, EQ, 0),),),
    ),
    group(
        "the wire",
        "one socket, open since before the fork; no new one, no descriptors over it, no address",
        "sendto recvfrom getsockname getpeername getsockopt shutdown",
        sendto=((Arg(4, EQ, 0),),),
    ),
)

# What the zygote needs besides, and a submission's process gives up in a second layer.
ZYGOTE = group(
    "the zygote",
    "to fork a process for each submission, to end it, to empty its folder, and to add the second layer",
    "fork clone wait4 recvmsg sendmsg setsid seccomp prctl chmod fchmod fchmodat",
    clone=((Arg(0, EQ, FORK),),),
    prctl=(
        (Arg(0, MASKED_EQ, WORD, PR_SET_PDEATHSIG), Arg(1, EQ, 9)),
        (Arg(0, MASKED_EQ, WORD, PR_SET_NO_NEW_PRIVS), Arg(1, EQ, 1)),
    ),
)

# Answers other than EPERM. The modes, owners and times of files stay as they are and nothing is said, so that
# `shutil.copy` works; a disk is not made to wait; and the C library falls back from `clone3`, whose flags cannot be
# seen, to `clone`.
ANSWERS = {
    0: "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat fsync fdatasync",
    errno.ENOSYS: "clone3",
}
# Calls that the library may be too old to know by name have one number on every architecture.
NUMBERS = {"fchmodat2": 452, "clone3": 435, "epoll_pwait2": 441, "close_range": 436, "faccessat2": 439}
CONDITIONAL = ("kill", "tgkill")  # besides those with a `when`: their condition is set after the fork


def table():
    """The table of autograder/README.md; an asterisk marks a call that is allowed with some arguments only."""
    rows = ["| group | calls | why |", "|---|---|---|"]
    for one in (*GROUPS, ZYGOTE):
        calls = [f"`{call}`" + "*" * (call in one.when or call in CONDITIONAL) for call in one.calls]
        rows.append(f"| {one.name} | {' '.join(calls)} | {one.reason} |")
    return "\n".join(rows)
