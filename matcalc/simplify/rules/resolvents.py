"""Inverses beside sums that hold what is inverted."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from matcalc.expr import (
    Node,
    chain,
    combine,
    factors,
    hadamard,
    identity,
    inverse,
    is_number,
    matmul,
    matrix_power,
    multiply,
    number,
    power,
    scale,
    scaled,
    split_scalar,
    terms,
    trace,
    transpose,
)
from matcalc.simplify.cost import cost
from matcalc.simplify.patterns import both_sides, product_of
from matcalc.simplify.rational import common_denominator

__all__ = [
    "inverse_of_sum_times_inverse",
    "inverse_of_sum_with_inverses",
    "inverse_times_sum",
    "inverse_without_fractions",
]


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


def inverse_of_sum_times_inverse(node: Node) -> Node | None:
    """(I + A^-1 B)^-1 A^-1 = (A + B)^-1, A^-1 (I + B A^-1)^-1 likewise"""
    return both_sides(node, _resolved)


def _resolved(left: Node, right: Node) -> Node | None:
    """(c I + A^-1 B)^-1 A^-1 = (c A + B)^-1, where every other term begins with A^-1."""
    if not (_is_inverse(left) and _is_inverse(right)) or left.args[0].op != "add":
        return None
    outer, total = right.args[0], []
    for term, c in terms(left.args[0]):
        s, body = split_scalar(term)
        links = chain(body)
        if body.op != "identity" and links[0] is not right:
            return None
        rest = [outer] if body.op == "identity" else [*links[1:]]
        total.append((scale(s, matmul(*rest) if rest else identity(outer.rows)), c))
    return inverse(combine(total, outer.shape))


def inverse_of_sum_with_inverses(node: Node) -> Node | None:
    """(A^-1 C + B)^-1 = (C + A B)^-1 A, (C A^-1 + B)^-1 = A (C + B A)^-1"""
    total = node.args[0]
    if not _is_inverse(node) or total.op != "add" or len(total.args) < 2:
        return None
    for term, _ in terms(total):
        links = chain(split_scalar(term)[1])
        if _is_inverse(links[0]):
            (a,) = links[0].args[:1]
            return matmul(inverse(_times_each(a, total)), a)
        if _is_inverse(links[-1]):
            (a,) = links[-1].args[:1]
            return matmul(a, inverse(transpose(_times_each(transpose(a), transpose(total)))))
    return None


def _times_each(a: Node, total: Node) -> Node:
    """A times every term."""
    return combine(
        ((scale(s, multiply(a, body)), c) for t, c in terms(total) for s, body in [split_scalar(t)]), total.shape
    )


def _is_inverse(node: Node) -> bool:
    return node.op == "matpow" and is_number(node.args[1]) == -1


def inverse_without_fractions(node: Node) -> Node | None:
    """(I + X / s)^-1 / s = (s I + X)^-1, where that is shorter; under a trace and in a form as well"""
    scalar, body = (node.args[0], node.args[1]) if node.op == "scale" else _one_product(node)
    links = chain(body.args[0] if body.op == "trace" else body)
    found = [_without_fractions(link) for link in links]
    outside = hadamard(number(1), *(c for c, _ in found))
    if outside is number(1):
        return None
    inside = matmul(*(link for _, link in found))
    after = multiply(hadamard(scalar, outside), trace(inside) if body.op == "trace" else inside)
    return after if cost(after) < cost(node) else None


def _one_product(node: Node) -> tuple[Node, Node]:
    """(s, tr(A)) with node = s tr(A), or the same with x^T A y."""
    pairs = factors(node)
    products = [b for b, e in pairs if b.op in ("trace", "matmul") and is_number(e) == 1]
    if len(products) != 1:
        return node, number(1)
    return hadamard(number(1), *(power(b, e) for b, e in pairs if b is not products[0])), products[0]


def _without_fractions(link: Node) -> tuple[Node, Node]:
    """(c, B) with link = c B: (A + B / s)^-k = s^k (s A + B)^-k"""
    k = is_number(link.args[1]) if link.op == "matpow" else None
    if k is None or k >= 0 or link.args[0].op != "add":
        return number(1), link
    total = link.args[0]
    below = common_denominator(split_scalar(t)[0] for t, _ in terms(total))
    cleared = combine(((scale(below, t), c) for t, c in terms(total)), total.shape)
    return power(below, -k), matrix_power(cleared, number(k))
