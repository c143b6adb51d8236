"""Rows of structured zeros: powers, roots and functions with kinks, which stay 0 where their operand always is 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fuzz import values as v
from tests.fuzz.backends import xp
from tests.fuzz.row import Row, plain, row

__all__ = ["PATTERNS"]

Array = Any


def kept(f: Callable[..., Array]) -> Callable[..., Array]:
    """f of the entries of a matrix that are not zeros of its structure, and 0 there."""

    def value(sizes: Any, x: Array, *others: Array) -> Array:
        return xp.where(x == 0, 0.0, f(v.Margin.near(xp.where(x == 0, 1.0, x)), *others))

    return value


def power_by_entries(x: Array, p: Array) -> Array:
    """x^p of patterns: 1 where p is 0, 0 where only x is."""
    inside = v.raised(xp.where(x == 0, 1.0, x), p)
    return xp.where(p == 0, 1.0, xp.where(x == 0, 0.0, inside))


def norm_beyond_one(x: Array, p: Array) -> Array:
    inside = kept(lambda t: v.raised(xp.abs(t), 1 + p))(None, x)
    return v.scalar(v.Margin.near(xp.sum(inside))) ** (1 / (1 + p))


# fmt: off
PATTERNS: list[Row] = [
    # what has zeros by its structure
    row("t N,N", "tril({0:,})",                "g N,N",            plain(xp.tril), 0.7),
    row("t N,N", "triu({0:,}, 1)",             "g N,N",            plain(lambda a: xp.triu(a, 1)), 0.5),
    row("t N,N", "diag({0:,})",                "g N,1",            plain(v.diag), 0.5),
    row("t N,N", "{0}^T",                      "t N,N",            plain(lambda a: a.T), 0.5),
    row("t N,N", "{0} .* {1}",                 "t N,N; g N,N",     plain(lambda a, b: a * b), 0.7),
    row("t N,N", "{0} * {1}",                  "g 1,1; t N,N",     plain(lambda a, b: a * b), 0.4),
    row("q N,N", "tril({0:,})",                "p N,N",            plain(xp.tril), 0.7),
    row("q N,N", "triu({0:,})",                "p N,N",            plain(xp.triu), 0.7),
    row("q N,N", "tril({0:,}, -1)",            "p N,N",            plain(lambda a: xp.tril(a, -1)), 0.4),
    row("q N,N", "diag({0:,})",                "p N,1",            plain(v.diag), 0.7),
    row("q N,N", "{0}^T",                      "q N,N",            plain(lambda a: a.T), 0.4),
    row("q N,N", "{0} .* {1}",                 "q N,N; p N,N",     plain(lambda a, b: a * b), 0.7),
    row("q N,N", "{0} ./ {1}",                 "q N,N; p N,N",     plain(lambda a, b: a / b), 0.4),
    row("q N,N", "{0} * {1}",                  "p 1,1; q N,N",     plain(lambda a, b: a * b), 0.4),

    # powers of it
    row("q N,N", "{0}.^{1}",                   "q N,N; p 1,1",     kept(v.raised), 1.5),
    row("q N,N", "pow({0:,}, {1:,})",          "q N,N; p 1,1",     kept(v.raised), 0.5),
    row("q N,N", "sqrt({0:,})",                "q N,N",            kept(xp.sqrt), 1),
    row("q N,N", "{0}.^(3/2)",                 "q N,N",            kept(lambda x: x ** 1.5), 0.5),
    row("q N,N", "{0}.^(1/3)",                 "q N,N",            kept(lambda x: x ** (1 / 3)), 0.5),
    row("t N,N", "{0}.^{1}",                   "t N,N; n 1,1",     plain(lambda x, p: x ** round(p.item())), 0.5),
    row("t N,N", "{0}.^3",                     "t N,N",            kept(lambda x: x ** 3), 0.4),
    row("t N,N", "cbrt({0:,})",                "t N,N",            kept(v.cbrt), 0.7),
    row("t N,N", "abs({0:,})",                 "t N,N",            kept(xp.abs), 0.5),
    row("g N,N", "relu({0:,})",                "t N,N",            kept(xp.relu), 0.4),
    row("g N,N", "sign({0:,})",                "t N,N",            kept(xp.sign), 0.2),
    row("g N,N", "{0}.^{1}",                   "q N,N; q N,N",     plain(power_by_entries), 0.5),
    row("g N,N", "{0}.^{1}",                   "p N,N; q N,N",     plain(v.raised), 0.4),
    row("g 1,1", "sum({0}.^{1})",              "q N,N; p 1,1",     lambda z, x, p: v.scalar(xp.sum(kept(v.raised)(z, x, p))), 1),
    row("g 1,1", "sum(sqrt({0:,}))",           "q N,N",            lambda z, x: v.scalar(xp.sum(kept(xp.sqrt)(z, x))), 1),
    row("g 1,1", "norm1({0:,})",               "t N,N",            lambda z, x: v.scalar(xp.sum(kept(xp.abs)(z, x))), 0.5),
    row("g 1,1", "norm({0:,}, 1 + {1})",       "t N,N; p 1,1",     plain(norm_beyond_one), 0.5),
]
# fmt: on
