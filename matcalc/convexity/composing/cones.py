"""Sums that are a number u > 0 times what is concave, where they are positive: u v - x^T x, and t^2 - x^T x with t > 0."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.convexity.context import Context
from matcalc.convexity.proofs import Proof, proved
from matcalc.expr import Node, add, factors, hadamard, is_number, number, power, scaled, terms

__all__ = ["FACTORED", "of_factored"]

#: The rule's name: {u h > 0} is {h > 0}, which is convex.
FACTORED = "common factor"


def of_factored(node: Node, at: Context) -> Iterator[Proof]:
    """u h with u > 0 affine and h concave is m^2 with m = sqrt(u h), a geometric mean, where it is positive."""
    if not node.is_scalar or node not in at.positive:
        return
    for u in _candidates(node, at):
        rest = add(*(scaled(c, hadamard(term, power(u, -1))) for term, c in terms(node)))
        concave = at.shape(rest).get("concave")
        affine = at.shape(u).get("affine")
        if concave is not None and affine is not None and not concave.needs:
            yield proved("mean", node, FACTORED, [affine, concave], degree=number(2))
            return


def _candidates(node: Node, at: Context) -> list[Node]:
    """Numbers that are factors of a term, move, and are positive."""
    pairs = [pair for term, _ in terms(node) for pair in factors(term)]
    found = (b for b, e in pairs if b.is_scalar and (is_number(e) or 0) >= 1 and at.moves(b) and at.is_positive(b))
    return [u for u in dict.fromkeys(found) if u is not node]
