"""New arrays: constants, ranges, and arrays put together from others."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

from matcalc.serving.plain.array import Array, asarray
from matcalc.serving.plain.elementwise import FUNCTIONS, where
from matcalc.serving.plain.places import broadcast_shapes, spread
from matcalc.serving.plain.protocols import open_to_others
from matcalc.serving.plain.types import joined, kind_of, named

__all__ = ["MAKING"]


def _shape(shape: Any) -> tuple[int, ...]:
    return (int(shape),) if not isinstance(shape, (tuple, list)) else tuple(int(k) for k in shape)


def full(shape: Any, value: Any, dtype: Any = None) -> Array:
    entry = asarray(value).item()
    kind = kind_of([entry]) if dtype is None else named(dtype)
    return Array([kind.convert(entry)] * math.prod(_shape(shape)), _shape(shape), kind)


def zeros(shape: Any, dtype: Any = float) -> Array:
    return full(shape, 0, dtype)


def ones(shape: Any, dtype: Any = float) -> Array:
    return full(shape, 1, dtype)


def empty(shape: Any, dtype: Any = float) -> Array:
    return zeros(shape, dtype)


def zeros_like(x: Any, dtype: Any = None) -> Array:
    a = asarray(x)
    return zeros(a.shape, a.dtype if dtype is None else dtype)


def ones_like(x: Any, dtype: Any = None) -> Array:
    a = asarray(x)
    return ones(a.shape, a.dtype if dtype is None else dtype)


def eye(n: Any, m: Any = None, k: int = 0, dtype: Any = float) -> Array:
    rows, cols, kind = int(n), int(n if m is None else m), named(dtype)
    return Array([kind.convert(j - i == k) for i in range(rows) for j in range(cols)], (rows, cols), kind)


def arange(*ends: Any, dtype: Any = None) -> Array:
    start, stop, step = (0, *ends, 1) if len(ends) == 1 else (*ends, 1) if len(ends) == 2 else ends
    count = max(0, math.ceil((stop - start) / step))
    return asarray([start + k * step for k in range(count)], int if not count else dtype)


def linspace(start: float, stop: float, count: int = 50) -> Array:
    return asarray([start + (stop - start) * k / max(count - 1, 1) for k in range(count)], float)


@open_to_others
def diag(x: Any, k: int = 0) -> Array:
    """A square matrix with these entries on a diagonal; of a matrix that diagonal."""
    a = asarray(x)
    if a.ndim == 1:
        n = a.size + abs(k)
        found = zeros((n, n), a.dtype)
        for i, v in enumerate(a.flat):
            found[i + max(0, -k), i + max(0, k)] = v
        return found
    rows, cols = a.shape
    places = [(i, i + k) for i in range(rows) if 0 <= i + k < cols]
    return Array([a.flat[i * cols + j] for i, j in places], (len(places),), a.dtype)


def _triangle(keep: Callable[[int], bool]) -> Callable[..., Any]:
    @open_to_others
    def part(x: Any, k: int = 0) -> Array:
        a = asarray(x)
        cols = a.shape[-1]
        rows = a.shape[-2]
        entries = [v if keep(n % cols - n // cols % rows - k) else a.dtype.convert(0) for n, v in enumerate(a.flat)]
        return Array(entries, a.shape, a.dtype)

    return part


@open_to_others
def concatenate(parts: Sequence[Any], axis: int = 0) -> Array:
    arrays = [asarray(p) for p in parts]
    axis %= arrays[0].ndim
    outer = math.prod(arrays[0].shape[:axis])
    chunks = [len(a.flat) // outer if outer else 0 for a in arrays]
    flat = [v for i in range(outer) for a, c in zip(arrays, chunks, strict=True) for v in a.flat[i * c : (i + 1) * c]]
    length = sum(a.shape[axis] for a in arrays)
    kind = joined(*(a.dtype for a in arrays))
    shape = (*arrays[0].shape[:axis], length, *arrays[0].shape[axis + 1 :])
    return Array([kind.convert(v) for v in flat], shape, kind)


@open_to_others
def stack(parts: Sequence[Any], axis: int = 0) -> Array:
    arrays = [asarray(p) for p in parts]
    at = axis % (arrays[0].ndim + 1)
    return asarray(concatenate([a.reshape(*a.shape[:at], 1, *a.shape[at:]) for a in arrays], axis=at))


@open_to_others
def hstack(parts: Sequence[Any]) -> Array:
    arrays = [asarray(p) for p in parts]
    return asarray(concatenate(arrays, axis=0 if arrays[0].ndim == 1 else 1))


@open_to_others
def block(parts: Any) -> Array:
    if not isinstance(parts, list):
        a = asarray(parts)
        return a if a.ndim == 2 else a.reshape(1, -1)
    is_rows = bool(parts) and isinstance(parts[0], list)
    return asarray(concatenate([block(part) for part in parts], axis=0 if is_rows else 1))


@open_to_others
def broadcast_to(x: Any, shape: Any) -> Array:
    a = asarray(x)
    return Array(spread(a, _shape(shape)), _shape(shape), a.dtype)


@open_to_others
def broadcast_arrays(*arrays: Any) -> list[Any]:
    found = [asarray(a) for a in arrays]
    shape = broadcast_shapes(*(a.shape for a in found))
    return [broadcast_to(a, shape) for a in found]


@open_to_others
def repeat(x: Any, count: int, axis: int = 0) -> Array:
    a = asarray(x)
    rows = [_row(a, row, axis) for row in range(a.shape[axis])]
    return asarray(concatenate([row for row in rows for _ in range(count)], axis=axis))


def _row(a: Array, row: int, axis: int) -> Any:
    return a[(*[slice(None)] * axis, slice(row, row + 1))]


@open_to_others
def delete(x: Any, row: int, axis: int) -> Array:
    a = asarray(x)
    rows = [k for k in range(a.shape[axis]) if k != row % a.shape[axis]]
    found: Array = a[(*[slice(None)] * axis, rows)]
    return found


def fill_diagonal(a: Array, value: Any) -> None:
    for k in range(min(a.shape)):
        a[k, k] = value


@open_to_others
def take_along_axis(x: Any, places: Any, axis: int) -> Array:
    a, index = asarray(x), asarray(places)
    picked = [range(n) for n in index.shape]
    flat = []
    for at in product(*picked):
        key = list(at)
        key[axis] = index[at].item()
        flat.append(a[tuple(key)])
    return Array([v.item() if isinstance(v, Array) else v for v in flat], index.shape, a.dtype)


@open_to_others
def take(x: Any, places: Any, axis: Any = None) -> Any:
    a = asarray(x)
    return a.ravel()[places] if axis is None else a[(*[slice(None)] * (int(axis) % a.ndim), places)]


def ndindex(*shape: Any) -> Iterator[tuple[int, ...]]:
    lengths = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
    return product(*(range(n) for n in lengths))


def unravel_index(place: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    found = []
    for length in reversed(shape):
        found.append(int(place) % length)
        place = int(place) // length
    return tuple(reversed(found))


def vectorize(f: Callable[..., Any], otypes: Any = None) -> Callable[..., Array]:
    """A function of entries as one of arrays."""

    def apply(*arrays: Any) -> Array:
        found = broadcast_arrays(*arrays)
        flat = [f(*values) for values in zip(*(a.flat for a in found), strict=True)]
        return Array(flat, found[0].shape, named(otypes[0]) if otypes else kind_of(flat))

    return apply


def frompyfunc(f: Callable[..., Any], nin: int, nout: int) -> Callable[..., Any]:
    apply = vectorize(f, otypes=[object])

    def entries(*arrays: Any) -> Any:
        found = apply(*arrays)
        return found if found.shape else found.item()

    return entries


def clip(x: Any, low: Any, high: Any) -> Any:
    return FUNCTIONS["minimum"](FUNCTIONS["maximum"](x, low), high)


def rounded(x: Any, digits: int = 0) -> Any:
    if digits == 0:
        return FUNCTIONS["rint"](x)
    a = asarray(x)
    return Array([round(v, digits) for v in a.flat], a.shape, a.dtype)


#: name -> the function
MAKING: dict[str, Any] = {
    **{
        f.__name__: f
        for f in (full, zeros, ones, empty, zeros_like, ones_like, eye, arange, linspace, diag, concatenate)
    },
    **{f.__name__: f for f in (stack, hstack, block, broadcast_to, broadcast_arrays, repeat, delete, fill_diagonal)},
    **{f.__name__: f for f in (take, take_along_axis, ndindex, unravel_index, vectorize, frompyfunc, clip)},
    "tril": _triangle(lambda above: above <= 0),
    "triu": _triangle(lambda above: above >= 0),
    "round": rounded,
    "where": open_to_others(where),
}

for name in ("round", "clip", "take", "repeat"):
    setattr(Array, name, MAKING[name])
