"""The sign of a polynomial in one number: its roots of odd multiplicity are counted, without rounding.

Sturm's theorem, on the part of which all roots are simple and of odd multiplicity in the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, zip_longest

from matcalc.expr import Node, factors, is_number, terms

__all__ = ["sign_of_coefficients", "sign_of_polynomial"]

Polynomial = Sequence[Fraction]
#: Polynomials of larger degree are not multiplied out.
LARGEST = 60


def sign_of_polynomial(node: Node, t: Node) -> int:
    """Of a polynomial with rational coefficients in t, which changes its sign nowhere on the numbers where t is."""
    coefficients = _coefficients(node, t)
    return 0 if coefficients is None else sign_of_coefficients(coefficients, "positive" in t.data[1])


def sign_of_coefficients(coefficients: Polynomial, positive: bool) -> int:
    """Of the polynomial with these coefficients of 1, t, t^2, …, for all numbers t, or for those above 0."""
    if not any(coefficients):
        return 0
    odd = _odd_part(coefficients)
    if _roots(odd, positive):
        return 0
    value = next(v for x in range(1, len(coefficients) + 2) if (v := _value(coefficients, Fraction(x))) != 0)
    return 1 if value > 0 else -1


def _coefficients(node: Node, t: Node) -> list[Fraction] | None:
    """Those of 1, t, t^2, …, of what is made of t by sums, products and whole powers."""
    if node is t:
        return [Fraction(0), Fraction(1)]
    if node.op == "ones":
        return [Fraction(1)]
    if node.op == "add":
        parts = [(_coefficients(term, t), c) for term, c in terms(node)]
        known = [[c * a for a in p] for p, c in parts if p is not None]
        return (
            [sum(column, Fraction(0)) for column in zip_longest(*known, fillvalue=Fraction(0))]
            if len(known) == len(parts)
            else None
        )
    if node.op != "power":
        return None
    product: list[Fraction] = [Fraction(1)]
    for base, exponent in factors(node):
        e, p = is_number(exponent), _coefficients(base, t)
        if e is None or p is None or e.denominator != 1 or not 0 < e * len(p) <= LARGEST:
            return None
        for _ in range(int(e)):
            product = _product(product, p)
    return product


def _product(p: Polynomial, q: Polynomial) -> list[Fraction]:
    return [
        sum((p[i] * q[k - i] for i in range(k + 1) if i < len(p) and k - i < len(q)), Fraction(0))
        for k in range(len(p) + len(q) - 1)
    ]


def _value(p: Polynomial, x: Fraction) -> Fraction:
    total = Fraction(0)
    for c in reversed(p):
        total = total * x + c
    return total


def _slope(p: Polynomial) -> list[Fraction]:
    return [k * c for k, c in enumerate(p)][1:]


def _trimmed(p: Sequence[Fraction]) -> list[Fraction]:
    found = list(p)
    while found and found[-1] == 0:
        found.pop()
    return found


def _divided(p: Polynomial, q: Polynomial) -> tuple[list[Fraction], list[Fraction]]:
    """Quotient and remainder."""
    rest, quotient = _trimmed(p), [Fraction(0)] * max(len(p) - len(q) + 1, 1)
    while len(rest) >= len(q):
        c, k = rest[-1] / q[-1], len(rest) - len(q)
        quotient[k] = c
        rest = _trimmed([r - (c * q[i - k] if i >= k else 0) for i, r in enumerate(rest)])
    return _trimmed(quotient), rest


def _common(p: Polynomial, q: Polynomial) -> list[Fraction]:
    """The greatest common divisor."""
    a, b = _trimmed(p), _trimmed(q)
    while b:
        a, b = b, _divided(a, b)[1]
    return a


def _odd_part(p: Polynomial) -> list[Fraction]:
    """A polynomial with simple roots, at the roots of odd multiplicity."""
    odd, rest, turn = [Fraction(1)], _trimmed(p), True
    while len(rest) > 1:
        common = _common(rest, _slope(rest))
        distinct = _divided(rest, common)[0]  # each root of the rest, once
        again = _divided(distinct, _common(distinct, common))[0]  # those that are simple in the rest
        if turn and len(again) > 1:
            odd = _product(odd, again)
        rest, turn = common, not turn
    return odd


def _roots(p: Polynomial, positive: bool) -> int:
    """How many real roots, or positive ones, a polynomial with simple roots has [Sturm]."""
    chain = [list(p), _slope(p)]
    while len(chain[-1]) > 1:
        rest = _divided(chain[-2], chain[-1])[1]
        chain.append([-c for c in rest])
    chain = [q for q in chain if q]
    above = _changes([q[-1] for q in chain])
    low = [q[0] for q in chain] if positive else [q[-1] * (-1) ** (len(q) - 1) for q in chain]
    return _changes(low) - above


def _changes(values: Sequence[Fraction]) -> int:
    signs = [v > 0 for v in values if v != 0]
    return sum(a != b for a, b in pairwise(signs))
