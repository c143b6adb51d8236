"""Between which numbers the entries of a value lie, from its structure alone: an interval that holds them all."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matcalc.expr import Node, dimension, is_number
from matcalc.expr.facts import is_nonnegative, is_positive
from matcalc.expr.passes import Fold, rows_of
from matcalc.functions import row_of
from matcalc.functions.properties import ABOVE_0, AT_LEAST_0, INFINITE, AtLeast, Interval, Within

__all__ = ["DOWN", "RANGE", "UP", "meet"]

Ranges = Sequence[Interval]
Number = int | float | Fraction
REALS, UNIT = Interval(), Within(0, 1)
#: Words of the column `monotone`.
UP, DOWN = {"increasing", "nondecreasing"}, {"decreasing", "nonincreasing"}


def meet(a: Interval, b: Interval) -> Interval:
    """The numbers of both."""
    low = max((a.low, not a.with_low), (b.low, not b.with_low))
    high = min((a.high, a.with_high), (b.high, b.with_high))
    return Interval(low[0], high[0], not low[1], high[1])


def _by_sign(node: Node) -> Interval:
    return ABOVE_0 if is_positive(node) else AT_LEAST_0 if is_nonnegative(node) else REALS


def _unknown(node: Node, below: Ranges) -> Interval:
    return REALS


def _same(node: Node, below: Ranges) -> Interval:
    return below[0]


def _all(node: Node, below: Ranges) -> Interval:
    """Of an array that is put together of others."""
    low = min((r.low, not r.with_low) for r in below)
    high = max((r.high, r.with_high) for r in below)
    return Interval(low[0], high[0], not low[1], high[1])


def _sum(node: Node, below: Ranges) -> Interval:
    parts = [r.times(c) for r, c in zip(below, node.data, strict=True)]
    low, high = sum(p.low for p in parts), sum(p.high for p in parts)
    return Interval(low, high, all(p.with_low for p in parts), all(p.with_high for p in parts))


def _dimension(node: Node, below: Ranges) -> Interval:
    return AtLeast(1) if node is dimension(node.data[0]) else ABOVE_0


def _power(node: Node, below: Ranges) -> Interval:
    """A power of one base that is not negative, and an even one of any base; of other products the sign alone."""
    e = is_number(node.args[1])
    inside = meet(below[0], _by_sign(node.args[0]))
    if len(node.args) > 2 or e is None:
        return REALS
    if e > 0 and e.denominator == 1 and e % 2 == 0:
        inside = _size(inside)
    if inside.low < 0:
        return REALS
    ends = [(_raised(end, e), with_end) for end, with_end in zip(inside[:2], inside[2:], strict=True)]
    (low, with_low), (high, with_high) = ends if e > 0 else ends[::-1]
    return Interval(0 if low is None else low, INFINITE if high is None else high, with_low, with_high)


def _size(inside: Interval) -> Interval:
    """Between which numbers the absolute value is."""
    if inside.low >= 0:
        return inside
    flipped = inside.times(Fraction(-1))
    if flipped.low >= 0:
        return flipped
    high = max((inside.high, inside.with_high), (flipped.high, flipped.with_high))
    return Interval(0, high[0], True, high[1])


def _raised(end: Number, e: Fraction) -> Number | None:
    """The power of an end that is not negative, where it is a whole one or that of 0, 1 or infinity."""
    if end in (0, INFINITE):
        return 0 if (end == 0) == (e > 0) else INFINITE
    return Fraction(end) ** e.numerator if e.denominator == 1 or end == 1 else None


def _call(node: Node, below: Ranges) -> Interval:
    """What the row says, and of a monotone function of one number on which side of its value at 0 its values are."""
    row = row_of(node.data[0])
    found, at = row.range or REALS, row.fraction_at_zero
    if row.idempotent and not row.analytic and len(below) == 2:
        return _between(row.jointly == "convex", below)
    if at is None or not row.is_of_numbers or len(row.parameters) != 1 or len(below) != 1:
        return found
    inside = below[0]
    words = {w for p, w in row.monotone[row.parameters[0]] if isinstance(p, Interval) and p.covers(inside)}
    sign = 1 if words & UP else -1 if words & DOWN else 0
    never_twice = bool(words & {"increasing", "decreasing"})
    ends = ((inside.low >= 0, inside.holds(0), sign), (inside.high <= 0, inside.holds(0), -sign))
    for least, reached, side in ends:
        if least and sign:
            closed = reached or not never_twice
            found = meet(found, Interval(at, with_low=closed) if side > 0 else Interval(high=at, with_high=closed))
    return found


def _between(is_largest: bool, below: Ranges) -> Interval:
    """The larger of two numbers, or the smaller one."""
    lows, highs = [(r.low, not r.with_low) for r in below], [(r.high, r.with_high) for r in below]
    low, high = (max(lows), max(highs)) if is_largest else (min(lows), min(highs))
    return Interval(low[0], high[0], not low[1], high[1])


def _around(row: object, node: Node, below: Ranges) -> Interval:
    return meet(row(node, below), _by_sign(node))  # type: ignore[operator]


RANGE: Fold[Interval] = Fold(
    "range",
    {
        **rows_of("zero", lambda node, below: Within(0, 0)),
        **rows_of("ones", lambda node, below: Within(1, 1)),
        **rows_of("identity unit mask selector commutation at elimination duplication", lambda node, below: UNIT),
        **rows_of("constant variable open perturbation logdet det matpow adjugate kron scale", _unknown),
        **rows_of("matmul trace total", _unknown),
        **rows_of("transpose vec unvec diagonal", _same),
        "diag": lambda node, below: _all(node, (below[0], Within(0, 0))),
        "block": _all,
        "dimension": _dimension,
        "add": _sum,
        "power": _power,
    },
    call=_call,
    around=_around,
)
