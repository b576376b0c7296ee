"""Write a new section: a small exercise that keeps every promise but one, for an author to make their own.

The promise left open is the third wrong answer: `course test` names it, and it asks for the author's own experience.
"""

import ast
import keyword
import re
from itertools import pairwise
from pathlib import Path

from autograder.source.lesson import LESSONS, lesson_names
from autograder.source.problems import CourseError

NAME = re.compile(r"(?:(?P<number>\d\d)_)?(?P<name>[a-z][a-z0-9]*(?:_[a-z0-9]+)*)")
GAP, LAST = 10, 99
CLOSING = "closing"
LONGEST = 40
TEMPLATE = Path(__file__).with_name("template_section.py")
TEMPLATE_NAME = "root_mean_square"
NEXT_STEPS = """\
1. Make the statement, the answer and the checks of {file} your own; the listing of the folder is the table of contents.
2. One promise is left open: the third wrong answer. Add a mistake that people make, with the checks that it fails.
3. Name the items that the section settles in COVERS.
4. Run: course test {path}
5. Run: course build"""


def new_section(lesson, section, root=LESSONS):
    """Write a new section into a lesson and return its path; every misfit is a `CourseError`.

    `lesson` is a lesson's name or a unique beginning of it; `section` a name, with a two-digit number or without.
    """
    folder = Path(root) / _lesson(lesson, root)
    named = NAME.fullmatch(section)
    if not named:
        raise CourseError(f"'{section}' is not a section's name. Write small letters, digits and _, as in 25_jacobian.")
    _reject_taken(named["name"], folder)
    path = folder / f"{named['number'] or _free_number(folder)}_{named['name']}.py"
    same = sorted(folder.glob(f"{path.name[:2]}_*.py"))
    if same:
        raise CourseError(
            f"{folder.name} has a section with this number, {same[0].name}. Choose another number, or none."
        )
    text = TEMPLATE.read_text(encoding="utf-8").replace(TEMPLATE_NAME, named["name"])
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def next_steps(path):
    """What the author of the new section at `path` does next, as text."""
    return NEXT_STEPS.format(file=Path(path).name, path=path)


def _lesson(name, root):
    found = [folder for folder in lesson_names(root) if name and folder.startswith(name)]
    if len(found) != 1:
        known = ", ".join(lesson_names(root)) or "none"
        raise CourseError(f"There is no one lesson called '{name}'. Write LESSON/SECTION; the lessons are: {known}.")
    return found[0]


def _reject_taken(name, folder):
    if len(name) > LONGEST:
        raise CourseError(f"'{name}' has {len(name)} letters; cell ids have room for {LONGEST}. Choose a shorter name.")
    if keyword.iskeyword(name) or name in _names_in_use():
        raise CourseError(f"'{name}' has a meaning of its own in a section. Choose another name.")
    for path in _sections(folder):
        if _stem(path) == name:
            raise CourseError(f"{folder.name} has a section called '{name}' already, {path.name}. Choose another name.")


def _names_in_use():
    """The names that the template uses itself, as in `np`: an answer of that name would hide them."""
    tree = ast.parse(TEMPLATE.read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if not isinstance(node, ast.keyword)]
    return {getattr(node, field, None) for node in nodes for field in ("id", "arg", "name")} - {TEMPLATE_NAME}


def _sections(folder):
    return sorted(path for path in folder.glob("[0-9]*_*.py"))


def _stem(path):
    return path.stem.partition("_")[2]


def _free_number(folder):
    """The next multiple of ten behind the last section and before the closing, else the last number that is free."""
    numbers = {int(path.name.split("_")[0]): _stem(path) for path in _sections(folder)}
    end = min((number for number, stem in numbers.items() if stem == CLOSING), default=LAST + 1)
    taken = [0, *sorted(number for number in numbers if number < end), end]
    gaps = [(low, high) for low, high in pairwise(taken) if high - low > 1]
    if not gaps:
        raise CourseError(f"{folder.name} has no number free before its closing, {end}. Rename sections to make room.")
    low, high = gaps[-1]
    number = low - low % GAP + GAP
    number = number if number < high else (low + high) // 2
    return f"{number:02}"
