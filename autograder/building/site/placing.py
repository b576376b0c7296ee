"""Where a site goes: only into the place of an older one or of nothing, and all at once.

A site of ours bears a mark. A folder without it is somebody's, and is never touched.
"""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from autograder.source.problems import CourseError

MARK = ".deep-learning-by-hand-site"


def refuse_what_is_not_ours(out):
    """Refuse a place that holds anything but an older site of ours."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise CourseError(f"{out} is not a folder. Name another place with --out.")
    if out.is_dir() and not (out / MARK).is_file() and any(out.iterdir()):
        raise CourseError(
            f"{out} holds files that 'course site' did not make; nothing was touched. Name another place with --out."
        )


@contextmanager
def placed(out):
    """Yield an empty folder beside `out` to build in; at the end it stands in the place of what was there."""
    out = Path(out).absolute()
    refuse_what_is_not_ours(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-", ignore_cleanup_errors=True) as beside:
            made = Path(beside) / "new"
            made.mkdir()
            yield made
            (made / MARK).write_text("Made by 'course site', which may replace this folder.\n", encoding="utf-8")
            _swap(made, out, Path(beside) / "old")
    except OSError as error:
        raise CourseError(f"{error.filename or out} cannot be written ({error.strerror or error}).") from None


def _swap(made, out, aside):
    """Two renames: a reader finds the old site or the new one; where the second fails, the old one is back."""
    refuse_what_is_not_ours(out)  # building took a while
    had = out.exists()
    if had:
        out.rename(aside)
    try:
        made.rename(out)
    except OSError:
        if had:
            aside.rename(out)
        raise
    if had:
        shutil.rmtree(aside)
