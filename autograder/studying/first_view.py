"""How JupyterLab looks when the course is opened for the first time: the lesson, and its table of contents beside it.

The course keeps its own account of open windows, in its environment: what a reader left open in other folders is
neither looked for here nor lost.
"""

import json
import os
import sys
from pathlib import Path

LAYOUT = {
    "left": {
        "collapsed": False,
        "visible": True,
        "current": "@jupyterlab/toc:plugin",
        "widgets": ["filebrowser", "running-sessions", "@jupyterlab/toc:plugin", "extensionmanager.main-view"],
    },
    "right": {"collapsed": True, "visible": True, "widgets": ["jp-property-inspector", "debugger-sidebar"]},
    "relativeSizes": [0.2, 0.8, 0],
}
VARIABLE, NAME = "JUPYTERLAB_WORKSPACES_DIR", "default"


def own_windows(folder=None):
    """The environment in which JupyterLab keeps the course's windows in a folder; {} where that cannot be."""
    folder = Path(folder or Path(sys.prefix) / "share" / "deep-learning-by-hand" / "workspaces")
    if VARIABLE in os.environ:
        return {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            _write_first(folder)
    except OSError:
        return {}
    return {VARIABLE: str(folder)}


def _write_first(folder):
    from jupyterlab_server.workspaces_handler import WORKSPACE_EXTENSION, slugify

    first = {"data": {"layout-restorer:data": LAYOUT}, "metadata": {"id": NAME}}
    (folder / f"{slugify(NAME)}{WORKSPACE_EXTENSION}").write_text(json.dumps(first), encoding="utf-8")
