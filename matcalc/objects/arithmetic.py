"""The operators of `Expr` in Python: the same rules of shape as in the language."""

from __future__ import annotations

from collections.abc import Callable

from matcalc.errors import ShapeError
from matcalc.expr import Node, add, inverse, is_number, matrix_power, multiply, ones, power, scale, scaled

__all__ = ["operate", "shape_text"]


def operate(symbol: str, a: Node, b: Node) -> Node:
    """``a symbol b`` for ``+ - * / ^``; raises ShapeError naming both shapes."""
    return _OPERATIONS[symbol](a, b)


def shape_text(node: Node) -> str:
    """m x n, as messages name a shape."""
    return f"{node.rows} x {node.cols}"


def _sum(a: Node, b: Node) -> Node:
    if a.shape != b.shape:
        if b.is_scalar:
            b = scale(b, ones(*a.shape))
        elif a.is_scalar:
            a = scale(a, ones(*b.shape))
        else:
            raise ShapeError(f"a sum needs equal shapes, and these are {shape_text(a)} and {shape_text(b)}")
    return add(a, b)


def _difference(a: Node, b: Node) -> Node:
    return _sum(a, scaled(-1, b))


def _product(a: Node, b: Node) -> Node:
    if not (a.is_scalar or b.is_scalar) and a.cols != b.rows:
        raise ShapeError(f"a product needs equal inner sizes, and these are {shape_text(a)} and {shape_text(b)}")
    return multiply(a, b)


def _quotient(a: Node, b: Node) -> Node:
    if not b.is_scalar:
        raise ShapeError(
            f"division needs a scalar divisor, and this one is {shape_text(b)}", hint="multiply by the inverse"
        )
    return multiply(a, power(b, -1))


def _power(a: Node, b: Node) -> Node:
    if not b.is_scalar:
        raise ShapeError(f"an exponent is a scalar, and this one is {shape_text(b)}")
    if a.is_scalar:
        return power(a, b)
    if a.is_column:
        return power(a, b)  # of a vector there are powers of the entries alone
    value = is_number(b)
    if not a.is_square:
        raise ShapeError(f"a matrix power needs a square matrix, and this one is {shape_text(a)}")
    if value is None or value.denominator != 1:
        raise ShapeError("a matrix power needs an integer exponent")
    return inverse(a) if value == -1 else matrix_power(a, b)


_OPERATIONS: dict[str, Callable[[Node, Node], Node]] = {
    "+": _sum,
    "-": _difference,
    "*": _product,
    "/": _quotient,
    "^": _power,
}
