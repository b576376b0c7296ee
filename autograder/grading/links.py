"""Links in a folder of submissions are refused, wherever they lead: who makes one hands in what is not theirs."""

import os
import stat


def is_through_link(path, root):
    """Whether a path below `root` is a link, or is reached through one."""
    parts = [path, *path.parents]
    return any(part.is_symlink() for part in parts[: parts.index(root)])


def is_regular(path):
    """Whether a path is a file by itself: no link, no pipe, which would be waited for, and no device."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def refused(paths, root):
    """Sentences on the links among these paths."""
    return [
        f"{path.relative_to(root).as_posix()} is a link, or lies behind one; it was left out."
        for path in paths
        if is_through_link(path, root)
    ]
