"""A name pi in Python: nothing but an import makes it the number, which is np.pi."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from matcalc.language.foreign.python_axes.python_evidence import arguments_of, word_of

__all__ = ["with_pi"]

#: What is taken of an array alone: sqrt(pi) and sin(pi) are of the number.
_OF_ARRAYS = frozenset(
    "log dot matmul inner outer vdot sum mean max min norm diag log_softmax softmax reduce_sum entropy".split()
)


def with_pi(tree: ast.Module, shown: Mapping[str, int]) -> dict[str, int]:
    """The axes of names, with those of a pi that is an array: weights, a policy, a distribution."""
    nodes = list(ast.walk(tree))
    if "pi" in shown or not any(_is_pi(n) for n in nodes):
        return dict(shown)
    if any(_imports_pi(n) or _is_multiple(n) for n in nodes):
        return {**shown, "pi": 0}
    return {**shown, "pi": 1} if any(_of_arrays(tree)) else dict(shown)


def _is_multiple(node: ast.AST) -> bool:
    """2*pi, pi/2"""
    match node:
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div(), right=right):
            return any(_is_pi(a) and isinstance(b, ast.Constant) for a, b in ((left, right), (right, left)))
    return False


def _imports_pi(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and any("pi" in (a.name, a.asname) or a.name == "*" for a in node.names)


def _of_arrays(tree: ast.AST) -> Iterator[ast.expr]:
    """Every pi that stands where an array does."""
    for node in ast.walk(tree):
        match node:
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                yield from (side for side in (left, right) if _is_pi(side))
            case ast.Subscript(value=value) | ast.Attribute(value=value) if _is_pi(value):
                yield value
            case ast.Call() if word_of(node.func) in _OF_ARRAYS:
                yield from (argument for argument in arguments_of(node) if _is_pi(argument))


def _is_pi(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "pi"
