"""Sums, extremes and orders along an axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Any

from matcalc.serving.plain.array import Array, asarray
from matcalc.serving.plain.protocols import open_to_others
from matcalc.serving.plain.types import BOOL, FLOAT, INT, DType

__all__ = ["REDUCTIONS", "SCANS", "lanes", "prepared"]

Lane = list[Any]


def lanes(x: Array, axis: int) -> list[Lane]:
    """The entries along an axis, for each place of the others."""
    n, post = x.shape[axis], math.prod(x.shape[axis + 1 :])
    starts = [i * n * post + j for i in range(math.prod(x.shape[:axis])) for j in range(post)]
    return [x.flat[s : s + n * post : post] if n else [] for s in starts]


def prepared(x: Any, axis: Any) -> tuple[Array, int]:
    """The array with the axes that are meant as one."""
    a = asarray(x)
    if axis is None:
        return a.ravel(), 0
    if isinstance(axis, (tuple, list)):
        which = sorted(k % a.ndim for k in axis)
        rest = [k for k in range(a.ndim) if k not in which]
        moved = a.transpose(*rest, *which)
        return moved.reshape(*(a.shape[k] for k in rest), -1), len(rest)
    return a, int(axis) % a.ndim


def _kept(a: Array, axis: Any) -> tuple[int, ...]:
    """The shape with lengths of 1 where entries were reduced."""
    gone = range(a.ndim) if axis is None else [k % a.ndim for k in (axis if isinstance(axis, Sequence) else [axis])]
    return tuple(1 if k in gone else n for k, n in enumerate(a.shape))


def reduction(f: Callable[[Lane], Any], kind: Callable[[DType], DType]) -> Callable[..., Any]:
    """A function of the entries along an axis; without an axis of all."""

    @open_to_others
    def reduced(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, **options: Any) -> Any:
        a, at = prepared(x, axis)
        more = [] if initial is None else [initial]
        found = [f([*lane, *more]) for lane in lanes(a, at)]
        shape = _kept(asarray(x), axis) if keepdims else a.shape[:at] + a.shape[at + 1 :]
        result = Array(found, shape, kind(a.dtype))
        return found[0] if not shape and result.dtype.kind == "O" else result

    return reduced


def _sum(lane: Lane) -> Any:
    return sum(lane[1:], lane[0]) if lane else 0.0


def _mean(lane: Lane) -> Any:
    return _sum(lane) / len(lane) if lane else math.nan


def _variance(lane: Lane) -> Any:
    middle = _mean(lane)
    return _mean([abs(x - middle) ** 2 for x in lane])


def _product(lane: Lane) -> Any:
    return math.prod(lane[1:], start=lane[0]) if lane else 1.0


def _extreme(choose: Callable[..., Any]) -> Callable[[Lane], Any]:
    def found(lane: Lane) -> Any:
        return next((x for x in lane if x != x), None) or choose(lane)

    return found


def _place(choose: Callable[..., Any]) -> Callable[[Lane], int]:
    return lambda lane: choose(range(len(lane)), key=lambda k: (lane[k] != lane[k], lane[k]))


def _numbers(kind: DType) -> DType:
    return INT if kind is BOOL else kind


#: name -> the reduction
REDUCTIONS: dict[str, Callable[..., Any]] = {
    "sum": reduction(_sum, _numbers),
    "mean": reduction(_mean, lambda kind: FLOAT if kind in (BOOL, INT) else kind),
    "var": reduction(_variance, lambda kind: FLOAT),
    "std": reduction(lambda lane: math.sqrt(_variance(lane)), lambda kind: FLOAT),
    "prod": reduction(_product, _numbers),
    "max": reduction(_extreme(max), lambda kind: kind),
    "min": reduction(_extreme(min), lambda kind: kind),
    "argmax": reduction(lambda lane: min(k for k, x in enumerate(lane) if x == max(lane)), lambda kind: INT),
    "argmin": reduction(_place(min), lambda kind: INT),
    "all": reduction(lambda lane: all(map(bool, lane)), lambda kind: BOOL),
    "any": reduction(lambda lane: any(map(bool, lane)), lambda kind: BOOL),
}


def scan(f: Callable[[Lane], Lane], kind: Callable[[DType], DType], last: int = -1) -> Callable[..., Any]:
    """A function from the entries along an axis to as many, or fewer, entries."""

    @open_to_others
    def scanned(x: Any, axis: Any = last, **options: Any) -> Array:
        a, at = prepared(x, axis)
        found = [f(lane) for lane in lanes(a, at)]
        length = len(found[0]) if found else 0
        outer = a.shape[:at] + a.shape[at + 1 :]
        flat = Array([v for lane in found for v in lane], (*outer, length), kind(a.dtype))
        order = [*range(at), len(outer), *range(at, len(outer))]
        return flat.transpose(*order)

    return scanned


def _sorted(lane: Lane) -> Lane:
    return sorted(lane, key=_in_order)


def _in_order(x: Any) -> Any:
    return (x.real, x.imag) if isinstance(x, complex) else (x != x, x)


#: name -> the function from lanes to lanes
SCANS: dict[str, Callable[..., Any]] = {
    "cumsum": scan(lambda lane: list(accumulate(lane)), _numbers),
    "cumprod": scan(lambda lane: list(accumulate(lane, lambda a, b: a * b)), _numbers),
    "diff": scan(lambda lane: [b - a for a, b in pairwise(lane)], _numbers),
    "sort": scan(_sorted, lambda kind: kind),
    "argsort": scan(lambda lane: sorted(range(len(lane)), key=lambda k: _in_order(lane[k])), lambda kind: INT),
}


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, *args, **options: function(self, *args, **options)


for name, function_ in REDUCTIONS.items():
    setattr(Array, name, _method(function_))
for name in ("cumsum", "cumprod", "argsort"):
    setattr(Array, name, _method(SCANS[name]))
