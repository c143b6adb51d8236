"""Products, variances and what runs along an axis, in mpmath's numbers."""

from __future__ import annotations

from collections.abc import Callable
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


#: function -> its value; the second argument is the axis, 0 for all entries
REDUCTIONS: dict[str, Reduction] = {
    "row_max": _along(max, 2),
    "row_min": _along(min, 2),
    "column_max": _along(max, 1),
    "column_min": _along(min, 1),
    "logsumexp": _along(_log_of_sum),
    "prod": _along(mp.fprod),
    "var": _along(_variance),
    "std": _along(_deviation),
    "column_var": _along(_variance, 1),
    "row_var": _along(_variance, 2),
    "column_std": _along(_deviation, 1),
    "row_std": _along(_deviation, 2),
    "cov": _covariance,
    "cumsum": lambda args, axis: np.cumsum(args[0], axis=(axis or 1) - 1),
    "cumprod": lambda args, axis: np.cumprod(args[0], axis=(axis or 1) - 1),
}
