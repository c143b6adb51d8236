"""Error functions and the gamma family in NumPy only, on the whole real line and just beside it, for the complex step.

Real arguments are accurate to a few units in the last place of the function or of its argument. Complex arguments need
an imaginary part that is small against the distance to the nearest pole.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

__all__ = [
    "beta",
    "digamma",
    "erf",
    "erfc",
    "erfinv",
    "gamma",
    "inverse_mills",
    "lgamma",
    "log_ndtr",
    "polygamma",
    "trigamma",
]

Array = np.ndarray[Any, np.dtype[Any]]


def _vectorised(f: Callable[[Any], complex]) -> Callable[[Array], Array]:
    def apply(x: Array) -> Array:
        flat = [f(v) for v in np.asarray(x).ravel().tolist()]
        return np.array(flat, dtype=complex if np.iscomplexobj(x) else float).reshape(np.shape(x))

    return apply


# --- error functions ----------------------------------------------------------------------------


def _erf(z: complex) -> complex:
    """erf by its Taylor series near 0, by the continued fraction of erfc far out [DLMF 7.6.2, 7.9.1]."""
    if isinstance(z, float):
        return math.erf(z)
    if abs(z) < 3:
        term = total = complex(z)
        k = 0
        while abs(term) > 1e-17 * max(abs(total), 1e-300) and k < 200:
            k += 1
            term *= 2 * z * z / (2 * k + 1)
            total += term
        return 2 / math.sqrt(math.pi) * _cexp(-z * z) * total
    return 1 - _erfc_far(z) if z.real > 0 else _erfc_far(-z) - 1


def _erfc(z: complex) -> complex:
    if isinstance(z, float):
        return math.erfc(z)
    return _erfc_far(z) if z.real >= 3 else 1 - _erf(z)


def _erfc_far(z: complex) -> complex:
    fraction: complex = 0
    for k in range(60, 0, -1):
        fraction = (k / 2) / (z + fraction)
    return _cexp(-z * z) / math.sqrt(math.pi) / (z + fraction)


def _cexp(z: complex) -> complex:
    return complex(np.exp(z))


erf = _vectorised(_erf)
erfc = _vectorised(_erfc)


def _mills_tail(u: Array) -> Array:
    """K with exp(u^2) erfc(u) = π^(-1/2) / (u + K), for u >= 2 [DLMF 7.9.1]."""
    u = np.where(u.real < 2, 2, u)
    fraction = np.zeros_like(u)
    for k in range(60, 0, -1):
        fraction = (k / 2) / (u + fraction)
    return fraction


def log_ndtr(x: Array) -> Array:
    """log Φ(x), on the left from the continued fraction of Φ(x) exp(x^2/2)."""
    u = -x / math.sqrt(2)
    with np.errstate(all="ignore"):
        left = -x * x / 2 - np.log(2 * math.sqrt(math.pi) * (u + _mills_tail(u)))
        middle = np.log(erfc(np.where(u.real > 2, 2, u)) / 2)
        return np.where(u.real > 2, left, np.where(u.real > 0, middle, np.log1p(-erfc(-u) / 2)))


def inverse_mills(x: Array) -> Array:
    """φ(x) / Φ(x)"""
    u = -x / math.sqrt(2)
    with np.errstate(all="ignore"):
        near = math.sqrt(2 / math.pi) * np.exp(-x * x / 2) / erfc(np.where(u.real > 2, 2, u))
        return np.where(u.real > 2, math.sqrt(2) * (u + _mills_tail(u)), near)


def erfinv(x: Array) -> Array:
    """The y with erf(y) = x, nan outside of [-1, 1]: Winitzki's approximation, and three steps of Halley's method."""
    if np.iscomplexobj(x):
        y = erfinv(x.real) + 0j
        for _ in range(2):
            step = (erf(y) - x) / (2 / math.sqrt(math.pi) * np.exp(-y * y))
            y = y - step / (1 + y * step)
        return y
    with np.errstate(all="ignore"):
        size = np.abs(x)
        left = np.log1p(-(size**2))
        half = 2 / (math.pi * 0.147) + left / 2
        y = np.sqrt(np.sqrt(half**2 - left / 0.147) - half)
        y = np.where(size < 1e-3, size * math.sqrt(math.pi) / 2, y)
        for _ in range(3):
            error = np.where(size < 0.5, erf(y) - size, (1 - size) - erfc(y))
            step = error / (2 / math.sqrt(math.pi) * np.exp(-y * y))
            y = np.where(size < 1, y - step / (1 + y * step), y)
        return np.asarray(np.sign(x) * np.where(size == 1, np.inf, y))


# --- the gamma family -----------------------------------------------------------------------------

_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
#: Terms that the recurrence takes before the asymptotic series.
_SHIFT = 15
#: k! is a double up to here.
_LARGEST_ORDER = 170


def lgamma(x: Array) -> Array:
    """log |Γ(x)|, inf at the poles [DLMF 5.11.1, 5.5.1, 5.5.3]."""
    if np.iscomplexobj(x):
        left = x.real < 0.5
        right = _lgamma_right(np.where(left, 1 - x, x))
        sine = np.sin(np.pi * _from_nearest_integer(x))
        with np.errstate(divide="ignore"):
            return np.where(left, np.log(np.pi) - np.log(sine * np.sign(sine.real)) - right, right)
    return _real_lgamma(x)


@_vectorised
def _real_lgamma(x: float) -> float:
    try:
        return math.lgamma(x)
    except (ValueError, OverflowError):  # a pole, or a value that is no double
        return math.inf


def _lgamma_right(x: Array) -> Array:
    end = x + _SHIFT
    w = (1 / end) * (1 / end)
    series = _series([b / (2 * j * (2 * j - 1)) for j, b in enumerate(_BERNOULLI, 1)], w) / end
    value = (end - 0.5) * np.log(end) - end + math.log(2 * math.pi) / 2 + series
    return np.asarray(value - sum(np.log(x + n) for n in range(_SHIFT)))


def gamma(x: Array) -> Array:
    """Γ(x), inf where it is no double; at the poles nan, at 0 the infinity of its side."""
    if np.iscomplexobj(x):
        left_of_odd_pole = (x.real < 0) & (np.floor(x.real) % 2 == 1)
        return np.asarray(np.where(left_of_odd_pole, -1, 1) * np.exp(lgamma(x)))
    return _real_gamma(x)


@_vectorised
def _real_gamma(x: float) -> float:
    try:
        return math.gamma(x)
    except OverflowError:
        return math.inf
    except ValueError:  # a pole
        return math.copysign(math.inf, x) if x == 0 else math.nan


def beta(a: Array, b: Array) -> Array:
    """B(a, b) = Γ(a) Γ(b) / Γ(a + b) by logarithms; the sign of Γ(x) is (-1)^⌊x⌋ for x < 0."""
    with np.errstate(invalid="ignore"):
        left = [np.floor(np.minimum(x.real, 0)) for x in (a, b, a + b)]
        sign = np.where((left[0] + left[1] - left[2]) % 2 == 0, 1, -1)
        return np.asarray(sign * np.exp(lgamma(a) + lgamma(b) - lgamma(a + b)))


def digamma(x: Array) -> Array:
    """ψ(x) = Γ'(x) / Γ(x)"""
    return _polygamma(0, x)


