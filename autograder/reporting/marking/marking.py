"""`course mark`: serve the page until Ctrl-C, then bring records, grades and pages up to what was marked."""

import getpass
import os
import signal
import sys
import webbrowser
from functools import partial

from autograder.reporting.marking.desk import Desk
from autograder.reporting.marking.joining import QUIET, Joining, join
from autograder.reporting.marking.server import MarkingServer
from autograder.reporting.marking.work import Work
from autograder.reporting.output_folder import FolderInUse

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def mark(folder, *, exercise="", name="", port=0, opens=True, quiet=QUIET):
    """Serve the answers of a folder of results to one marker, until interrupted."""
    print(f"Reading the records in {folder} ...", flush=True)
    work = Work(folder, exercise, name.strip() or _login())
    joining = Joining(folder, quiet)
    server = MarkingServer(partial(Desk, work, saved=joining.ask), port)
    print(f"{_progress(work)}. You mark as {work.marker}; students' names are not shown.")
    print(f"Open {server.guard.address(server.guard.token)}")
    print("Every mark is saved as it is made. Ctrl-C ends, and the same command goes on from there.", flush=True)
    if opens and _has_screen():
        webbrowser.open(server.guard.address(server.guard.once))
    if not work.is_joined():
        joining.ask()  # what was marked before a kill
    _serve(server, joining, work)


def _serve(server, joining, work):
    """Serve until the first signal to end; what comes after it cuts nothing off."""
    before = {number: signal.signal(number, _end) for number in ENDING}
    try:
        with server, joining.running():
            server.serve_forever()
    except KeyboardInterrupt:
        _close(work)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(*_):
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _close(work):
    """Say how far it is, and join what is marked."""
    print(f"\nStopped: {_progress(work)}, and all of it is saved.", flush=True)
    try:
        if not work.is_joined():
            join(work.folder)
    except FolderInUse:
        print(f"A grader is at work in {work.folder}: its next run takes the marks into records and grades.")
    else:
        print(f"Records, grades.csv and the pages in {work.folder / 'feedback'} say what is marked.")


def _progress(work):
    return f"{len(work.marks())} of {len(work.answers())} answers are marked"


def _login():
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"


def _has_screen():
    """Whether a browser would have one: without it, Python starts one that takes the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
