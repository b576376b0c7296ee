"""Zips are read where they lie, nested ones too, within limits; nothing is unpacked to the disk.

This file knows zips. What a zip may not hold (links, paths that climb, bombs, passwords) is refused with a sentence.
"""

import io
import os
import stat
import zipfile
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

MAX_MEMBERS, MAX_MEMBER, MAX_TOTAL, MAX_DEPTH = 50_000, 100 << 20, 8 << 30, 3
MAX_NESTED, MAX_RATIO, SMALL = 32 << 20, 200, 10 << 20
SIGNATURE = b"PK\x03\x04"


class Refused(Exception):
    """A zip, or a member of one, is not read; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a zip: its name there, the same as people read it, its size, the time on its maker's clock, and why
    it is not read, if so."""

    name: str
    path: str
    size: int
    clock: datetime | None
    refused: str = ""


def is_zip(name):
    """Whether a file's name is that of a zip."""
    return name.lower().endswith(".zip")


def members(path, chain=()):
    """Return the files of the zip at `path`, or of the one at `chain` inside it; `Refused` where there is none."""
    archive = _opened(path, chain)
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_MEMBERS:
        raise Refused(f"The zip holds {len(infos)} files; at most {MAX_MEMBERS} are read.")
    if sum(info.file_size for info in infos) > MAX_TOTAL:
        raise Refused(f"The zip would unpack to more than {MAX_TOTAL >> 30} GB.")
    return [Member(info.filename, _path(info), info.file_size, _clock(info), _fault(info)) for info in infos]


def _path(info):
    """A member's path: macOS and Linux write UTF-8 and do not always say so."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.filename


def _clock(info):
    try:
        return datetime(*info.date_time)
    except ValueError:
        return None


def _fault(info):
    """Why a member is not read, or ""."""
    if stat.S_ISLNK(info.external_attr >> 16):
        return "It is a link, which is not followed."
    if info.filename.startswith(("/", "\\")) or ".." in info.filename.replace("\\", "/").split("/"):
        return "Its path climbs out of the zip."
    if info.flag_bits & 1:
        return "It is locked with a password."
    if info.file_size > MAX_MEMBER:
        return f"It has {info.file_size >> 20} MB; at most {MAX_MEMBER >> 20} MB are read."
    if info.file_size > SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return f"It is packed more than {MAX_RATIO} times smaller than it is, as no notebook is."
    return ""


def read(path, chain):
    """Return the bytes of the file at `chain` inside the zip at `path`; `Refused` where that cannot be."""
    archive = _opened(path, chain[:-1])
    try:
        info = archive.getinfo(chain[-1])
        fault = _fault(info)
        if fault:
            raise Refused(fault)
        with archive.open(info) as file:
            raw = file.read(MAX_MEMBER + 1)
    except (KeyError, OSError, RuntimeError, NotImplementedError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise Refused(f"It could not be unpacked ({type(error).__name__}).") from None
    if len(raw) > MAX_MEMBER:
        raise Refused(f"It is larger than it says; at most {MAX_MEMBER >> 20} MB are read.")
    return raw


def _opened(path, chain):
    if len(chain) >= MAX_DEPTH:
        raise Refused(f"It is a zip in a zip, {len(chain)} deep; at most {MAX_DEPTH - 1} are opened.")
    stamp = path.stat()
    # A worker that was forked must not share the place in the file with its parent.
    return _kept(os.getpid(), path, tuple(chain), stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=3)
def _kept(_process, path, chain, *_stamp):
    """An open zip, kept for the next of its members: its table of contents is read once."""
    try:
        if not chain:
            return zipfile.ZipFile(path)
        raw = read(path, chain)
        if len(raw) > MAX_NESTED:
            raise Refused(f"A zip in a zip of {len(raw) >> 20} MB; at most {MAX_NESTED >> 20} MB are opened.")
        return zipfile.ZipFile(io.BytesIO(raw))
    except (OSError, ValueError, EOFError, NotImplementedError, zipfile.BadZipFile) as error:
        raise Refused(f"The zip is broken or cut off ({type(error).__name__}).") from None
