"""Differences of all rows of two arrays in Python, ``X[:, None, :] - Y[None, :, :]``: the distances that are made of them."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from matcalc.language.foreign.common.names.naming import rank_of
from matcalc.language.foreign.python_axes.python_evidence import arguments_of, defined_in, word_of
from matcalc.language.foreign.python_axes.python_names import is_integer

__all__ = ["cdist", "is_new", "is_whole", "squared", "with_distances"]


def with_distances(tree: ast.Module) -> ast.Module:
    """((X[:, None] - Y[None])**2).sum(-1) as cdist(X, Y)**2"""
    _Distances(defined_in(tree)).visit(tree)
    return ast.fix_missing_locations(tree)


def cdist(left: ast.expr, right: ast.expr, *, squares: bool) -> ast.expr:
    """The distances of all rows of two arrays, or their squares."""
    metric = [ast.keyword("metric", ast.Constant("sqeuclidean"))] if squares else []
    return ast.Call(func=ast.Name(id="cdist", ctx=ast.Load()), args=[left, right], keywords=metric)


def squared(node: ast.expr) -> ast.expr | None:
    """What is squared there, entry by entry."""
    match node:
        case ast.BinOp(left=inner, op=ast.Pow(), right=ast.Constant(value=2)):
            return inner
        case ast.Call() if word_of(node.func) in ("square", "pow", "power"):
            inner, *exponent = arguments_of(node)
            is_two = all(isinstance(e, ast.Constant) and e.value == 2 for e in exponent)
            return inner if is_two and len(exponent) == (word_of(node.func) != "square") else None
    return None


class _Distances(ast.NodeTransformer):
    def __init__(self, defined: Mapping[str, ast.expr]) -> None:
        self.defined = defined

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        word, operands = word_of(node.func), arguments_of(node)
        if word not in ("sum", "reduce_sum", "norm") or not operands or not (axis := _last_axis(node, operands[1:])):
            return node
        inner = operands[0] if word == "norm" else squared(operands[0])
        pair = None if inner is None else self.pair(inner, is_third=axis == 2)
        return node if pair is None else ast.copy_location(cdist(*pair, squares=word != "norm"), node)

    def pair(self, node: ast.expr, *, is_third: bool) -> tuple[ast.expr, ast.expr] | None:
        """X and Y of X[:, None, :] - Y[None, :, :], or of a name for it."""
        node = self.defined.get(node.id, node) if isinstance(node, ast.Name) else node
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Sub):
            return None
        sides = [_spread(side) for side in (node.left, node.right)]
        (first, left), (second, right) = sides
        if not (is_third or any(len(_places(side)) == 3 for side in (node.left, node.right))):
            if any(rank_of(word_of(array)) != 2 for array in (left, right)):
                return None
        if first == 1 and second in (0, None):
            return left, right
        return (right, left) if second == 1 and first in (0, None) else None


def _last_axis(node: ast.Call, given: Sequence[ast.expr]) -> int | None:
    """The axis of a sum or a norm, if it is the last one of three."""
    named = [k.value for k in node.keywords if k.arg in ("axis", "dim")]
    if len(node.keywords) > len(named) or len(given) + len(named) != 1 or (given and word_of(node.func) == "norm"):
        return None
    axis = is_integer((named or list(given))[0])
    return axis if axis in (2, -1) else None


def _places(node: ast.expr) -> list[ast.expr]:
    if not isinstance(node, ast.Subscript):
        return []
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def _spread(node: ast.expr) -> tuple[int | None, ast.expr]:
    """Where a new axis stands, and in which array: 1 of X[:, None, :], 0 of Y[None]."""
    if isinstance(node, ast.Call) and word_of(node.func) in ("unsqueeze", "expand_dims"):
        array, *axis = [*arguments_of(node), *(k.value for k in node.keywords)]
        return is_integer(axis[0]) if len(axis) == 1 else None, array
    places = _places(node)
    new = [i for i, place in enumerate(places) if is_new(place)]
    others = [p for p in places if not is_new(p)]
    if isinstance(node, ast.Subscript) and len(new) == 1 and len(others) < 3 and all(map(is_whole, others)):
        return new[0], node.value
    return None, node


def is_new(node: ast.expr) -> bool:
    """None or np.newaxis as an index."""
    named = isinstance(node, ast.Attribute) and node.attr == "newaxis"
    return named or (isinstance(node, ast.Constant) and node.value is None)


def is_whole(node: ast.expr) -> bool:
    """A colon alone."""
    return isinstance(node, ast.Slice) and node.lower is node.upper is node.step is None
