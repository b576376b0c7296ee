"""Translated notebooks on disk, in `notebooks/LANGUAGE`: made on demand, renewed while nobody has worked in them."""

import hashlib
import json
from pathlib import Path

from autograder.building.languages.notebooks import translated_notebook
from autograder.building.notebook import KEY, notebook_text
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.problems import CourseError
from autograder.source.words import languages

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"


def translated_copies(language, folder=None, lessons=()):
    """Write the notebooks of lessons, by default of all, in a language; return (their folder, lines to say).

    One that somebody has worked in is left as it is, and a line says so.
    """
    if language not in languages():
        known = ", ".join(languages())
        raise CourseError(f"The lessons have no catalogs in the language '{language}'. They have some in: en, {known}.")
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
