"""Inverse sines and tangents of each other's arguments brought to common ground, for proofs [DLMF 4.24]."""

from __future__ import annotations

from fractions import Fraction

from matcalc.expr import (
    Node,
    apply,
    constant,
    content,
    factors,
    hadamard,
    is_number,
    number,
    ones,
    power,
    scale,
    scaled,
    split_scalar,
    terms,
)
from matcalc.expr.canonical.piecewise import spread
from matcalc.expr.facts import is_nonnegative, is_positive
from matcalc.simplify.proof_identities.roots import factors_of_root
from matcalc.simplify.rational import cancelled

__all__ = ["angle_of_point", "arc_by_its_tangent", "inverse_tangent_of_reciprocal", "sine_of_half_the_arc"]

HALF = Fraction(1, 2)


def _quarter(like: Node) -> Node:
    """π/2 everywhere"""
    return scale(scaled(HALF, constant("pi")), ones(*like.shape))


def inverse_tangent_of_reciprocal(node: Node) -> Node | None:
    """atan(1/u) = π/2 sign(u) - atan(u), atan(v/u) = π/2 sign(u/v) - atan(u/v) where u comes before v"""
    if node.data[0] != "atan":
        return None
    s, m = split_scalar(content(node.args[0])[1])
    pairs = sorted([*factors(m), *(factors(s) if s.op != "ones" else ())], key=lambda pair: pair[0].key)
    exponents = [is_number(e) for _, e in pairs]
    if not exponents or None in exponents or (exponents[0] or 0) > 0:
        return None
    turned = power(node.args[0], -1)
    side = ones(*node.shape) if is_nonnegative(turned) else apply("sign", turned)
    return hadamard(_quarter(node), side) - apply("atan", turned)


def angle_of_point(node: Node) -> Node | None:
    """atan2(v, u) = atan(v/u) for u > 0"""
    if node.data[0] != "atan2" or not is_positive(node.args[1]):
        return None
    v, u = (spread(a, node.shape) for a in node.args)
    return apply("atan", hadamard(v, power(u, -1)))


def sine_of_half_the_arc(node: Node) -> Node | None:
    """asin(1 - v) = π/2 - 2 asin((v/2)^(1/2)), asin(v - 1) = 2 asin((v/2)^(1/2)) - π/2"""
    if node.data[0] != "asin" or node.args[0].op != "add":
        return None
    (u,) = node.args
    c = next((c for t, c in terms(u) if t.op == "ones"), Fraction(0))
    if abs(c) != 1 or len(terms(u)) < 2:
        return None
    v = ones(*u.shape) - scaled(c, u)
    return scaled(c, _quarter(node) - scaled(2, apply("asin", power(scaled(HALF, v), HALF))))


def arc_by_its_tangent(node: Node) -> Node | None:
    """asin(w) = atan(w (1 - w^2)^(-1/2)) and atan(w) = asin(w (1 + w^2)^(-1/2)), for a root w that this leaves a root of less"""
    (w,) = node.args[:1]
    if node.data[0] not in ("asin", "atan") or not _holds_root(w):
        return None
    sign = -1 if node.data[0] == "asin" else 1
    below = cancelled(ones(*w.shape) + scaled(sign, power(w, 2)))
    other = hadamard(w, *(power(b, e) for b, e in factors_of_root(below, number(-HALF))))
    if node.data[0] == "atan":
        return None if _holds_root(other) else apply("asin", other)
    return apply("atan", other)


def _holds_root(w: Node) -> bool:
    s, m = split_scalar(w)
    exponents = [is_number(e) for _, e in (*factors(m), *(factors(s) if s.op != "ones" else ()))]
    return any(e is not None and e.denominator == 2 for e in exponents)
