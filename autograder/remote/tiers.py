"""The tiers of isolation: what each is made of, how a zygote is started in it, and what is said where it is missing.

Nothing is trusted because of a version number: the zygote tries what must be impossible and reports.
"""

import os
import shutil
import stat
import sys
from pathlib import Path

import helpers
from autograder.remote import bubblewrap
from autograder.remote.bubblewrap import NO_POWERS, NOBODY
from autograder.source.problems import CourseError

TIERS = ("strict", "standard", "none")
LAYERS = ("landlock", "seccomp", "rlimits", "session")
ADVICE = {
    "strict": "Install bubblewrap and allow it user namespaces, or ask for --isolation standard.",
    "standard": "Grade on Linux 5.13 or newer with libseccomp2, in a container, or ask for --isolation none.",
    "none": "It is this Python itself that does not start; make its environment anew.",
}


def missing(tier, reason):
    """The refusal where a tier that was asked for is not to be had."""
    return CourseError(f"The isolation '{tier}' is not to be had here: {reason}. {ADVICE[tier]}")


def known_tier(name):
    """Return the name of a tier, or None for the strongest; `CourseError` names the tiers there are."""
    if name not in (None, *TIERS):
        raise CourseError(f"There is no isolation called '{name}'; there are {', '.join(TIERS)}.")
    return name


def launcher(tier, scratch):
    """Return (command prefix, options for Popen, names of the layers) that start a zygote in this tier."""
    if sys.platform == "win32":
        raise CourseError("Grading needs Linux or macOS. On Windows, run it in WSL or in a Linux container.")
    if tier == "none":
        return [], {}, ["none"]
    if not sys.platform.startswith("linux"):
        raise missing("standard", f"it is made of parts of the Linux kernel, and this is {sys.platform}")
    if tier == "standard":
        prefix, options, layers = _without_privileges(scratch)
        return prefix, options, [*LAYERS, *layers]
    tool = bubblewrap.missing_tool()
    if tool:
        raise missing("strict", f"{tool} is not installed")
    prefix, layers = bubblewrap.launcher(scratch)
    return prefix, {}, [layers[0], *LAYERS, *layers[1:]]


def _without_privileges(scratch):
    """As root, become an ordinary user where that one can read Python, else give up every capability."""
    if os.getuid() != 0:
        return [], {}, []
    readable = all(_open_to_all(path) for path in (sys.prefix, sys.base_prefix, os.__file__, helpers.__file__))
    if readable and bubblewrap.lent_to_nobody(scratch):
        return [], {"user": NOBODY, "group": NOBODY, "extra_groups": []}, ["user"]
    tool = shutil.which("setpriv")
    if not tool:
        raise missing(
            "standard", "the grader runs as root, and setpriv (of util-linux), which takes root's powers, is missing"
        )
    os.chown(scratch, 0, 0)  # a stronger tier that did not start has left it to another user
    return [tool, *NO_POWERS], {}, ["no-capabilities"]


def _open_to_all(path):
    """Whether any user may reach this path."""
    folders = Path(path).resolve().parents
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


def judge(tier, found):
    """Refuse where the zygote's probe found a hole, or a necessity missing."""
    if found.get("possible"):
        raise missing(tier, f"in a trial these were possible: {', '.join(found['possible'])}")
    if found.get("impossible"):
        raise missing(tier, f"in a trial these were impossible: {', '.join(found['impossible'])}")
