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
    while entries := list(os.scandir(folder)):
        for entry in entries:
            _delete(entry, folder, numbers)


def _delete(entry, top, numbers):
    """Delete a file, or a folder with the files and empty folders in it; its other folders are moved to the top."""
    if not entry.is_dir(follow_symlinks=False):
        os.unlink(entry.path)
        return
    os.chmod(entry.path, 0o700)
    for inner in list(os.scandir(entry.path)):
        if not inner.is_dir(follow_symlinks=False):
            os.unlink(inner.path)
        elif not _is_deleted(inner.path):
            os.rename(inner.path, _free(top, numbers))
    os.rmdir(entry.path)


def _is_deleted(folder):
    """Delete a folder if it is empty, and say whether it was."""
    try:
        os.rmdir(folder)
    except OSError:
        return False
    return True


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
