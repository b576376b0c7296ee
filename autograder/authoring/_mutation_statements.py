"""The single changes of a statement that a mutation run makes: deleted, negated, or with another operator.

Each operator takes a statement and the names bound before it, and yields (words, replacement).
"""

import ast

from autograder.authoring._mutation_operators import SWAPPED_OPERATORS, with_fields

NEGATABLE = (ast.BinOp, ast.Call, ast.Name, ast.Subscript, ast.Attribute, ast.IfExp)


def changed_statements(node, bound):
    """Yield what could stand in the place of a statement, each with words that say what changed."""
    for kind, operator in STATEMENTS.items():
        if isinstance(node, kind):
            yield from operator(node, bound)


def names_bound_by(node):
    """The names that a statement, or any part of it, assigns."""
    return {leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name) and isinstance(leaf.ctx, ast.Store)}


def _delete(node, bound=frozenset()):
    yield f"delete `{ast.unparse(node).splitlines()[0]}`", _placed(ast.Pass(), node)


def _assign(node, bound):
    """Delete an assignment where its names exist without it, and change the sign of what is assigned."""
    if names_bound_by(node) <= bound:
        yield from _delete(node)
    yield from _negated_value(node)


def _return(node, bound):
    yield from _delete(node)
    if node.value is not None:
        yield from _negated_value(node)


def _augmented(node, bound):
    yield from _delete(node)
    for swapped in SWAPPED_OPERATORS.get(type(node.op), ()):
        yield _in_words(node, with_fields(node, op=swapped()))
    yield _in_words(node, _placed(ast.Assign([node.target], node.value), node))


def _negated_value(node):
    """Insert a minus before the value of a statement, or before one element where that is a tuple."""
    if isinstance(node.value, ast.Tuple):
        elements = node.value.elts
        for place, element in enumerate(elements):
            if isinstance(element, NEGATABLE):
                negated = [*elements[:place], _minus(element), *elements[place + 1 :]]
                yield _negated(element), with_fields(node, value=with_fields(node.value, elts=negated))
    elif isinstance(node.value, NEGATABLE):
        yield _negated(node.value), with_fields(node, value=_minus(node.value))


def _negated(node):
    return f"{ast.unparse(node)} -> {ast.unparse(_minus(node))}"


def _minus(node):
    return _placed(ast.UnaryOp(ast.USub(), node), node)


def _condition(node, bound):
    opposite = _placed(ast.UnaryOp(ast.Not(), node.test), node.test)
    yield _in_words(node.test, opposite)[0], with_fields(node, test=opposite)


def _jump(node, bound):
    for other in (ast.Pass(), ast.Continue() if isinstance(node, ast.Break) else ast.Break()):
        yield _in_words(node, _placed(other, node))


def _in_words(node, changed):
    return f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed


def _placed(changed, node):
    return ast.fix_missing_locations(ast.copy_location(changed, node))


STATEMENTS = {
    ast.Assign: _assign, ast.AugAssign: _augmented, ast.Return: _return, (ast.If, ast.While): _condition,
    (ast.Break, ast.Continue): _jump, (ast.Raise, ast.Expr, ast.Assert, ast.Delete): _delete,
}  # fmt: skip
