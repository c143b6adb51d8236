"""Tails of the normal distribution, where its parts cancel, overflow or vanish and their quotients do not."""

from __future__ import annotations

from fractions import Fraction

from matcalc.compiling.stability.removable import beside
from matcalc.expr import (
    Node,
    apply,
    combine,
    constant,
    factors,
    hadamard,
    is_number,
    number,
    power,
    scale,
    scaled,
    terms,
)

__all__ = ["complement_of_erf", "excess_of_mills", "mills_ratio"]

HALF = Fraction(1, 2)


def complement_of_erf(node: Node) -> Node | None:
    """r ⊙ (1 - erf(u)) = r ⊙ erfc(u), r ⊙ (1 + erf(u)) = r ⊙ erfc(-u)"""
    pairs = dict(terms(node))
    for term, c in pairs.items():
        for rest, u in beside(term, "erf"):
            ((partner, k),) = terms(rest) if len(terms(rest)) == 1 else ((rest, Fraction(1)),)
            one = pairs.get(partner, Fraction(0))
            if abs(one) == abs(c * k) and partner is not term:
                others = [(t, q) for t, q in pairs.items() if t is not term and t is not partner]
                sign = -1 if one == c * k else 1
                return combine([*others, (hadamard(rest, apply("erfc", scaled(sign, u))), one / k)], node.shape)
    return None


def mills_ratio(node: Node) -> Node | None:
    """e^(-u^2) / erfc(u) = (π / 2)^(1/2) φ(x) / Φ(x) for x = -2^(1/2) u, and so for the inverse"""
    pairs = list(factors(node))
    exponent = next((b.args[0] for b, e in pairs if b.op == "apply" and b.data[0] == "exp" and is_number(e) == 1), None)
    for base, e in pairs if exponent is not None else ():
        k = is_number(e)
        if exponent is None or base.op != "apply" or base.data[0] != "erfc" or k is None or abs(k) != 1:
            continue
        (u,) = base.args
        left = exponent - scaled(k, power(u, 2))
        if len(terms(left)) >= len(terms(exponent)):
            continue
        x = scaled(-1, scale(power(number(2), HALF), u))
        ratio = scale(power(scaled(HALF, constant("pi")), HALF), apply("inverse_mills", x))
        rest = [power(b, f) for b, f in pairs if b is not base and not (b.op == "apply" and b.data[0] == "exp")]
        return hadamard(*rest, apply("exp", left), power(ratio, -k))
    return None


def excess_of_mills(node: Node) -> Node | None:
    """x + φ(x) / Φ(x), where both nearly cancel"""
    pairs = dict(terms(node))
    for term, c in pairs.items():
        for base, e in factors(term):
            value = is_number(e)
            if not (base.op == "apply" and base.data[0] == "inverse_mills" and value is not None and value >= 1):
                continue
            x = base.args[0]
            others = hadamard(*(power(b, f) for b, f in factors(term) if b is not base), power(base, value - 1))
            size, primitive = Fraction(1), hadamard(others, x)
            ((partner, k),) = terms(primitive) if len(terms(primitive)) == 1 else ((primitive, size),)
            if pairs.get(partner) == c * k:
                rest = [(t, q) for t, q in pairs.items() if t is not term and t is not partner]
                return combine([*rest, (hadamard(others, apply("mills_excess", x)), c)], node.shape)
    return None
