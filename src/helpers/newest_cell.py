"""Whether the newest cell that writes an answer is Python at all: if not, what is checked is an older answer."""

import ast
import re
import sys

from helpers.language import said

STALE = said("The newest cell that writes {name} is not Python ({error}): this is about an older {name}.")
WRITES = r"^\s*(?:(?:async\s+)?def|class)\s+{name}\b|^{name}\s*(?::[^=\n]+)?=(?!=)"


def stale(answers):
    """Sentences on answers whose newest cell, of those that were run in this notebook, is not Python."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return ()
    return tuple(filter(None, (_stale(name, shell) for name in answers)))


def _stale(name, shell):
    wanted = re.compile(WRITES.format(name=re.escape(name)), re.M)
    text = next((text for text in reversed(shell.history_manager.input_hist_raw) if wanted.search(text)), "")
    try:
        compile(shell.transform_cell(text), "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError) as error:
        told = f"{error.msg}, line {error.lineno}" if isinstance(error, SyntaxError) else str(error)
        return STALE.format(name=name, error=told)
    return ""
