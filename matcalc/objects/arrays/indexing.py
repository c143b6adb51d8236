"""Indexing as in Python: from 0, negative from the end, slices, new axes."""

from __future__ import annotations

from typing import Any

from matcalc.errors import ShapeError, UnsupportedError
from matcalc.expr import Dim, transpose
from matcalc.expr.canonical.unary import slice_of
from matcalc.objects.arrays.values import Array

__all__ = ["item"]

Range = tuple[Dim, Dim]


def item(array: Array, key: Any) -> Array:
    """Entries and slices of an array.

    Raises:
        ShapeError: there are fewer axes, or such an entry is not there.
        UnsupportedError: an index that is no number, slice or new axis.
    """
    keys = list(key) if isinstance(key, tuple) else [key]
    _fill(keys, array)
    ranges: list[Range] = []
    axes: list[Dim | None] = []  # None is dropped, a size kept
    lengths = iter(array.dims)
    for k in keys:
        if k is None:
            axes.append(Dim.of(1))
            continue
        first, count, kept = _range(k, next(lengths))
        ranges.append((first, count))
        axes += [count] if kept else []
    while len(ranges) < 2:
        ranges.append((Dim.of(0), Dim.of(1)))
    return _laid_out(array, ranges, keys, axes)


def _fill(keys: list[Any], array: Array) -> None:
    """Whole axes in place of an ellipsis, and behind what is given."""
    used = sum(k is not None and k is not Ellipsis for k in keys)
    if used > array.ndim:
        raise ShapeError(f"{array.expr} has {array.ndim} axes, and {used} indices are given")
    place = next((i for i, k in enumerate(keys) if k is Ellipsis), len(keys))
    keys[place : place + 1] = [slice(None)] * (array.ndim - used)


def _range(key: Any, length: Dim) -> tuple[Dim, Dim, bool]:
    """The first place, how many there are, and whether the axis stays."""
    if isinstance(key, slice):
        if key.step not in (None, 1):
            raise UnsupportedError("slices have the step 1 here")
        first = Dim.of(0) if key.start is None else _place(key.start, length)
        last = length if key.stop is None else _place(key.stop, length)
        if (last - first).value is not None and (last - first).value <= 0:
            raise ShapeError(f"the slice {key.start}:{key.stop} is empty")
        return first, last - first, True
    place = _place(key, length)
    inside = length.value is None or (place.value is not None and 0 <= place.value < length.value)
    if not inside or (place.value is not None and place.value < 0):
        raise ShapeError(f"there is no entry {key} along an axis of length {length}")
    return place, Dim.of(1), False


def _place(key: Any, length: Dim) -> Dim:
    if isinstance(key, Array) and not key.ndim and key.node.op == "dimension":
        return key.node.data[0]  # type: ignore[no-any-return]
    try:
        number = key.__index__() if not isinstance(key, Array) else None
    except AttributeError:
        number = None
    if number is None:
        raise UnsupportedError(
            "an index is a number, a slice or None", hint="multiply by 0 and 1 to choose entries: np.sum(Y * P, axis=1)"
        )
    return length + number if number < 0 else Dim.of(number)


def _laid_out(array: Array, ranges: list[Range], keys: list[Any], axes: list[Dim | None]) -> Array:
    """The part with its axes: of a matrix one row is a column here, and so is a new axis in front of a vector a row."""
    node = slice_of(array.node, *ranges)
    if len(axes) > 2:
        raise UnsupportedError("an array has at most two axes here")
    if len(axes) == 1 and node.is_row and not node.is_scalar:
        node = transpose(node)
    if len(axes) == 2 and node.shape != tuple(axes):
        node = transpose(node)
    return Array(node, len(axes), array.names)
