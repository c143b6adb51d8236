"""Power series of functions of one variable at 0, in rational numbers: t^lead (a_0 + a_1 t + …).

Beside its value every series knows its loss: by how many powers of t the terms that it was added from are larger. Where t
is small, so many powers of t are the digits that a computation in floating point loses.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from operator import mul

from matcalc.budget import remembered
from matcalc.expr import Node, content, factors, is_number, number, terms
from matcalc.functions import row_of
from matcalc.functions.coefficients import OVER_ROOT_PI, Coefficients
from matcalc.records import dataclass

__all__ = ["Series", "series_of"]

ONE = Fraction(1)
#: Powers beyond this one are not expanded.
LARGEST_EXPONENT = 64


@dataclass(frozen=True)
class Series:
    """t^lead (a_0 + a_1 t + …) with a_0 != 0, known up to the last coefficient."""

    lead: int
    coefficients: tuple[Fraction, ...]
    loss: int = 0

    def times(self, other: Series) -> Series:
        n = min(len(self.coefficients), len(other.coefficients))
        (a, d), (b, e) = (_over_one_denominator(s.coefficients[:n]) for s in (self, other))
        product = tuple(Fraction(sum(map(mul, a[: k + 1], b[k::-1])), d * e) for k in range(n))
        return Series(self.lead + other.lead, product, max(self.loss, other.loss))

    def power(self, e: Fraction) -> Series | None:
        if e.denominator != 1:
            return self._root(e)
        if e < 0:
            return self._inverse().power(-e)
        half = self.power(Fraction(e // 2)) if e > 1 else None
        return self if half is None else half.times(half) if e % 2 == 0 else half.times(half).times(self)

    def _inverse(self) -> Series:
        """By Newton's iteration, b = b (2 - a b)."""
        n = len(self.coefficients)
        found: tuple[Fraction, ...] = (1 / self.coefficients[0],)
        while len(found) < n:
            known = min(2 * len(found), n)
            b = Series(0, (*found, *[Fraction(0)] * (known - len(found))))
            product = Series(0, self.coefficients[:known]).times(b)
            rest = (2 - product.coefficients[0], *(-x for x in product.coefficients[1:]))
            found = b.times(Series(0, rest)).coefficients
        return Series(-self.lead, found, self.loss)

    def _root(self, e: Fraction) -> Series | None:
        """By the recurrence of J. C. P. Miller [Knuth, TAOCP 2, 4.7], where the first coefficient is 1."""
        a = self.coefficients
        if a[0] != 1 or (e * self.lead).denominator != 1:
            return None
        b = [ONE]
        for k in range(1, len(a)):
            b.append(sum(((e * j - k + j) * a[j] * b[k - j] for j in range(1, k + 1)), Fraction(0)) / k)
        return Series(int(e * self.lead), tuple(b), self.loss)

    def scaled(self, c: Fraction) -> Series:
        return Series(self.lead, tuple(c * a for a in self.coefficients), self.loss)


