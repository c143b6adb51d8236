"""Claims that are a multiple of the derivative: by a number, a size, or a scalar expression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice

import numpy as np

from matcalc.checking.comparison import Comparison, Finding, equal
from matcalc.checking.values.evaluate import Array
from matcalc.expr import Node, constant, dimension, number, postorder, power, scaled

__all__ = ["by_factor", "off_by_a_factor", "ratio", "ratio_at", "rational"]

#: A factor is looked for among so many scalar expressions.
MOST_SCALARS = 60


def off_by_a_factor(c: Comparison) -> Finding | None:
    """claim = s * derivative, for a number, a size or a scalar expression s"""
    return by_factor(c, c.claimed, "")


def by_factor(c: Comparison, claimed: Node, before: str) -> Finding | None:
    """claimed = s * derivative, told with some words before."""
    s = ratio(c, claimed)
    if s is None:
        return None
    if s is number(-1):
        return Finding("sign", f"{before}the sign is wrong: the derivative is {c.shown}")
    return Finding("factor", f"{before}off by the factor {c.text(s)}: the derivative is {c.shown}")


def ratio(c: Comparison, claimed: Node) -> Node | None:
    """The s with claimed = s * right at all points, as an expression."""
    ratios = []
    for p in c.points:
        s = ratio_at(c.value(claimed, p), c.value(c.right, p))
        if s is None:
            return None
        ratios.append(s)
    return _named_factor(c, ratios) if ratios else None


def ratio_at(a: Array | None, b: Array | None) -> float | None:
    """The s with a = s b, or None where there is none."""
    if a is None or b is None or a.shape != b.shape or not np.any(b):
        return None
    s = float(np.sum(a * b) / np.sum(b * b))
    return s if equal(a, s * b) and abs(s) > 1e-9 else None


def _named_factor(c: Comparison, ratios: list[float]) -> Node | None:
    simple = rational(ratios)
    if simple is not None:
        return number(simple)
    for scalar in islice(_scalars(c), MOST_SCALARS):
        values = [c.value(scalar, p) for p in c.points]
        if any(v is None or v.item() == 0 for v in values):
            continue
        for exponent in (1, -1, 2, -2, Fraction(1, 2), Fraction(-1, 2)):
            quotients = [
                _over(s, float(v.item()), exponent) for s, v in zip(ratios, values, strict=True) if v is not None
            ]
            q = rational(quotients)
            if q is not None:
                return scaled(q, power(scalar, exponent))
    return number(Fraction(f"{ratios[0]:.9g}")) if _is_constant(ratios) else None


def _is_constant(values: Sequence[float]) -> bool:
    return bool(np.isfinite(values[0])) and all(abs(v - values[0]) <= 1e-7 * abs(values[0]) for v in values)


def _over(s: float, value: float, exponent: int | Fraction) -> float:
    return s / abs(value) ** float(exponent) if exponent not in (1, -1) else s / value**exponent


def rational(values: Sequence[float]) -> Fraction | None:
    """The simple fraction that all values are equal to."""
    first = values[0]
    if not _is_constant(values):
        return None
    found = Fraction(first).limit_denominator(64)
    return found if found and abs(float(found) - first) <= 1e-7 * abs(first) else None


def _scalars(c: Comparison) -> Iterator[Node]:
    """π and roots, sizes, then scalar parts of the function, of the claim and of the derivative."""
    yield from (constant("pi"), power(number(2), Fraction(1, 2)))
    yield from (dimension(name) for name in sorted(c.subject.dims))
    seen = dict.fromkeys(n for n in postorder(c.subject.node, c.right, c.claimed) if n.is_scalar)
    yield from (n for n in seen if not n.is_number and not n.linear and n.op != "dimension")
