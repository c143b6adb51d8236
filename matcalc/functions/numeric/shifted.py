"""Values of Toeplitz and circulant matrices, of convolutions and of sums along diagonals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["SHIFTED"]

Array = np.ndarray[Any, np.dtype[Any]]


def _offsets(m: int, n: int) -> Array:
    """i - j"""
    places: Array = np.arange(m)[:, None] - np.arange(n)
    return places


def _toeplitz(c: Array, r: Array | None = None) -> Array:
    row = c if r is None else r
    offsets = _offsets(len(c), len(row))
    entries: Array = np.where(offsets >= 0, c[np.maximum(offsets, 0), 0], row[np.maximum(-offsets, 0), 0])
    return entries


def _circulant(c: Array) -> Array:
    return np.asarray(c[_offsets(len(c), len(c)) % len(c), 0])


def _diagonal_sums(x: Array) -> Array:
    return np.array([[np.trace(x, -k)] for k in range(len(x))])


def _cyclic_sums(x: Array) -> Array:
    return np.array([[np.trace(x, -k) + np.trace(x, len(x) - k)] for k in range(len(x))])


def _conv(a: Array, b: Array) -> Array:
    return np.convolve(a[:, 0], b[:, 0])[:, None]


def _correlate(c: Array, b: Array) -> Array:
    if len(c) < len(b):
        raise ValueError("correlate needs a first column that is at least as long as the second")
    return np.convolve(c[:, 0], b[::-1, 0], "valid")[:, None]


#: function -> its value, of columns with two axes and of matrices
SHIFTED: dict[str, Callable[..., Array]] = {
    "toeplitz": _toeplitz,
    "circulant": _circulant,
    "conv": _conv,
    "correlate": _correlate,
    "diagonal_sums": _diagonal_sums,
    "cyclic_sums": _cyclic_sums,
}
