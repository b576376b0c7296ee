"""The small class that the demo grades: honest, mistaken, broken and unusual notebooks, made from the lessons.

Every notebook starts as the student's own; a recipe fills in answers and then does to the file what people do. They are
made when they are asked for and stand in no commit.
"""

import csv
import io
from pathlib import Path, PurePath

from autograder.building.notebook import code_cell, notebook_text, student_notebook
from autograder.source.notebook_cells import lesson_cells
from autograder.source.problems import CourseError
from autograder.source.typed_answers import submission_source

LESSONS = 4


def write_example_class(folder, lessons):
    """Write the example submissions, which answer the first four lessons, into a folder and return it."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in example_class(*lessons[:LESSONS]).items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise CourseError(f"{error.filename or folder} cannot be written ({error.strerror}).") from None
    return folder


def example_class(first, second, third, fourth):
    """Return {file name: text} of the example submissions: a class for the first lesson, a few for each other one."""
    files = {
        "amina.ipynb": filled(first, reference(first)),
        "bruno.ipynb": filled(first, {}),
        "chen.ipynb": filled(first, half(first, 0)),
        "dana.ipynb": filled(first, half(first, 1)),
        "elif.ipynb": filled(first, mistakes(first, 0)),
        "farid.ipynb": filled(first, {**reference(first), **mistakes(first, 1, every=3)}),
        "ines.ipynb": filled(first, {**reference(first), **broken(first, "while True:\n        pass")}),
        "kofi.ipynb": cut_off(filled(first, reference(first))),
        "nadia_01_chain_rule (2).ipynb": filled(first, half(first, 0)),
        "gita.ipynb": filled(second, mistakes(second, 0)),
        "hugo.ipynb": filled(second, {**reference(second), **broken(second, "raise ValueError('I gave up here')")}),
        "lena.ipynb": with_copies(filled(second, half(second, 0))),
        "jonas.ipynb": filled(third, {**reference(third), **broken(third, "import sys\n    sys.exit(1)")}),
        "mateo.ipynb": reordered(filled(third, reference(third))),
        f"farid_{third.name}.ipynb": filled(third, mistakes(third, 0, every=2)),
        "امید رضایی.ipynb": filled(fourth, reference(fourth)),
        "priya.ipynb": with_new_ids(filled(fourth, half(fourth, 1))),
    }
    return {name: file if isinstance(file, str) else notebook_text(file) for name, file in files.items()}


def canvas_file(lesson, files):
    """A gradebook as Canvas exports it, with everybody who handed in and one column, still empty, for a lesson."""
    students = dict.fromkeys(PurePath(name).stem.partition("_")[0] for name in sorted(files))
    rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{lesson.title} (4711)"],
        ["    Points Possible", "", "", "", "", f"{lesson.max_points + _marked(lesson):g}"],
        *([student, 100 + n, "", student, "Monday", ""] for n, student in enumerate(students, 1)),
    ]
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def _marked(lesson):
    """The points of the questions that a person marks."""
    return sum(section.question.points for section in lesson.questions.values())


def filled(lesson, answers):
    """The student's notebook with these answer cells filled in: {cell id: text}."""
    notebook = student_notebook(lesson)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return notebook


def answer_cells(lesson):
    """The answer cells of a lesson."""
    return [cell for cell in lesson_cells(lesson) if cell.role == "answer"]


def reference(lesson):
    """Every answer right."""
    return {cell.id: cell.solution for cell in answer_cells(lesson)}


def half(lesson, which):
    """The first or the second half of the answers right, the rest left as it was."""
    cells = answer_cells(lesson)
    middle = len(cells) // 2
    return {cell.id: cell.solution for cell in (cells[:middle] if which == 0 else cells[middle:])}


def mistakes(lesson, number, *, every=1):
    """A typical mistake in every so many exercises: the wrong answer of this number, or the last there is."""
    answers = {}
    for cell in answer_cells(lesson)[::every]:
        section = lesson.section(cell.section)
        wrong = list(section.exercise.wrong_answers.values())
        answers[cell.id] = submission_source(section, wrong[min(number, len(wrong) - 1)])
    return answers


def broken(lesson, statement):
    """The third function of a lesson with a body that does this instead."""
    cell = [one for one in answer_cells(lesson) if one.starter.startswith("def ")][2]
    return {cell.id: cell.starter.replace("...  # your code here", statement)}


def cut_off(notebook):
    """A file whose upload stopped half-way."""
    text = notebook_text(notebook)
    return text[: len(text) // 2]


def with_copies(notebook):
    """Every answer cell copied to the end, as scratch paper, and blank copies beside the answers."""
    notebook.cells += [code_cell(c.source, f"copy-{c.id}") for c in notebook.cells if c.id.endswith("-answer")]
    return notebook


def reordered(notebook):
    """The text first, then the code, last cell first."""
    notebook.cells.sort(key=lambda cell: cell.cell_type == "code")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type != "code"] + code[::-1]
    return notebook


def with_new_ids(notebook):
    """As some editors do: every cell has a new id, and the metadata are gone."""
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell{number:04d}"
    notebook.metadata = {}
    return notebook
