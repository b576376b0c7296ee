"""The release for students: a folder, and a zip of it, with the notebook, `helpers` and how to start.

Nothing has to be installed but the requirements: `helpers` lies beside the notebook. With `pip install .` it is
importable from everywhere.
"""

import json
import zipfile

from autograder.building.notebook import notebook_text, student_notebook
from autograder.release.shared import DISTRIBUTION, copy_helpers, requirements
from autograder.release.shared import write as write_text
from helpers import __version__

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bytes every time
PYPROJECT = """\
[build-system]
requires = ["hatchling>=1.25"]
build-backend = "hatchling.build"

[project]
name = "{distribution}-helpers"
version = "{version}"
description = "What the notebooks of Deep Learning by Hand import"
requires-python = ">=3.11"
dependencies = {dependencies}

[tool.hatch.build.targets.wheel]
packages = ["helpers"]
"""
README = """\
# {title}

You need Python 3.11 or newer. In this folder:

    python3 -m venv .venv
    .venv/bin/python -m pip install jupyterlab .
    .venv/bin/jupyter lab {lesson}.ipynb

On Windows write `.venv\\Scripts\\` for `.venv/bin/`.

Answer in the cells that say `...`, and run the cell below each: `grader.check("name")` says at once what is right, what
is not, and why. `grader.hint("name")` goes one step further each time, `grader.progress()` shows where you stand.
Hidden checks come later, at grading. To hand in, save the notebook and run `grader.export()` in a new cell.
"""


def make(lesson, folder):
    """Write the folder `<lesson>` and `<lesson>.zip` into `folder`."""
    inside = folder / lesson.name
    write_text(inside / f"{lesson.name}.ipynb", notebook_text(student_notebook(lesson)))
    write_text(inside / "README.md", README.format(title=lesson.title, lesson=lesson.name))
    dependencies = json.dumps(requirements())
    project = PYPROJECT.format(distribution=DISTRIBUTION, version=__version__, dependencies=dependencies)
    write_text(inside / "pyproject.toml", project)
    copy_helpers(lesson, inside)
    with zipfile.ZipFile(folder / f"{lesson.name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(inside.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
                archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)
