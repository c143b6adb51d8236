"""Rows of products, running sums and deviations, of all entries and along an axis, and of functions with steps."""

from __future__ import annotations

from typing import Any

from tests.fuzz import values as v
from tests.fuzz.backends import xp
from tests.fuzz.row import Row, plain, row

__all__ = ["AXES"]

Array = Any


def product(x: Array, axis: int | None = None) -> Array:
    """Factor by factor, so that a factor may be 0."""
    if axis is None:
        return product(product(x, 0), 1)
    parts = list(x) if axis == 0 else list(x.T)
    total = parts[0]
    for part in parts[1:]:
        total = total * part
    return total[None, :] if axis == 0 else total[:, None]


def running_product(x: Array, axis: int) -> Array:
    parts = list(x) if axis == 0 else list(x.T)
    for i in range(1, len(parts)):
        parts[i] = parts[i - 1] * parts[i]
    return xp.stack(parts) if axis == 0 else xp.stack(parts).T


def variance(x: Array, axis: int | None = None) -> Array:
    if axis is None:
        return v.scalar(((x - x.mean()) ** 2).mean())
    return ((x - x.mean(axis, keepdims=True)) ** 2).mean(axis, keepdims=True)


def deviation(x: Array, axis: int | None = None) -> Array:
    return xp.sqrt(v.Margin.near(variance(x, axis)))


def covariance(x: Array) -> Array:
    centred = x - x.mean(0, keepdims=True)
    return centred.T @ centred / (len(x) - 1)


def sine_and_cosine(x: Array) -> tuple[Array, Array]:
    """exp([0, -X; X, 0]) = [cos X, -sin X; sin X, cos X]"""
    n = len(x)
    both = v.expm(xp.block([[0 * x, -x], [x, 0 * x]]))
    return both[n:, :n], both[:n, :n]


def stepped(f: Any, offset: float, x: Array) -> Array:
    """A function with steps at whole numbers, moved by an offset."""
    v.Margin.near(x - offset - xp.round(x - offset))
    return f(x)


# fmt: off
AXES: list[Row] = [
    row("g 1,1", "prod({0:,})",                 "g m,n",            plain(product), 0.4),
    row("g 1,N", "prod({0:,}, 1)",              "g M,N",            plain(lambda a: product(a, 0)), 0.3),
    row("g M,1", "prod({0:,}, 2)",              "g M,N",            plain(lambda a: product(a, 1)), 0.3),
    row("g M,1", "cumsum({0:,})",               "g M,1",            plain(lambda a: xp.cumsum(a, 0)), 0.4),
    row("g M,N", "cumsum({0:,}, 1)",            "g M,N",            plain(lambda a: xp.cumsum(a, 0)), 0.3),
    row("g M,N", "cumsum({0:,}, 2)",            "g M,N",            plain(lambda a: xp.cumsum(a, 1)), 0.3),
    row("p M,1", "cumprod({0:,})",              "p M,1",            plain(lambda a: running_product(a, 0)), 0.3),
    row("g M,1", "cumprod({0:,})",              "g M,1",            plain(lambda a: running_product(v.Margin.near(a), 0)), 0.3),
    row("g M,N", "cumprod({0:,}, 1)",           "p M,N",            plain(lambda a: running_product(a, 0)), 0.2),
    row("g M,N", "cumprod({0:,}, 2)",           "p M,N",            plain(lambda a: running_product(a, 1)), 0.2),
    row("g 1,1", "var({0:,})",                  "g m,n",            plain(variance), 0.4),
    row("g 1,N", "var({0:,}, axis=1)",         "g M,N",            plain(lambda a: variance(a, 0)), 0.3),
    row("g M,1", "var({0:,}, axis=2)",         "g M,N",            plain(lambda a: variance(a, 1)), 0.3),
    row("p 1,1", "std({0:,})",                  "g M,n",            plain(deviation), 0.4),
    row("p 1,N", "std({0:,}, axis=1)",         "g M,N",            plain(lambda a: deviation(a, 0)), 0.3),
    row("p M,1", "std({0:,}, axis=2)",         "g M,N",            plain(lambda a: deviation(a, 1)), 0.3),
    row("g N,N", "cov({0:,})",                  "g M,N",            plain(covariance), 0.4),
    row("g M,1", "logsumexp({0:,}, axis=2)",    "g M,N",            plain(lambda a: xp.log(xp.exp(a).sum(1, keepdims=True))), 0.3),

    row("g N,N", "sinm({0:,})",                 "g N,N",            plain(lambda a: sine_and_cosine(a)[0]), 0.2),
    row("g N,N", "cosm({0:,})",                 "g N,N",            plain(lambda a: sine_and_cosine(a)[1]), 0.2),
    # angles, lengths, inverse error function, steps
    row("g m,n", "atan2({0:,}, {1:,})",         "g m,n; p m,n",     plain(lambda y, x: xp.arctan(y / x)), 0.3),
    row("g m,n", "atan2({0:,}, {1:,})",         "p m,n; g m,n",     plain(lambda y, x: 2 * xp.arctan(y / (xp.sqrt(x * x + y * y) + x))), 0.3),
    row("p m,n", "hypot({0:,}, {1:,})",         "g m,n; p m,n",     plain(lambda a, b: xp.sqrt(a * a + b * b)), 0.3),
    row("g m,n", "erfinv({0:,})",               "u m,n",            plain(v.inside(xp.erfinv)), 0.3),
    row("g m,n", "floor({0:,})",                "g m,n",            plain(lambda a: stepped(xp.floor, 0, a)), 0.2),
    row("g m,n", "ceil({0:,})",                 "g m,n",            plain(lambda a: stepped(xp.ceil, 0, a)), 0.2),
    row("g m,n", "round({0:,})",                "g m,n",            plain(lambda a: stepped(xp.round, 0.5, a)), 0.2),
]
# fmt: on
