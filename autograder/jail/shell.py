"""The IPython shell that a submission's cells are turned into Python by: as in a notebook, as far as that may be.

Magics that only a front end or a system can serve do nothing; those that measure run their statement once. An import
of what is not there when a notebook is graded is refused in words.
"""

import builtins
import functools
import sys

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import import_pylab
from IPython.utils.text import SList
from traitlets.config import Config

from helpers.at_grading import HERE, MAY_BE_USED, is_there

# Of the kernel and of front ends, which a bare shell does not have; and of the system, which is out of reach.
SILENT = (
    "autosave", "clear", "cls", "config", "connect_info", "edit", "less", "load_ext", "man", "matplotlib", "more",
    "notebook", "qtconsole", "subshell", "bash", "cmd", "conda", "gui", "html", "javascript", "js", "latex", "mamba",
    "markdown", "perl", "pip", "pypy", "python2", "ruby", "script", "sh", "svg", "sx", "system", "uv",
)  # fmt: skip


def make_shell():
    """A shell without history, terminal or a way to the system's shell: magics work, `!` says nothing."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    shell.system = shell.system_raw = shell.system_piped = lambda *args, **kwargs: None
    shell.getoutput = lambda *args, **kwargs: SList()
    for kind in shell.magics_manager.magics.values():
        kind |= dict.fromkeys(SILENT, lambda *words: None)
        kind["timeit"] = functools.partial(_timed_once, kind["timeit"])
    shell.magics_manager.magics["line"]["pylab"] = lambda *words: import_pylab(shell.user_ns)
    shell.run_line_magic = functools.partial(_run_known, shell, shell.run_line_magic)
    builtins.get_ipython = lambda: shell
    sys.meta_path.insert(0, Refusal())
    return shell


def _run_known(shell, run, name, line, _stack_depth=1):
    """Run a magic; one of an extension that is not there does nothing."""
    return run(name, line, _stack_depth=_stack_depth + 1) if shell.find_line_magic(name) else None


def _timed_once(timeit, line, cell=None):
    """A `%timeit` that runs its statement once and prints nothing; what -o asks for is given."""
    parse = timeit.__self__.parse_options
    options, statement = parse(line, "n:r:tcp:qov:", posix=False, strict=False, preserve_non_opts=True)
    return timeit(f"-n1 -r1 -q {'-o ' if 'o' in options else ''}{statement}", cell)


class Refusal:
    """Refuses, in the words of the notebook, what a cell imports and a notebook may not use; libraries may."""

    def find_spec(self, name, path=None, target=None):
        """Raise where a cell imports such a module, else leave the search to others."""
        if path is None and not is_there(name) and _is_asked_by_a_cell():
            raise ModuleNotFoundError(f"{name} is not there when a notebook is graded. {MAY_BE_USED}", name=name)


def _is_asked_by_a_cell():
    frame = sys._getframe(2)
    while frame and "importlib" in frame.f_code.co_filename:
        frame = frame.f_back
    return frame is not None and not frame.f_code.co_filename.startswith((sys.prefix, sys.base_prefix, HERE))
