"""The single changes that a mutation run makes: for one node of a syntax tree, what could stand in its place.

Each operator takes a node and yields replacements. `mutations` walks a source in reading order, makes one change at a
time, and describes it. Nothing here runs a mutant.
"""

import ast
import copy
from collections import Counter
from dataclasses import dataclass

SWAPPED_OPERATORS = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,), ast.FloorDiv: (ast.Div,), ast.Mod: (ast.FloorDiv,),
    ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,),
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
COMMUTE = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr)
PAIRS = (
    ("min", "max"), ("sin", "cos"), ("exp", "log"), ("sum", "mean"), ("zeros_like", "ones_like"), ("zeros", "ones"),
    ("log1p", "log"), ("expm1", "exp"), ("any", "all"), ("maximum", "minimum"), ("argmin", "argmax"), ("floor", "ceil"),
    ("var", "std"), ("sum", "prod"), ("sum", "max"), ("real", "imag"), ("range", "reversed"),
)  # fmt: skip
PARTNERS = {name: [b if a == name else a for a, b in PAIRS if name in (a, b)] for pair in PAIRS for name in pair}
REMOVABLE_CALLS = ("abs", "absolute", "fabs", "copy", "sqrt", "sorted", "square", "asarray", "array")
REMOVABLE_ATTRIBUTES = ("T", "mT", "real")


@dataclass(frozen=True)
class Mutation:
    """One change: what it is, in words that stay the same as long as the source does, and the changed source."""

    description: str
    source: str


def mutations(source):
    """Return every mutation of a source that changes it, each resulting source once, in reading order."""
    tree = ast.parse(source)
    seen, counts, found = {ast.unparse(tree)}, Counter(), []
    for owner, field, index, node, bound in list(_places(tree, frozenset())):
        for words, changed in _replacements(node, bound):
            _put(owner, field, index, changed)
            text = ast.unparse(ast.fix_missing_locations(tree))
            _put(owner, field, index, node)
            if text not in seen:
                seen.add(text)
                description = f"line {node.lineno}: {words}"
                counts[description] += 1
                again = f" ({counts[description]})" if counts[description] > 1 else ""
                found.append(Mutation(description + again, text))
    return found


def _put(owner, field, index, node):
    if index is None:
        setattr(owner, field, node)
    else:
        getattr(owner, field)[index] = node


def _places(owner, bound):
    """Yield (owner, field, index, node, names bound before) for every node that may change, in reading order."""
    for field, value in ast.iter_fields(owner):
        if field in ("annotation", "returns", "decorator_list", "ctx", "type_params"):
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or isinstance(node, ast.JoinedStr) or _is_docstring(owner, node):
                continue
            if hasattr(node, "lineno"):
                yield owner, field, index, node, bound
            if not isinstance(node, ast.Raise) and _number(node) is None:
                yield from _places(node, bound | _arguments(node))
            if isinstance(node, ast.stmt):
                bound |= _bound_by(node)


def _is_docstring(owner, node):
    first = getattr(owner, "body", [None])
    return isinstance(node, ast.Expr) and isinstance(first, list) and node is first[0] and _is_text(node.value)


def _is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _arguments(node):
    if not isinstance(node, ast.FunctionDef):
        return frozenset()
    return frozenset(one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))


def _bound_by(node):
    return {leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name) and isinstance(leaf.ctx, ast.Store)}


def _replacements(node, bound):
    """Yield (words, replacement) for one node."""
    if isinstance(node, ast.stmt):
        yield from _statement(node, bound)
        return
    for changed in _expression(node):
        yield f"{_words(node)} -> {_words(changed)}", changed


def _words(node):
    return ast.unparse(node)


def _expression(node):
    number = _number(node)
    if number is not None:
        yield from map(_literal, _other_numbers(number))
        return
    for kind, operator in EXPRESSIONS.items():
        if isinstance(node, kind):
            yield from operator(node)


def _with(node, **fields):
    """A copy of a node with other fields."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _number(node):
    """The value of a number or of True and False, with its sign; None for any other node."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return None if inner is None or isinstance(inner, bool) else -inner
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)) else None


def _literal(value):
    return ast.parse(repr(value), mode="eval").body


def _other_numbers(value):
    if isinstance(value, bool):
        return [not value]
    others = [value + 1, value - 1, 0, 1, -value] if isinstance(value, int) else [value * 2, 0.0, 1.0, -value]
    return [one for one in dict.fromkeys(others) if one != value]


def _binary(node):
    for swapped in SWAPPED_OPERATORS.get(type(node.op), ()):
        yield _with(node, op=swapped())
    if not isinstance(node.op, COMMUTE):
        yield _with(node, left=node.right, right=node.left)
    yield node.left
    yield node.right


def _unary(node):
    yield node.operand


def _compare(node):
    for place, op in enumerate(node.ops):
        for swapped in SWAPPED_OPERATORS.get(type(op), ()):
            yield _with(node, ops=[*node.ops[:place], swapped(), *node.ops[place + 1 :]])


