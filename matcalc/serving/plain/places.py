"""Which entries an index or a broadcast means, as places in the list of all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

__all__ = ["Shape", "broadcast_shapes", "places", "spread"]

Shape = tuple[int, ...]


def broadcast_shapes(*shapes: Shape) -> Shape:
    """The shape that all of these are spread to. Raises ValueError where there is none."""
    axes = max(map(len, shapes), default=0)
    found = []
    for k in range(axes):
        lengths = {s[k - axes + len(s)] for s in shapes if k - axes + len(s) >= 0} - {1}
        if len(lengths) > 1:
            raise ValueError(f"shapes {shapes} do not fit together")
        found.append(lengths.pop() if lengths else 1)
    return tuple(found)


def spread(array: Any, shape: Shape) -> list[Any]:
    """The entries of an array as one of this shape. Raises ValueError where it cannot be."""
    if array.shape == shape:
        return list(array.flat)
    if len(array.flat) == 1:
        return list(array.flat) * math.prod(shape)
    if broadcast_shapes(array.shape, shape) != shape:
        raise ValueError(f"{array.shape} does not spread to {shape}")
    own = (1,) * (len(shape) - len(array.shape)) + array.shape
    where = [0]
    for k, (length, wanted) in enumerate(zip(own, shape, strict=True)):
        step = math.prod(own[k + 1 :]) if length > 1 else 0
        where = [w + i * step for w in where for i in range(wanted)]
    return [array.flat[w] for w in where]


def places(shape: Shape, key: Any) -> tuple[list[int], Shape]:
    """The places that an index means, and the shape that they have."""
    parts = _for_every_axis(shape, key if isinstance(key, tuple) else (key,))
    start, axis, listed = 0, 0, []
    axes: list[tuple[list[int], Shape] | None] = []
    for part in parts:
        if part is None:
            axes.append(([0], (1,)))
            continue
        length, step = shape[axis], math.prod(shape[axis + 1 :])
        axis += 1
        if isinstance(part, slice):
            steps = [i * step for i in range(*part.indices(length))]
            axes.append((steps, (len(steps),)))
        elif part[1] == ():
            start += _inside(part[0][0], length) * step
        else:
            listed.append(([_inside(i, length) * step for i in part[0]], part[1]))
            axes.append(None)
    return _outer(start, _with_listed(axes, listed))


def _inside(i: int, length: int) -> int:
    if not -length <= i < length:
        raise IndexError(f"index {i} of {length}")
    return i % length


def _for_every_axis(shape: Shape, key: Sequence[Any]) -> list[Any]:
    """Slices, None, and (indices, their shape); an array of truth values is the indices where it is true."""
    parts = [part for given in key for part in _read(given)]
    taken = sum(1 for part in parts if part is not None and part is not Ellipsis)
    rest: list[Any] = [slice(None)] * (len(shape) - taken)
    if Ellipsis in [p for p in parts if p is Ellipsis]:
        at = next(k for k, part in enumerate(parts) if part is Ellipsis)
        return [*parts[:at], *rest, *parts[at + 1 :]]
    return [*parts, *rest]


def _read(given: Any) -> list[Any]:
    if given is None or given is Ellipsis:
        return [given]
    if isinstance(given, slice):
        ends = (None if e is None else e.__index__() for e in (given.start, given.stop, given.step))
        return [slice(*ends)]
    if isinstance(given, (list, tuple, range)):
        flat: list[Any] = [part.item() if hasattr(part, "item") else part for part in given]
        return [_of_truths(flat, (len(flat),))] if flat and isinstance(flat[0], bool) else [(flat, (len(flat),))]
    if hasattr(given, "flat") and given.dtype.kind == "b":
        return _of_mask(given)
    if hasattr(given, "flat"):
        return [(given.flat, given.shape)]
    return [([given.__index__()], ())]


def _of_truths(flat: list[bool], shape: Shape) -> tuple[list[int], Shape]:
    found = [k for k, true in enumerate(flat) if true]
    return found, (len(found),)


def _of_mask(mask: Any) -> list[Any]:
    """One list of indices for each axis of the mask."""
    found = [k for k, true in enumerate(mask.flat) if true]
    lists = []
    for axis in range(len(mask.shape)):
        step = math.prod(mask.shape[axis + 1 :])
        lists.append(([k // step % mask.shape[axis] for k in found], (len(found),)))
    return lists


def _with_listed(axes: list[Any], listed: list[tuple[list[int], Shape]]) -> list[tuple[list[int], Shape]]:
    """All lists of indices as one group of axes: where they stand side by side, else in front."""
    if not listed:
        return axes
    together = broadcast_shapes(*(shape for _, shape in listed))
    lists = [spread(_Listed(flat, shape), together) for flat, shape in listed]
    group = ([sum(at) for at in zip(*lists, strict=True)], together)
    marks = [k for k, axis in enumerate(axes) if axis is None]
    rest = [axis for axis in axes if axis is not None]
    at = marks[0] if marks[-1] - marks[0] == len(marks) - 1 else 0
    return [*rest[:at], group, *rest[at:]]


class _Listed:
    def __init__(self, flat: list[int], shape: Shape) -> None:
        self.flat, self.shape = flat, shape


def _outer(start: int, axes: list[tuple[list[int], Shape]]) -> tuple[list[int], Shape]:
    where = [start]
    for steps, _ in axes:
        where = [w + s for w in where for s in steps]
    return where, tuple(length for _, shape in axes for length in shape)
