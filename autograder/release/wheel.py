"""The wheel for students: `helpers` with the data of all lessons, and nothing that an author or a grader has.

Who studies alone, in a notebook that lies by itself or in a browser, installs it. A class gets the release of its
lesson, which leaves out the kernels that answer it.
"""

import json
import shutil
import tempfile
from pathlib import Path

import helpers
from autograder.release.shared import DISTRIBUTION, requirements
from autograder.release.student import PYPROJECT
from autograder.source.problems import CourseError, require

LICENSE = Path(__file__).parents[2] / "LICENSE"  # in a checkout


def students_wheel(out):
    """Make the wheel in the folder `out`, in the place of one of the same version, and return its path."""
    require("hatchling", "release")
    from hatchling.builders.wheel import WheelBuilder

    with tempfile.TemporaryDirectory() as folder:
        _gather(Path(folder))
        try:
            Path(out).mkdir(parents=True, exist_ok=True)
            (made,) = WheelBuilder(folder).build(directory=str(out), versions=["standard"])
        except OSError as error:
            reason = error.strerror or str(error)
            raise CourseError(
                f"{error.filename or out} cannot be written ({reason}). Name another place: --out"
            ) from None
    return Path(made)


def _gather(folder):
    """What the wheel is made of: the package as it is, and what it is called and needs."""
    unwanted = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
    shutil.copytree(Path(helpers.__file__).parent, folder / "helpers", ignore=unwanted)
    dependencies = json.dumps(requirements())
    project = PYPROJECT.format(distribution=DISTRIBUTION, version=helpers.__version__, dependencies=dependencies)
    (folder / "pyproject.toml").write_text(project, encoding="utf-8", newline="\n")
    if LICENSE.is_file():
        shutil.copy(LICENSE, folder / "LICENSE")
