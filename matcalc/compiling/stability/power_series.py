"""Power series of functions of one variable at 0, in rational numbers: t^lead (a_0 + a_1 t + …).

Beside its value every series knows its loss: by how many powers of t the terms that it was added from are larger. Where t
is small, so many powers of t are the digits that a computation in floating point loses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm
from operator import mul

from matcalc.budget import remembered
from matcalc.expr import Node, content, factors, is_number
from matcalc.expr.node import OPERATORS
from matcalc.expr.passes import Always, Fold, rows_of
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


def _log(us: Sequence[Series], order: int) -> Series | None:
    if us[0].lead or us[0].coefficients[0] != 1:
        return None
    less = _added([us[0], _constant(-ONE, order)])
    return None if less is None else _of_function("log1p", [less], order)


def _hypot(us: Sequence[Series], order: int) -> Series | None:
    a, b = us
    squares = _added([a.times(a), b.times(b)]) if a.lead == 0 and b.lead > 0 else None
    return None if squares is None else squares.power(Fraction(1, 2))


def _sigmoid(us: Sequence[Series], order: int) -> Series | None:
    below = _of_function("exp", [us[0].scaled(-ONE)], order)
    return _quotient(_constant(ONE, order), _added([_constant(ONE, order), below]) if below else None)


def _of_two(above: str, below: str) -> Callable[[Sequence[Series], int], Series | None]:
    return lambda us, order: _quotient(_of_function(above, us, order), _of_function(below, us, order))


#: Functions that have no short coefficients -> their series, made of others'
MADE_OF_OTHERS: dict[str, Callable[[Sequence[Series], int], Series | None]] = {
    "ratio": lambda us, order: _quotient(*us),
    "tan": _of_two("sin", "cos"),
    "tanh": _of_two("sinh", "cosh"),
    "sigmoid": _sigmoid,
    "bose": lambda us, order: _quotient(_constant(ONE, order), _of_function("expm1", us, order)),
    "log": _log,
    "hypot": _hypot,
}


def _of_function(name: str, us: Sequence[Series], order: int) -> Series | None:
    """f(u), by the coefficients in the row of f where u vanishes at 0"""
    if name in MADE_OF_OTHERS:
        return MADE_OF_OTHERS[name](us, order)
    coefficients = row_of(name).series
    return _at_zero(coefficients, us[0], order) if coefficients is not None and us[0].lead > 0 else None


# --- nodes ---------------------------------------------------------------------------------------

Below = Sequence[Series | None]


def series_of(node: Node, u: Node, order: int) -> Series | None:
    """The series of a node as a function of u at u = 0; None where it has none, or other variables."""
    return SERIES.within(node, _found(u, order), u, order)


@remembered
def _found(u: Node, order: int) -> dict[Node, Series | None]:
    """The series in u that are known, while a call lasts."""
    return {}


def _of_variable(node: Node, u: Node, order: int) -> Series | None:
    c, primitive = content(node)
    return Series(1, (c, *[Fraction(0)] * (order - 1))) if primitive is u else None


def _of_sum(node: Node, below: Below, u: Node, order: int) -> Series | None:
    known = [s.scaled(c) for s, c in zip(below, node.data, strict=True) if s is not None]
    return _added(known) if known and len(known) == len(below) else None


def _of_power(node: Node, below: Below, u: Node, order: int) -> Series | None:
    """The product of the powers, in which π^(-1/2) stands where erf is differentiated."""
    total = _constant(ONE, order)
    for (base, exponent), inside in zip(factors(node), below, strict=True):
        e = is_number(exponent)
        found = None
        if base.op == "constant":
            found = _constant(OVER_ROOT_PI, order) if e == Fraction(-1, 2) else None
        elif inside is not None and e is not None and abs(e) <= LARGEST_EXPONENT:
            found = inside.power(e)
        if found is None:
            return None
        total = total.times(found)
    return total


def _of_multiple(node: Node, below: Below, u: Node, order: int) -> Series | None:
    a, b = below
    return None if a is None or b is None else a.times(b)


def _of_application(node: Node, below: Below, u: Node, order: int) -> Series | None:
    known = [s for s in below if s is not None]
    return _of_function(node.data[0], known, order) if len(known) == len(below) else None


_ROWS: dict[str, Callable[..., Series | None]] = {
    "ones": lambda node, below, u, order: _constant(ONE, order),
    "add": _of_sum,
    "power": _of_power,
    "scale": _of_multiple,
    "apply": _of_application,
}
#: operator -> the power series of a node in u
SERIES: Fold[Series | None] = Fold(
    "power series",
    {**rows_of(OPERATORS.keys() - _ROWS.keys(), Always(None)), **_ROWS},
    first=_of_variable,
    through=lambda node, u, order: node.args[::2] if node.op == "power" else node.args,
)
