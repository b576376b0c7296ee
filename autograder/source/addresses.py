"""What people write for a lesson or a section: 01, 01_chain_rule, 01_chain_rule/softmax, or a path, found on the disk.

This file knows folders and file names; `section_paths` loads nothing, so that a broken section can be named too.
"""

import difflib
from pathlib import Path

from autograder.source.lesson import LESSONS, lesson_names, load_lesson
from autograder.source.problems import CourseError


def section_paths(word, root=LESSONS):
    """Return the paths of the sections that a word names: all of a lesson, or one."""
    if Path(word).is_file():
        return [Path(word)]
    folder, name = _split(word, root)
    sections = sorted(folder.glob("[0-9]*.py"))
    found = [path for path in sections if name in ("", path.name, path.stem, path.stem.partition("_")[2])]
    if not found:
        names = [path.stem.partition("_")[2] for path in sections]
        near = difflib.get_close_matches(name, names, 1)
        mend = f"Did you mean '{near[0]}'?" if near else f"Its sections are: {', '.join(names)}."
        raise CourseError(f"The lesson {folder.name} has no section '{name}'. {mend}")
    return found


def addressed(word, root=LESSONS):
    """Return the loaded lesson that a word names, and the name of the section that it names in it, "" for all."""
    paths = section_paths(word, root)
    one = Path(word).is_file() or _split(word, root)[1]
    return load_lesson(paths[0].resolve().parent.name, root), paths[0].stem.partition("_")[2] if one else ""


def _split(word, root):
    """The folder of the lesson and what is written behind it, "" for nothing."""
    path = Path(word)
    if path.is_dir() and any(path.glob("[0-9]*.py")):
        return path.resolve(), ""
    if path.parent.is_dir() and path.parent.resolve().parent == Path(root).resolve():
        return path.parent.resolve(), path.name
    lesson, _, name = str(word).strip("/").partition("/")
    folders = [one for one in lesson_names(root) if lesson and one.startswith(lesson)]
    if len(folders) != 1:
        known = ", ".join(lesson_names(root)) or "none"
        raise CourseError(f"There is no one lesson called '{lesson}'. The lessons are: {known}.")
    return Path(root) / folders[0], name
