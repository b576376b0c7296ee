"""The folder that a submission may write in: made anew for each, and emptied by the zygote, however it was left.

A deep tree is flattened, not walked: what stands in a folder is moved up before the folder is deleted, so that neither
the depth nor the length of a path matters, and one folder is open at a time.
"""

import os
from itertools import count

WORK = "work"


def renew(disk):
    """Empty `disk` and put an empty working folder in it."""
    work = os.path.join(disk, WORK)
    if not _is_fresh(disk, work):
        empty(disk)
        os.mkdir(work, 0o700)


def empty(folder):
    """Delete everything in a folder."""
    os.chmod(folder, 0o700)
    numbers = count()
    while entries := os.listdir(folder):
        for name in entries:
            _delete(folder, name, numbers)


def _delete(folder, name, numbers):
    path = os.path.join(folder, name)
    if os.path.islink(path) or not os.path.isdir(path):
        os.unlink(path)
        return
    os.chmod(path, 0o700)
    for inner in os.listdir(path):
        os.rename(os.path.join(path, inner), _free(folder, numbers))
    os.rmdir(path)


def _free(folder, numbers):
    """A name that nothing in the folder has."""
    while os.path.lexists(path := os.path.join(folder, f".{next(numbers)}")):
        continue
    return path


def _is_fresh(disk, work):
    """Whether the folder is as it was made, so that it need not be made again."""
    if os.listdir(disk) != [WORK] or os.path.islink(work) or not os.path.isdir(work):
        return False
    return os.stat(work).st_mode & 0o7777 == 0o700 and not os.listdir(work)
