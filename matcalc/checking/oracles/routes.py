"""Derivatives in given directions by routes that share nothing with the derivation: differences and dual numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from matcalc.checking.formulas import Formula
from matcalc.checking.oracles.differences import COMPLEX_STEP, directional
from matcalc.checking.oracles.dual import Dual, NoDualRule
from matcalc.checking.sampling import Point
from matcalc.checking.subject import Subject, moved, quietly
from matcalc.checking.values.evaluate import Array
from matcalc.expr import Node

__all__ = ["Differences", "differences", "oracles_agree", "sharpened", "tangent", "taylor_remainder"]

#: Relative errors up to this are those of central differences, whose estimated error is itself rough.
ROUGH_TOLERANCE = 1e-6
#: A difference quotient with a larger estimated relative error decides nothing.
WORST_DIFFERENCE = 1e-5

#: (value, estimated error, method)
Differences = tuple[Array, float, str]


def differences(
    subject: Subject, point: Point, wrt: Sequence[Node], e: Sequence[Array], analytic: bool
) -> Differences | None:
    """The derivative by differences of values, or None where they do not settle."""
    moves = [(v.data[0], step) for v, step in zip(wrt, e, strict=True)]

    def g(steps: Sequence[complex]) -> Array:
        found = quietly(lambda: subject.value(moved(point.values, moves, steps), point.sizes))
        return np.full((1, 1), np.nan) if found is None else found

    with np.errstate(all="ignore"):
        value, error, method = directional(g, len(wrt), analytic)
    size = float(np.max(np.abs(value), initial=0.0))
    if not np.all(np.isfinite(value)) or not np.isfinite(error) or error > WORST_DIFFERENCE * max(size, 1e-2):
        return None
    return value, error, method


def tangent(subject: Subject, point: Point, wrt: Sequence[Node], e: Sequence[Array]) -> Array | None:
    """The first or second derivative by dual numbers, or None where some function has no rule for them.

    A second derivative is the complex step of the tangent.
    """
    if len(wrt) > 2 or subject.tree is None or (len(wrt) == 2 and not subject.is_analytic):
        return None
    values: dict[str, Any] = dict(point.values)
    if len(wrt) == 2:
        second = wrt[1].data[0]
        values[second] = values[second] + 1j * COMPLEX_STEP * e[1]
    first = wrt[0].data[0]
    values[first] = Dual(values[first], e[0])
    try:
        found: Any = quietly(lambda: subject.value(values, point.sizes))
    except (NoDualRule, TypeError, AttributeError):
        return None
    if not isinstance(found, Dual) or not np.all(np.isfinite(found.tangent)):
        return None
    return found.tangent if len(wrt) == 1 else found.tangent.imag / COMPLEX_STEP


def oracles_agree(expected: Differences, tangent: Array, value: Array) -> bool:
    """Whether differences and dual numbers found the same."""
    wanted, uncertainty, _ = expected
    gap = float(np.max(np.abs(wanted - tangent), initial=0.0))
    size = float(np.max(np.abs(wanted), initial=0.0))
    rounding = 1e-9 * (1 + float(np.max(np.abs(value), initial=0.0)))
    return gap <= max(ROUGH_TOLERANCE * size, 50 * uncertainty, rounding)


def sharpened(expected: Differences, tangent: Array) -> Differences:
    """Differences that dual numbers confirm; where they are rough, the tangent has the digits that they miss."""
    value, error, method = expected
    rounding = 1e-14 * float(np.max(np.abs(tangent), initial=0.0))
    match method:
        case "complex step":
            return value, error, "complex step and dual numbers"
        case "central differences with Richardson extrapolation":
            return tangent, rounding, "dual numbers and central differences"
    return tangent, rounding, "dual numbers and Richardson extrapolation"


def taylor_remainder(
    subject: Subject, point: Point, wrt: Sequence[Node], step: Array, formula: Formula, value: Array
) -> Callable[[float], float] | None:
    """h -> the largest entry of f(X + h E) minus its Taylor polynomial of the order of the derivative, 1 or 2."""
    if len({v.data[0] for v in wrt}) > 1 or len(wrt) > 2:
        return None
    name = wrt[0].data[0]
    first = differences(subject, point, wrt[:1], [step], subject.is_analytic) if len(wrt) == 2 else None
    last = quietly(lambda: formula(point.values, point.sizes, [step] * len(wrt)))
    if last is None or (len(wrt) == 2 and first is None):
        return None

    def remainder(h: float) -> float:
        there = quietly(lambda: subject.value(moved(point.values, [(name, step)], [h]), point.sizes))
        if there is None:
            return float("nan")
        model = value + h * last if first is None else value + h * first[0] + h * h / 2 * last
        return float(np.max(np.abs(there - model)))

    return remainder