def _over_one_denominator(a: Sequence[Fraction]) -> tuple[list[int], int]:
    d = lcm(*(x.denominator for x in a))
    return [x.numerator * (d // x.denominator) for x in a], d


def _constant(c: Fraction, order: int) -> Series:
    return Series(0, (c, *[Fraction(0)] * (order - 1)))


def _added(parts: Sequence[Series]) -> Series | None:
    """The sum; None where no coefficient that is known is left."""
    start, end = min(p.lead for p in parts), min(p.lead + len(p.coefficients) for p in parts)
    total = [Fraction(0)] * max(end - start, 0)
    for p in parts:
        for k, a in enumerate(p.coefficients[: max(end - p.lead, 0)], p.lead - start):
            total[k] += a
    lead = next((k for k, a in enumerate(total) if a), None)
    if lead is None:
        return None
    largest = min(p.lead - p.loss for p in parts)
    return Series(start + lead, tuple(total[lead:]), start + lead - largest)


# --- functions -----------------------------------------------------------------------------------


def _at_zero(coefficients: Coefficients, u: Series, order: int) -> Series | None:
    """f(u) for a u that vanishes at 0"""
    a = [coefficients(k) for k in range(order + 1)]
    if not any(u.coefficients[1:]):
        return _of_monomial(a, u)
    parts, power = ([_constant(a[0], order)] if a[0] else []), u
    for c in a[1:]:
        if power.lead >= order + u.lead:
            break
        if c:
            parts.append(power.scaled(c))
        power = power.times(u)
    return _added(parts)


def _of_monomial(a: Sequence[Fraction], u: Series) -> Series | None:
    """Σ a_k (c t^m)^k"""
    total = [Fraction(0)] * len(u.coefficients) * u.lead
    for k, x in enumerate(a[: len(u.coefficients)]):
        total[k * u.lead] = x * u.coefficients[0] ** k
    lead = next((k for k, x in enumerate(total) if x), None)
    return None if lead is None else Series(lead, tuple(total[lead : len(u.coefficients) + u.lead]), u.loss)


def _quotient(above: Series | None, below: Series | None) -> Series | None:
    inverse = below.power(-ONE) if below is not None else None
    return above.times(inverse) if above is not None and inverse is not None else None


def _of_function(name: str, us: Sequence[Series], order: int) -> Series | None:
    u, *others = us
    match name:
        case "ratio":
            return _quotient(u, others[0])
        case "tan" | "tanh":
            sine, cosine = ("sin", "cos") if name == "tan" else ("sinh", "cosh")
            return _quotient(_of_function(sine, us, order), _of_function(cosine, us, order))
        case "sigmoid":
            below = _of_function("exp", [u.scaled(-ONE)], order)
            return _quotient(_constant(ONE, order), _added([_constant(ONE, order), below]) if below else None)
        case "bose":
            return _quotient(_constant(ONE, order), _of_function("expm1", us, order))
        case "log" if u.lead == 0 and u.coefficients[0] == 1:
            less = _added([u, _constant(-ONE, order)])
            return None if less is None else _of_function("log1p", [less], order)
        case "hypot" if u.lead == 0 and others[0].lead > 0:
            squares = _added([u.times(u), others[0].times(others[0])])
            return None if squares is None else squares.power(Fraction(1, 2))
    coefficients = row_of(name).series
    return _at_zero(coefficients, u, order) if coefficients is not None and u.lead > 0 else None


@remembered
def series_of(node: Node, u: Node, order: int) -> Series | None:
    """The series of a node as a function of u at u = 0; None where it has none, or other variables."""
    c, primitive = content(node)
    if primitive is u:
        return Series(1, (c, *[Fraction(0)] * (order - 1)))
    match node.op:
        case "ones":
            return _constant(ONE, order)
        case "add":
            parts = [(series_of(t, u, order), c) for t, c in terms(node)]
            known = [s.scaled(c) for s, c in parts if s is not None]
            return _added(known) if known and len(known) == len(parts) else None
        case "power":
            return _of_product(factors(node), u, order)
        case "scale":
            return _of_product([(a, number(1)) for a in node.args], u, order)
        case "apply":
            inside = [series_of(a, u, order) for a in node.args]
            known = [s for s in inside if s is not None]
            return _of_function(node.data[0], known, order) if len(known) == len(inside) else None
    return None


def _of_product(pairs: Sequence[tuple[Node, Node]], u: Node, order: int) -> Series | None:
    total = _constant(ONE, order)
    for base, exponent in pairs:
        e = is_number(exponent)
        if base.op == "constant":  # π^(-1/2), of the derivatives of erf
            found: Series | None = _constant(OVER_ROOT_PI, order) if e == Fraction(-1, 2) else None
        else:
            inside = series_of(base, u, order) if e is not None and abs(e) <= LARGEST_EXPONENT else None
            found = inside.power(e) if inside is not None and e is not None else None
        if found is None:
            return None
        total = total.times(found)
    return total
