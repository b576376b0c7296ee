"""Other accounts to grade from: commands that run a program as somebody else, made for the test and gone with it.

All of it happens in a namespace of mounts of its own. There the account has a line in the list of users, a home, and
Python and the project to read, also where they lie in a folder that is closed to it, as root's home is.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAME, NUMBER = "course-test", 54321
PROJECT = Path(__file__).resolve().parent.parent
NO_POWERS = ("setpriv", "--inh-caps=-all", "--bounding-set=-all")
ORDINARY = (*NO_POWERS, f"--reuid={NUMBER}", f"--regid={NUMBER}", "--clear-groups")
# name: the words before a command that run it so.
AS_IT_IS = ("root", "root without capabilities")  # all others find Python readable
ACCOUNTS = {
    "root": (),
    "root without capabilities": NO_POWERS,
    "root whose Python others can read": (),
    "root of a container without root": (*ORDINARY, "unshare", "--user", "--map-root-user"),
    "an ordinary account": ORDINARY,
}
# $1: a folder of ours; then closed folders, "--", what is needed of them, "--", what to run.
MAKE_READABLE = f"""
set -e
home=$1; shift
for list in passwd group; do
  cat /etc/$list >"$home/$list"
done
echo "{NAME}:x:{NUMBER}:{NUMBER}::$home/home:/bin/sh" >>"$home/passwd"
echo "{NAME}:x:{NUMBER}:" >>"$home/group"
for list in passwd group; do mount --bind "$home/$list" /etc/$list; done
closed=; while [ "$1" != -- ]; do closed="$closed $1"; shift; done; shift
count=0; kept=
while [ "$1" != -- ]; do
  count=$((count + 1)); mkdir "$home/$count"; mount --bind "$1" "$home/$count"; kept="$kept $1"; shift
done; shift
for folder in $closed; do mount -t tmpfs -o mode=755 open "$folder"; done
count=0
for path in $kept; do
  count=$((count + 1)); mkdir -p "$path"; mount --bind "$home/$count" "$path"
done
exec "$@"
"""


def missing():
    """Why no other account can be made here, as a sentence, or ""."""
    if os.getuid() != 0:
        return "only root can run the suites as other accounts"
    for tool in ("setpriv", "unshare", "mount"):
        if not shutil.which(tool):
            return f"{tool} (of util-linux) is not installed, and other accounts need it"
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode:
        return "this root may not mount anything, and so cannot make Python readable to another account"
    return ""


def run_as(account, command, folder, **options):
    """Run a command as an account of `ACCOUNTS`, with `folder`, which is new and open to all, for what it writes."""
    home, prefix = Path(folder) / "home", []
    home.mkdir(exist_ok=True)
    if account not in AS_IT_IS:
        needed = _needed()
        prefix = ["unshare", "--mount", "sh", "-c", MAKE_READABLE, "sh", folder, *_closed(needed), "--", *needed, "--"]
    if ORDINARY[-1] in ACCOUNTS[account]:
        os.chown(home, NUMBER, NUMBER)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment = {**kept, "HOME": str(home), "TMPDIR": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*prefix, *ACCOUNTS[account], *command], env=environment, cwd=PROJECT, capture_output=True, text=True, **options
    )


def _needed():
    """The folders that a test reads: the interpreter's, the environment's, the project's."""
    found = {str(PROJECT)} | {path for one in (sys.prefix, sys.base_prefix) for path in (one, os.path.realpath(one))}
    return sorted(one for one in found if not any(other != one and Path(one).is_relative_to(other) for other in found))


def _closed(needed):
    """The outermost folders on the way to these that only their owner may pass."""
    found = {
        next((str(one) for one in reversed(Path(path).parents) if not one.stat().st_mode & 1), "") for path in needed
    }
    return sorted(found - {""})
