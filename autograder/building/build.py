"""From lesson sources to every generated file, as one mapping from path to text; and the check for drift.

`generated` is pure; `write` and `drift` compare the same mapping with the disk. Solved notebooks hold what their cells
showed when they were run: comparing leaves that out, and a hash says whether it is still true.
"""

import difflib
import json
import time
from pathlib import Path

from autograder.building.badges import readme_with_badges
from autograder.building.coverage import coverage_page
from autograder.building.input_page import input_page
from autograder.building.kernel_page import kernel_page
from autograder.building.languages.catalogs import catalog_files
from autograder.building.languages.program import behind, can_be_made, catalogs, write_catalogs
from autograder.building.notebook import notebook_text, solution_notebook, student_notebook
from autograder.building.outputs import hashes, run_notebook, with_outputs, without_outputs
from autograder.building.student_data import student_data
from autograder.source.lesson import LESSONS, lesson_names, load_lesson
from autograder.source.problems import require

PROJECT = Path(__file__).parents[2]
FOLDERS = {
    "notebooks": "*.ipynb",
    "solutions": "*.ipynb",
    "src/helpers/lessons": "*.json",
    "src/helpers/locale": "*/LC_MESSAGES/[!h]*.mo",
    "autograder/lessons/locale": "*/LC_MESSAGES/*.mo",
}
COMPILED = ".mo"  # bytes; all else is text
REPAIR = "course build"


def generated(lessons_root=LESSONS):
    """Return {path relative to the project: text or bytes} of all that is generated from the lessons at this place."""
    lessons = [load_lesson(name, lessons_root) for name in lesson_names(lessons_root)]
    files, public = {}, {}
    for lesson in lessons:
        files[f"notebooks/{lesson.name}.ipynb"] = notebook_text(student_notebook(lesson))
        files[f"solutions/{lesson.name}.ipynb"] = notebook_text(solution_notebook(lesson))
        files[f"src/helpers/lessons/{lesson.name}.json"] = public[lesson.name] = student_data(lesson)
    files["docs/coverage.md"] = coverage_page(lessons)
    files["docs/inputs.md"] = input_page(lessons)
    files["docs/kernels.md"] = kernel_page()
    files["README.md"] = readme_with_badges((PROJECT / "README.md").read_bytes().decode(), lessons[0].name)
    return files | (catalog_files(lessons, public, lessons_root) if can_be_made() else {})


def build(*, check, runs=True):
    """Write all that is generated, or with `check` compare it with the disk; return (what to say, exit code).

    Solved notebooks whose code changed are run, unless `runs` is false: then the next check says that they were not.
    """
    files = generated()
    if not check:
        changed = write(files) + write_catalogs()
        changed += run_stale(files) if runs else []
        told = (
            ["Written:", *dict.fromkeys(changed)] if changed else [f"All {len(files)} generated files are up to date."]
        )
        return "\n".join(told), 0
    difference = drift(files)
    left = "" if can_be_made() else " Catalogs were not looked at: babel is not installed."
    if difference:
        return f"{difference}\nGenerated files differ from their sources. Repair them with: {REPAIR}", 1
    if old := [path.relative_to(PROJECT).as_posix() for path in behind(catalogs())]:
        return f"Catalogs are behind what the program says: {', '.join(old)}. Repair them with: {REPAIR}", 1
    if old := stale(files):
        return f"Not run since their code changed: {', '.join(old)}. Repair with: {REPAIR}", 1
    return f"All {len(files)} generated files equal what their sources say.{left}", 0


def stale(files, project=PROJECT):
    """The solved notebooks whose outputs are not those of their code, or are missing."""
    solved = [path for path in files if path.startswith("solutions/")]
    return [path for path in solved if hashes(_text(Path(project) / path))[1] != hashes(files[path])[0]]


def run_stale(files, project=PROJECT):
    """Run the solved notebooks whose code changed and write them, one at a time; return their paths."""
    old = stale(files, project)
    if old:
        require("nbclient", "test")
    for path in old:
        began = time.monotonic()
        print(f"Running {path} ...", end="", flush=True)
        _put(Path(project) / path, run_notebook(files[path], Path(project) / "solutions"))
        print(f" {time.monotonic() - began:.0f} s", flush=True)
    return old


def write(files, project=PROJECT):
    """Write what differs, remove generated files whose source is gone, and return the paths that changed."""
    changed = []
    for path, text in files.items():
        target = Path(project) / path
        on_disk = _content(target)
        if _comparable(path, on_disk) != text:
            _put(target, _with_what_it_showed(on_disk, text))
            changed.append(path)
    for path in orphans(files, project):
        (Path(project) / path).unlink()
        changed.append(path)
    return changed


def drift(files, project=PROJECT):
    """Return a unified diff from the disk to what the sources say; "" where they agree."""
    pieces = []
    for path in [*files, *orphans(files, project)]:
        on_disk, expected = _comparable(path, _content(Path(project) / path)), files.get(path, "")
        if on_disk != expected and path.endswith(COMPILED):
            pieces.append(f"{path} is not what its catalog says\n")
        elif on_disk != expected:
            lines = on_disk.splitlines(True), expected.splitlines(True)
            pieces += difflib.unified_diff(*lines, f"{path} (on disk)", f"{path} (from its source)")
    return "".join(pieces)


def _comparable(path, text):
    return without_outputs(text) if path.startswith("solutions/") else text


def _with_what_it_showed(on_disk, text):
    """A new text of a notebook; where its code is the same, with the outputs that it had."""
    wanted, had = hashes(text)[0], hashes(on_disk)[1]
    return with_outputs(text, json.loads(on_disk), had) if had and had == wanted else text


def _put(target, content):
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


def orphans(files, project=PROJECT):
    """Generated files on disk that no source accounts for."""
    found = [path for folder, pattern in FOLDERS.items() for path in sorted((Path(project) / folder).glob(pattern))]
    found = [path for path in found if path.suffix != COMPILED or can_be_made()]
    return [name for path in found if (name := path.relative_to(project).as_posix()) not in files]


def _content(path):
    if path.suffix == COMPILED:
        return path.read_bytes() if path.exists() else b""
    return _text(path)


def _text(path):
    # Bytes, because read_text would hide foreign line ends: they are drift too.
    return path.read_bytes().decode("utf-8", "replace") if path.exists() else ""
