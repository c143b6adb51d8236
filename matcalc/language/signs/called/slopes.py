"""Derivatives of the logistic function, as σ'(z) and σ''(z) name them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from matcalc.errors import Span
from matcalc.language.surface.tree import Surface

__all__ = ["HIGHEST", "LOGISTIC", "logistic_slope"]

#: The function whose name passes through the grammar with a prime for each order.
LOGISTIC = "sigmoid"
#: More primes than these are no order.
HIGHEST = 6


def logistic_slope(name: str, arguments: tuple[Surface, ...], span: Span) -> Surface | None:
    """σ' = s (1 - s) and σ^(k) = s (1 - s) q(s) with s = σ(z) (Minai & Williams 1993); None for other names."""
    order = len(name) - len(LOGISTIC)
    if name != LOGISTIC + "'" * order or not 0 < order <= HIGHEST:
        return None
    value = Surface("call", arguments, LOGISTIC, span)
    rest = Surface("add", (_number(1, span), value), (1, -1), span)
    slope = Surface("hadamard", (value, rest), None, span)
    factor = _factor(order)
    return slope if len(factor) == 1 else Surface("hadamard", (slope, _polynomial(factor, value, span)), None, span)


def _factor(order: int) -> list[int]:
    """The coefficients of q, lowest first: q_1 = 1, q_(k+1) = (1 - 2 s) q_k + s (1 - s) q_k'."""
    found = [1]
    for _ in range(order - 1):
        found = [(k + 1) * (here - below) for k, (below, here) in enumerate(pairwise([0, *found, 0]))]
    return found


def _polynomial(coefficients: list[int], value: Surface, span: Span) -> Surface:
    terms = [_number(coefficients[0], span)]
    for power, coefficient in enumerate(coefficients[1:], 1):
        raised = value if power == 1 else Surface("hadamard_power", (value, _number(power, span)), None, span)
        terms.append(Surface("hadamard", (_number(abs(coefficient), span), raised), None, span))
    signs = tuple(1 if c > 0 else -1 for c in coefficients)
    return Surface("add", tuple(terms), signs, span)


def _number(value: int, span: Span) -> Surface:
    return Surface("number", (), Fraction(value), span)
