"""Smooth functions g of one convex or concave value that stands in them several times: t - log(1 + t) of t = |x|."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.calculus.differential import differential
from matcalc.convexity.by_derivatives.numbers import bend_of, sign_of
from matcalc.convexity.composing.calls import NEEDED
from matcalc.convexity.context import Context
from matcalc.convexity.proofs import Proof, proved
from matcalc.errors import MatcalcError
from matcalc.expr import Node, number, postorder, substitute, variable
from matcalc.simplify import simplify

__all__ = ["number_for", "of_inner", "slope_of"]

#: Larger functions are not differentiated on the way.
LARGEST = 40


def of_inner(node: Node, at: Context) -> Iterator[Proof]:
    """g(h), where g bends, and rises or falls on all values of h as that asks for."""
    parts = postorder(node)
    if not node.is_scalar or node.op not in ("add", "power", "apply") or len(parts) > LARGEST:
        return
    for inside in reversed(parts[:-1]):
        if not inside.is_scalar or not at.moves(inside) or inside in at.moving or inside.op == "add":
            continue
        shape = at.shape(inside)
        if shape.get("affine") is not None or not (shape.get("convex") or shape.get("concave")):
            continue
        t = number_for(inside, at)
        g = substitute(node, {inside: t})
        found = None if Context(at.fold, g, at.moving).moves(g) else bend_of(g, t, at)
        if found is None:
            continue
        bend, second = found
        below = shape.get(NEEDED[bend, slope]) if (slope := slope_of(g, t, at)) else None
        if below is not None and not below.needs:
            yield proved(bend, node, "composition", [below, proved(bend, g, "univariate", [], shown=second)])
            return


def number_for(inside: Node, at: Context) -> Node:
    """A number with the sign of a part, in place of it."""
    taken = {v.data[0] for v in at.names}
    name = next(n for n in ("t", "r", "t_1") if n not in taken)
    return variable(name, (1, 1), ("positive",) if at.is_nonnegative(inside) else ())


def slope_of(g: Node, t: Node, at: Context) -> int:
    """1 where a smooth function of t rises, -1 where it falls, else 0."""
    here = Context(at.fold, g, [t], differentiates=False)
    try:
        return sign_of(simplify(differential(g, {t: number(1)})), here)
    except MatcalcError:
        return 0
