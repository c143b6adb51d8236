"""Products, variances and what runs along an axis, as NumPy has them: the values of what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["STATISTICS"]

Array = np.ndarray[Any, np.dtype[Any]]
Value = Callable[[list[Array], Any], Array]


def _axis(args: list[Array]) -> int | None:
    """The axis of NumPy, None for all entries."""
    return int(args[1].item().real) - 1 if len(args) > 1 else None


def _along(f: Callable[..., Any], axis: int | None = None) -> Value:
    """A reduction of the entries, of all or along an axis that is given here or as the last argument."""

    def value(args: list[Array], margin: Any) -> Array:
        where = _axis(args) if axis is None else axis
        return np.asarray(f(args[0], axis=where, keepdims=True)).reshape(
            (1, 1) if where is None else (-1, 1) if where else (1, -1)
        )

    return value


def _variance(x: Array, axis: int | None, keepdims: bool) -> Array:
    """Without absolute values: valid for the complex step."""
    centred = x - x.mean(axis=axis, keepdims=True)
    return np.asarray((centred * centred).mean(axis=axis, keepdims=keepdims))


def _deviation(x: Array, axis: int | None, keepdims: bool) -> Array:
    return np.asarray(np.sqrt(_variance(x, axis, keepdims)))


def _log_of_sum(x: Array, axis: int | None, keepdims: bool) -> Array:
    top = x.real.max(axis=axis, keepdims=True)
    return np.asarray(np.log(np.exp(x - top).sum(axis=axis, keepdims=keepdims)) + top)


def _covariance(args: list[Array], margin: Any) -> Array:
    centred = args[0] - args[0].mean(axis=0)
    return np.asarray(centred.T @ centred / (len(centred) - 1))


def _cumulative(f: Callable[..., Any]) -> Value:
    return lambda args, margin: np.asarray(f(args[0], axis=_axis(args) or 0))


#: function -> its value
STATISTICS: dict[str, Value] = {
    "prod": _along(np.prod),
    "var": _along(_variance),
    "std": _along(_deviation),
    "var_columns": _along(_variance, 0),
    "var_rows": _along(_variance, 1),
    "std_columns": _along(_deviation, 0),
    "std_rows": _along(_deviation, 1),
    "logsumexp": _along(_log_of_sum),
    "cov": _covariance,
    "cumsum": _cumulative(np.cumsum),
    "cumprod": _cumulative(np.cumprod),
}
