"""A learning system's table, of which single cells are replaced while every other byte stays.

The text is never taken apart and written anew: a cell is a span of it. So encoding, byte order mark, line ends, quotes
and the order of columns are the system's own in what comes out.
"""

import codecs
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.source.problems import CourseError

DELIMITERS = ",;\t"
# The mark is kept in the text, as its first character; latin-1 has a letter for each byte.
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True)
class Cell:
    """One cell: what it says, where it stands in the text, and whether it is in quotes."""

    value: str
    start: int
    end: int
    is_quoted: bool


@dataclass(frozen=True)
class Table:
    """A table's text, its encoding and its delimiter."""

    name: str
    text: str
    encoding: str
    delimiter: str

    @cached_property
    def rows(self):
        """All rows, each a tuple of cells; lines without a character are rows of no cells."""
        return tuple(self._rows())

    @property
    def header(self):
        """The first row's texts, without what is around them."""
        return [cell.value.strip() for cell in self.rows[0]]

    def _rows(self):
        one, other = map(re.escape, (self.delimiter, '"'))
        pattern = re.compile(rf'({other}(?:[^"]|"")*{other}[^{one}\r\n]*|[^{one}\r\n]*)({one}|\r\n|\r|\n|\Z)')
        place, row = 1 if self.text.startswith("\ufeff") else 0, []
        while place < len(self.text) or row:
            found = pattern.match(self.text, place)
            row.append(_cell(found))
            place = found.end()
            if found[2] != self.delimiter:
                yield tuple(row) if len(row) > 1 or row[0].end > row[0].start else ()
                row = []

    def line(self, number):
        """The line of the file in which a row starts."""
        cells = self.rows[number]
        return len(re.findall(r"\r\n|\r|\n", self.text[: cells[0].start])) + 1 if cells else 0

    def replaced(self, values):
        """Return the text with new values in some cells: {(row, column): value}."""
        pieces, place = [], 0
        for (row, column), value in sorted(values.items()):
            cell = self.rows[row][column]
            pieces += [self.text[place : cell.start], self._written(cell, value)]
            place = cell.end
        return "".join([*pieces, self.text[place:]])

    def _written(self, cell, value):
        needs_quotes = cell.is_quoted or any(mark in value for mark in (self.delimiter, '"', "\r", "\n"))
        return '"' + value.replace('"', '""') + '"' if needs_quotes else value


def _cell(found):
    raw = found[1]
    is_quoted = raw.startswith('"')
    end = raw.rindex('"') if is_quoted else 0
    value = raw[1:end].replace('""', '"') + raw[end + 1 :] if is_quoted and end else raw
    return Cell(value, found.start(1), found.end(1), is_quoted and end > 0)


def read_table(path):
    """Return the `Table` in a file; `CourseError` where it cannot be read or is none."""
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}).") from None
    if raw.startswith(b"PK\x03\x04") or (b"\0" in raw and not _mark(raw)):
        raise CourseError(f"{path} is no table in text. Export it as CSV, not as an Excel workbook.")
    text, encoding = _decoded(path, raw)
    table = Table(path.name, text, encoding, _delimiter(text))
    if not table.rows or len(table.rows[0]) < 2:
        raise CourseError(f"{path}:1: a header with columns is missing.")
    return table


def _mark(raw):
    return next((encoding for mark, encoding in MARKS if raw.startswith(mark)), "")


def _decoded(path, raw):
    for encoding in (_mark(raw) or "utf-8", *(() if _mark(raw) else ("latin-1",))):
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise CourseError(f"{path} begins as {_mark(raw).upper()} does and goes on as something else. Export it anew.")


def _delimiter(text):
    """The delimiter that the header has most of, outside of quotes."""
    first = re.match(r'(?:"(?:[^"]|"")*"|[^"\r\n])*', text)[0]
    bare = re.sub(r'"(?:[^"]|"")*"', "", first)
    return max(DELIMITERS, key=bare.count)
