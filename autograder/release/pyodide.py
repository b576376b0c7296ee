"""A folder of Pyodide, as somebody names it: whether it is one, of the Python that JupyterLite needs, and whole."""

import json
from pathlib import Path

from autograder.source.problems import CourseError

ENTRY, LOCK = "pyodide.mjs", "pyodide-lock.json"
PACKAGES = ("ipython", "jedi", "matplotlib", "micropip", "numpy")  # what the kernel starts with, and the lessons import


def checked_distribution(folder):
    """Return the folder's path where it holds what the lessons need; else `CourseError` says what is missing."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_PYTHON_VERSION, PYODIDE_VERSION

    folder, full = Path(folder), f"pyodide-{PYODIDE_VERSION}.tar.bz2"
    lock = _lock(folder, full)
    python = lock["info"]["python"]
    if not python.startswith(f"{PYODIDE_PYTHON_VERSION}."):
        raise CourseError(
            f"{folder} is a Pyodide of Python {python}; JupyterLite needs one of Python {PYODIDE_PYTHON_VERSION}: "
            f"unpack {full} and name its folder."
        )
    missing = [file for file in _files(lock["packages"]) if not (folder / file).is_file()]
    if missing:
        few = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        raise CourseError(
            f"{folder} is Pyodide without its packages: {few}. The whole is in {full}: unpack it and name its folder."
        )
    return folder


def _lock(folder, full):
    try:
        lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
        if (folder / ENTRY).is_file() and lock["info"]["python"] and isinstance(lock["packages"], dict):
            return lock
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise CourseError(f"{folder} is no Pyodide: it has no {ENTRY} and {LOCK}. Unpack {full} and name its folder.")


def _files(packages):
    """The files of `PACKAGES` and of all that they depend on; a package that the lock does not know by its name."""
    found, waiting = {}, list(PACKAGES)
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name not in found:
            found[name] = packages.get(name, {}).get("file_name", name)
            waiting += packages.get(name, {}).get("depends", [])
    return sorted(found.values())
