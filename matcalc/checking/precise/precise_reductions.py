"""Products, variances and what runs along an axis, in mpmath's numbers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations, product
from typing import Any

import numpy as np
from mpmath import mp

__all__ = ["REDUCTIONS"]

Array = np.ndarray[Any, np.dtype[Any]]
Reduction = Callable[[list[Array], int], Array]


def _each(f: Callable[[Any], Any], x: Array) -> Array:
    return np.vectorize(f, otypes=[object])(x)


def _along(f: Callable[[Array], Any], place: int | None = None) -> Reduction:
    """f of all entries, of each column (1) or of each row (2)."""

    def value(args: list[Array], axis: int) -> Array:
        (x,), where = args[:1], axis if place is None else place
        if not where:
            return np.array([[f(x.ravel())]], dtype=object)
        parts = [f(line) for line in (x.T if where == 1 else x)]
        return np.array(parts, dtype=object).reshape((1, -1) if where == 1 else (-1, 1))

    return value


def _variance(x: Array) -> Any:
    mean = mp.fsum(x) / len(x)
    return mp.fsum((v - mean) ** 2 for v in x) / len(x)


def _covariance(args: list[Array], axis: int) -> Array:
    (x,) = args
    centred = x - x.sum(axis=0) / mp.mpf(len(x))
    return np.asarray(centred.T @ centred / mp.mpf(len(x) - 1))


def _deviation(x: Array) -> Any:
    return mp.sqrt(_variance(x))


def _log_of_sum(x: Array) -> Any:
    return mp.log(mp.fsum(_each(mp.exp, x)))


def _length(x: Array) -> Any:
    return mp.sqrt(mp.fsum(v * v for v in x))


def _weighted(rows: bool, share: bool) -> Reduction:
    """log(sum(P .* exp(X))), or exp(X) / sum(P .* exp(X)), of all entries or of each row."""

    def value(args: list[Array], axis: int) -> Array:
        x = args[0]
        powers = _each(mp.exp, x)
        terms = powers * (args[1] if len(args) > 1 else mp.one)
        totals = np.sum(terms, axis=1, keepdims=True) if rows else np.array([[np.sum(terms)]], dtype=object)
        return np.asarray(powers / totals) if share else _each(mp.log, totals)

    return value


def _others(x: Array) -> Array:
    """For each entry the product of the others."""
    return np.array([mp.fprod([*x[:i], *x[i + 1 :]]) for i in range(len(x))], dtype=object)


def _others_along(x: Array, *directions: Array) -> Array:
    """In each row the products of all others, where each direction gives one of the factors"""
    result = np.full(x.shape, mp.zero, dtype=object)
    for (r, i), places in product(np.ndindex(x.shape), permutations(range(x.shape[1]), len(directions))):
        if i not in places:
            given = dict(zip(places, directions, strict=True))
            rest = [given[j][r, j] if j in given else x[r, j] for j in range(x.shape[1]) if j != i]
            result[r, i] += mp.fprod(rest)
    return result


def _marks(choose: Callable[[Array], Any]) -> Reduction:
    """1 where the extreme entry of a row stands; equal ones share it."""

    def value(args: list[Array], axis: int) -> Array:
        found = np.array([[mp.mpf(v == choose(row)) for v in row] for row in args[0]], dtype=object)
        return np.asarray(found / np.sum(found, axis=1, keepdims=True))

    return value


#: function -> its value; the second argument is the axis, 0 for all entries
REDUCTIONS: dict[str, Reduction] = {
    "row_max": _along(max, 2),
    "row_min": _along(min, 2),
    "column_max": _along(max, 1),
    "column_min": _along(min, 1),
    "row_norm": _along(_length, 2),
    "column_norm": _along(_length, 1),
    "row_argmax": _marks(max),
    "row_argmin": _marks(min),
    "logsumexp": _along(_log_of_sum),
    "logsumexp_rows": _along(_log_of_sum, 2),
    "logsumexp_weighted": _weighted(rows=False, share=False),
    "logsumexp_rows_weighted": _weighted(rows=True, share=False),
    "exp_share": _weighted(rows=False, share=True),
    "exp_share_rows": _weighted(rows=True, share=True),
    "prod": _along(mp.fprod),
    "prod_rows": _along(mp.fprod, 2),
    "prod_others": lambda args, axis: _others(args[0].ravel()).reshape(args[0].shape),
    "prod_others_rows": lambda args, axis: np.array([_others(row) for row in args[0]], dtype=object),
    "prod_others_along": lambda args, axis: _others_along(*(a.T for a in args)).T,
    "prod_others_rows_along": lambda args, axis: _others_along(*args),
    "var": _along(_variance),
    "std": _along(_deviation),
    "column_var": _along(_variance, 1),
    "row_var": _along(_variance, 2),
    "column_std": _along(_deviation, 1),
    "row_std": _along(_deviation, 2),
    "cov": _covariance,
    "cumsum": lambda args, axis: np.cumsum(args[0], axis=(axis or 1) - 1),
    "cumprod": lambda args, axis: np.cumprod(args[0], axis=(axis or 1) - 1),
    "cumprod_columns": lambda args, axis: np.cumprod(args[0], axis=0),
}
