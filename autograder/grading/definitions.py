"""What a cell defines and what it takes from other cells, read from its text: under `with`, by magics, by name.

Nothing is run. What cannot be told from the text, as the names that an `exec` of computed text makes, is left to the
process that runs the cell: it is asked for every answer that some cell mentions.
"""

import ast
import functools
import re
import symtable
import warnings

BLANK, ATTEMPT = "blank", "attempt"
RUN_HERE = {"time", "prun", "capture"}  # magics that run what stands behind them in the notebook's own namespace
NAMESPACES = {"globals", "locals", "vars"}
TOO_ODD = (SyntaxError, ValueError, RecursionError, MemoryError)

LONGEST, MOST = 5_000, 2_000  # of texts that are remembered: letters of one, and how many


def remembered(read):
    """Remember what was read of a text: in a class nearly all cells are the same. Each caller gets a copy."""
    kept = functools.lru_cache(MOST)(read)

    @functools.wraps(read)
    def of(text):
        return (kept(text) if len(text) <= LONGEST else read(text)).copy()

    return of


@remembered
def definitions(text):
    """What a cell defines in the notebook's namespace: {name: BLANK or ATTEMPT}, the last one counts.

    A definition is blank when it is the starter's: `...`, or a body of docstring, `...` and `pass`.
    """
    try:
        found = _Definitions()
        found.visit(tree_of(text))
        return found.names
    except TOO_ODD:
        return _loosely(text)


@remembered
def uses(text):
    """The names that a cell reads and does not define itself."""
    try:
        source = ast.unparse(tree_of(text))
        table = symtable.symtable(source, "cell", "exec")
    except TOO_ODD:
        return set()
    # What a handler or a with binds is the cell's own as well.
    bound = {one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()}
    return _read(table) - bound - set(definitions(source))


def tree_of(text):
    """The syntax tree of a cell, magics and shell lines turned into calls; `SyntaxError` where it is not Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError:
            if not re.search(r"[%!?]", text):
                raise
        # Only here: most cells hold no magic, and IPython takes a while to import.
        from IPython.core.inputtransformer2 import TransformerManager

        return ast.parse(TransformerManager().transform_cell(text))


def _read(table):
    """The global names that a scope and those within it read."""
    here = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global())
    }
    return here.union(*map(_read, table.get_children()))


def _loosely(text):
    """Names by their look, for a cell that is not Python: its fault belongs to the exercise that it attempts."""
    found = re.findall(r"^(?:(?:async\s+)?def\s+(\w+)|class\s+(\w+)|(\w+)\s*(?::[^=\n]+)?=(?!=))", text, re.M)
    return {a or b or c: ATTEMPT for a, b, c in found}


class _Definitions(ast.NodeVisitor):
    """Collects what is bound at the top level of a cell, in whatever statement."""

    def __init__(self):
        self.names, self._under = {}, 0

    def _bind(self, name, kind=ATTEMPT):
        # One branch of a compound statement may hold the starter, another one the answer.
        if kind == ATTEMPT or not self._under or name not in self.names:
            self.names[name] = kind

    def _within(self, node):
        self._under += 1
        self.generic_visit(node)
        self._under -= 1

    visit_If = visit_Try = visit_TryStar = visit_With = visit_For = visit_While = visit_Match = _within

    def visit_FunctionDef(self, node):
        self._bind(node.name, BLANK if _is_blank_body(node) else ATTEMPT)
        for one in ast.walk(node):
            if isinstance(one, ast.Global):
                for name in one.names:
                    self._bind(name)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        self._bind(node.name)

    def visit_Assign(self, node):
        if isinstance(node.value, ast.Constant) and node.value.value is ...:
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self._bind(target.id, BLANK)
            return
        self.generic_visit(node)

    def visit_AnnAssign(self, node):
        if node.value:
            self.visit_Assign(ast.Assign([node.target], node.value))

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            self._bind(node.id)

    def visit_Import(self, node):
        for alias in node.names:
            self._bind((alias.asname or alias.name).split(".")[0])

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node):
        self.generic_visit(node)  # its name is gone behind it

    def visit_MatchAs(self, node):
        if node.name:
            self._bind(node.name)
        self.generic_visit(node)

    def visit_Lambda(self, node):
        pass

    def _comprehension(self, node):
        for one in ast.walk(node):
            if isinstance(one, ast.NamedExpr):
                self._bind(one.target.id)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_Subscript(self, node):
        into = node.value.func if isinstance(node.value, ast.Call) else None
        if isinstance(node.ctx, ast.Store) and isinstance(into, ast.Name) and into.id in NAMESPACES:
            self._bind(_constant(node.slice))
        self.generic_visit(node)

    def visit_Call(self, node):
        called = ast.unparse(node.func)
        words = [_constant(one) for one in node.args]
        if called == "exec" and words and words[0]:
            self._merge(words[0])
        if called.startswith("get_ipython().run_") and len(words) > 1 and words[0] in RUN_HERE:
            self._merge(words[-1])
        self.generic_visit(node)

    def _merge(self, text):
        for name, kind in definitions(text).items():
            self._bind(name, kind)


def _constant(node):
    """The text of a string constant, else ""."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_blank_body(node):
    return all(
        isinstance(one, ast.Pass) or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in node.body
    )
