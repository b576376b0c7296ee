"""The source of a right or wrong answer as a student would have typed it: one cell, self-contained, without decorators.

What a function needs of its section (helpers, other right and wrong answers, imports, constants) goes inside of it, so
that no name of it meets a name of the notebook; what its signature or a plain value needs goes above. This file knows
which names the notebook has already; it runs nothing.
"""

import ast
import copy
import io
import textwrap
import tokenize

from autograder.source.cells import names_defined, names_of, solution
from autograder.source.notebook_cells import SETUP
from autograder.source.problems import AuthorError
from autograder.source.standalone import free_names

DECLARATIONS = ("right_answer", "wrong_answer")
MARKS = ("# BEGIN SOLUTION", "# END SOLUTION")
REFERENCE_PREFIX = "plain_"  # for an answer that is built from the reference of the same name


def submission_source(section, given):
    """Return the source of the answer cell that `given`, a right or wrong answer, stands for.

    Names that the same cell defines beside the replaced one keep the reference's definition. `AuthorError` if the
    section does not write `given` as a function or as NAME = wrong_answer(...)(VALUE).
    """
    name = section.exercise.replaced(given)
    answer = next(one for one in section.exercise.answers if one.name == name)
    if answer.is_choice:
        return f'{name} = "{given.value}"'
    return _put(solution(section.path, answer.cell), name, _Typist(section, answer).type(given))


def _put(text, name, source):
    """Put `source` where `text`, a solved answer cell, defines `name`."""
    lines = text.splitlines()
    node = next(node for node in ast.parse(text).body if name in names_of(node))
    pieces = "\n".join(lines[: node.lineno - 1]), source, "\n".join(lines[node.end_lineno :])
    return "\n".join(piece for piece in pieces if piece.strip())


class _Typist:
    """Types one answer of a section in words of that section."""

    def __init__(self, section, answer):
        self._section, self._name = section, answer.name
        self._lines = section.full_source.splitlines()
        self._nodes = section.nodes
        self._reference = self._nodes[answer.name]
        self._in_notebook = _names_in_notebook(section, answer)

    def type(self, given):
        node = self._node_of(given)
        if isinstance(node, ast.FunctionDef):
            return self._function(node)
        above = self._definitions([_value(node)])
        return "\n".join([*above, f"{self._name} = {self._to_reference(_value(node))}"])

    def _node_of(self, given):
        name = next((name for name, value in vars(self._section.module).items() if value is given), None)
        if name not in self._nodes:
            fault = f"the source of a {type(given).__name__} for {self._name} cannot be found"
            mend = "Write it as a function or as NAME = wrong_answer(...)(VALUE)"
            raise AuthorError(self._section.path, 0, fault, mend)
        return self._nodes[name]

    def _function(self, node):
        lines = _renamed(self._to_reference(node), node.name, self._name).splitlines()
        documented = ast.get_docstring(node) is not None
        body = node.body[0].end_lineno + 1 if documented else node.body[0].lineno
        head, rest = lines[: body - node.lineno], lines[body - node.lineno :]
        above = self._definitions([node.args], skip={node.name})
        inside = [one for one in self._definitions([node], skip={node.name}) if one not in above]
        docstring = [] if documented else self._docstring()
        nested = [textwrap.indent(f"\n{one}\n" if "\n" in one else one, "    ") for one in inside]
        return "\n".join([*above, *head, *docstring, *nested, *rest]).replace("\n\n\n", "\n\n")

    def _docstring(self):
        """The reference's docstring, which the starter has shown to the student."""
        first = self._reference.body[0] if isinstance(self._reference, ast.FunctionDef) else None
        if first is None or ast.get_docstring(self._reference) is None:
            return []
        return self._lines[first.lineno - 1 : first.end_lineno]

    def _definitions(self, roots, skip=frozenset()):
        """Everything that the given nodes lean on and the notebook lacks, in the order of the section."""
        found, queue = {}, [name for root in roots for name in _reads(root)]
        while queue:
            name = queue.pop()
            if name in self._nodes and name not in {*found, *skip, *self._in_notebook}:
                found[name] = self._nodes[name]
                queue += _reads(found[name])
        ordered = sorted(found, key=lambda name: (found[name].lineno, name))
        return list(dict.fromkeys(self._definition(name, found[name]) for name in ordered))

    def _definition(self, name, node):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            alias = next(one for one in node.names if (one.asname or one.name).split(".")[0] == name)
            source = f"from {node.module} " if isinstance(node, ast.ImportFrom) else ""
            return f"{source}import {ast.unparse(alias)}"
        if isinstance(node, ast.Assign) and _value(node) is not node.value:
            return f"{name} = {self._to_reference(_value(node))}"
        return self._to_reference(node)

    def _to_reference(self, node):
        """A node's text; where it leans on the answer's own name, the reference is meant, and gets a name apart."""
        text = self._text(node)
        if node is self._reference or self._name in _reads(node):
            return _renamed(text, self._name, REFERENCE_PREFIX + self._name)
        return text

    def _text(self, node):
        if isinstance(node, ast.expr):
            return ast.get_source_segment(self._section.full_source, node)
        lines = self._lines[node.lineno - 1 : node.end_lineno]
        return "\n".join(line for line in lines if line.strip() not in MARKS)


def _names_in_notebook(section, answer):
    """What the notebook defines already: the set-up, given cells, and the other answers of the exercise."""
    given = "\n".join(cell.text for cell in section.cells if cell.kind == "given")
    others = {one.name for one in section.exercise.answers} - {answer.name}
    return others | set(names_defined(SETUP)) | set(names_defined(given))


def _value(node):
    """What an assignment wraps in `wrong_answer(...)(VALUE)` or `right_answer(VALUE)`, or holds as it is."""
    value = node.value
    while isinstance(value, ast.Call) and value.args and _called(value) in DECLARATIONS:
        value = value.args[0]
    return value


def _called(call):
    while isinstance(call, ast.Call):
        call = call.func
    return call.id if isinstance(call, ast.Name) else ""


def _reads(node):
    """The names that a node reads, in a fixed order; those of decorators and declarations stay behind."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return []
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        node = copy.copy(node)
        node.decorator_list = []
    elif isinstance(node, ast.Assign):
        node = _value(node)
    return sorted(free_names(node))


def _renamed(text, old, new):
    """Rename a variable wherever it stands, except where it is an attribute."""
    lines, places, previous = text.splitlines(keepends=True), [], ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and token.string == old and previous != ".":
            places.append(token.start)
        previous = token.string
    for row, column in reversed(places):
        lines[row - 1] = lines[row - 1][:column] + new + lines[row - 1][column + len(old) :]
    return "".join(lines)
