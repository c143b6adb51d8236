"""Products of arrays: matrices, Kronecker, sums over letters."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

from matcalc.serving.plain.array import Array, asarray
from matcalc.serving.plain.elementwise import Elementwise
from matcalc.serving.plain.places import broadcast_shapes, spread
from matcalc.serving.plain.protocols import open_to_others
from matcalc.serving.plain.types import joined

__all__ = ["PRODUCTS", "dot_of", "matmul"]


def dot_of(a: list[Any], b: list[Any]) -> Any:
    """The sum of products; one of floats is a float where there are none."""
    if not a:
        return 0.0
    total = a[0] * b[0]
    for x, y in zip(a[1:], b[1:], strict=True):
        total = total + x * y
    return total


def _matmul(a: Array, b: Array) -> Array:
    if a.ndim > 2 or b.ndim > 2:
        return _stacked(a, b)
    left = a if a.ndim == 2 else a.reshape(1, -1)
    right = b if b.ndim == 2 else b.reshape(-1, 1)
    (m, inner), (other, n) = left.shape, right.shape
    if inner != other:
        raise ValueError(f"matmul of {a.shape} and {b.shape}")
    rows = [left.flat[i * inner : (i + 1) * inner] for i in range(m)]
    cols = [right.flat[j::n] for j in range(n)]
    shape = (() if a.ndim == 1 else (m,)) + (() if b.ndim == 1 else (n,))
    return Array([dot_of(r, c) for r in rows for c in cols], shape, joined(a.dtype, b.dtype))


def _stacked(a: Array, b: Array) -> Array:
    """Matrices of a stack, one after the other."""
    if b.ndim == 1:
        return _stacked(a, b.reshape(-1, 1)).reshape(a.shape[:-1])
    if a.ndim == 1:
        found = _stacked(a.reshape(1, -1), b)
        return found.reshape(*found.shape[:-2], found.shape[-1])
    outer = broadcast_shapes(a.shape[:-2], b.shape[:-2])
    lefts, rights = (_matrices(x, outer) for x in (a, b))
    parts = [_matmul(x, y) for x, y in zip(lefts, rights, strict=True)]
    return Array([v for p in parts for v in p.flat], (*outer, a.shape[-2], b.shape[-1]), joined(a.dtype, b.dtype))


def _matrices(x: Array, outer: tuple[int, ...]) -> list[Array]:
    shape = x.shape[-2:]
    full = Array(spread(x, outer + shape), outer + shape, x.dtype)
    size = math.prod(shape)
    return [Array(full.flat[k * size : (k + 1) * size], shape, x.dtype) for k in range(math.prod(outer))]


matmul = Elementwise("matmul", 2, _matmul)
for name in ("__matmul__", "dot"):
    setattr(Array, name, lambda self, other: matmul(self, other))
setattr(Array, "__rmatmul__", lambda self, other: matmul(other, self))  # noqa: B010


@open_to_others
def kron(a: Any, b: Any) -> Array:
    x, y = asarray(a), asarray(b)
    (m, n), (p, q) = x.shape, y.shape
    flat = [
        x.flat[i * n + j] * y.flat[k * q + w] for i in range(m) for k in range(p) for j in range(n) for w in range(q)
    ]
    return Array(flat, (m * p, n * q), joined(x.dtype, y.dtype))


@open_to_others
def einsum(letters: str, *arrays: Any) -> Array:
    """The sum over all letters that the result does not have."""
    inside, _, result = letters.replace(" ", "").partition("->")
    operands = [(names, asarray(a)) for names, a in zip(inside.split(","), arrays, strict=True)]
    size = {name: n for names, a in operands for name, n in zip(names, a.shape, strict=True)}
    summed = [name for name in size if name not in result]
    steps = [_steps(names, a.shape) for names, a in operands]
    flat = []
    for at in product(*(range(size[name]) for name in result)):
        places = [sum(s.get(n, 0) * i for n, i in zip(result, at, strict=True)) for s in steps]
        flat.append(_summed([a for _, a in operands], places, steps, [(n, size[n]) for n in summed]))
    return Array(flat, tuple(size[name] for name in result), joined(*(a.dtype for _, a in operands)))


def _steps(names: str, shape: tuple[int, ...]) -> dict[str, int]:
    """How far the place moves where a letter grows by one."""
    found: dict[str, int] = {}
    for k, name in enumerate(names):
        found[name] = found.get(name, 0) + math.prod(shape[k + 1 :])
    return found


def _summed(arrays: list[Array], places: list[int], steps: list[dict[str, int]], summed: list[tuple[str, int]]) -> Any:
    total: Any = 0
    for at in product(*(range(n) for _, n in summed)):
        moved = (
            p + sum(s.get(n, 0) * i for (n, _), i in zip(summed, at, strict=True))
            for p, s in zip(places, steps, strict=True)
        )
        total = total + math.prod(a.flat[p] for a, p in zip(arrays, moved, strict=True))
    return total


@open_to_others
def tensordot(a: Any, b: Any, axes: int = 2) -> Array:
    x, y = asarray(a), asarray(b)
    inner = math.prod(y.shape[:axes])
    found = _matmul(x.reshape(-1, inner), y.reshape(inner, -1))
    return found.reshape(x.shape[: x.ndim - axes] + y.shape[axes:])


@open_to_others
def vdot(a: Any, b: Any) -> Array:
    x, y = asarray(a).ravel(), asarray(b).ravel()
    return _matmul(x.conj(), y)


@open_to_others
def convolve(a: Any, b: Any, mode: str = "full") -> Array:
    x, y = asarray(a), asarray(b)
    long, short = (x.flat, y.flat) if x.size >= y.size else (y.flat, x.flat)
    full = [
        sum(short[j] * long[k - j] for j in range(len(short)) if 0 <= k - j < len(long))
        for k in range(len(long) + len(short) - 1)
    ]
    kept = full[len(short) - 1 : len(long)] if mode == "valid" else full
    return Array(kept, (len(kept),), joined(x.dtype, y.dtype))


@open_to_others
def trace(x: Any) -> Any:
    a = asarray(x)
    found = sum(a.flat[:: a.shape[1] + 1][1 : min(a.shape)], a.flat[0])
    return found if a.dtype.kind == "O" else Array([found], (), a.dtype)


@open_to_others
def outer(a: Any, b: Any) -> Array:
    return _matmul(asarray(a).reshape(-1, 1), asarray(b).reshape(1, -1))


#: name -> the function
PRODUCTS: dict[str, Callable[..., Any]] = {
    f.__name__: f for f in (matmul, kron, einsum, tensordot, vdot, convolve, trace, outer)
} | {"dot": matmul}

setattr(Array, "trace", lambda self: trace(self))  # noqa: B010
