"""Rows of relations, of what is chosen by them, and of functions of factorials."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.fuzz import values as v
from tests.fuzz.backends import xp
from tests.fuzz.row import Row, plain, row

__all__ = ["CHOICES"]

Array = Any


def above(a: Array, b: Array) -> Array:
    """1 where a > b: at a point that may be compared no entry of a is that of b."""
    return xp.where(v.Margin.near(a - b) > 0, 1.0, 0.0)


def chosen(c: Array, a: Array, b: Array) -> Array:
    return xp.where(c > 0, a, b)


def guarded(f: Any, x: Array, c: Array, instead: Array) -> Array:
    """f(x) where c > 0; elsewhere f is not evaluated at all."""
    v.Margin.near(x)
    return xp.where(c > 0, f(xp.where(c > 0, x, 1.0)), instead)


def gamma(x: Array) -> Array:
    """On the right exp of its logarithm, on the left DLMF 5.5.3: Γ(x) = π / (sin(π x) Γ(1 - x))."""
    v.Margin.large(x, 100)
    if v.Margin.noting:
        left = np.asarray(x) < 0.5
        v.Margin.near(np.where(left, np.sin(np.pi * np.asarray(x)), 1.0))
    right = xp.where(x < 0.5, 1 - x, x)
    sine = xp.where(x < 0.5, xp.sin(np.pi * x), 1.0)
    return xp.where(x < 0.5, np.pi / sine * xp.exp(-xp.gammaln(right)), xp.exp(xp.gammaln(right)))


def beta(a: Array, b: Array) -> Array:
    v.Margin.large(a + b, 1e3)
    return xp.exp(xp.gammaln(a) + xp.gammaln(b) - xp.gammaln(a + b))


# fmt: off
CHOICES: list[Row] = [
    # conditions
    row("b m,n", "{0} > {1}",                     "g m,n; g m,n",        plain(above), 1),
    row("b m,n", "{0} < {1}",                     "g m,n; g m,n",        plain(lambda a, b: above(b, a)), 1),
    row("b m,n", "{0} >= {1}",                    "g m,n; g 1,1",        plain(above), 1),
    row("b m,n", "{0} ≤ {1}",                     "g m,n; g m,n",        plain(lambda a, b: above(b, a)), 0.5),
    row("b m,n", "{0} > 0",                       "g m,n",               plain(lambda a: above(a, 0)), 2),
    row("b m,n", "{0} <= 1/4",                    "g m,n",               plain(lambda a: above(0.25, a)), 1),
    row("b m,n", "0 < {0} <= 1/2",                "g m,n",               plain(lambda a: above(a, 0) * above(0.5, a)), 1),
    row("b m,n", "{0} != {1}",                    "g m,n; g m,n",        plain(lambda a, b: 0 * v.Margin.near(a - b) + 1), 0.3),
    row("b m,n", "{0} == {1}",                    "g m,n; g m,n",        plain(lambda a, b: 0 * v.Margin.near(a - b)), 0.3),
    row("b m,n", "not {0}",                       "b m,n",               plain(lambda c: 1 - c), 0.7),
    row("b m,n", "{0} and {1}",                   "b m,n; b m,n",        plain(lambda c, d: c * d), 0.7),
    row("b m,n", "{0} or {1}",                    "b m,n; b m,n",        plain(lambda c, d: c + d - c * d), 0.7),

    # what is chosen
    row("g m,n", "where({0:,}, {1:,}, {2:,})",    "b m,n; g m,n; g m,n", plain(chosen), 2),
    row("g m,n", "where({0:,}, {1:,}, {2:,})",    "b m,n; g m,n; g 1,1", plain(chosen), 0.7),
    row("g m,n", "where({0:,}, {1:,}, 2)",        "b m,n; g m,n",        plain(lambda c, a: chosen(c, a, 2.0)), 0.7),
    row("g m,n", "where({0:,}, {1:,}, {2:,})",    "b 1,1; g m,n; g m,n", plain(chosen), 0.7),
    row("p m,n", "where({0:,}, {1:,}, {2:,})",    "b m,n; p m,n; p m,n", plain(chosen), 0.5),
    row("g m,n", "({1} if {0} else {2})",         "b m,n; g m,n; g m,n", plain(chosen), 0.5),
    row("g m,n", "{0} .* {1}",                    "b m,n; g m,n",        plain(lambda c, a: c * a), 0.7),
    row("g m,n", "{0} + {1}",                     "b m,n; g m,n",        plain(lambda c, a: c + a), 0.3),
    row("g m,n", "1[{0:,}] .* {1}",               "b m,n; g m,n",        plain(lambda c, a: c * a), 0.3),
    row("g m,n", "where({0} > 0, sqrt({0:,}), {1:,})", "g m,n; g m,n",   plain(lambda x, b: guarded(xp.sqrt, x, x, b)), 0.5),
    row("g m,n", "where({0} > 0, log({0:,}), 0)", "g m,n",               plain(lambda x: guarded(xp.log, x, x, 0.0)), 0.5),
    row("g m,n", "where({0} > 0, {1} ./ {0}, 1)", "g m,n; g m,n",        plain(lambda x, a: a * guarded(lambda t: 1 / t, x, x, 0.0) + xp.where(x > 0, 0.0, 1.0)), 0.3),
    row("g m,n", "where({0} == 0, 1, sin({0:,}) ./ {0})", "g m,n",       plain(lambda x: xp.sin(v.Margin.near(x)) / x), 0.3),
    row("p m,n", "where(abs({0:,}) <= {1}, 1 + {0}.^2, 1 + 2 * {1} * abs({0:,}) - {1}^2)", "g m,n; p 1,1", plain(lambda x, c: 1 + 2 * v.huber(x, c)), 0.4),

    # factorials
    row("p m,n", "gamma({0:,})",                  "p m,n",               plain(gamma), 0.4),
    row("g m,n", "gamma({0:,})",                  "g m,n",               plain(gamma), 0.4),
    row("p m,n", "factorial({0:,})",              "p m,n",               plain(lambda x: gamma(1 + x)), 0.3),
    row("p m,n", "{0}!",                          "p m,n",               plain(lambda x: gamma(1 + x)), 0.2),
    row("p m,n", "beta({0:,}, {1:,})",            "p m,n; p m,n",        plain(beta), 0.4),
    row("p m,n", "beta({0:,}, {1:,})",            "p m,n; p 1,1",        plain(beta), 0.2),
    row("p m,n", "exp2({0:,})",                   "u m,n",               plain(lambda x: 2.0 ** x), 0.4),
]
# fmt: on
