"""What course.toml says is checked against the table of keys; a fault is told with file, line and mend."""

import difflib
import re

from autograder.rules.keys import KEYS, keys_of
from autograder.source.problems import CourseError

TABLES = ("deadlines", "late", "points", "extensions")


class Lines:
    """A file's lines, in which a key's place is found when something is wrong with it."""

    def __init__(self, path, text):
        self._path, self._lines = path, text.splitlines()

    def fail(self, place, fault, mend):
        """Raise `CourseError` for the key at `place`, its path in the file."""
        end = "" if mend.endswith("?") else "."
        raise CourseError(f"{self._path}:{line_of(self._lines, place)}: {fault}. {mend}{end}")


def check(file, data):
    """Check every key and value of what was read from a `Lines` file."""
    for name, value in data.items():
        if name not in TABLES:
            _check_value(file, "", name, value, (name,))
        elif not isinstance(value, list if name == "extensions" else dict):
            mend = f"Write [[{name}]] above it" if name == "extensions" else f"Write [{name}] above its keys"
            file.fail((name,), f"'{name}' is not a table", mend)
    for name in ("deadlines", "late"):
        for key, value in data.get(name, {}).items():
            _check_value(file, name, key, value, (name, key))
    for lesson, given in data.get("points", {}).items():
        if not isinstance(given, dict):
            table = f"[points.{lesson}]" if lesson[:2].isdigit() else f"[points.LESSON], and {lesson} below it"
            file.fail(("points", lesson), f"points of '{lesson}' are not a table", f"Write {table}")
        for key, value in given.items():
            _check_value(file, "points.*", key, value, ("points", lesson, key))
    for number, one in enumerate(data.get("extensions", ())):
        for key, value in one.items():
            _check_value(file, "extensions", key, value, ("extensions", number, key))


def _check_value(file, section, name, value, place):
    known = keys_of(section)
    key = known.get(name) or known.get("*")
    if key is None:
        file.fail(
            place, f"there is no key '{name}' {f'in [{section}]' if section else 'here'}", _mend(section, name, known)
        )
    wrong = not isinstance(value, key.kinds) or isinstance(value, bool)
    if wrong or (key.among and value not in key.among) or not _is_within(value, key):
        shown = f"'{value}'" if isinstance(value, str) else str(value)
        file.fail(place, f"'{name}' is {shown}; it must be {key.what}", f"For example: {name} = {key.example}")


def _mend(section, name, known):
    everywhere = [*known, *(() if section else TABLES)]
    near = difflib.get_close_matches(name, everywhere, 1)
    others = {f"[{one.section}]" if one.section else "the top of the file" for one in KEYS if one.name == name}
    if others:
        return f"It belongs to {' or '.join(sorted(others))}"
    return f"Did you mean '{near[0]}'?" if near else f"Known here: {', '.join(everywhere)}"


def _is_within(value, key):
    if isinstance(value, (int, float)):
        return (key.low is None or value >= key.low) and (key.high is None or value <= key.high)
    return True


def line_of(lines, place):
    """The line (from 1) where a key stands: `place` is its path, with a number where there are several tables."""
    headers, table, best = {}, (), 1
    for number, line in enumerate(lines, 1):
        if header := re.match(r"\s*\[\[?\s*(.+?)\s*\]\]?\s*(?:#.*)?$", line):
            table = tuple(_unquoted(part) for part in header[1].split("."))
            if line.lstrip().startswith("[["):
                headers[table] = headers.get(table, -1) + 1
                table = (*table, headers[table])
            if place[: len(table)] == table or table[: len(place)] == place:
                best = number
        key = re.match(r"""\s*((?:"[^"]*"|'[^']*'|[\w.-]+)+)\s*=""", line)
        if key and (*table, *(_unquoted(part) for part in key[1].split("."))) == place:
            return number
    return best


def _unquoted(part):
    return part.strip().strip("\"'")
