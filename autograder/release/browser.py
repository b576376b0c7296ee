"""The lessons in JupyterLite, where a browser is all there is: what it is made of, and that it can be made.

Python runs in the reader's browser (Pyodide), from a folder that is given here, else from Pyodide's own network. The
site holds `helpers` as a wheel, and what its sliders need.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.building.notebook import notebook_text, student_notebook
from autograder.release.pure_wheels import repacked
from autograder.release.pyodide import checked_distribution
from autograder.release.wheel import students_wheel
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.problems import CourseError, require
from helpers import __version__

NEEDED = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "hatchling")
WIDGETS = ("comm", "ipywidgets", "jupyterlab-widgets")
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension", "jupyterlab_pygments")
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
PYODIDE = "static/pyodide"
FETCH = f"""\
import importlib.util

if importlib.util.find_spec("helpers") is None:  # in the browser: the site has it beside the notebooks
    %pip install --quiet deep-learning-by-hand-helpers=={__version__}

"""


@dataclass(frozen=True)
class Browser:
    """JupyterLite for the site; `pyodide` is the folder of a whole Pyodide distribution, or None for the network's."""

    pyodide: Path | None

    def build(self, folder):
        """Make JupyterLite with all lessons in a folder that is not there yet."""
        with tempfile.TemporaryDirectory() as scratch:
            source = Path(scratch)
            _write_notebooks(source / "files")
            _write_wheels(source / "pypi")
            (source / "jupyter-lite.json").write_text(json.dumps(self._settings()), encoding="utf-8")
            (source / "jupyter_lite_config.json").write_text(json.dumps(_build_settings(folder)), encoding="utf-8")
            _run_jupyterlite(source)
        if self.pyodide:
            shutil.copytree(self.pyodide, Path(folder) / PYODIDE, ignore=shutil.ignore_patterns("*.map", "*.d.ts"))

    def _settings(self):
        """What JupyterLite is told: with a Pyodide of its own, it asks nothing of any other site."""
        own = {"pyodideUrl": f"./{PYODIDE}/pyodide.mjs", "disablePyPIFallback": True}
        settings = {"appName": "Deep Learning by Hand", "litePluginSettings": {KERNEL: own if self.pyodide else {}}}
        return {"jupyter-lite-schema-version": 0, "jupyter-config-data": settings}


def for_the_browser(pyodide=None):
    """Return the `Browser` that the site may have, or say what is missing for it."""
    for module in NEEDED:
        require(module, "lite")
    return Browser(checked_distribution(pyodide) if pyodide else None)


def browser_notebook(lesson):
    """A lesson's notebook for students whose first code fetches `helpers` where it is missing."""
    notebook = student_notebook(lesson)
    setup = next(cell for cell in notebook.cells if cell.id == "setup")
    setup.source = FETCH + setup.source
    return notebook_text(notebook)


def _write_notebooks(folder):
    folder.mkdir()
    for name in lesson_names():
        (folder / f"{name}.ipynb").write_text(browser_notebook(load_lesson(name)), encoding="utf-8", newline="\n")


def _write_wheels(folder):
    students_wheel(folder)
    for name in WIDGETS:
        repacked(name, folder)


def _build_settings(folder):
    """What is built: one app, and of all extensions that are installed here those that the lessons need."""
    installed = Path(sys.prefix) / "share/jupyter/labextensions"
    return {
        "LiteBuildConfig": {
            "apps": ["lab"],
            "contents": ["files"],
            "federated_extensions": [str(installed / name) for name in EXTENSIONS],
            "ignore_sys_prefix": True,
            "no_sourcemaps": True,
            "output_dir": str(folder),
        }
    }


def _run_jupyterlite(source):
    command = [sys.executable, "-P", "-m", "jupyterlite_core", "build"]
    done = subprocess.run(command, cwd=source, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        said = "\n".join([*done.stdout.splitlines(), *done.stderr.splitlines()][-10:])
        raise CourseError(f"JupyterLite cannot be built, for it says:\n{said}")
