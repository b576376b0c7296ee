"""Find what was handed in below files, folders and zips: notebooks, other hand-ins, and what is refused.

This file knows paths and what lies there; whose it is, is told elsewhere. A link is never followed, but for those that
the instructor names.
"""

import os
import re
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.rules.identity import archives
from autograder.rules.identity.archives import Refused
from autograder.rules.identity.spelling import ENDING, JSON, escaped
from autograder.source.problems import CourseError

NOTEBOOK, OTHER, REFUSED, NOTE = "notebook", "other", "refused", "note"
# What people hand in in a notebook's place; anything else beside notebooks is theirs and no concern of ours.
HANDED_IN = re.compile(
    r"\.(py|html?|pdf|docx?|odt|rtf|tex|jpe?g|png|heic|rar|7z|tar|t?gz|qmd|rmd|r|m|jl|pages|webarchive|part|crdownload)$",
    re.I,
)
TIMES = "timestamp.txt"
CRUFT = ("__macosx", "thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Found:
    """One file: `parts` is its path below the folder that was named, `members` its way through zips at `path`."""

    parts: tuple[str, ...]
    path: Path
    members: tuple[str, ...]
    kind: str
    size: int = 0
    modified: float | None = None
    clock: datetime | None = None
    why: str = ""

    @property
    def label(self):
        """The path as people read it; different for every file."""
        return "/".join(map(escaped, self.parts))

    def read(self):
        """The file's bytes; `Refused` or `OSError` where they cannot be had."""
        if self.size > archives.MAX_MEMBER:
            raise Refused(f"It has {self.size >> 20} MB; at most {archives.MAX_MEMBER >> 20} MB are read.")
        if self.members:
            return archives.read(self.path, self.members)
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            number = os.open(self.path, flags)
        except ValueError:
            raise Refused("Its name is none that this system can open.") from None
        with open(number, "rb") as file:
            return file.read(archives.MAX_MEMBER + 1)


def find(paths, apart=None):
    """Return (the folder that all lies below, the files found); `CourseError` where a path does not exist.

    What lies in the folder `apart`, our own results, is no hand-in, unless a folder within it was named.
    """
    roots = [Path(os.path.realpath(path)) for path in paths]
    for root in roots:
        if not root.exists():
            raise CourseError(f"There is nothing at {root}. Name notebooks, or folders or zips that hold some.")
    base = _base(roots)
    found = {(one.path, one.members): one for root in roots for one in _below(root, _parts(root, base))}
    ours = Path(os.path.realpath(apart)) if apart is not None else None
    if ours is not None and not any(ours in root.parents for root in roots):
        found = {key: one for key, one in found.items() if not one.path.is_relative_to(ours)}
    return base, sorted(found.values(), key=lambda one: one.parts)


def _base(roots):
    """The folder that paths are told from: the one that was named, or what several have in common."""
    if len(roots) == 1:
        return roots[0] if roots[0].is_dir() else roots[0].parent
    return Path(os.path.commonpath([root.parent for root in roots]))


def _parts(root, base):
    return () if root == base else root.relative_to(base).parts


def _below(path, parts):
    """Everything at a path, which is not a link; what the system hides is left out."""
    try:
        status = path.lstat()
    except OSError as error:
        yield Found(parts, path, (), REFUSED, why=f"It could not be looked at ({error.strerror}).")
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _in_folder(path, parts)
    elif stat.S_ISLNK(status.st_mode):
        yield Found(parts, path, (), REFUSED, why="It is a link, which is not followed.")
    elif not stat.S_ISREG(status.st_mode):
        yield Found(parts, path, (), REFUSED, why="It is neither a file nor a folder.")
    elif archives.is_zip(parts[-1] if parts else path.name):
        yield from _in_zip(path, (), parts or (path.name,))
    else:
        one = Found(parts or (path.name,), path, (), "", status.st_size, status.st_mtime)
        yield from _told(one)


def _in_folder(path, parts):
    try:
        names = sorted(os.listdir(path))
    except OSError as error:
        yield Found(parts, path, (), REFUSED, why=f"The folder could not be opened ({error.strerror}).")
        return
    for name in names:
        if not is_hidden(name):
            yield from _below(path / name, (*parts, name))


def _in_zip(path, chain, parts):
    try:
        listing = archives.members(path, chain)
    except Refused as error:
        yield Found(parts, path, chain, REFUSED, why=str(error))
        return
    for member in listing:
        inner = tuple(part for part in re.split(r"[/\\]", member.path) if part not in ("", "."))
        if not inner or any(map(is_hidden, inner)):
            continue
        one = Found((*parts, *inner), path, (*chain, member.name), "", member.size, clock=member.clock)
        if member.refused:
            if _kind(inner[-1]) or archives.is_zip(inner[-1]):
                yield _as(one, REFUSED, member.refused)
        elif archives.is_zip(inner[-1]):
            yield from _in_zip(path, one.members, one.parts)
        else:
            yield from _told(one)


def is_hidden(name):
    """Whether a system or an editor put a file or folder there, not a person; `..` is no name at all."""
    return (name.startswith(".") and name != "..") or name.lower() in CRUFT


def _told(one):
    kind = _kind(one.parts[-1])
    if kind:
        yield _as(one, kind)


def _kind(name):
    if ENDING.search(name) or JSON.search(name):
        return NOTEBOOK
    if name.lower() == TIMES:
        return NOTE
    return OTHER if HANDED_IN.search(name) else ""


def _as(one, kind, why=""):
    return Found(one.parts, one.path, one.members, kind, one.size, one.modified, one.clock, why)
