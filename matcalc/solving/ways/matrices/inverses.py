"""Equations that hold the inverse of the unknown: multiplied by it until it stands there no more."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.expr import Node, inverse, is_number, matmul, postorder, substitute
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.ways.equations import Affine, Equation, Root, holds
from matcalc.solving.ways.matrices.quadratics import by_square_roots
from matcalc.solving.ways.operators import preimage

__all__ = ["by_multiplying"]


def by_multiplying(equation: Equation) -> Iterator[Root]:
    """X E, E X or X E X, where these hold no inverse of X: a solution of one is a solution of E = 0."""
    x, e = equation.unknown, equation.residual
    if not x.is_square or x.is_scalar or e.shape != x.shape or not has_inverse(e, x):
        return
    for product in ((x, e, x), (x, e), (e, x)):
        cleared = Equation(simplify(expanded(simplify(expanded(matmul(*product))))), x)
        if has_inverse(cleared.residual, x):
            continue
        affine = Affine.of(cleared)
        root = None if affine is None else preimage(affine, cleared.structure)
        if root is not None:
            yield Root(root.value, f"multiplied by {x.data[0]}; {root.way}")
        else:
            yield from by_square_roots(cleared)
    yield from _in_the_inverse(equation)


def _in_the_inverse(equation: Equation) -> Iterator[Root]:
    """An equation that is affine in X^-1 = Y."""
    x = equation.unknown
    exchanged = simplify(expanded(substitute(equation.residual, {x: inverse(x)})))
    affine = Affine.of(Equation(exchanged, x))
    root = None if affine is None else preimage(affine, equation.structure)
    if root is not None:
        yield Root(simplify(inverse(root.value)), f"solved for {x.data[0]}^-1")


def has_inverse(node: Node, x: Node) -> bool:
    """Whether a negative power of what holds the unknown occurs."""
    return any(n.op == "matpow" and holds(n, x) and (is_number(n.args[1]) or 0) < 0 for n in postorder(node))
