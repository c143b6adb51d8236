"""Equations that say in which direction the unknown points: P x = s r, where the number s depends on x."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from matcalc.calculus.adjoint import inner
from matcalc.expr import (
    Node,
    chain,
    content,
    identity,
    matmul,
    scale,
    scaled,
    split_scalar,
    substitute,
    terms,
    variable,
    zeros,
)
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.ways.equations import Equation, Root, holds, short
from matcalc.solving.ways.operators import divided

__all__ = ["by_direction"]

Solve = Callable[[Equation], list[Root]]


def by_direction(equation: Equation, solve: Solve) -> Iterator[Root]:
    """x = t P^-1 r, where <r, E(t P^-1 r)> = 0 tells t; where it says nothing of t, x may have any length."""
    x = equation.unknown
    if not x.is_column or x.is_scalar or equation.residual.shape != x.shape:
        return
    sides = _sides(equation)
    if sides is None:
        return
    matrix, right = sides
    way = simplify(divided(matrix, right)[0])
    t = variable("matcalclength", (1, 1))
    along = short(substitute(equation.residual, {x: scale(t, way)}))
    if along.is_zero:
        yield Root(content(way)[1], "the equation tells the direction alone", is_any_length=True)
        return
    length = short(inner(right, along))
    for root in solve(Equation(length, t)):
        yield Root(simplify(scale(root.value, way)), "the equation tells the direction, and then the length")


def _sides(equation: Equation) -> tuple[Node, Node] | None:
    """(P, r) of s P x + t r = 0 with numbers s and t that hold x."""
    x = equation.unknown
    matrices: dict[Node, Node] = {}
    rights: dict[Node, Node] = {}
    for term, c in terms(expanded(equation.residual)):
        s, rest = split_scalar(term)
        found = chain(rest)
        if not holds(rest, x):
            rights[s] = rights.get(s, zeros(*x.shape)) + scaled(c, rest)
        elif found[-1] is x and not any(holds(f, x) for f in found[:-1]):
            own = matmul(*found[:-1]) if len(found) > 1 else identity(x.rows)
            matrices[s] = matrices.get(s, zeros(x.rows, x.rows)) + scaled(c, own)
        else:
            return None
    if len(matrices) != 1 or len(rights) != 1 or not any(holds(s, x) for s in (*matrices, *rights)):
        return None
    ((_, matrix),), ((_, right),) = matrices.items(), rights.items()
    return simplify(matrix), simplify(right)
