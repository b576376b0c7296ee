"""From outside: system calls by their numbers. Whatever a notebook asks of the kernel that is not allowed is EPERM.

A door is open where the kernel itself answers, with success or with any error but EPERM; so arguments can be harmless.
The control asks the same of a process without a jail, and there every one of them reaches the kernel.
"""

import os
import platform

import pytest

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are those of x86_64")
ASK = """
import ctypes, os
c = ctypes.CDLL(None, use_errno=True)
def reaches(number, *args):
    ctypes.set_errno(0)
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    done = c.syscall(ctypes.c_long(number), *words, *[ctypes.c_long(0)] * (6 - len(args)))
    return done != -1 or ctypes.get_errno() != 1
library = os.open(os.__file__, os.O_RDONLY)
parent = os.getppid()
"""
# What the grader was once open to, and what is like it: modes, attributes and flags of files, leases and locks.
FILES = {
    "setxattrat": "463, -1, b'x', 0, b'user.x', 0, 0",
    "getxattrat": "464, -1, b'x', 0, b'user.x', 0, 0",
    "listxattrat": "465, -1, b'x', 0, 0, 0",
    "removexattrat": "466, -1, b'x', 0, b'user.x'",
    "open_tree_attr": "467, -1, b'x', 0, 0, 0",
    "file_getattr": "468, -1, b'x', 0, 0, 0",
    "file_setattr": "469, -1, b'x', 0, 0, 0",
    "setxattr": "188, b'nothing', b'user.x', b'', 0, 0",
    "fsetxattr": "190, -1, b'user.x', b'', 0, 0",
    "getxattr": "191, b'nothing', b'user.x', 0, 0",
    "a hard link": "86, b'nothing', b'there'",
    "linkat": "265, -1, b'x', -1, b'y', 0",
    "a named pipe": "133, b'', 0o10600, 0",
    "mknodat": "259, -1, b'x', 0o10600, 0",
    "flags of the file system": "16, library, 0x40086602, 0",
    "reading those flags": "16, library, 0x80086601, 0",
    "extended attributes of the file system": "16, library, 0x401C5820, 0",
    "freezing the file system": "16, -1, 0xC0045877, 0",
    "terminal input": "16, library, 0x5412, b'x'",
    "a lease": "72, library, 1024, 9999",
    "the lease that is held": "72, library, 1025, 0",
    "a notice of changes": "72, library, 1026, 0",
    "the size of a pipe": "72, library, 1031, 1 << 20",
    "seals": "72, library, 1034, 0",
    "a lock of a process": "72, library, 6, 0",
    "a lock of a description": "72, library, 37, 0",
    "a hint of the life of data": "72, library, 1036, 0",
    "a signal on input": "72, library, 4, 0x2000",
    "a whole-file lock": "73, library, 5",
    "a file without a name": "2, b'nothing/here', 0x410002, 0o600",
    "a file without a name, at": "257, -100, b'nothing/here', 0x410002, 0o600",
    "a handle on a path": "2, b'nothing/here', 0x200000, 0",
    "openat2": "437, -100, b'nothing', 0, 0",
    "fallocate": "285, -1, 0, 0, 0",
    "name_to_handle_at": "303, -1, b'x', 0, 0, 0",
    "open_by_handle_at": "304, -1, 0, 0",
    "how full the disk is": "137, b'nothing', 0",
    "the same of a descriptor": "138, -1, 0",
    "dropping pages of a library": "221, -1, 0, 0, 4",
    "what of a library is in memory": "451, -1, 0, 0, 0",
    "readahead": "187, -1, 0, 0",
    "syncfs": "306, -1",
    "splice": "275, -1, 0, -1, 0, 0, 0",
    "tee": "276, -1, -1, 0, 0",
    "vmsplice": "278, -1, 0, 0, 0",
}
PROCESSES = {
    "a namespace of users": "56, 0x10010000, 0, 0, 0, 0",
    "unshare": "272, 0",
    "setns": "308, -1, 0",
    "another user": "105, os.getuid()",
    "another group": "106, os.getgid()",
    "capget": "125, 0, 0",
    "capset": "126, 0, 0",
    "ptrace": "101, 99, parent, 0, 0",
    "process_vm_writev": "311, 0, 0, 0, 0, 0, 0",
    "kcmp": "312, -1, -1, 0, 0, 0",
    "pidfd_open": "434, parent, 0",
    "pidfd_getfd": "438, -1, 0, 0",
    "process_madvise": "440, -1, 0, 0, 0, 0",
    "process_mrelease": "448, -1, 0",
    "where the parent's locks are": "274, 1 << 30, 0, 0",
    "processors of the parent": "204, parent, 8, b'x' * 8",
    "the parent's session": "124, parent",
    "the parent's group": "121, parent",
    "the parent's scheduler": "145, parent",
    "waiting for the parent": "247, 1, parent, 0, 4, 0",
    "a queued signal": "129, -1, 0, 0",
    "a core dump": "157, 4, 1",
    "a tracer of its own": "157, 0x59616D61, -1",
    "to adopt orphans": "157, 36, 0",
    "capabilities kept": "157, 8, 0",
    "another filter": "317, 99, 0, 0",
    "another filter, the old way": "157, 22, 0, 0",
    "another domain": "444, 0, 0, 1",
    "personality": "135, 0xFFFFFFFF",
    "ports": "172, 0",
    "modify_ldt": "154, 0, 0, 0",
}
KERNEL = {
    "io_uring": "425, 0, 0",
    "bpf": "321, 99, 0, 0",
    "perf_event_open": "298, 0, 0, -1, -1, 0",
    "userfaultfd": "323, 1 << 20",
    "keyctl": "250, 99, 0, 0, 0, 0",
    "add_key": "248, 0, 0, 0, 0, 0",
    "fanotify": "300, 1 << 30, 0",
    "a signal descriptor": "289, -1, 0, 0, 0",
    "an event descriptor": "290, 0, 1 << 30",
    "a timer descriptor": "283, 99, 0",
    "a timer of the kernel": "222, 99, 0, 0",
    "mq_open": "240, 0, 0, 0, 0",
    "msgget": "68, 99, 0",
    "semget": "64, 99, 0, 0",
    "memfd_secret": "447, 1 << 20",
    "memory that is locked": "149, 0, 0",
    "all memory locked": "151, 0",
    "huge pages": "9, 0, 1 << 21, 3, 0x40022, -1, 0",
    "locked pages": "9, 0, 4096, 3, 0x2022, -1, 0",
    "memory to write and to run": "9, 0, 4096, 7, 0x22, -1, 0",
    "memory to run": "9, 0, 4096, 5, 0x22, -1, 0",
    "making memory run": "10, 0, 4096, 5",
    "merging pages with others": "28, 0, 4096, 12",
    "what is in memory": "27, 1, 0, 0",
    "protection keys": "330, 1, 0",
    "mbind": "237, 0, 0, 0, 0, 0, 0",
    "mount": "165, 0, 0, 0, 0, 0",
    "umount": "166, b'nothing', 0",
    "fsopen": "430, 0, 0",
    "mount_setattr": "442, -1, b'x', 0, 0, 0",
    "chroot": "161, b'nothing'",
    "pivot_root": "155, b'nothing', b'there'",
    "sysinfo": "99, 0",
    "syslog": "103, 99, 0, 0",
    "quotactl": "179, 0, 0, 0, 0",
    "the name of the machine": "170, 0, -1",
    "reboot": "169, 0, 0, 0, 0",
    "a module of the kernel": "313, -1, 0, 0",
    "a message with descriptors": "46, -1, 0, 0",
    "receiving descriptors": "47, -1, 0, 0",
    "sendmmsg": "307, -1, 0, 0, 0",
    "options of a socket": "54, -1, 0, 0, 0, 0",
    "a letter with an address": "44, -1, b'x', 1, 0, b'x' * 16, 16",
    "membarrier": "324, 0, 0, 0",
    "futex_waitv": "449, 0, 0, 0, 0, 0",
    "a number of tomorrow": "480, 0",
    "a number of the day after": "2028, 0",
    "another table of numbers": "0x40000000 + 39, 0",
}
CALLS = {**FILES, **PROCESSES, **KERNEL}
AS_ROOT = {  # what an ordinary user's kernel answers with EPERM by itself
    *("capset", "mount", "umount", "fsopen", "mount_setattr", "chroot", "pivot_root", "syslog", "quotactl", "reboot"),
    *(
        "the name of the machine",
        "a module of the kernel",
        "fanotify",
        "bpf",
        "perf_event_open",
        "userfaultfd",
        "setns",
    ),
    *(
        "open_by_handle_at",
        "freezing the file system",
        "huge pages",
        "all memory locked",
        "process_vm_writev",
        "ptrace",
    ),
    "a hint of the life of data",
    *("memory that is locked", "another user", "another group", "io_uring", "personality"),
    *("another filter", "another filter, the old way", "terminal input", "a namespace of users", "ports"),
}


def reaching(zygote):
    """{name: whether the kernel is reached}, each in a process of its own kind: one process asks for all."""
    process = zygote.fork()
    assert process.run(ASK, "one", 5) is None
    found = {}
    for name, arguments in CALLS.items():
        error = process.run(f"found = reaches({arguments})", "two", 5)
        assert error is None, (name, error)
        found[name] = process.look("found", 5)
    process.close()
    return found


@pytest.fixture(scope="module")
def reached(jail):
    return reaching(jail)


@pytest.fixture(scope="module")
def reached_without(open_zygote):
    return reaching(open_zygote)


@pytest.mark.parametrize("name", CALLS)
def test_the_kernel_is_not_reached(name, reached):
    assert reached[name] is False


@pytest.mark.parametrize("name", CALLS)
def test_negative_control(name, reached_without):
    if name in AS_ROOT and os.getuid() != 0:
        pytest.skip("only root reaches the kernel with this anywhere")
    assert reached_without[name] is True
