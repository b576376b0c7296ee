"""Cut a check out of its section, with the imports and helper definitions that it needs, and nothing else.

A check travels alone: to the student's kernel if it is public, to otter and nbgrader, into the solution notebooks. It
must therefore not lean on the reference, nor on right and wrong answers; this file says so when it does.
"""

import ast

from autograder.source.cells import names_of
from autograder.source.problems import AuthorError


def standalone(section, checks):
    """Return source text that defines the given checks of a section, together with all that they need."""
    needed = _Needed(section)
    for check in checks:
        needed.add(check.name, check.function.__code__.co_firstlineno)
    return needed.text()


class _Needed:
    def __init__(self, section):
        self._section = section
        self._forbidden = forbidden_names(section)
        self._lines = section.full_source.splitlines()
        self._nodes = section.nodes
        self._names = set()

    def add(self, name, line):
        if name in self._forbidden:
            fault = f"a check leans on '{name}', which stays behind when the check travels"
            raise AuthorError(self._section.path, line, fault, "Take it as a parameter, or work the value out anew")
        if name not in self._nodes or name in self._names:
            return
        self._names.add(name)
        node = self._nodes[name]
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            for used in sorted(free_names(node)):
                self.add(used, node.lineno)

    def text(self):
        imports, definitions = [], []
        for node in dict.fromkeys(self._nodes.values()):
            names = set(names_of(node)) & self._names
            if names and isinstance(node, (ast.Import, ast.ImportFrom)):
                imports.append(self._import(node, names))
            elif names:
                definitions.append(self._source(node))
        return "\n".join(imports) + "\n\n\n" + "\n\n\n".join(definitions) + "\n"

    def _import(self, node, names):
        kept = [alias for alias in node.names if (alias.asname or alias.name).split(".")[0] in names]
        return ast.unparse(ast.Import(kept) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, kept, 0))

    def _source(self, node):
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        return "\n".join(self._lines[first - 1 : node.end_lineno])


def forbidden_names(section):
    """The names of a section that no check may use: the reference answers, right answers and wrong answers."""
    exercise = section.exercise
    answers = [answer.name for answer in exercise.answers]
    return {*answers, *exercise.right_answers, *exercise.wrong_answers}


def free_names(node):
    """The names that a definition reads and does not define itself."""
    read, bound = set(), set()
    for leaf in ast.walk(node):
        if isinstance(leaf, ast.Name):
            (read if isinstance(leaf.ctx, ast.Load) else bound).add(leaf.id)
        elif isinstance(leaf, ast.arg):
            bound.add(leaf.arg)
        elif isinstance(leaf, (ast.FunctionDef, ast.ClassDef)):
            bound.add(leaf.name)
    return read - bound
