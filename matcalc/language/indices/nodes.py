"""Nodes of members and sums: an index is a unit column, and a member a product with it."""

from __future__ import annotations

from matcalc import expr
from matcalc.expr import Dim, Index, Node
from matcalc.language.indices.ranges import Axis, Related, Summed, Use

__all__ = ["member_node", "place_node", "related_node", "total_node"]

#: The pattern of zeros and ones of each relation between two indices.
_MASKS = {"<": "strictly_upper", "<=": "upper", ">": "strictly_lower", ">=": "lower", "!=": "off_diagonal"}


#: i + 1 > j is i >= j of whole numbers
_WITHOUT_ONE = {
    ("<", -1): ("<=", 0), ("<=", 1): ("<", 0), (">", 1): (">=", 0), (">=", -1): (">", 0),
}  # fmt: skip


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
    for related in summed.relations:
        body = expr.multiply(related_node(related), body)
    return expr.total(summed.indices, body)


def related_node(related: Related) -> Node:
    """1 or 0 where a relation holds between the values of two indices, or does not: e_i^T (pattern) e_j"""
    sign, left, right, more = related
    sign, more = _WITHOUT_ONE.get((sign, more), (sign, more))
    rows, cols = left.size + max(more, 0), right.size + max(-more, 0)
    row = expr.matmul(expr.transpose(expr.at(left)), _behind(more, left.size, rows))
    column = expr.matmul(expr.transpose(_behind(-more, right.size, cols)), expr.at(right))
    return expr.matmul(row, _pattern(sign, rows, cols), column)


def _behind(more: int, size: Dim, all_of: Dim) -> Node:
    """[0 I]: the places behind so many others."""
    return expr.selector(more, size, all_of) if more > 0 else expr.identity(size)


def _pattern(sign: str, rows: Dim, cols: Dim) -> Node:
    if sign != "==":
        return expr.mask(_MASKS[sign], rows, cols)
    if rows == cols:
        return expr.identity(rows)
    return expr.add(expr.mask("lower", rows, cols), expr.scaled(-1, expr.mask("strictly_lower", rows, cols)))
