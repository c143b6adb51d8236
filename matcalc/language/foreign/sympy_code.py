"""SymPy's matrices in Python code: ``*`` and ``**`` are those of matrices, names are declared by MatrixSymbol and symbols."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from matcalc.language.foreign.code import Code, Fault, infix, raised
from matcalc.language.foreign.python_evidence import word_of

__all__ = ["declared_symbols", "makes_symbols", "operated_on_matrices"]

#: What makes names, which are texts: var is also a variance.
_MAKERS = frozenset("MatrixSymbol symbols Symbol var Dummy".split())


def makes_symbols(node: ast.expr | None) -> bool:
    """symbols("a b"), MatrixSymbol("X", n, k)"""
    if not isinstance(node, ast.Call) or word_of(node.func) not in _MAKERS or not node.args:
        return False
    return isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)


def operated_on_matrices(left: Code, op: ast.operator, right: Code) -> Code:
    """left op right"""
    match op:
        case ast.Pow():
            return raised(left, right, entries=False)
        case ast.Add() | ast.Sub():
            return infix(left, "+" if isinstance(op, ast.Add) else "-", right)
        case ast.Mult() | ast.Div():
            return infix(left, "*" if isinstance(op, ast.Mult) else "/", right)
    raise Fault("this operator has no meaning here", (left.span[0], right.span[1]))


def declared_symbols(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The axes of names that are made: X = MatrixSymbol("X", n, k), a, b = symbols("a b")."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and makes_symbols(node.value):
            rank = _rank(node.value)
            targets = [
                t for target in node.targets for t in (target.elts if isinstance(target, ast.Tuple) else [target])
            ]
            yield from ((t.id, rank) for t in targets if isinstance(t, ast.Name))


def _rank(call: ast.Call) -> int:
    if word_of(call.func) != "MatrixSymbol":
        return 0
    last = call.args[-1]
    return 1 if isinstance(last, ast.Constant) and last.value == 1 else 2
