"""A Pyodide as far as the registries go: its core from npm, what is Python alone, and a stand-in for arrays.

NumPy and Matplotlib for Pyodide are on no registry that the tests may ask; `PYODIDE_DIST` names a whole one.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from autograder.release.pure_wheels import repacked

STAND_IN = Path(__file__).parent / "stand_in"
# What IPython and the kernel import, as it is installed here.
PURE = (
    *("asttokens", "executing", "ipython", "jedi", "matplotlib-inline", "packaging", "parso"),
    *("prompt_toolkit", "pure-eval", "pygments", "six", "stack-data", "traitlets"),
)
FROM_PIP = ("micropip", "wcwidth")  # what is not installed here, or not as Python alone
METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def pyodide_stand_in(folder):
    """Make the distribution in a folder; skip where a registry cannot be asked."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    _core(PYODIDE_VERSION, folder)
    lock = json.loads((folder / "pyodide-lock.json").read_text())
    known = lock["packages"]
    made = [repacked(name, folder) for name in PURE]
    made += [_from_pip(f"{name}=={known[name]['version']}", folder) for name in FROM_PIP]
    made += [_wheel_of_stand_in(name, known[name]["version"], folder) for name in ("numpy", "matplotlib")]
    packages = {_name(path): _locked(path, known[_name(path)]) for path in made}
    for one in packages.values():
        one["depends"] = [name for name in one["depends"] if name.replace("_", "-") in packages]
    lock["packages"] = packages
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))
    return folder


def _core(version, folder):
    if not shutil.which("npm"):
        pytest.skip("npm is not installed, which brings the core of Pyodide")
    command = ["npm", "pack", f"pyodide@{version}", "--silent"]
    if subprocess.run(command, cwd=folder, capture_output=True, timeout=120).returncode:
        pytest.skip("the core of Pyodide cannot be had from npm here")
    archive = folder / f"pyodide-{version}.tgz"
    with tarfile.open(archive) as packed:
        for member in packed:
            member.name = Path(member.name).name
            packed.extract(member, folder, filter="data")
    archive.unlink()


def _from_pip(requirement, folder):
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--python-version", "3.14", "--dest", str(folder), requirement]  # of the browser's Python, not of ours
    if subprocess.run(command, capture_output=True, timeout=120).returncode:
        pytest.skip(f"{requirement} cannot be had from pip here")
    return next(folder.glob(f"{requirement.partition('=')[0]}-*.whl"))


def _wheel_of_stand_in(name, version, folder):
    made, about = folder / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    with zipfile.ZipFile(made, "w") as archive:
        for path in sorted((STAND_IN / name).glob("*.py")):
            archive.write(path, f"{name}/{path.name}")
        archive.writestr(f"{about}/METADATA", METADATA.format(name=name, version=version))
        archive.writestr(f"{about}/WHEEL", WHEEL)
        archive.writestr(f"{about}/RECORD", "")
    return made


def _name(wheel):
    return wheel.name.split("-")[0].replace("_", "-")


def _locked(path, entry):
    """A package as the lock has it, with the file that is here in the place of its own."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {**entry, "file_name": path.name, "version": path.name.split("-")[1], "sha256": digest}
