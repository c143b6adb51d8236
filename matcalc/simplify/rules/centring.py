"""Centred columns: x - mean(x) 1 is orthogonal to 1."""

from __future__ import annotations

from matcalc.expr import (
    Node,
    chain,
    combine,
    dimension,
    hadamard,
    matmul,
    multiply,
    ones,
    power,
    scale,
    split_scalar,
    terms,
    transpose,
)
from matcalc.simplify.cost import cost
from matcalc.simplify.patterns import both_sides

__all__ = ["orthogonal_to_ones", "products_about_the_mean"]


def orthogonal_to_ones(node: Node) -> Node | None:
    """1^T (x - mean(x) 1) = 0, (x - mean(x) 1)^T (y + s 1) = (x - mean(x) 1)^T y"""
    return both_sides(node, _without_orthogonal_terms)


def _without_orthogonal_terms(left: Node, right: Node) -> Node | None:
    column = transpose(left)
    if not column.is_column or column.is_scalar or column is right:
        return None
    drops = _is_ones if is_centred(column) else is_centred if _is_ones(column) else None
    if drops is None:
        return None
    pairs = terms(right)
    kept = [(t, c) for t, c in pairs if not drops(_first_factor(t))]
    return None if len(kept) == len(pairs) else multiply(left, combine(kept, right.shape))


def _first_factor(term: Node) -> Node:
    """The column that a product with this term begins with; J = 1 1^T begins with 1."""
    first = chain(split_scalar(term)[1])[0]
    return ones(first.rows) if first.op == "ones" else first


def _is_ones(node: Node) -> bool:
    return node.op == "ones" and not node.is_scalar


def products_about_the_mean(node: Node) -> Node | None:
    """x^T x - (1^T x)^2 / n = ‖x - mean(x) 1‖^2, x^T y - (1^T x) (1^T y) / n = x^T (y - mean(y) 1)"""
    pairs = dict(terms(node)) if node.is_scalar else {}
    for term, c in pairs.items():
        if term.op != "matmul" or len(term.args) != 2 or not term.args[1].is_column:
            continue
        left, right = transpose(term.args[0]), term.args[1]
        of_means = hadamard(_total(left), _total(right), power(dimension(right.rows), -1))
        if pairs.get(of_means) != -c:
            continue
        rest = [(t, k) for t, k in pairs.items() if t is not term and t is not of_means]
        if left is right:
            found = matmul(transpose(_centred(left)), _centred(left))
        else:
            sides = ((left, _centred(right)), (_centred(left), right))
            found = min((matmul(transpose(a), b) for a, b in sides), key=cost)
        return combine([*rest, (found, c)], node.shape)
    return None


def _total(column: Node) -> Node:
    return matmul(transpose(ones(column.rows)), column)


def _centred(column: Node) -> Node:
    mean = hadamard(_total(column), power(dimension(column.rows), -1))
    return column - scale(mean, ones(column.rows))


def is_centred(node: Node) -> bool:
    """Whether the entries of a sum of columns add up to 0."""
    if node.op != "add" or not node.is_column:
        return False
    known = node.cache.get("centred")
    if known is None:
        row = transpose(ones(node.rows))
        total = combine(((matmul(row, t), c) for t, c in terms(node)), (row.rows, node.cols))
        known = node.cache["centred"] = total.is_zero
    return bool(known)
