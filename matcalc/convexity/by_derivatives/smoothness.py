"""Whether a function has continuous second derivatives on its domain: no kink, no jump, no root of what may vanish."""

from __future__ import annotations

from matcalc.convexity.context import Context
from matcalc.convexity.ranges import RANGE
from matcalc.expr import Node, is_number, postorder
from matcalc.expr.facts import is_positive
from matcalc.functions import row_of
from matcalc.functions.properties import ABOVE_0

__all__ = ["is_smooth"]


def is_smooth(root: Node, at: Context) -> bool:
    """Whether all parts that move are."""
    return all(_is_smooth_here(node, at) for node in postorder(root) if at.moves(node))


def _is_smooth_here(node: Node, at: Context) -> bool:
    if node.op in ("open", "adjugate"):
        return False
    if node.op in ("apply", "call"):
        row = row_of(node.data[0])
        return bool(row.analytic and row.continuous and not row.poles and row.parameters)
    if node.op == "power":
        return all(_has_smooth_power(b, e, at) for b, e in zip(node.args[::2], node.args[1::2], strict=True))
    return True


def _has_smooth_power(base: Node, exponent: Node, at: Context) -> bool:
    """A whole power, or one of what is positive: roots of what vanishes at the end of a convex domain are continuous there."""
    e = is_number(exponent)
    if not at.moves(base):
        return not at.moves(exponent) or at.is_positive(base)
    if e is not None and e.denominator == 1 and e > 0:
        return True
    concave = at.shape(base).get("concave") is not None
    return is_positive(base) or ABOVE_0.covers(RANGE(base)) or (concave and base in at.positive)
