"""Wheels of packages that are installed here and are Python alone, made of the installed files, without a network.

A browser's Python installs wheels only. What a package has outside of itself, as scripts for JupyterLab, stays out.
"""

import base64
import hashlib
import importlib.metadata
import re
import zipfile
from pathlib import Path

from autograder.source.problems import CourseError

OF_ITS_INSTALLATION = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json"}


def repacked(name, folder):
    """Write the wheel of an installed package into a folder, the same bytes every time, and return its path."""
    package = importlib.metadata.distribution(name)
    if "Root-Is-Purelib: true" not in (package.read_text("WHEEL") or ""):
        raise CourseError(f"{name} is not Python alone as it is installed here, so that no browser can install it.")
    spelled = re.sub(r"[-_.]+", "_", package.metadata["Name"]).lower()
    files = {one.as_posix(): Path(package.locate_file(one)).read_bytes() for one in package.files if _belongs(one)}
    (home,) = {path.split("/")[0] for path in files if ".dist-info/" in path}
    files[f"{home}/RECORD"] = _record(files, home)
    made = Path(folder) / f"{spelled}-{package.version}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return made


def _belongs(file):
    return ".." not in file.parts and "__pycache__" not in file.parts and file.name not in OF_ITS_INSTALLATION


def _record(files, home):
    """What a wheel says of its files: path, hash and size of each, and its own path."""
    rows = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in files.items()]
    return "\n".join([*rows, f"{home}/RECORD,,", ""]).encode()


def _digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
