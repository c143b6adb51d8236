"""The sign of a polynomial in one number: its roots of odd multiplicity are counted, without rounding.

Sturm's theorem, on the part of which all roots are simple and of odd multiplicity in the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from matcalc.expr import Node, is_number, terms

__all__ = ["sign_of_polynomial"]


def sign_of_polynomial(node: Node, t: Node) -> int:
    """Of a polynomial with rational coefficients in t, which changes its sign nowhere on the numbers where t is."""
    coefficients = _coefficients(node, t)
    if coefficients is None:
        return 0
    odd = _odd_part(coefficients)
    positive = "positive" in t.data[1]
    if _roots(odd, positive):
        return 0
    value = next(v for x in range(1, len(coefficients) + 2) if (v := _value(coefficients, Fraction(x))) != 0)
    return 1 if value > 0 else -1


def _coefficients(node: Node, t: Node) -> list[Fraction] | None:
    """Those of 1, t, t^2, …"""
    found: dict[int, Fraction] = {}
    for term, c in terms(node):
        k = 0 if term.op == "ones" else 1 if term is t else _degree(term, t)
        if k is None:
            return None
        found[k] = found.get(k, Fraction(0)) + c
    return [found.get(k, Fraction(0)) for k in range(max(found) + 1)] if found else None


def _degree(term: Node, t: Node) -> int | None:
    e = is_number(term.args[1]) if term.op == "power" and len(term.args) == 2 and term.args[0] is t else None
    return int(e) if e is not None and e.denominator == 1 and e > 0 else None


Polynomial = Sequence[Fraction]


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
            odd = [
                sum((odd[i] * again[k - i] for i in range(k + 1) if i < len(odd) and k - i < len(again)), Fraction(0))
                for k in range(len(odd) + len(again) - 1)
            ]
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
