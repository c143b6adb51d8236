"""Toeplitz matrices, convolutions and sums along diagonals, in mpmath's numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from mpmath import mp

__all__ = ["SHIFTS"]

Array = np.ndarray[Any, np.dtype[Any]]


def _matrix(m: int, n: int, entry: Callable[[int, int], Any]) -> Array:
    return np.array([[entry(i, j) for j in range(n)] for i in range(m)], dtype=object)


def _toeplitz(args: list[Array], axis: int) -> Array:
    c, r = args[0][:, 0], args[-1][:, 0]
    return _matrix(len(c), len(r), lambda i, j: c[i - j] if i >= j else r[j - i])


def _circulant(args: list[Array], axis: int) -> Array:
    c = args[0][:, 0]
    return _matrix(len(c), len(c), lambda i, j: c[i - j])


def _conv(args: list[Array], axis: int) -> Array:
    a, b = (x[:, 0] for x in args)
    return _matrix(
        len(a) + len(b) - 1,
        1,
        lambda k, _: mp.fsum(a[i] * b[k - i] for i in range(len(a)) if 0 <= k - i < len(b)),
    )


def _correlate(args: list[Array], axis: int) -> Array:
    c, b = (x[:, 0] for x in args)
    return _matrix(len(c) - len(b) + 1, 1, lambda i, _: mp.fsum(c[i + j] * b[j] for j in range(len(b))))


def _diagonal_sums(args: list[Array], axis: int) -> Array:
    (x,) = args
    return _matrix(len(x), 1, lambda k, _: mp.fsum(x[k + j, j] for j in range(min(x.shape[1], len(x) - k))))


def _cyclic_sums(args: list[Array], axis: int) -> Array:
    (x,) = args
    return _matrix(len(x), 1, lambda k, _: mp.fsum(x[(k + j) % len(x), j] for j in range(len(x))))


#: function -> its value
SHIFTS: dict[str, Callable[[list[Array], int], Array]] = {
    "toeplitz": _toeplitz,
    "circulant": _circulant,
    "conv": _conv,
    "correlate": _correlate,
    "diagonal_sums": _diagonal_sums,
    "cyclic_sums": _cyclic_sums,
}
