"""Inverses beside sums that hold what is inverted."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from matcalc.expr import Node, chain, combine, identity, is_number, matmul, scaled, terms, transpose
from matcalc.simplify.patterns import product_of

__all__ = ["inverse_times_sum"]


def inverse_times_sum(node: Node) -> Node | None:
    """M^-1 (M + N) = I + M^-1 N, where N has fewer terms than M + N; (M + N) M^-1 likewise"""
    links = chain(node)
    for i, (left, right) in enumerate(pairwise(links)):
        merged = _merged(left, right)
        if merged is None and right.op == "matpow":
            turned = _merged(transpose(right), transpose(left))
            merged = None if turned is None else transpose(turned)
        if merged is not None:
            return product_of([*links[:i], merged, *links[i + 2 :]])
    return None


def _merged(inverse: Node, total: Node) -> Node | None:
    if inverse.op != "matpow" or is_number(inverse.args[1]) != -1:
        return None
    inside = dict(terms(inverse.args[0]))
    pairs = dict(terms(total))
    if len(inside) < 2 or len(pairs) < 2:
        return None
    for share in {pairs[t] / c for t, c in inside.items() if t in pairs}:
        rest = combine([*pairs.items(), *((t, -share * c) for t, c in inside.items())], total.shape)
        if len(terms(rest)) < len(pairs):
            one = scaled(Fraction(share), identity(inverse.rows))
            return one if rest.is_zero else one + matmul(inverse, rest)
    return None
