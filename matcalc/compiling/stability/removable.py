"""Quotients that have a finite value where they are 0/0, and differences that cancel to first order: near 0 by their power series.

Both sides of a choice are differentiated, so that derivatives of any order have the digits of the function.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial

from matcalc.expr import (
    Node,
    apply,
    combine,
    content,
    factors,
    hadamard,
    is_number,
    ones,
    postorder,
    power,
    scaled,
    terms,
    zeros,
)

__all__ = [
    "difference_from_argument",
    "log_erfc",
    "logarithm_of_root",
    "quotient_of_powers",
    "removable_quotient",
    "residual_of_sigmoid",
    "root_less_one",
]

ONE, HALF = Fraction(1), Fraction(1, 2)
#: Where the series is taken: outside, the quotient itself has the digits, in its second derivative, too.
RADIUS = Fraction(1, 16)

# fmt: off
#: f -> (the coefficients of f(u) / u, the last power of u that counts within the radius)
SERIES: dict[str, tuple[Callable[[int], Fraction], int]] = {
    "expm1": (lambda k: Fraction(1, factorial(k + 1)), 9),
    "sin":   (lambda k: Fraction((-1) ** (k // 2), factorial(k + 1)) if k % 2 == 0 else Fraction(0), 8),
    "sinh":  (lambda k: Fraction(1, factorial(k + 1)) if k % 2 == 0 else Fraction(0), 8),
    "log1p": (lambda k: Fraction((-1) ** k, k + 1), 14),
}
# fmt: on
#: Those of them that stand over their argument in code; the derivatives of the others' series are long.
DIVIDED = ("expm1", "sin", "sinh")


def removable_quotient(node: Node) -> Node | None:
    """f(c u)^k / u^k by the series of f(v) / v where |v| is small"""
    return _of_one_term(node, lambda base, u: _quotient(base))


def quotient_of_powers(node: Node) -> Node | None:
    """f(c u)^k / u^k = (f(c u) / u)^k, whose powers might vanish or overflow"""
    return _of_one_term(node, lambda base, u: scaled(1 / content(base.args[0])[0], apply("ratio", base, u)), 2)


def _of_one_term(node: Node, quotient: Callable[[Node, Node], Node], least: int = 1) -> Node | None:
    pairs = terms(node)
    if len(pairs) != 1:
        return None
    ((term, c),) = pairs
    found = _divided(term, quotient, least) if term.op == "power" else None
    return None if found is None else scaled(c, found)


def _divided(term: Node, quotient: Callable[[Node, Node], Node], least: int) -> Node | None:
    """A product with (c f(v) / v)^n in place of f(v)^n and u^-n, for v = c u"""
    pairs = list(factors(term))
    for base, exponent in pairs:
        a = is_number(exponent)
        if base.op != "apply" or base.data[0] not in DIVIDED or a is None or a.denominator != 1 or a < least:
            continue
        c, primitive = content(base.args[0])
        for below, negative in pairs:
            m = is_number(negative)
            k, unit = content(below)
            if unit is primitive and m is not None and m.denominator == 1 and m <= -least:
                n = min(a, -m)
                rest = [power(b, e) for b, e in pairs if b is not base and b is not below]
                inside = power(scaled(c / k, quotient(base, unit)), n)
                return hadamard(*rest, power(base, a - n), power(below, m + n), inside)
    return None


def _quotient(value: Node) -> Node:
    """f(v) / v"""
    name, (v,) = value.data[0], value.args
    series = _series(name, v, 0)
    return _where_small(v, RADIUS, series, hadamard(value, power(v, -1)))


def _series(name: str, v: Node, first: int) -> Node:
    """a_m + a_(m+1) v + … for f(v) = v (a_0 + a_1 v + …) and the first m"""
    coefficients, last = SERIES[name]
    total = scaled(coefficients(last), ones(*v.shape))
    for k in range(last - 1, first - 1, -1):
        total = combine([(hadamard(v, total), ONE), (ones(*v.shape), coefficients(k))], v.shape)
    return total


def difference_from_argument(node: Node) -> Node | None:
    """f(v) - v = v^2 (a_1 + a_2 v + …) where |v| is small"""
    pairs = dict(terms(node))
    for value, c in pairs.items():
        if value.op != "apply" or value.data[0] not in SERIES:
            continue
        (v,) = value.args
        k, primitive = content(v)
        if pairs.get(primitive) == -c * k:
            rest = [(t, q) for t, q in pairs.items() if t is not value and t is not primitive]
            name = value.data[0]
            inside = _where_small(v, RADIUS, hadamard(power(v, 2), _series(name, v, 1)), value - v)
            return combine([*rest, (inside, c)], node.shape)
    return None


def _where_small(v: Node, radius: Fraction, near: Node, far: Node) -> Node:
    """near where |v| < radius, else far"""
    return apply("where", apply("greater", scaled(radius, ones(*v.shape)), apply("abs", v)), near, far)


def log_erfc(u: Node, far: Node) -> Node:
    """log(1 - erf(u)) where |u| < 1/2"""
    return _where_small(u, HALF, apply("log1p", scaled(-1, apply("erf", u))), far)


def root_less_one(node: Node) -> Node | None:
    """(1 + v)^(1/2) - 1 = v / ((1 + v)^(1/2) + 1) where |v| < 1"""
    pairs = dict(terms(node))
    one = next((t for t in pairs if t.op == "ones"), None)
    if one is None:
        return None
    for root, c in pairs.items():
        v = _beside_one(root)
        if v is not None and pairs[one] == -c:
            rest = [(t, k) for t, k in pairs.items() if t is not one and t is not root]
            near = hadamard(v, power(root + one, -1))
            return combine([*rest, (_where_small(v, ONE, near, root - one), c)], node.shape)
    return None


def _beside_one(root: Node) -> Node | None:
    """The v of (1 + v)^(1/2), also of hypot(1, u) with v = u^2"""
    if root.op == "apply" and root.data[0] == "hypot":
        return next((power(b, 2) for a, b in (root.args, root.args[::-1]) if a.op == "ones"), None)
    pairs = factors(root)
    if len(pairs) != 1 or is_number(pairs[0][1]) != HALF:
        return None
    (base, _) = pairs[0]
    v = base - ones(*base.shape)
    return v if len(terms(v)) < len(terms(base)) else None


def logarithm_of_root(node: Node) -> Node | None:
    """log(u + (u^2 + 1)^(1/2)) = asinh(u)"""
    pairs = terms(node.args[0]) if node.data[0] == "log" else ()
    if len(pairs) != 2:
        return None
    for (root, one), (u, c) in (pairs, pairs[::-1]):
        argument = scaled(c, u)
        if one == 1 and _beside_one(root) is power(argument, 2):
            return apply("asinh", argument)
    return None


def residual_of_sigmoid(node: Node) -> Node | None:
    """σ(u) - y = (1 - y) - σ(-u) where u > 0"""
    pairs = terms(node)
    if len(pairs) != 2:
        return None
    for (sigmoid, c), (y, k) in (pairs, pairs[::-1]):
        if sigmoid.op == "apply" and sigmoid.data[0] == "sigmoid" and k == -c and not _holds_sigmoid(y):
            (u,) = sigmoid.args
            tail = apply("sigmoid", scaled(-1, apply("abs", u)))
            right, left = (ones(*u.shape) - y) - tail, tail - y
            return scaled(c, apply("where", apply("greater", u, zeros(*u.shape)), right, left))
    return None


def _holds_sigmoid(y: Node) -> bool:
    return any(n.op == "apply" and n.data[0] in ("sigmoid", "where") for n in postorder(y)) or y.op == "ones"
