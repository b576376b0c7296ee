#!/usr/bin/env bash
# Gradescope runs this once, when the autograder is uploaded: a Python of 3.11 or newer, and what grading needs.
set -euo pipefail
source="${AUTOGRADER_ROOT:-/autograder}/source"

find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
}

python="$(find_python)"
if [ -z "$python" ] || ! command -v setpriv >/dev/null || ! ldconfig -p | grep -q libseccomp.so.2; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y libseccomp2 util-linux python3 python3-venv
    python="$(find_python)"
fi
if [ -z "$python" ]; then  # an older Ubuntu has it under a name of its own
    DEBIAN_FRONTEND=noninteractive apt-get install -y python3.11 python3.11-venv
    python="$(find_python)"
fi
"$python" -m venv "$source/.venv"
"$source/.venv/bin/python" -m pip install --quiet -r "$source/requirements.txt"
# The jail starts its Python with -I, which reads no PYTHONPATH.
packages="$("$source/.venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
printf '%s\n' "$source" "$source/src" >"$packages/course.pth"
# Matplotlib's list of fonts is made now, not in every grading.
MPLBACKEND=Agg "$source/.venv/bin/python" -c 'import autograder, helpers, matplotlib.pyplot'
