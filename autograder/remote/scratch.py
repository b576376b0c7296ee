"""The folder of a zygote on the grader's side: made, lent Matplotlib's list of fonts, measured, deleted.

In the tier `strict` what a submission writes is a file system of its own, with these bounds. Elsewhere it is counted
while the grader waits, and a submission that passes them is stopped.
"""

import atexit
import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

DISK = "disk"  # all that a submission may write in
MOST_BYTES, MOST_FILES = 64 << 20, 4096
BLOCK = 512
LONGEST = 3500  # letters of a path: beyond 4095 bytes the kernel looks no further


def make():
    """Make the folder and return its path; whatever happens, it does not outlive this process."""
    scratch = tempfile.mkdtemp(prefix="course-")
    atexit.register(remove, scratch)
    os.mkdir(os.path.join(scratch, DISK), 0o700)
    return scratch


def hand_over(scratch):
    """Let who owns the folder own all of it, Matplotlib's list of fonts too: making that takes a third of a start."""
    owner, target = os.stat(scratch), Path(scratch)
    with contextlib.suppress(PermissionError):
        os.chown(target / DISK, owner.st_uid, owner.st_gid)
    for part in (".cache", "matplotlib"):
        target /= part
        target.mkdir(exist_ok=True)
        os.chown(target, owner.st_uid, owner.st_gid)
    home = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "matplotlib"
    with contextlib.suppress(OSError):  # without it the zygote makes its own
        for path in Path(os.environ.get("MPLCONFIGDIR") or home).glob("fontlist-*.json"):
            shutil.copyfile(path, target / path.name)
            os.chown(target / path.name, owner.st_uid, owner.st_gid)


def excess(scratch):
    """What is wrong with the amount that a submission has written, as half a sentence; "" where nothing is.

    It stops at the first bound that is passed, so it looks at no more than `MOST_FILES` entries.
    """
    folders, size, files = [os.path.join(scratch, DISK)], 0, 0
    while folders:
        for entry in _entries(folders.pop()):
            files += 1
            size += _size(entry)
            if size > MOST_BYTES:
                return f"it wrote more than {MOST_BYTES >> 20} MB of files"
            if files > MOST_FILES:
                return f"it made more than {MOST_FILES} files"
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            if len(entry.path) > LONGEST:
                return "it made folders too deep"
    return ""


def _entries(folder):
    """What stands in a folder now; it may be gone, and need not be open to us."""
    try:
        return list(os.scandir(folder))
    except OSError:
        return []


def _size(entry):
    try:
        return entry.stat(follow_symlinks=False).st_blocks * BLOCK
    except OSError:
        return 0


def remove(path):
    """Delete a folder, however deep it is and whatever its permissions."""
    if not path:
        return
    try:
        shutil.rmtree(path)
    except FileNotFoundError:
        return
    except (OSError, RecursionError):
        subprocess.run(["chmod", "-R", "u+rwx", path], stderr=subprocess.DEVNULL, check=False)
        subprocess.run(["rm", "-rf", path], stderr=subprocess.DEVNULL, check=False)
