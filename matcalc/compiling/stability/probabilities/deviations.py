"""Softmax along an axis and its derivatives, by deviations from means that have every digit where one entry dominates."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from matcalc.compiling.planning.program import Program, Value

__all__ = ["extreme_places", "kept", "over", "shifted", "softmax", "softmax_along"]

ONE, MINUS = Fraction(1), Fraction(-1)


def over(x: Value, axis: int) -> list[int]:
    """The axes that a function runs over: 0 all, 1 down the columns, 2 along the rows; a vector has one."""
    if axis == 0 or len(x.own_axes) == 1:
        return list(range(x.stacked, x.rank))
    return [x.stacked + axis - 1]


def kept(p: Program, reduced: Value, x: Value, axes: list[int]) -> Value:
    """A reduced array with axes of size 1 where they were."""
    places = [k not in axes for k in range(x.rank)]
    return p.expand(reduced, places) if any(places) else reduced


def shifted(p: Program, x: Value, axes: list[int]) -> tuple[Value, Value, Value]:
    """(largest entry, e = exp(x - largest), Σ e)"""
    top = p.reduce("largest", x, axes)
    e = p.function("exp", p.combine([(x, ONE), (kept(p, top, x, axes), MINUS)]))
    return top, e, p.sum(e, axes)


def softmax(p: Program, x: Value, axis: int = 0) -> Value:
    axes = over(x, axis)
    _, e, total = shifted(p, x, axes)
    value = p.divide(e, kept(p, total, x, axes))
    if axes == [x.rank - 1]:
        p.note_unit_total(value)
    return value


def extreme_places(op: str, axis: int = 2) -> Callable[[Program, Value], Value]:
    """1 where the extreme entry of a row stands; equal ones share it"""

    def mark(p: Program, x: Value) -> Value:
        axes = over(x, axis)
        found = p.where("==", x, kept(p, p.reduce(op, x, axes), x, axes), p.number(1), p.number(0))
        return p.divide(found, kept(p, p.sum(found, axes), x, axes))

    return mark


def _deviation(p: Program, probabilities: Value, x: Value, v: Value, axis: int) -> Value:
    """v less its mean under softmax(x): first less its value at the largest x, of which no digit is left then"""
    place = extreme_places("largest", axis)(p, x)
    less = p.combine([(v, ONE), (_total(p, axis, place, v), MINUS)])
    return p.combine([(less, ONE), (_total(p, axis, probabilities, less), MINUS)])


def _total(p: Program, axis: int, *factors: Value) -> Value:
    """The sums of a product along an axis, which is kept."""
    if len(factors) == 2 and factors[0].axes == factors[1].own_axes and factors[0].rank == 1:
        v = factors[1]
        return kept(p, p.matmul(v, factors[0]) if v.rank > 1 else p.dot(*factors), v, [v.rank - 1])
    product = p.times(*factors)
    axes = over(product, axis)
    return kept(p, p.sum(product, axes), product, axes)


def softmax_along(p: Program, x: Value, *steps: Any) -> Value:
    """D^k softmax(x)[e_1, …, e_k] = p ⊙ c(e_1), p ⊙ c(c(e_1) ⊙ c(e_2)), … for the deviations c(e) = e - p^T e 1"""
    *directions, axis = steps
    shares = softmax(p, x, axis)
    moved = [_deviation(p, shares, x, e, axis) for e in directions]
    product = _deviation(p, shares, x, p.times(*moved), axis) if len(moved) > 1 else moved[0]
    terms = [(product, ONE)]
    if len(moved) == 3:
        for k, alone in enumerate(moved):
            terms.append((p.times(_total(p, axis, shares, *moved[:k], *moved[k + 1 :]), alone), MINUS))
    return p.times(shares, p.combine(terms))
