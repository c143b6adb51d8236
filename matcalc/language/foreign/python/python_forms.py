"""Parts of Python code: what a call calls, what stands within signs, numbers and powers."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from matcalc.language.foreign.python_axes.python_evidence import word_of
from matcalc.language.foreign.python_axes.python_names import MODULES
from matcalc.patterns import pattern

__all__ = [
    "ENTRIES",
    "TARGETS",
    "base",
    "has_product",
    "is_constant",
    "is_identity",
    "is_method",
    "made_of",
    "names",
    "of_name",
    "scaled",
    "statements_of",
]

#: What is predicted.
TARGETS = pattern(r"[yY]\d?|y_\w+|ys|t|targets?|labels?|one_?hot|truth|obs")
#: Functions of the entries, and those that change nothing.
ENTRIES = frozenset(
    "exp log sqrt abs cumsum tanh sigmoid relu square sin cos log1p expm1 softplus softmax log_softmax pow power clip clamp float double"
    " array asarray tensor detach clone copy negative absolute expit erf gelu div mul add sub multiply divide subtract where"
    " maximum minimum".split()
)


def statements_of(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements of the last function, where the last statement is one."""
    statements = list(body)
    while statements and isinstance(statements[-1], ast.FunctionDef):
        statements = [*statements[:-1], *statements[-1].body]
    return [s for s in statements if not isinstance(s, (ast.FunctionDef, ast.Import, ast.ImportFrom))]


def is_method(node: ast.expr) -> bool:
    """Whether a function stands behind an array: x.sum, not np.sum."""
    if not isinstance(node, ast.Attribute):
        return False
    inner = node.value
    while isinstance(inner, ast.Attribute):
        inner = inner.value
    return not (isinstance(inner, ast.Name) and inner.id in MODULES)


def scaled(node: ast.expr) -> ast.expr:
    """Without a sign and without numbers before or below it."""
    while True:
        match node:
            case ast.UnaryOp(operand=inner):
                node = inner
            case ast.BinOp(left=left, op=ast.Mult() | ast.Div(), right=right) if not names(right):
                node = left
            case ast.BinOp(left=left, op=ast.Mult(), right=right) if not names(left):
                node = right
            case _:
                return node


def base(node: ast.expr) -> ast.expr:
    """Of a power or a root, its base."""
    inner = scaled(node)
    if isinstance(inner, ast.Call) and word_of(inner.func) == "sqrt" and inner.args:
        return base(inner.args[0])
    return base(inner.left) if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow) else inner


def names(node: ast.expr) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id not in MODULES}


def is_constant(node: ast.expr) -> bool:
    """log(2 pi)"""
    return isinstance(node, ast.Call) and word_of(node.func) == "log" and not names(node)


def is_identity(node: ast.expr) -> bool:
    inner = scaled(node)
    return isinstance(inner, ast.Call) and word_of(inner.func) in ("eye", "identity")


def has_product(node: ast.expr) -> bool:
    return any(
        (isinstance(n, ast.BinOp) and isinstance(n.op, ast.MatMult))
        or (isinstance(n, ast.Call) and word_of(n.func) in ("dot", "matmul", "mm", "linear"))
        for n in ast.walk(node)
    )


def of_name(node: ast.expr) -> str | None:
    """The name of which this is a multiple, a power or a function of the entries: exp(x)**2."""
    inner = base(node)
    while isinstance(inner, ast.Call) and word_of(inner.func) in ENTRIES:
        operand = inner.func.value if is_method(inner.func) and isinstance(inner.func, ast.Attribute) else None
        if operand is None and not inner.args:
            return None
        inner = base(operand or inner.args[0])
    return inner.id if isinstance(inner, ast.Name) else None


def made_of(body: Sequence[ast.stmt]) -> dict[str, set[str]]:
    """For each name that is assigned all names that its value is made of."""
    found: dict[str, set[str]] = {}
    for statement in body:
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign) and value is not None:
            inside = names(value)
            inside = inside.union(*(found.get(n, set()) for n in inside))
            found.update((n, inside) for target in statement.targets for n in names(target))
    return found
