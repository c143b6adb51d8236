"""Decimals: what was typed with 0.044715 is printed with it, not with 8943/200000.

A sum among the factors of a product has whole coefficients in the engine. Beside decimals it is printed with that multiple
of it, and of what stands in front, which takes the fewest digits: 0.8 (x + 0.04 x.^3) rather than 0.032 (25 x + x.^3).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from matcalc.expr import Node, combine, factors, is_number, postorder, scaled, terms
from matcalc.expr.node import make
from matcalc.patterns import pattern
from matcalc.printing.roots import with_roots_absorbed
from matcalc.records import dataclass

__all__ = [
    "decimal_of",
    "holds_decimal",
    "in_powers_of_ten",
    "plain_number",
    "rescaled",
]

#: A fraction with more decimals than this stays a fraction.
MOST_DECIMALS = 12
#: What a number in front of a product counts beside its digits.
IN_FRONT = 2
#: The same of a fraction that is no decimal.
FRACTION = 10
#: Operators through which a factor of a sum leaves a product.
LINEAR = frozenset({"matmul", "scale", "transpose", "trace"})

_DECIMAL = pattern(r"(?<![\w.])(?:\d*\.\d|\d+[eE]-\d)")


def holds_decimal(text: str) -> bool:
    """Whether a number with a decimal point was typed."""
    return _DECIMAL.search(text) is not None


def decimal_of(value: Fraction) -> Decimal | None:
    """The decimal that is this fraction, where it has few digits."""
    if value.denominator == 1:
        return None
    scaled_up = value * 10**MOST_DECIMALS
    if scaled_up.denominator != 1:
        return None
    return Decimal(value.numerator) / Decimal(value.denominator)


def in_powers_of_ten(value: object) -> tuple[str, int] | None:
    """The digits and the exponent of a decimal that is so small that it is typed as 1e-8."""
    if not isinstance(value, Decimal) or value.adjusted() >= -6:
        return None
    digits = value.scaleb(-value.adjusted()).normalize()
    return f"{digits:f}", value.adjusted()


def plain_number(value: object) -> str:
    """0.5, 1e-8"""
    found = in_powers_of_ten(value)
    return str(value) if found is None else f"{found[0]}e{found[1]}"


def _digits(value: Fraction) -> int:
    """How long a coefficient is to read; a fraction that is no decimal is long."""
    if abs(value) == 1:
        return 0
    exact = decimal_of(value)
    if exact is not None:
        return len(str(abs(exact)))
    above, below = str(abs(value.numerator)), str(value.denominator)
    return len(above) + (len(above) > 1) if value.denominator == 1 else len(above) + len(below) + FRACTION


def rescaled(root: Node) -> Node:
    """The expression with the coefficients of sums in products as decimals; for the printer only: it is not canonical."""
    root = with_roots_absorbed(root)
    memo: dict[Node, Node] = {}
    for node in postorder(root):
        memo[node] = _rescaled_sum(node, memo) if node.op == "add" else _again(node, memo)
    return memo[root]


def _again(node: Node, memo: dict[Node, Node]) -> Node:
    args = tuple(memo[a] for a in node.args)
    return node if args == node.args else make(node.op, args, node.data, node.shape)


def _rescaled_sum(node: Node, memo: dict[Node, Node]) -> Node:
    if node.is_number:
        return node
    pairs = [_fewest_digits(memo[t], c) for t, c in terms(node)]
    if all(t is u and c == d for (t, c), (u, d) in zip(pairs, terms(node), strict=True)):
        return node
    return combine(pairs, node.shape)


def _fewest_digits(term: Node, c: Fraction) -> tuple[Node, Fraction]:
    """c times the term, where each sum in it may be divided by one of its coefficients, or take in c."""
    if c.denominator == 1 and abs(c) < 10:
        return term, c
    for total, e in list(_sums_in(term)):
        ways = [_Way(Fraction(1), c, total)]
        for d in {Fraction(abs(x)) for x in total.data} | ({1 / abs(c)} if e == 1 else set()):
            outside = _power(d, e)
            if outside is not None:
                ways.append(_Way(d, c * outside, scaled(1 / d, total)))
        best = min(ways, key=lambda way: (way.digits, way.divisor))
        term, c = _put(term, total, best.total), best.outside
    return term, c


@dataclass(frozen=True, slots=True)
class _Way:
    """A product whose sum is divided, with what stands in front of it then."""

    divisor: Fraction
    outside: Fraction
    total: Node

    @property
    def digits(self) -> int:
        return IN_FRONT * (abs(self.outside) != 1) + _digits(self.outside) + sum(map(_digits, self.total.data))


def _power(d: Fraction, e: Fraction) -> Fraction | None:
    """d^e for a whole number or a half of one, where it is a fraction."""
    if e.denominator == 1:
        return d ** int(e)
    top, below = isqrt(d.numerator), isqrt(d.denominator)
    exact = e.denominator == 2 and top**2 == d.numerator and below**2 == d.denominator
    return Fraction(top, below) ** e.numerator if exact else None


def _sums_in(term: Node, e: Fraction = Fraction(1)) -> Iterator[tuple[Node, Fraction]]:
    """The sums among the factors of a product, with their exponents."""
    if term.op == "add" and len(term.args) > 1:
        yield term, e
    if term.op == "power":
        for base, exponent in factors(term):
            k = is_number(exponent)
            if k is not None:
                yield from _sums_in(base, e * k)
    elif term.op in LINEAR:
        for a in term.args:
            yield from _sums_in(a, e)


def _put(term: Node, old: Node, new: Node) -> Node:
    """The product with another sum in the place of the first that is this one."""
    if term is old:
        return new
    if term.op not in LINEAR and term.op != "power":
        return term
    args = list(term.args)
    for i, a in enumerate(args):
        args[i] = _put(a, old, new)
        if args[i] is not a:
            return make(term.op, tuple(args), term.data, term.shape)
    return term