def _boolean(node):
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for place in range(len(node.values)):
        rest = [*node.values[:place], *node.values[place + 1 :]]
        yield rest[0] if len(rest) == 1 else _with(node, values=rest)


def _conditional(node):
    yield _with(node, body=node.orelse, orelse=node.body)
    yield node.body
    yield node.orelse


def _call(node):
    name = _name(node.func)
    for partner in PARTNERS.get(name, ()):
        field = "attr" if isinstance(node.func, ast.Attribute) else "id"
        yield _with(node, func=_with(node.func, **{field: partner}))
    if name in REMOVABLE_CALLS:
        yield node.args[0] if node.args else node.func.value if isinstance(node.func, ast.Attribute) else node
    for place in range(len(node.args) - 1):
        one, other = node.args[place : place + 2]
        yield _with(node, args=[*node.args[:place], other, one, *node.args[place + 2 :]])
    for place, keyword in enumerate(node.keywords):
        yield _with(node, keywords=[*node.keywords[:place], *node.keywords[place + 1 :]])
        if keyword.arg == "axis" and _number(keyword.value) is not None:
            none = _with(keyword, value=ast.Constant(None))
            yield _with(node, keywords=[*node.keywords[:place], none, *node.keywords[place + 1 :]])


def _name(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _attribute(node):
    if node.attr in REMOVABLE_ATTRIBUTES and isinstance(node.ctx, ast.Load):
        yield node.value


def _tuple(node):
    if isinstance(node.ctx, ast.Load):
        for place in range(len(node.elts) - 1):
            one, other = node.elts[place : place + 2]
            yield _with(node, elts=[*node.elts[:place], other, one, *node.elts[place + 2 :]])


def _slice(node):
    for field in ("lower", "upper", "step"):
        if getattr(node, field) is not None:
            yield _with(node, **{field: None})


def _comprehension_free(node):
    for place, generator in enumerate(node.generators):
        for other in range(len(generator.ifs)):
            fewer = _with(generator, ifs=[*generator.ifs[:other], *generator.ifs[other + 1 :]])
            yield _with(node, generators=[*node.generators[:place], fewer, *node.generators[place + 1 :]])


EXPRESSIONS = {
    ast.BinOp: _binary, ast.UnaryOp: _unary, ast.Compare: _compare, ast.BoolOp: _boolean, ast.IfExp: _conditional,
    ast.Call: _call, ast.Attribute: _attribute, ast.Tuple: _tuple, ast.Slice: _slice,
    (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp): _comprehension_free,
}  # fmt: skip


def _statement(node, bound):
    for kind, operator in STATEMENTS.items():
        if isinstance(node, kind):
            yield from operator(node, bound)


def _delete(node, bound=frozenset()):
    yield f"delete `{_first_line(node)}`", ast.copy_location(ast.Pass(), node)


def _first_line(node):
    return ast.unparse(node).splitlines()[0]


def _assign(node, bound):
    """Delete an assignment where its names exist without it, and change the sign of what is assigned."""
    if _bound_by(node) <= bound:
        yield from _delete(node)
    yield from _negated_value(node)


def _augmented(node, bound):
    yield from _delete(node)
    for swapped in SWAPPED_OPERATORS.get(type(node.op), ()):
        changed = _with(node, op=swapped())
        yield f"{_words(node)} -> {_words(changed)}", changed
    plain = ast.copy_location(ast.Assign([node.target], node.value), node)
    yield f"{_words(node)} -> {_words(ast.fix_missing_locations(plain))}", plain


def _negated_value(node, bound=frozenset()):
    """Insert a minus before a value that is assigned or returned, or before one element of a tuple."""
    if isinstance(node.value, ast.Tuple):
        elements = node.value.elts
        for place, element in enumerate(elements):
            if isinstance(element, NEGATABLE):
                value = _with(node.value, elts=[*elements[:place], _minus(element), *elements[place + 1 :]])
                yield f"{_words(element)} -> {_words(_minus(element))}", _with(node, value=value)
    elif isinstance(node.value, NEGATABLE):
        yield f"{_words(node.value)} -> {_words(_minus(node.value))}", _with(node, value=_minus(node.value))


NEGATABLE = (ast.BinOp, ast.Call, ast.Name, ast.Subscript, ast.Attribute, ast.IfExp)


def _minus(node):
    return ast.copy_location(ast.UnaryOp(ast.USub(), node), node)


def _negated_condition(node, bound):
    test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
    yield f"{_words(node.test)} -> {_words(test)}", _with(node, test=test)


def _other_jump(node, bound):
    yield f"{_words(node)} -> pass", ast.copy_location(ast.Pass(), node)
    other = ast.Continue() if isinstance(node, ast.Break) else ast.Break()
    yield f"{_words(node)} -> {_words(other)}", ast.copy_location(other, node)


STATEMENTS = {
    ast.Assign: _assign, ast.AugAssign: _augmented, ast.Return: _negated_value, (ast.If, ast.While): _negated_condition,
    (ast.Break, ast.Continue): _other_jump, (ast.Raise, ast.Expr, ast.Assert, ast.Delete): _delete,
}  # fmt: skip
