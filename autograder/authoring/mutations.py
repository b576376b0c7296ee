"""Every mutation of a source: one change at a time, in reading order, with words that stay the same as it does.

This file knows where a change may be made. What is changed to what is in `mutation_operators` and
`mutation_statements`; running the mutants is in `mutants`.
"""

import ast
from collections import Counter
from dataclasses import dataclass

from autograder.authoring._mutation_operators import changed_expressions, number_of
from autograder.authoring._mutation_statements import changed_statements, names_bound_by

SKIPPED_FIELDS = ("annotation", "returns", "decorator_list", "ctx", "type_params")
LONGEST_CONTEXT = 60


@dataclass(frozen=True)
class Mutation:
    """One change: its description, and the changed source."""

    description: str
    source: str


@dataclass(frozen=True)
class Place:
    """Where a node stands: in this field of its owner, at this index of a list; and the names bound before it."""

    owner: ast.AST
    field: str
    index: int | None
    node: ast.AST
    bound: frozenset

    def put(self, node):
        """Let `node` stand here."""
        if self.index is None:
            setattr(self.owner, self.field, node)
        else:
            getattr(self.owner, self.field)[self.index] = node


def mutations(source):
    """Return every mutation of a source, each changed source once, in reading order."""
    tree = ast.parse(source)
    seen, counts, found = {ast.unparse(tree)}, Counter(), []
    for place in list(_places(tree, frozenset())):
        for words, changed in _changes(place):
            place.put(changed)
            text = ast.unparse(tree)
            place.put(place.node)
            if text not in seen:
                seen.add(text)
                counts[words] += 1
                found.append(Mutation(words if counts[words] == 1 else f"{words} ({counts[words]})", text))
    return found


def _places(owner, bound):
    for field, value in ast.iter_fields(owner):
        if field in SKIPPED_FIELDS:
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or isinstance(node, ast.JoinedStr) or _is_docstring(owner, node):
                continue
            if hasattr(node, "lineno"):
                yield Place(owner, field, index, node, bound)
            # The text of an error is not mutated, and a number is changed as a whole, sign included.
            if not isinstance(node, ast.Raise) and number_of(node) is None:
                yield from _places(node, bound | _arguments(node))
            if isinstance(node, ast.stmt):
                bound |= names_bound_by(node)


def _is_docstring(owner, node):
    return (
        isinstance(node, ast.Expr)
        and isinstance(owner, (ast.Module, ast.FunctionDef))
        and node is owner.body[0]
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _arguments(node):
    if not isinstance(node, ast.FunctionDef):
        return frozenset()
    return frozenset(one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))


def _changes(place):
    """Yield (description, replacement) for one place."""
    node, line = place.node, f"line {getattr(place.node, 'lineno', 0)}"
    if isinstance(node, ast.stmt):
        for words, changed in changed_statements(node, place.bound):
            yield f"{line}: {words}", changed
        return
    for changed in changed_expressions(node):
        yield f"{line}: {_words(place, changed)}", changed


def _words(place, changed):
    """Say what becomes what; a number is shown within the expression that it stands in."""
    context = place.owner
    if number_of(place.node) is None or isinstance(context, ast.stmt) or len(ast.unparse(context)) > LONGEST_CONTEXT:
        return f"{ast.unparse(place.node)} -> {ast.unparse(changed)}"
    before = ast.unparse(context)
    place.put(changed)
    after = ast.unparse(context)
    place.put(place.node)
    return f"{before} -> {after}"
