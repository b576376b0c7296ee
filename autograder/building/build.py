"""From lesson sources to every generated file, as one mapping from path to text; and the check for drift.

`generated` is pure; `write` and `drift` compare the same mapping with the disk.
"""

import difflib
from pathlib import Path

from autograder.building.coverage import coverage_page
from autograder.building.kernel_page import kernel_page
from autograder.building.notebook import notebook_text, solution_notebook, student_notebook
from autograder.building.student_data import student_data
from autograder.source.lesson import LESSONS, lesson_names, load_lesson

PROJECT = Path(__file__).parents[2]
FOLDERS = {"notebooks": "*.ipynb", "solutions": "*.ipynb", "src/helpers/lessons": "*.json"}
REPAIR = "course build"


def generated(lessons_root=LESSONS):
    """Return {path relative to the project: text} for everything that is generated from the lessons at this place."""
    lessons = [load_lesson(name, lessons_root) for name in lesson_names(lessons_root)]
    files = {}
    for lesson in lessons:
        files[f"notebooks/{lesson.name}.ipynb"] = notebook_text(student_notebook(lesson))
        files[f"solutions/{lesson.name}.ipynb"] = notebook_text(solution_notebook(lesson))
        files[f"src/helpers/lessons/{lesson.name}.json"] = student_data(lesson)
    files["docs/coverage.md"] = coverage_page(lessons)
    files["docs/kernels.md"] = kernel_page()
    return files


def build(*, check):
    """Write all that is generated, or with `check` compare it with the disk; return (what to say, exit code)."""
    files = generated()
    if not check:
        changed = write(files)
        return "\n".join(
            ["Written:", *changed] if changed else [f"All {len(files)} generated files are up to date."]
        ), 0
    difference = drift(files)
    if difference:
        return f"{difference}\nGenerated files differ from their sources. Repair them with: {REPAIR}", 1
    return f"All {len(files)} generated files equal what their sources say.", 0


def write(files, project=PROJECT):
    """Write what differs, remove generated files whose source is gone, and return the paths that changed."""
    changed = []
    for path, text in files.items():
        target = Path(project) / path
        if _text(target) != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    for path in orphans(files, project):
        (Path(project) / path).unlink()
        changed.append(path)
    return changed


def drift(files, project=PROJECT):
    """Return a unified diff from the disk to what the sources say; "" where they agree."""
    pieces = []
    for path in [*files, *orphans(files, project)]:
        on_disk, expected = _text(Path(project) / path), files.get(path, "")
        if on_disk != expected:
            lines = on_disk.splitlines(True), expected.splitlines(True)
            pieces += difflib.unified_diff(*lines, f"{path} (on disk)", f"{path} (from its source)")
    return "".join(pieces)


def orphans(files, project=PROJECT):
    """Generated files on disk that no source accounts for."""
    found = [path for folder, pattern in FOLDERS.items() for path in sorted((Path(project) / folder).glob(pattern))]
    return [name for path in found if (name := path.relative_to(project).as_posix()) not in files]


def _text(path):
    # Bytes, because read_text would hide foreign line ends: they are drift too.
    return path.read_bytes().decode("utf-8", "replace") if path.exists() else ""
