#!/usr/bin/env python3
"""The way in on a bare machine: makes .venv if a verb needs it, then hands the verb to the `course` command inside it.

Standard library only. With uv where uv is installed, else with venv and pip. Help and slips install nothing.
"""

import contextlib
import errno
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP, LOG = VENV / "course-installed", VENV / "course-install.log"
SOURCES = ("pyproject.toml", "constraints.txt")
# The extras of pyproject.toml, each with those that it contains.
CONTAINS = {
    "grade": {"grade"},
    "lab": {"grade", "lab"},
    "release": {"grade", "release"},
    "site": {"grade", "site"},
    "lite": {"grade", "site", "lite"},
    "test": {"grade", "test"},
    "dev": {"grade", "lab", "release", "site", "lite", "test", "dev"},
}
# What an installer's log says, and what it means.
CAUSES = (
    (r"No space left on device|Disk quota exceeded|os error 28\b", "The disk is full. Free some space"),
    (r"Read-only file system|os error 30\b", "A folder that the installation needs is read-only. Make it writable"),
    (
        r"Failed to establish a new connection|name resolution|Name or service not known|Network is unreachable"
        r"|Connection refused|timed out|dns error|error sending request|Failed to fetch|ProxyError",
        "The packages could not be fetched, because there is no way to the network from here. Connect",
    ),
)


def main():
    """Answer what needs no environment; else set one up where needed and run the verb in it."""
    if sys.version_info < (3, 11):
        sys.exit(f"The course needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    sys.dont_write_bytecode = True
    sys.stdout.reconfigure(errors="replace")  # for a terminal that knows ASCII only
    from autograder.cli import verbs

    words = sys.argv[1:]
    said = verbs.answer(words, "python3 course.py")
    in_full = said and not said[1] and words and "--version" not in words and is_installed("grade")
    if said and not in_full:
        print(said[0], end="", file=sys.stderr if said[1] else sys.stdout)
        sys.exit(said[1])
    extra = "grade" if said else verbs.extra_of(words)
    if not is_installed(extra):
        try:
            set_up(extra, words[0])
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            mend = "Free some space" if full else "Copy the course to a folder of your own"
            sys.exit(f"{error.filename} cannot be written ({error.strerror}). {mend} and run the same command again.")
    hand_over(words)


def hand_over(words):
    """Run the `course` command; -P, because files of the folder that one stands in must not be imported as modules."""
    command = [str(PYTHON), "-P", "-m", "autograder", *words]
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def is_installed(extra):
    """Whether .venv holds what `extra` asks for, as pyproject.toml and constraints.txt say now."""
    extras, seen = installed()
    return seen == fingerprint() and any(extra in CONTAINS[one] for one in extras)


def installed():
    """(The extras that .venv was made with, the fingerprint of that time.)"""
    try:
        names, _, seen = STAMP.read_text(encoding="utf-8").partition(" ")
    except OSError:
        return [], ""
    return [name for name in names.split(",") if name in CONTAINS], seen


def fingerprint():
    """What the installation depends on: if it changes, the environment is brought up to date."""
    return hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in SOURCES)).hexdigest()


def set_up(extra, verb):
    """Make .venv and install the project in it, with what it was made for before."""
    extras = ",".join(sorted({*installed()[0], extra}))
    uv = shutil.which("uv")
    VENV.mkdir(exist_ok=True)
    LOG.write_text("", encoding="utf-8")
    if not PYTHON.exists():
        make_environment(uv)
    installer = [uv, "pip", "install", "--python", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip", "install"]
    quiet = [] if uv else ["--disable-pip-version-check", "--progress-bar", "off"]
    title = f"Setting up .venv for '{verb}' with {'uv' if uv else 'pip'}; this happens once"
    install([*installer, *quiet, "-c", str(ROOT / "constraints.txt"), "-e", f"{ROOT}[{extras}]"], title)
    make_relative(VENV)
    STAMP.write_text(f"{extras} {fingerprint()}", encoding="utf-8")


def make_environment(uv):
    """Create an empty .venv; where Python comes without venv, say which package brings it."""
    if not uv and not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            "This Python comes without the module venv. On Debian or Ubuntu this line brings it:\n"
            f"    sudo apt install python3.{sys.version_info.minor}-venv"
        )
    maker = [uv, "venv", "--allow-existing", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
    run_logged([*maker, str(VENV)], "", "The virtual environment could not be made")


def install(command, title):
    """Run the installer with one line on the screen."""
    began = time.monotonic()
    print(f"{title} ...", end="", flush=True)
    run_logged(command, f"{title} ...", "The installation failed")
    print(f" done in {time.monotonic() - began:.0f} s.", flush=True)


def run_logged(command, title, failed):
    """Run a command with its words in the log; where it fails, end with the cause and the log's name."""
    said, count = [], 0
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8", "errors": "replace"}
    with subprocess.Popen(command, **pipes) as process:
        for line in process.stdout:
            said.append(line)
            with contextlib.suppress(OSError), open(LOG, "a", encoding="utf-8") as log:
                log.write(line)
            count += line.startswith("Collecting ")
            if title and count and sys.stdout.isatty():
                print(f"\r{title} {count} packages", end="", flush=True)
    if process.returncode:
        sys.exit(f"\n{cause(''.join(said), failed)} and run the same command again. All that was said is in {LOG}")


def cause(said, failed):
    """Why an installer failed, by what it said."""
    known = next((sentence for pattern, sentence in CAUSES if re.search(pattern, said)), None)
    last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "it said nothing")
    return known or f"{failed} ({last}). Mend that"


def make_relative(venv):
    """Let the environment find the course by a relative path.

    Python reads a .pth file in the locale's encoding, before it can be told another: with LC_ALL=C, an absolute path
    with a letter that is not ASCII keeps it from starting.
    """
    for pth in venv.rglob("*.pth"):
        lines = pth.read_text(encoding="utf-8").splitlines()
        inside = [Path(line).is_absolute() and Path(line).is_relative_to(ROOT) for line in lines]
        if any(inside):
            kept = [os.path.relpath(x, pth.parent) if ours else x for x, ours in zip(lines, inside, strict=True)]
            pth.write_text("\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
