"""The tier `strict`: a namespace that holds an interpreter, the system's libraries, one folder, and nothing else.

What is not bound into it is not there: no lesson, no home, no other submission, not even their names. The folder of the
submission is a file system of its own, bounded in bytes and in files.
"""

import os
import shutil
import sys
from pathlib import Path

import autograder
import helpers
from autograder.remote.scratch import DISK, MOST_BYTES, MOST_FILES

NOBODY = 65534
TOOLS = ("bwrap", "sh", "mount", "setpriv")
ISOLATED = ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo", "/usr/share/fonts",
    "/etc/localtime", "/etc/ld.so.cache", "/sbin/ldconfig",
)  # fmt: skip
# $1: the folder for the mount, $2: its options; the rest: what to run. Powers end with setpriv.
MOUNT = '"$MOUNT" -t tmpfs -o "$2" disk "$1" && shift 2 && exec "$SETPRIV" "$@"'
CHANGE_USER = 1 << 6 | 1 << 7  # CAP_SETGID and CAP_SETUID among a process's effective capabilities
NO_POWERS = ("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")


def missing_tool():
    """The name of a tool that this tier needs and that is not installed, or ""."""
    return next((name for name in TOOLS if not shutil.which(name)), "")


def lent_to_nobody(scratch):
    """Give the folder to an ordinary user, and say whether this process can become that user.

    A root in a container may have lost the powers for it, or know no other user.
    """
    if os.getuid() != 0 or not _may_change_user():
        return False
    try:
        os.chown(scratch, NOBODY, NOBODY)
    except OSError:
        return False
    return True


def _may_change_user():
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    return int(status["CapEff"], 16) & CHANGE_USER == CHANGE_USER


def launcher(scratch):
    """Return (command prefix, names of the layers): bubblewrap, a bounded folder, no powers; as root another user."""
    tools = {name: os.path.realpath(shutil.which(name)) for name in TOOLS}
    root = lent_to_nobody(scratch)  # for real: out of a namespace of users one would be root again
    owner = NOBODY if root else 0
    bound = [*SYSTEM, *_python(), *(tools[name] for name in TOOLS if name != "bwrap")]
    options = f"size={MOST_BYTES},nr_inodes={MOST_FILES},mode=0700,uid={owner},gid={owner}"
    prefix = [
        *(tools["bwrap"], "--die-with-parent", "--hostname", "jail", *ISOLATED, *_user(root)),
        *("--setenv", "MOUNT", tools["mount"], "--setenv", "SETPRIV", tools["setpriv"]),
        *_binds(bound, scratch),
        *("--", tools["sh"], "-c", MOUNT, "sh", os.path.join(scratch, DISK), options),
        *((f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups") if root else ()),
        *NO_POWERS,
    ]
    return prefix, ["bwrap", *(["user"] if root else []), "tmpfs"]


def _user(root):
    """What is needed to mount, to change the user, and to give all of it up."""
    powers = ("SYS_ADMIN", "SETUID", "SETGID", "SETPCAP") if root else ("SYS_ADMIN", "SETPCAP")
    added = [word for power in powers for word in ("--cap-add", f"CAP_{power}")]
    return added if root else ["--unshare-user", "--uid", "0", "--gid", "0", *added]


def _python():
    """The paths of the interpreter: its files, and the environment that the packages are in."""
    prefixes = {sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix)} - {"/usr", "/usr/local"}
    executables = {os.path.realpath(sys.executable), getattr(sys, "_base_executable", sys.executable)}
    inside = tuple(f"{prefix}/" for prefix in prefixes)
    return [*sorted(prefixes), *sorted(one for one in executables if not one.startswith(inside))]


def _binds(bound, scratch):
    """The options that make the file system: folders on the way, what is read, what is masked, what is written."""
    package = os.path.dirname(autograder.__file__)
    ours = [os.path.dirname(helpers.__file__), autograder.__file__, os.path.join(package, "jail")]
    bound = [path for path in dict.fromkeys(bound) if os.path.exists(path)]
    masks = [package] if any(_is_below(package, path) for path in bound) else []
    folders = _parents([*bound, *ours, scratch])
    return [
        *(word for folder in folders for word in ("--dir", folder)),
        *(word for path in bound for word in ("--ro-bind", path, path)),
        *(word for path in masks for word in ("--tmpfs", path)),
        *(word for path in ours for word in ("--ro-bind", path, path)),
        *("--dev", "/dev", "--proc", "/proc", "--bind", scratch, scratch),
    ]


def _parents(paths):
    """Every folder on the way to these paths, from the root down; bubblewrap would close them to other users."""
    found = {str(folder) for path in paths for folder in Path(path).parents} - {"/"}
    return sorted(found - set(paths))


def _is_below(path, folder):
    return Path(path).is_relative_to(folder)
