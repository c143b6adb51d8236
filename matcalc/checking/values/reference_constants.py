"""Reference values of constants of a size: ones, unit columns, commutation matrices and the like, by their definitions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from matcalc.checking.values.evaluate import Array, Sizes
from matcalc.expr import Dim
from matcalc.language import Typed

__all__ = ["SIZED", "shape_at"]


Args = list[Array]


def shape_at(node: Typed, sizes: Sizes) -> tuple[int, int]:
    return node.shape[0].evaluate(sizes), node.shape[1].evaluate(sizes)


def _sized_ones(value: float) -> Callable[[Typed, Args, list[Dim], Sizes], Array]:
    return lambda node, args, literals, sizes: np.full(shape_at(node, sizes), value)


def _unit(node: Typed, args: Args, literals: list[Any], sizes: Sizes) -> Array:
    rows, place = shape_at(node, sizes)[0], literals[0].evaluate(sizes)
    if not 1 <= place <= rows:
        raise ValueError("there is no such entry at these sizes")
    return np.eye(rows)[:, [place - 1]]


def _commutation(node: Typed, args: Args, literals: list[Dim], sizes: Sizes) -> Array:
    m, n = (d.evaluate(sizes) for d in literals)
    return np.eye(m * n)[np.arange(m * n).reshape((m, n), order="F").ravel()]


def _elimination(node: Typed, args: Args, literals: list[Dim], sizes: Sizes) -> Array:
    n = literals[0].evaluate(sizes)
    return np.eye(n * n)[[j * n + i for j in range(n) for i in range(j, n)]]


def _duplication(node: Typed, args: Args, literals: list[Dim], sizes: Sizes) -> Array:
    n = literals[0].evaluate(sizes)
    places = {pair: k for k, pair in enumerate((i, j) for j in range(n) for i in range(j, n))}
    rows = [places[max(i, j), min(i, j)] for j in range(n) for i in range(n)]
    return np.eye(n * (n + 1) // 2)[rows]


def _traced(factor: int) -> Callable[[Typed, Args, list[Dim], Sizes], Array]:
    """The partial trace over the first or the second factor."""

    def value(node: Typed, args: Args, literals: list[Dim], sizes: Sizes) -> Array:
        m, n = (d.evaluate(sizes) for d in literals)
        return np.trace(args[0].reshape(m, n, m, n), axis1=factor, axis2=factor + 2)

    return value


SIZED: dict[str, Callable[[Typed, Args, list[Dim], Sizes], Array]] = {
    "ones": _sized_ones(1.0),
    "zeros": _sized_ones(0.0),
    "eye": lambda node, args, literals, sizes: np.eye(shape_at(node, sizes)[0]),
    "e": _unit,
    "vector": lambda node, args, literals, sizes: args[0] * np.ones(shape_at(node, sizes)),
    "matrix": lambda node, args, literals, sizes: args[0] * np.ones(shape_at(node, sizes)),
    "commutation": _commutation,
    "duplication": _duplication,
    "elimination": _elimination,
    "blocktrace": _traced(0),
    "partial_trace": _traced(1),
    "unvec": lambda node, args, literals, sizes: args[0].reshape(shape_at(node, sizes), order="F"),
}