def trigamma(x: Array) -> Array:
    """ψ'(x)"""
    return _polygamma(1, x)


def polygamma(k: Array, x: Array) -> Array:
    """ψ^(k)(x), nan where k is no whole number from 0."""
    order = float(np.asarray(k).real.item())
    if not (order.is_integer() and 0 <= order <= _LARGEST_ORDER):
        return np.full(np.shape(x), np.nan)
    return _polygamma(int(order), x)


def _polygamma(k: int, x: Array) -> Array:
    """ψ^(k)(x) = (-1)^k ψ^(k)(1 - x) - π d^k/dx^k cot(π x) left of 1/2 [DLMF 5.15.6].

    At the poles nan, or the infinity that both sides have in common, at 0 and -0 that of their side.
    """
    with np.errstate(all="ignore"):
        left = x.real < 0.5
        right = _polygamma_right(k, np.where(left, 1 - x, x))
        reflected = (-1) ** k * right - math.pi ** (k + 1) * _derived_cotangent(k, _from_nearest_integer(x))
        value = np.where(left, reflected, right)
        if not np.iscomplexobj(x):
            value[left & (x == np.floor(x))] = np.inf if k % 2 else np.nan
            value = np.where((x == 0) & (k % 2 == 0), -np.copysign(np.inf, x.real), value)
        return value


def _polygamma_right(k: int, x: Array) -> Array:
    """The recurrence, then the differentiated series of Stirling [DLMF 5.11.2, 5.15.5, 5.15.8]."""
    shift = _SHIFT + k
    end = x + shift
    w = (1 / end) * (1 / end)
    skipped = sum((1 / (x + n)) ** (k + 1) for n in range(shift))
    if k == 0:
        series = _series([b / (2 * j) for j, b in enumerate(_BERNOULLI, 1)], w) * w
        return np.asarray(np.log(end) - 1 / (2 * end) - series - skipped)
    # all terms over k!, so that none overflows
    ratios = [b * math.comb(2 * j + k - 1, 2 * j) / k for j, b in enumerate(_BERNOULLI, 1)]
    tail = (1 / k + 1 / (2 * end) + _series(ratios, w) * w) * (1 / end) ** k
    return np.asarray((-1) ** (k + 1) * float(math.factorial(k)) * (tail + skipped))


def _series(coefficients: list[float], w: Array) -> Any:
    """c_1 + c_2 w + c_3 w^2 + …"""
    total: Any = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        total = c + w * total
    return total


def _from_nearest_integer(x: Array) -> Array:
    """x less its nearest integer: sines of π x keep their digits for large x."""
    return x - np.round(x.real)


@cache
def _cotangent_polynomial(k: int) -> tuple[int, ...]:
    """The coefficients of P_k, with d^k/dy^k cot y = P_k(cot y): P_0 = c and P_(k+1) = -(1 + c^2) P_k'."""
    p = [0, 1]
    for _ in range(k):
        slope = [i * a for i, a in enumerate(p)][1:]
        p = [-(a + b) for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True)]
    return tuple(p)


def _derived_cotangent(k: int, r: Array) -> Any:
    """π^-k d^k/dr^k cot(π r)"""
    cotangent = np.cos(np.pi * r) / np.sin(np.pi * r)
    return _series([float(c) for c in _cotangent_polynomial(k)], cotangent)
