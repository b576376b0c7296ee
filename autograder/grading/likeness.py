"""The form of an answer's code: a hash of its normalized syntax tree, and what of the course's own it equals.

Names of arguments and variables, docstrings, comments, annotations, layout and the answer's own name are no part of it;
what is called, which numbers stand there and in which order is. It is shown to the instructor and never scored: two
short answers may well be the same by chance, and whether somebody copied is for people to judge.
"""

import ast
import hashlib
import inspect
import textwrap
import warnings

from autograder.grading.definitions import remembered

LEAST = 40  # nodes of a tree; what is shorter is the same for everybody


@remembered
def forms(text):
    """{name: hash} of what a cell defines at its top level: of a function's tree, of another value's expression."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(_without_magics(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return dict(found for node in tree.body for found in _forms_of(node))


def form_of(function):
    """The hash of a function's code; "" where its source cannot be had or is too short to tell."""
    try:
        text = textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
    except (OSError, TypeError):
        return ""
    return forms(text).get(function.__name__, "")


def published(exercise):
    """{hash: whose} of the course's own code for an `Exercise`: kernels that answer it, the solution, right answers."""
    found = {form_of(right.value): "a published right answer" for right in exercise.right_answers.values()}
    for answer in exercise.answers:
        found[forms(answer.cell.text).get(answer.name, "")] = "the published solution"
    found |= {form_of(kernel): f"the kernel {kernel.__name__}" for kernel in exercise.kernels}
    found.pop("", None)
    return found


class Likeness:
    """What the answers to one lesson look like; the course's own code is read once."""

    def __init__(self, lesson):
        self._exercises = lesson.exercises
        self._published = {name: published(exercise) for name, exercise in lesson.exercises.items()}

    def of(self, code):
        """{exercise: [{answer, form, equals}]} of the texts of a submission's code cells; the last answer counts."""
        found = {}
        for text in code:
            found |= forms(text)
        return {name: self._answers(name, exercise, found) for name, exercise in self._exercises.items()}

    def _answers(self, name, exercise, found):
        names = [answer.name for answer in exercise.answers if not answer.is_choice and found.get(answer.name)]
        return [
            {"answer": one, "form": found[one], "equals": self._published[name].get(found[one], "")} for one in names
        ]


def _forms_of(node):
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node.name, _hash([node])
    elif isinstance(node, ast.Assign):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        yield from ((name, _hash([node.value])) for name in names)


def _hash(nodes):
    """The hash of some trees, up to renaming; "" where there is too little of them."""
    if sum(1 for node in nodes for _ in ast.walk(node)) < LEAST:
        return ""
    try:
        normal = _Normal()
        text = "".join(ast.dump(normal.visit(node)) for node in nodes)
    except RecursionError:
        return ""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


class _Normal(ast.NodeTransformer):
    """Numbers arguments and variables in the order of their appearance; globals that are only read keep their names."""

    def __init__(self):
        self._numbers = {}

    def visit_FunctionDef(self, node):
        """A function, without its name, docstring and annotations."""
        for name in _locals(node):
            self._numbers.setdefault(name, f"v{len(self._numbers)}")
        self._numbers.setdefault(node.name, "itself")
        node.name, node.returns, node.decorator_list = "itself", None, []
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return self.generic_visit(node)

    def visit_arg(self, node):
        """An argument, without its annotation."""
        return ast.arg(arg=self._numbers.get(node.arg, node.arg))

    def visit_Name(self, node):
        """A name, by its number where it is local."""
        return ast.Name(id=self._numbers.get(node.id, node.id), ctx=ast.Load())

    def visit_AnnAssign(self, node):
        """An annotated assignment is an assignment."""
        return self.visit(ast.Assign(targets=[node.target], value=node.value or ast.Constant(None)))


def _locals(tree):
    """The names that a function binds, in the order in which they first stand in it."""
    places, bound = {}, set()
    for one in ast.walk(tree):
        if isinstance(one, (ast.Name, ast.arg)):
            name = one.id if isinstance(one, ast.Name) else one.arg
            places[name] = min(places.get(name, (one.lineno, one.col_offset)), (one.lineno, one.col_offset))
            if isinstance(one, ast.arg) or not isinstance(one.ctx, ast.Load):
                bound.add(name)
    return sorted(bound, key=places.get)


def _without_magics(text):
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in text.splitlines())
