"""The single changes of an expression that a mutation run makes: what could stand in its place.

Each operator takes a node and yields replacements; EXPRESSIONS says which operator is for which node.
"""

import ast
import copy

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
    ("var", "std"), ("sum", "prod"), ("sum", "max"), ("real", "imag"),
)  # fmt: skip
PARTNERS = {name: [b if a == name else a for a, b in PAIRS if name in (a, b)] for pair in PAIRS for name in pair}
SYMMETRIC = ("min", "max", "minimum", "maximum", "hypot", "logaddexp", "isclose", "allclose", "gcd")
REMOVABLE_CALLS = ("abs", "absolute", "fabs", "copy", "sqrt", "sorted", "square", "asarray", "array")
REMOVABLE_ATTRIBUTES = ("T", "mT", "real")


def changed_expressions(node):
    """Yield what could stand in the place of an expression."""
    number = number_of(node)
    if number is not None:
        yield from map(_literal, _other_numbers(number))
        return
    for kind, operator in EXPRESSIONS.items():
        if isinstance(node, kind):
            yield from operator(node)


def with_fields(node, **fields):
    """A copy of a node with other fields; the rest is shared."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def number_of(node):
    """The value of a number or of True and False, with its sign; None for any other node."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number_of(node.operand)
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
        yield with_fields(node, op=swapped())
    if not isinstance(node.op, COMMUTE):
        yield with_fields(node, left=node.right, right=node.left)
    yield node.left
    yield node.right


def _unary(node):
    yield node.operand


def _compare(node):
    for place, op in enumerate(node.ops):
        for swapped in SWAPPED_OPERATORS.get(type(op), ()):
            yield with_fields(node, ops=[*node.ops[:place], swapped(), *node.ops[place + 1 :]])


def _boolean(node):
    yield with_fields(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for place in range(len(node.values)):
        rest = [*node.values[:place], *node.values[place + 1 :]]
        yield rest[0] if len(rest) == 1 else with_fields(node, values=rest)


def _conditional(node):
    yield with_fields(node, body=node.orelse, orelse=node.body)
    yield node.body
    yield node.orelse


def _call(node):
    name = _name(node.func)
    for partner in PARTNERS.get(name, ()):
        field = "attr" if isinstance(node.func, ast.Attribute) else "id"
        yield with_fields(node, func=with_fields(node.func, **{field: partner}))
    if name in REMOVABLE_CALLS:
        yield node.args[0] if node.args else node.func.value if isinstance(node.func, ast.Attribute) else node
    for place in range(len(node.args) - 1 if name not in SYMMETRIC else 0):
        one, other = node.args[place : place + 2]
        yield with_fields(node, args=[*node.args[:place], other, one, *node.args[place + 2 :]])
    for place in range(len(node.keywords)):
        yield with_fields(node, keywords=[*node.keywords[:place], *node.keywords[place + 1 :]])


def _name(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _attribute(node):
    if node.attr in REMOVABLE_ATTRIBUTES and isinstance(node.ctx, ast.Load):
        yield node.value


def _tuple(node):
    if isinstance(node.ctx, ast.Load):
        for place in range(len(node.elts) - 1):
            one, other = node.elts[place : place + 2]
            yield with_fields(node, elts=[*node.elts[:place], other, one, *node.elts[place + 2 :]])


def _slice(node):
    for field in ("lower", "upper", "step"):
        if getattr(node, field) is not None:
            yield with_fields(node, **{field: None})


def _comprehension(node):
    for place, generator in enumerate(node.generators):
        for other in range(len(generator.ifs)):
            fewer = with_fields(generator, ifs=[*generator.ifs[:other], *generator.ifs[other + 1 :]])
            yield with_fields(node, generators=[*node.generators[:place], fewer, *node.generators[place + 1 :]])


EXPRESSIONS = {
    ast.BinOp: _binary, ast.UnaryOp: _unary, ast.Compare: _compare, ast.BoolOp: _boolean, ast.IfExp: _conditional,
    ast.Call: _call, ast.Attribute: _attribute, ast.Tuple: _tuple, ast.Slice: _slice,
    (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp): _comprehension,
}  # fmt: skip
