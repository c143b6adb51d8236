"""Quadratic equations in a matrix: those that functions of symmetric matrices solve."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from matcalc.expr import (
    Node,
    call,
    chain,
    divide,
    hadamard,
    identity,
    inverse,
    matmul,
    number,
    power,
    scale,
    scaled,
    split_scalar,
    terms,
    transpose,
    zeros,
)
from matcalc.expr.facts import is_pd, is_symmetric
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.ways.equations import Equation, Root, holds

__all__ = ["by_square_roots", "geometric_mean"]


def by_square_roots(equation: Equation) -> Iterator[Root]:
    """a X^2 + B X = c I, and X A X = B, for a symmetric X."""
    x = equation.unknown
    if not x.is_square or x.is_scalar or equation.residual.shape != x.shape:
        return
    parts = _parts(equation)
    if parts is None:
        return
    constant, linear, squares = parts
    if len(squares) == 1:
        (middle, a) = squares[0]
        if middle is None:
            yield from _completed(a, linear, constant, x)
        elif linear.is_zero:
            yield from geometric_mean(middle, simplify(scale(_reciprocal(a), scaled(-1, constant))))


def _reciprocal(s: Node) -> Node:
    return divide(number(1), s)


#: What stands without the unknown, what it is multiplied by, and (M, s) of each s X M X.
Parts = tuple[Node, Node, list[tuple[Node | None, Node]]]


def _parts(equation: Equation) -> Parts | None:
    x = equation.unknown
    constant = linear = zeros(*x.shape)
    squares: dict[Node | None, Node] = {}
    for term, c in terms(expanded(equation.residual)):
        s, rest = split_scalar(term)
        s = hadamard(number(c), s)
        if not holds(term, x):
            constant = constant + scaled(c, term)
            continue
        found = None if holds(s, x) else _factors(rest, x)
        if found is None:
            return None
        count, factor = found
        if count == 1 and factor is not None:
            linear = linear + scale(s, factor)
        elif count == 2:
            squares[factor] = squares[factor] + s if factor in squares else s
        else:
            return None
    return simplify(constant), simplify(linear), [(m, simplify(s)) for m, s in squares.items() if not s.is_zero]


def _factors(node: Node, x: Node) -> tuple[int, Node | None] | None:
    """(1, B) of B X or X B, (2, M) of X M X, (2, None) of X^2."""
    if node.op == "matpow" and node.args == (x, number(2)):
        return 2, None
    factors = [x if f is transpose(x) and is_symmetric(x) else f for f in chain(node)]
    places = [i for i, f in enumerate(factors) if f is x]
    if any(holds(f, x) for f in factors if f is not x):
        return None
    if len(places) == 1 and places[0] in (0, len(factors) - 1):
        rest = [f for f in factors if f is not x]
        return 1, matmul(*rest) if rest else identity(x.rows)
    if len(places) == 2 and places == [0, len(factors) - 1]:
        return 2, matmul(*factors[1:-1])
    return None


def _completed(a: Node, b: Node, constant: Node, x: Node) -> Iterator[Root]:
    """a X^2 + B X + c I = 0 with B symmetric: X = (sqrtm(B^2 - 4 a c I) - B) / (2 a), which commutes with B"""
    if b.is_zero:
        inside = simplify(scale(_reciprocal(a), scaled(-1, constant)))
        for sign in (1, -1):
            value = scaled(sign, _root(inside))
            yield Root(simplify(value), "the square root of a matrix")
        return
    s, rest = split_scalar(constant)
    if not is_symmetric(b) or not (constant.is_zero or rest.op == "identity"):
        return
    inside = simplify(matmul(b, b) - scale(scaled(4, hadamard(a, s)), identity(x.rows)))
    root = _root(inside)
    for sign in (1, -1):
        value = scale(_reciprocal(scaled(2, a)), scaled(sign, root) - b)
        yield Root(simplify(value), "the square is completed: everything commutes with B")


def _root(matrix: Node) -> Node:
    """The square root of a matrix, of s I that of s."""
    s, rest = split_scalar(matrix)
    if rest.op == "identity":
        return scale(power(s, Fraction(1, 2)), rest)
    return call("sqrtm", matrix, shape=matrix.shape)


def geometric_mean(a: Node, b: Node) -> Iterator[Root]:
    """X A X = B gives X = A^(-1/2) (A^(1/2) B A^(1/2))^(1/2) A^(-1/2) [Bhatia 2007, 4.1]"""
    if not (is_symmetric(a) and is_symmetric(b) and is_pd(a)):
        return
    root = simplify(call("sqrtm", a, shape=a.shape))
    inside = call("sqrtm", simplify(matmul(root, b, root)), shape=a.shape)
    value = simplify(matmul(inverse(root), inside, inverse(root)))
    yield Root(value, "the geometric mean of A^-1 and B solves X A X = B")
