"""Products of entries, of all but one, and cumulative ones: products of arrays with ones in place of what is left out."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from matcalc.compiling.planning.program import Program, Value
from matcalc.errors import UnsupportedError
from matcalc.expr import ONE as SINGLE

__all__ = ["cumprod_columns", "prod", "prod_others", "prod_others_rows", "prod_rows", "products_without"]


def _one_by_one(x: Value) -> None:
    if x.batched:
        raise UnsupportedError(
            "a product of the entries of a batched value is not supported", hint="call the function for each input"
        )


def prod(p: Program, x: Value) -> Value:
    """The product of all entries"""
    _one_by_one(x)
    return p.reduce("prod", x, range(x.stacked, x.rank))


def prod_rows(p: Program, x: Value) -> Value:
    _one_by_one(x)
    return p.reduce("prod", x, [x.rank - 1])


def prod_others(p: Program, x: Value) -> Value:
    """For each entry the product of all others"""
    _one_by_one(x)
    size = SINGLE
    for dim in x.own_axes:
        size = size * dim
    return p.reshape(prod_others_rows(p, p.reshape(x, x.like((size,)))), x.axes)


def prod_others_rows(p: Program, x: Value) -> Value:
    """Along the last axis"""
    _one_by_one(x)
    n, leading = x.axes[-1], [True] * (x.rank - 1)
    one = p.number(1)
    others = p.where("==", p.leaf("eye", (n, n)), one, one, p.expand(x, [*leading, False, True]))
    return p.reduce("prod", others, [x.rank])


def products_without(p: Program, x: Value, count: int) -> Value:
    """Along the last axis the products of all entries but so many different ones, which have an axis each; else 0.

    Divided by those left out, with 1 in place of an entry that is 0: it makes 0 of every product that holds it.
    """
    _one_by_one(x)
    zero, one, n, last = p.number(0), p.number(1), x.axes[-1], x.rank - 1
    marks, safe = p.where("==", x, zero, one, zero), p.where("==", x, zero, one, x)

    def along(v: Value, k: int) -> Value:
        return p.expand(v, [*[True] * last, *(k == place for place in range(count))])

    product = along(prod_others_rows(p, safe), 0)
    for k in range(1, count):
        product = p.divide(product, along(safe, k))
    zeros = p.expand(p.sum(marks, [last]), [*[True] * last, *[False] * count]) if last else p.sum(marks, [last])
    left = p.combine([(zeros, Fraction(1)), *((along(marks, k), Fraction(-1)) for k in range(count))])
    apart = p.leaf("mask", (n, n), "off_diagonal")
    masks = [
        p.expand(apart, [*[False] * last, *(place in pair for place in range(count))])
        for pair in combinations(range(count), 2)
    ]
    return p.times(p.where("==", left, zero, product, zero), *masks)


def cumprod_columns(p: Program, x: Value) -> Value:
    """Along the first axis"""
    _one_by_one(x)
    order = (*range(x.stacked), *reversed(range(x.stacked, x.rank)))
    flipped = p.permute(x, order)
    n, leading = flipped.axes[-1], [True] * (flipped.rank - 1)
    below = p.leaf("mask", (n, n), "lower")
    parts = p.where(">", below, p.number(0), p.expand(flipped, [*leading, False, True]), p.number(1))
    result = p.reduce("prod", parts, [flipped.rank])
    return p.permute(result, order)
