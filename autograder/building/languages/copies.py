"""Translated notebooks on disk, in `notebooks/LANGUAGE`: made on demand, renewed while nobody has worked in them.

For translators there is a quick way beside `course build`: one language's catalogs, and the notebooks made with them.
"""

import hashlib
import json
from pathlib import Path

from autograder.building.languages.catalogs import catalog_files, read
from autograder.building.languages.faults import catalog_faults
from autograder.building.languages.notebooks import translated_notebook
from autograder.building.notebook import KEY, notebook_text
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.problems import CourseError
from autograder.source.words import languages
from helpers.lesson_data import LESSONS as DATA

PROJECT = Path(__file__).parents[3]
NOTEBOOKS = PROJECT / "notebooks"


def build_language(language):
    """Bring the catalogs of a language up to date, make its notebooks, and return what to say, a line each."""
    known_language(language)
    lessons = [load_lesson(name) for name in lesson_names()]
    public = {one.name: (DATA / f"{one.name}.json").read_text(encoding="utf-8") for one in lessons}
    files = catalog_files(lessons, public, only=language)
    for path, content in files.items():
        content = content if isinstance(content, bytes) else content.encode("utf-8")
        if not (PROJECT / path).is_file() or (PROJECT / path).read_bytes() != content:
            (PROJECT / path).parent.mkdir(parents=True, exist_ok=True)
            (PROJECT / path).write_bytes(content)
    catalogs = [PROJECT / path for path in files if path.endswith(".po")]
    lost = [line for path in catalogs for line in catalog_faults(read(path), path.name)]
    folder, told = translated_copies(language)
    return [*lost, *map(how_far, catalogs), *told, f"The notebooks are in {folder}."]


def how_far(path):
    """How much of a catalog is translated, in one line."""
    found = [bool(message.string) and not message.fuzzy for message in read(path) if message.id]
    return f"{path.name}: {sum(found)} of {len(found)} texts are translated."


def known_language(language):
    """Refuse a language that no catalog is in."""
    if language not in languages():
        known = ", ".join(languages())
        raise CourseError(f"The lessons have no catalogs in the language '{language}'. They have some in: en, {known}.")


def translated_copies(language, folder=None, lessons=()):
    """Write the notebooks of lessons, by default of all, in a language; return (their folder, lines to say).

    One that somebody has worked in is left as it is, and a line says so.
    """
    known_language(language)
    folder = Path(folder or NOTEBOOKS / language)
    told = [_copy(load_lesson(name), language, folder) for name in lessons or lesson_names()]
    return folder, [line for line in told if line]


def _copy(lesson, language, folder):
    path = folder / f"{lesson.name}.ipynb"
    notebook = translated_notebook(lesson, language)
    notebook.metadata[KEY]["made_of"] = digest(notebook["cells"])
    if path.is_file() and is_worked_in(path):
        return f"{path} holds work of yours and stays as it is. Rename it to get a new one."
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook_text(notebook), encoding="utf-8", newline="\n")
    return ""


def is_worked_in(path):
    """Whether the cells of a notebook that was made here are others than they were; what they show does not count."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        return digest(notebook["cells"]) != notebook["metadata"][KEY]["made_of"]
    except (ValueError, KeyError, TypeError):
        return True


def digest(cells):
    """A hash of the texts of cells."""
    texts = ["".join(cell["source"]) for cell in cells]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16]
