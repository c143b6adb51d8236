"""X^p = A for an integer p: the p-th root of a matrix, by its logarithm [Higham 2008, 7.1]."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from matcalc.expr import Node, call, combine, divide, inverse, is_number, matmul, number, scaled, split_scalar, terms
from matcalc.expr.facts import is_pd
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.ways.equations import Equation, Root, holds

#: Matrix functions, each with the one that undoes it.
UNDONE = {"expm": "logm", "logm": "expm"}

__all__ = ["by_matrix_powers", "root_of"]


def by_matrix_powers(equation: Equation) -> Iterator[Root]:
    """s X^p + R = 0 with an integer p other than 0 and 1: the principal root of -R / s, of an even p also its negative."""
    x = equation.unknown
    if not x.is_square or x.is_scalar or equation.residual.shape != x.shape:
        return
    parts = list(terms(expanded(equation.residual)))
    moving = [(split_scalar(term), c) for term, c in parts if holds(term, x)]
    if len(moving) != 1:
        return
    (((s, rest), c),) = moving
    constant = combine([(term, k) for term, k in parts if not holds(term, x)], x.shape)
    value = simplify(divide(constant, scaled(-c, s))) if not holds(s, x) else None
    if value is None or rest.args[:1] != (x,):
        return
    if rest.op == "call":
        yield from _undone(rest.data[0], value)
    exponent = is_number(rest.args[1]) if rest.op == "matpow" else None
    if exponent is None or exponent in (0, 1):
        return
    root = root_of(value if exponent > 0 else simplify(inverse(value)), abs(exponent))
    yield Root(root, "the root of a matrix")
    if exponent % 2 == 0 and not is_pd(x):
        yield Root(simplify(scaled(-1, root)), "the negative root of a matrix")


def _undone(function: str, value: Node) -> Iterator[Root]:
    """g(X) = R gives X = g^-1(R), of a matrix function."""
    also = "every other {x} with the same expm({x})" if function == "expm" else ""
    if function == "sqrtm":
        yield Root(simplify(matmul(value, value)), "the square undoes sqrtm")
    elif function in UNDONE:
        undone = UNDONE[function]
        yield Root(simplify(call(undone, value, shape=value.shape)), f"{undone} undoes {function}", also=also)


def root_of(matrix: Node, degree: Fraction) -> Node:
    """expm(logm(A) / p), of p = 2 sqrtm(A)."""
    if degree == 1:
        return matrix
    if degree == 2:
        return simplify(call("sqrtm", matrix, shape=matrix.shape))
    logarithm = call("logm", matrix, shape=matrix.shape)
    return simplify(call("expm", divide(logarithm, number(degree)), shape=matrix.shape))
