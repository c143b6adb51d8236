"""Matrix functions for compiled code in NumPy; the Fréchet derivatives and Sylvester equations take leading axes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

import numpy as np

from matcalc.functions.numeric.values import NUMERIC, known

__all__ = [
    "call",
    "eig_gaps",
    "eigvec_max",
    "eigvec_min",
    "eigvecs",
    "entrywise",
    "expm",
    "frechet_expm",
    "frechet_logm",
    "frechet_matpow",
    "logm",
    "sqrtm",
    "svd_gaps",
    "svd_u",
    "svd_v",
    "sylvester",
]

Array = np.ndarray[Any, np.dtype[Any]]
Parts = list[Array | None]


def _in_type(f: Callable[..., Array]) -> Callable[..., Array]:
    """The function, computed in double precision, with a result of the type of its arguments."""

    @wraps(f)
    def run(*args: Any) -> Array:
        value = f(*args)
        single = all(getattr(a, "dtype", np.float32) == np.float32 for a in args if not isinstance(a, (str, int)))
        return value.astype(np.float32) if single else value

    return run


@_in_type
def entrywise(name: str, *args: Any) -> Array:
    """A function of the table applied to every entry."""
    return np.asarray(known(name)(*(np.asarray(a, dtype=float) for a in args)))[()]


@_in_type
def call(name: str, *args: Any) -> Array:
    """A function of matrices that was defined with a value; leading axes are looped over."""
    arrays = [np.asarray(a, dtype=float) for a in args]
    matrices = [a if a.ndim >= 2 else a.reshape(1, -1) for a in arrays]
    return _over_leading_axes(known(name), *matrices) if any(a.ndim > 2 for a in matrices) else known(name)(*matrices)


expm, logm, sqrtm, eigvecs, eig_gaps, svd_u, svd_v, svd_gaps = (
    _in_type(NUMERIC[name]) for name in "expm logm sqrtm eigvecs eig_gaps svd_u svd_v svd_gaps".split()
)


def eigvec_max(s: Array) -> Array:
    """The unit eigenvector of the largest eigenvalue, shape (n,)."""
    return NUMERIC["eigvec_max"](s)[:, 0]


def eigvec_min(s: Array) -> Array:
    """The unit eigenvector of the smallest eigenvalue, shape (n,)."""
    return NUMERIC["eigvec_min"](s)[:, 0]


def _over_leading_axes(f: Callable[..., Array], *args: Array) -> Array:
    """f of matrices, for every index of the leading axes."""
    stack = np.broadcast_shapes(*(a.shape[:-2] for a in args))
    flat = [np.broadcast_to(a, (*stack, *a.shape[-2:])).reshape(-1, *a.shape[-2:]) for a in args]
    results = [f(*matrices) for matrices in zip(*flat, strict=True)]
    return np.stack(results).reshape(*stack, *results[0].shape)


@_in_type
def sylvester(a: Array, b: Array, c: Array) -> Array:
    """The Y with A Y + Y B = C, for C of shape (…, m, n); one factorisation serves all right sides."""
    if a.ndim > 2 or b.ndim > 2:
        return _over_leading_axes(NUMERIC["sylvester"], a, b, c)
    m, n = c.shape[-2:]
    system = np.kron(np.eye(n), a) + np.kron(b.T, np.eye(m))
    right = np.swapaxes(c, -1, -2).reshape(-1, m * n)
    solved = np.linalg.solve(system, right.T).T.reshape(*c.shape[:-2], n, m)
    return np.swapaxes(solved, -1, -2)


@_in_type
def frechet_expm(x: Array, *directions: Array) -> Array:
    """D^k exp(X)[E_1, …, E_k], directions of shape (…, n, n)."""
    return _over_leading_axes(NUMERIC["frechet_expm"], x, *directions)


@_in_type
def frechet_logm(x: Array, *directions: Array) -> Array:
    """D^k log(X)[E_1, …, E_k], directions of shape (…, n, n)."""
    return _over_leading_axes(NUMERIC["frechet_logm"], x, *directions)


@_in_type
def frechet_matpow(x: Array, *rest: Any) -> Array:
    """D^k of X^p in the directions E_1, …, E_k of shape (…, n, n); p comes last.

    By squaring of X + Σ ε_i E_i with ε_i² = 0, kept as one part for each set of the ε: 3^k products for each one of
    the power itself.
    """
    *directions, p = rest
    exponent = round(float(np.asarray(p).item()))
    parts: Parts = [None] * 2 ** len(directions)
    parts[0] = x
    for i, e in enumerate(directions):
        parts[1 << i] = e
    if exponent < 0:
        parts, exponent = _inverted(parts), -exponent
    power: Parts | None = None
    while exponent:
        if exponent & 1:
            power = parts if power is None else _product(power, parts)
        exponent >>= 1
        if exponent:
            parts = _product(parts, parts)
    last = power[-1] if power is not None else None
    return np.zeros(np.broadcast_shapes(x.shape, *(e.shape for e in directions))) if last is None else last


def _subsets(s: int) -> Iterator[int]:
    """The sets inside one, as bits, without the empty one."""
    t = s
    while t:
        yield t
        t = (t - 1) & s


def _product(a: Parts, b: Parts) -> Parts:
    return [_sum(a, b, s, (0, *_subsets(s))) for s in range(len(a))]


def _inverted(a: Parts) -> Parts:
    """The parts of the inverse: Y_S = -Y Σ A_T Y_(S without T) over the sets T in S that are not empty."""
    first = np.linalg.inv(np.asarray(a[0]))
    result: Parts = [first]
    for s in range(1, len(a)):
        total = _sum(a, result, s, _subsets(s))
        result.append(None if total is None else -first @ total)
    return result


def _sum(a: Parts, b: Parts, s: int, sets: Iterable[int]) -> Array | None:
    """Σ A_T B_(S without T); None stands for zero."""
    total = None
    for t in sets:
        left, right = a[t], b[s ^ t]
        if left is not None and right is not None:
            term = left @ right
            total = term if total is None else total + term
    return total
