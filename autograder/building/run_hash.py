"""What the outputs of a solved notebook depend on, as one hash: its code, and the part of `helpers` that it reaches.

Of `helpers` count the kernels, figures and data that the cells import, with those that these import in turn, and the
words of a check's report. What judges answers does not count: a solved notebook's pass. Comments and layout do not
either, nor do text cells, so that a better explanation runs nothing again.
"""

import ast
import hashlib
import importlib
from functools import cache
from pathlib import Path

import helpers

HOME = Path(helpers.__file__).parent
LAZY = ("helpers.kernels", "helpers.figures", "helpers.data")  # packages whose names live in modules of their own
SHOWN = ("helpers.grader", "helpers.outcomes", "helpers.report")
LENGTH = 16


def run_hash(codes):
    """Return the hash of what a notebook with these code cells, in this order, would show."""
    trees = [ast.parse(code) for code in codes]
    modules = {*SHOWN, *_closure(name for tree in trees for name in imported(tree))}
    parts = [*codes, *(f"{name}:{_module_digest(name)}" for name in sorted(modules))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:LENGTH]


def imported(tree):
    """The modules of `helpers` that a piece of code reaches by its imports, each name followed to where it lives."""
    aliases = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "helpers":
            for alias in node.names:
                yield _home(node.module, alias.name)
                if f"{node.module}.{alias.name}" in LAZY:
                    aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
            yield _home(aliases[node.value.id], node.attr)


def _home(module, name):
    """The module in which a name lives that is imported from `module`; "" where it is a package whose names do."""
    if f"{module}.{name}" in LAZY:
        return ""
    if (HOME.parent / f"{module}.{name}".replace(".", "/")).with_suffix(".py").is_file():
        return f"{module}.{name}"
    if module in LAZY:
        return getattr(getattr(importlib.import_module(module), name, None), "__module__", module) or module
    return module


def _closure(names):
    found, waiting = set(), [name for name in names if name]
    while waiting:
        name = waiting.pop()
        if name not in found and name.startswith(LAZY) and _path(name):
            found.add(name)
            waiting += [one for one in _imports_of(name) if one]
    return found


@cache
def _imports_of(name):
    return tuple(imported(_tree(name)))


@cache
def _tree(name):
    return ast.parse(_path(name).read_text(encoding="utf-8"))


@cache
def _module_digest(name):
    """A module's code as it runs; data files that lie beside it count too."""
    beside = sorted(_path(name).parent.iterdir()) if name == "helpers.data" else []
    data = b"".join(path.read_bytes() for path in beside if path.is_file() and path.suffix != ".py")
    return hashlib.sha256(ast.dump(_tree(name)).encode() + data).hexdigest()


def _path(name):
    base = HOME.parent / name.replace(".", "/")
    places = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in places if path.is_file()), None)
