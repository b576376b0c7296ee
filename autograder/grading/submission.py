"""Read a submission: whatever the file holds, the result is code cells or one sentence that says why there are none.

This file knows notebook formats and the accidents of uploading; it runs nothing and knows no lesson.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from autograder.rules.identity.archives import Refused
from helpers.language import said

NO_NOTEBOOK = said("The file is JSON but not a notebook.")
TOO_LARGE = said("The file has {count} MB; at most {most} MB are read.")
MAX_BYTES, MAX_CODE, MAX_ITEMS = 100 << 20, 1 << 20, 2_000_000


class Unreadable(Exception):
    """The file cannot be graded; the message is a sentence for the instructor."""


@dataclass(frozen=True)
class SubmittedCell:
    """One cell of a submission: its place (from 1), id, type and text."""

    place: int
    id: str
    type: str
    text: str


@dataclass(frozen=True)
class Submission:
    """What was handed in: its cells, or the sentence that says why there are none."""

    path: Path
    sha256: str
    cells: tuple
    lesson_hint: str
    problem: str = ""

    @property
    def code(self):
        return "\n".join(cell.text for cell in self.cells if cell.type == "code")


def read_submission(source, raw=None):
    """Read a file, at a path or as it was `Found`; every fault of it ends up in `problem`. `raw` is what was read."""
    path, digest = source if isinstance(source, Path) else source.path, ""
    try:
        raw = _raw(source) if raw is None else raw
        digest = hashlib.sha256(raw).hexdigest()
        notebook = parse_notebook(raw)
        submission = Submission(path, digest, tuple(_cells(notebook)), _lesson_hint(notebook))
        if len(submission.code) > MAX_CODE:
            raise Unreadable(f"The notebook holds more than {MAX_CODE >> 20} MB of code; no more is graded.")
        return submission
    except Unreadable as error:
        return Submission(path, digest, (), "", str(error))


def digest_of(source):
    """The SHA-256 of a file as `read_submission` gives it: "" where it cannot be read or is too large."""
    try:
        return hashlib.sha256(_raw(source)).hexdigest()
    except Unreadable:
        return ""


def bytes_of(source):
    """What a file holds, for another machine to read; None where it cannot be read or is too large."""
    try:
        return _raw(source)
    except Unreadable:
        return None


def _raw(source):
    try:
        size = source.stat().st_size if isinstance(source, Path) else source.size
        if size > MAX_BYTES:
            raise Unreadable(TOO_LARGE.format(count=size >> 20, most=MAX_BYTES >> 20))
        return source.read_bytes() if isinstance(source, Path) else source.read()
    except OSError as error:
        raise Unreadable(said("The file could not be read ({error}).").format(error=error.strerror)) from None
    except Refused as error:
        raise Unreadable(str(error)) from None


def parse_notebook(raw):
    """Return the notebook that these bytes hold, as a dict with a list of cells; `Unreadable` otherwise."""
    if not raw.strip():
        raise Unreadable(said("The file is empty."))
    if raw.startswith(b"PK\x03\x04"):
        raise Unreadable(said("The file is a zip archive, not a notebook; unpack it first."))
    notebook = _loaded(_text(raw))
    if isinstance(notebook, str):  # JupyterLite's list of files gives out what a cell wrote so: base64 within JSON
        notebook = _loaded(_text(_decoded(notebook)))
    if not isinstance(notebook, dict):
        raise Unreadable(NO_NOTEBOOK)
    if isinstance(notebook.get("worksheets"), list):
        sheets = [sheet for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        notebook["cells"] = [
            cell for sheet in sheets if isinstance(sheet.get("cells"), list) for cell in sheet["cells"]
        ]
    if not isinstance(notebook.get("cells"), list):
        raise Unreadable(said("The file is JSON but not a notebook: it has no cells."))
    language = _language(notebook)
    if language not in ("", "python"):
        raise Unreadable(said("The notebook is written for {code}, not for Python.").format(code=language[:40]))
    return notebook


def _loaded(text):
    if text.count("[") + text.count("{") > MAX_ITEMS:
        raise Unreadable(said("The file has too many parts to be a notebook."))
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(said("The file is not a whole notebook: its JSON is broken or cut off.")) from None


def _decoded(text):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Unreadable(NO_NOTEBOOK) from None


def _text(raw):
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable(said("The file is not text in UTF-8 or UTF-16.")) from None


def _language(notebook):
    metadata = notebook.get("metadata") if isinstance(notebook.get("metadata"), dict) else {}
    for key, field in (("language_info", "name"), ("kernelspec", "language")):
        place = metadata.get(key)
        if isinstance(place, dict) and isinstance(place.get(field), str):
            return place[field].lower().removeprefix("i")
    return ""


def _cells(notebook):
    for place, cell in enumerate(notebook["cells"], 1):
        if isinstance(cell, dict):
            text = cell.get("source", cell.get("input", ""))
            text = "".join(part for part in text if isinstance(part, str)) if isinstance(text, list) else text
            if isinstance(text, str):
                name = cell.get("id") if isinstance(cell.get("id"), str) else ""
                yield SubmittedCell(place, name, str(cell.get("cell_type")), text.replace("\r\n", "\n"))


def _lesson_hint(notebook):
    metadata = notebook.get("metadata")
    ours = metadata.get("deep_learning_by_hand") if isinstance(metadata, dict) else None
    hint = ours.get("lesson") if isinstance(ours, dict) else None
    return hint if isinstance(hint, str) else ""
