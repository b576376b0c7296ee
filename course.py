#!/usr/bin/env python3
"""The way in on a bare machine: makes .venv if it must, then hands every verb to the `course` command inside it.

Standard library only. With uv where uv is installed, else with venv and pip.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "course-installed"
SOURCES = ("pyproject.toml", "constraints.txt")
# What each verb needs, from small to large; an environment that serves a later one serves the earlier ones too.
EXTRAS = ("lab", "instructor", "dev")
NEEDS = {"lab": "lab", "check": "lab", "demo": "instructor", "grade": "instructor"}


def main():
    """Set up where needed, then run the verb."""
    if sys.version_info < (3, 11):
        sys.exit(f"The course needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    extra = NEEDS.get(sys.argv[1] if len(sys.argv) > 1 else "lab", "dev")
    if not is_installed(extra):
        set_up(extra)
    sys.exit(subprocess.call([str(PYTHON), "-m", "autograder.cli", *sys.argv[1:]], cwd=os.getcwd()))


def is_installed(extra):
    """Whether .venv holds what `extra` asks for, as pyproject.toml and constraints.txt say now."""
    if not STAMP.exists():
        return False
    installed, _, seen = STAMP.read_text().partition(" ")
    return seen == fingerprint() and EXTRAS.index(installed) >= EXTRAS.index(extra)


def fingerprint():
    """What the installation depends on: if it changes, the environment is brought up to date."""
    return hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in SOURCES)).hexdigest()


def set_up(extra):
    """Make .venv and install the project in it."""
    uv = shutil.which("uv")
    print(f"Setting up .venv for '{extra}' with {'uv' if uv else 'venv and pip'}; this happens once.", flush=True)
    if not PYTHON.exists():
        make_environment(uv)
    installer = [uv, "pip", "install", "--python", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip", "install"]
    quiet = [] if uv else ["--disable-pip-version-check", "--progress-bar", "on"]
    command = [*installer, *quiet, "-c", str(ROOT / "constraints.txt"), "-e", f"{ROOT}[{extra}]"]
    if subprocess.call(command) != 0:
        sys.exit("The installation failed: the lines above say why. Mend that and run the same command again.")
    STAMP.write_text(f"{extra} {fingerprint()}")


def make_environment(uv):
    """Create an empty .venv; where Python comes without venv, say which package brings it."""
    if uv:
        made = subprocess.call([uv, "venv", "--python", sys.executable, str(VENV)])
    else:
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.call([sys.executable, "-m", "venv", str(VENV)])
    if made != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        version = f"python3.{sys.version_info.minor}"
        sys.exit(
            "Python could not make a virtual environment. On Debian or Ubuntu this line brings what is missing:\n"
            f"    sudo apt install {version}-venv"
        )


if __name__ == "__main__":
    main()
