"""Products, variances and what runs along an axis, as NumPy has them: the values of what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np

__all__ = ["STATISTICS"]

Array = np.ndarray[Any, np.dtype[Any]]
Value = Callable[[list[Array], Any], Array]


def _as_array(x: Any) -> Array:
    """For the types alone: dual numbers pass."""
    return cast("Array", x)


def _axis(args: list[Array]) -> int | None:
    """The axis of NumPy, None for all entries."""
    return int(args[1].item().real) - 1 if len(args) > 1 else None


def _along(f: Callable[..., Any], axis: int | None = None) -> Value:
    """A reduction of the entries, of all or along an axis that is given here or as the last argument."""

    def value(args: list[Array], margin: Any) -> Array:
        where = _axis(args) if axis is None else axis
        return _as_array(f(args[0], axis=where, keepdims=True)).reshape(
            (1, 1) if where is None else (-1, 1) if where else (1, -1)
        )

    return value


def _variance(x: Array, axis: int | None, keepdims: bool) -> Array:
    """Without absolute values: valid for the complex step."""
    centred = x - x.mean(axis=axis, keepdims=True)
    return _as_array((centred * centred).mean(axis=axis, keepdims=keepdims))


def _deviation(x: Array, axis: int | None, keepdims: bool) -> Array:
    return _as_array(np.sqrt(_variance(x, axis, keepdims)))


def _extreme(sign: int, axis: int) -> Value:
    """The largest or smallest entry of each column (0) or row (1), away from points where two are equal."""

    def value(args: list[Array], margin: Any) -> Array:
        order = np.argsort(-sign * args[0].real, axis=axis)
        found = np.take_along_axis(args[0], order, axis=axis)
        first, second = (found.take([k], axis=axis) for k in (0, min(1, found.shape[axis] - 1)))
        if margin is not None and found.shape[axis] > 1:
            margin.near(first.real - second.real)
        return _as_array(first)

    return value


def _norms(axis: int) -> Value:
    def value(args: list[Array], margin: Any) -> Array:
        x, p = args[0], args[1].item() if len(args) > 1 else 2
        if margin is not None and p != 2:
            margin.near_in_entries(x.real)
        total = ((x * np.sign(x.real)) ** p).sum(axis=axis, keepdims=True)
        if margin is not None:
            margin.near(total.real)
        return _as_array(total ** (1 / p))

    return value


def _log_of_sum(x: Array, axis: int | None, keepdims: bool) -> Array:
    top = x.real.max(axis=axis, keepdims=True)
    return _as_array(np.log(np.exp(x - top).sum(axis=axis, keepdims=keepdims)) + top)


def _covariance(args: list[Array], margin: Any) -> Array:
    centred = args[0] - args[0].mean(axis=0)
    return _as_array(centred.T @ centred / (len(centred) - 1))


def _cumulative(f: Callable[..., Any]) -> Value:
    return lambda args, margin: _as_array(f(args[0], axis=_axis(args) or 0))


#: function -> its value
STATISTICS: dict[str, Value] = {
    "prod": _along(np.prod),
    "var": _along(_variance),
    "std": _along(_deviation),
    "column_var": _along(_variance, 0),
    "row_var": _along(_variance, 1),
    "column_std": _along(_deviation, 0),
    "row_std": _along(_deviation, 1),
    "row_max": _extreme(1, 1),
    "row_min": _extreme(-1, 1),
    "column_max": _extreme(1, 0),
    "column_min": _extreme(-1, 0),
    "row_norm": _norms(1),
    "column_norm": _norms(0),
    "logsumexp": _along(_log_of_sum),
    "cov": _covariance,
    "cumsum": _cumulative(np.cumsum),
    "cumprod": _cumulative(np.cumprod),
}
