"""Functions of matrices that are something simpler of a row or a column."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matcalc import expr
from matcalc.expr import ONE, Node

__all__ = ["OF_VECTORS"]


def _pinv_of_vector(arguments: list[Node], axis: int | None) -> Node:
    """x^+ of a row is a column, and that of a column its transpose: (x^T)^+ = (x^+)^T"""
    (x,) = arguments
    if x.is_column and not x.is_scalar:
        return expr.transpose(_pinv_of_vector([expr.transpose(x)], axis))
    return expr.call("pinv", x, shape=(x.cols, x.rows))


def _length(arguments: list[Node], axis: int | None) -> Node:
    """The only singular value of a vector."""
    x = arguments[0] if arguments[0].is_column else expr.transpose(arguments[0])
    return expr.power(expr.multiply(expr.transpose(x), x), Fraction(1, 2))


def _soft_of_vector(logarithm: bool) -> Callable[[list[Node], int | None], Node]:
    """Along the vector it is that of the column; across it every entry stands alone."""

    def value(arguments: list[Node], axis: int | None) -> Node:
        row = arguments[0].is_row
        x = expr.transpose(arguments[0]) if row else arguments[0]
        if axis == (1 if row else 2):
            result = expr.zeros(*x.shape) if logarithm else expr.ones(*x.shape)
        elif logarithm:
            total = expr.call("logsumexp", x, shape=(ONE, ONE))
            result = expr.add(x, expr.scaled(-1, expr.scale(total, expr.ones(*x.shape))))
        else:
            result = expr.call("softmax", x, shape=x.shape)
        return expr.transpose(result) if row else result

    return value


def _sylvester_of_row(arguments: list[Node], axis: int | None) -> Node:
    """The transpose of A Y + Y B = C is B^T Y^T + Y^T A^T = C^T"""
    a, b, c = arguments
    if c.is_row:
        turned = expr.transpose(b), expr.transpose(a), expr.transpose(c)
        return expr.transpose(expr.call("sylvester", *turned, shape=(c.cols, c.rows)))
    return expr.call("sylvester", a, b, c, shape=c.shape)


def _rows_of_vector(arguments: list[Node], axis: int | None) -> Node:
    """logsumexp of each row: of a column the column itself, of a row the number for all entries."""
    x = arguments[0]
    return expr.call("logsumexp", expr.transpose(x), shape=(ONE, ONE)) if x.is_row else x


def _extreme_of_row(name: str) -> Callable[[list[Node], int | None], Node]:
    """The largest or smallest entry of each row: of a column the column itself, of a row that of all entries."""

    def value(arguments: list[Node], axis: int | None) -> Node:
        x = arguments[0]
        return expr.call(name, expr.transpose(x), shape=(ONE, ONE)) if x.is_row else x

    return value


#: Functions of matrices that are something simpler of a row or a column: (arguments, literal argument) -> node.
OF_VECTORS: dict[str, Callable[[list[Node], int | None], Node]] = {
    "pinv": _pinv_of_vector,
    "norm_nuc": _length,
    "norm_spec": _length,
    "softmax": _soft_of_vector(False),
    "logsoftmax": _soft_of_vector(True),
    "logsoftmax_rows": lambda arguments, axis: _soft_of_vector(True)(arguments, 2),
    "logsumexp_rows": _rows_of_vector,
    "row_max": _extreme_of_row("max"),
    "row_min": _extreme_of_row("min"),
    "sylvester": _sylvester_of_row,
}
