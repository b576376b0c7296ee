"""The page on the kernels of helpers: what there is and what each does, from the docstrings themselves."""

import importlib
import inspect
import pkgutil

from autograder.building.kernel_tasks import task_table
from helpers import kernels

HEAD = """\
<!-- Generated from the docstrings of src/helpers/kernels; repair with: course build -->

# The kernels of helpers

`from helpers import kernels`, then `kernels.softmax(a)`. NumPy only, and SciPy for exact transport; float32 arrays stay
float32; no kernel changes its arguments but those whose name ends in an underscore; everything that is random takes a
`Generator`. `help(kernels.softmax)` gives the formula, the shapes, the units, the errors and the source. While a lesson
is graded, the kernels that answer its exercises are closed. How fast they are beside torch, SciPy and POT stands in
[benchmarks/kernels.md](../benchmarks/kernels.md).
"""


def kernel_page():
    """Return the page as Markdown: what for, then a part for each module, a line for each public function."""
    names = sorted(module.name for module in pkgutil.iter_modules(kernels.__path__))
    modules = [importlib.import_module(f"helpers.kernels.{name}") for name in names]
    return "\n".join([HEAD, *task_table(), "", *filter(None, map(_part, modules))])


def _part(module):
    public = [
        function
        for name, function in vars(module).items()
        if getattr(kernels, name, None) is function and getattr(function, "__module__", "") == module.__name__
    ]
    if not public:
        return ""
    title = module.__name__.rpartition(".")[2].replace("_", " ")
    lines = [f"| `{one.__name__}{inspect.signature(one)}` | {_first_line(one)} |" for one in public]
    return "\n".join(
        [f"## {title}", "", inspect.getdoc(module), "", "| function | what it does |", "|---|---|", *lines, ""]
    )


def _first_line(function):
    return inspect.getdoc(function).splitlines()[0].replace("|", "\\|")
