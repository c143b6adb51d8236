"""Nodes of members and sums: an index is a unit column, and a member a product with it."""

from __future__ import annotations

from matcalc import expr
from matcalc.expr import Dim, Index, Node
from matcalc.language.indices.ranges import Axis, Summed, Use

__all__ = ["member_node", "place_node", "total_node"]

#: The pattern of zeros and ones of each relation between two indices.
_MASKS = {"<": "strictly_upper", "<=": "upper", ">": "strictly_lower", ">=": "lower", "!=": "off_diagonal"}


def member_node(use: Use, array: Node, shape: tuple[Dim, Dim]) -> Node:
    """u_i = e_i^T u, W_ij = e_i^T W e_j, x_i = X^T e_i, A_k = (e_k^T ⊗ I) A"""
    columns = [_column(axis) for axis in use.axes]
    rows, cols = shape
    if rows.is_one and cols.is_one:
        if len(columns) == 1:
            return expr.matmul(expr.transpose(columns[0]), array)
        row = expr.transpose(expr.kron(*columns[:-1]))
        return expr.matmul(row, array, columns[-1])
    place = expr.kron(*columns)
    if cols.is_one:
        return expr.matmul(expr.transpose(array), place)
    return expr.matmul(expr.kron(expr.transpose(place), expr.identity(rows)), array)


def _column(axis: Axis) -> Node:
    """The unit column of a place along an axis."""
    if axis.over is None:
        place = axis.start + 1
        return expr.unit(place if place.value is None else place.value, axis.size)
    column = expr.at(axis.over)
    if axis.size == axis.over.size:
        return column
    return expr.matmul(expr.transpose(expr.selector(axis.start, axis.over.size, axis.size)), column)


def place_node(index: Index, first: int) -> Node:
    """The index as a number: its place among the values, counted from the first one."""
    column = expr.matmul(expr.mask("lower", index.size, index.size), expr.ones(index.size))
    return expr.add(expr.matmul(expr.transpose(expr.at(index)), column), expr.number(first - 1))


def total_node(summed: Summed, body: Node) -> Node:
    """The sum of the body, times 1 or 0 where its indices are related or not."""
    for sign, left, right in summed.relations:
        pattern = expr.mask(_MASKS[sign], left.size, right.size)
        body = expr.multiply(expr.matmul(expr.transpose(expr.at(left)), pattern, expr.at(right)), body)
    return expr.total(summed.indices, body)
