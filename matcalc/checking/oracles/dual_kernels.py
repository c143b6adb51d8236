"""Dual numbers through the functions of the language: values and tangents of those that take plain arrays only."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from matcalc.checking.oracles.dual import LARGEST_EIGENBASIS, Dual, NoDualRule, chain, cholesky, parts_of
from matcalc.checking.values.evaluate import Array
from matcalc.functions.numeric.values import NUMERIC, known
from matcalc.language.rows.definitions import USER_DEFINED

__all__ = ["numeric"]


def numeric(name: str, *args: Any) -> Any:
    """The value of a function of the language; of dual arrays, by its rule where its kernel takes plain arrays only."""
    if not any(isinstance(a, Dual) for a in args):
        return known(name)(*args)
    if name in USER_DEFINED:
        raise NoDualRule(name)
    kernel: Callable[..., Any] = RULES.get(name) or known(name)
    return kernel(*args)


_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66)
#: Terms that are summed before the Euler–Maclaurin formula takes over, and the most of them for negative numbers.
_TERMS, _MOST_TERMS = 20, 10_000


def polygamma(k: int, x: Array) -> Array:
    """ψ^(k)(x) = (-1)^(k+1) k! ζ(k+1, x), by Euler–Maclaurin summation [DLMF 5.15.1, 25.11.9; 5.11.2 for k = 0]."""
    terms = _TERMS + math.ceil(max(0.0, -float(np.min(x.real))))
    if terms > _MOST_TERMS:
        raise NoDualRule("polygamma far to the left")
    end = x + terms
    shifted = [x + n for n in range(terms)]
    if k == 0:
        tail = sum(b / (2 * j * end ** (2 * j)) for j, b in enumerate(_BERNOULLI, 1))
        return np.asarray(np.log(end) - 1 / (2 * end) - tail - sum(1 / s for s in shifted))
    s = k + 1
    zeta = sum(t**-s for t in shifted) + end ** (1.0 - s) / k + end**-s / 2
    for j, b in enumerate(_BERNOULLI, 1):
        zeta = zeta + b / math.factorial(2 * j) * math.prod(range(s, s + 2 * j - 1)) * end ** (-s - 2.0 * j + 1)
    return np.asarray((-1) ** s * math.factorial(k) * zeta)


def _polygamma(order: Any, x: Any) -> Dual:
    k = round(float(parts_of(order)[0].item()))
    return Dual(NUMERIC["polygamma"](parts_of(order)[0], x.value), polygamma(k + 1, x.value) * x.tangent)


def _beta(a: Any, b: Any) -> Dual:
    """dB = B(a, b) ((ψ(a) - ψ(a + b)) da + (ψ(b) - ψ(a + b)) db) [DLMF 5.12.1, 5.2.2]"""
    (x, dx), (y, dy) = parts_of(a), parts_of(b)
    value, whole = NUMERIC["beta"](x, y), polygamma(0, x + y)
    return Dual(value, value * ((polygamma(0, x) - whole) * dx + (polygamma(0, y) - whole) * dy))


def _log_of_sum(a: Any, b: Any) -> Dual:
    """(e^a da + e^b db) / (e^a + e^b)"""
    (x, dx), (y, dy) = parts_of(a), parts_of(b)
    return Dual(NUMERIC["logaddexp"](x, y), dx / (1 + np.exp(y - x)) + dy / (1 + np.exp(x - y)))


def _linear(name: str) -> Callable[..., Dual]:
    """A function that is linear in all of its arguments together."""

    def rule(*args: Any) -> Dual:
        values, tangents = zip(*(parts_of(a) for a in args), strict=True)
        moved = (dx + np.zeros(np.shape(x)) for x, dx in zip(values, tangents, strict=True))
        return Dual(NUMERIC[name](*values), NUMERIC[name](*moved))

    return rule


def _bilinear(name: str) -> Callable[..., Dual]:
    """d f(a, b) = f(da, b) + f(a, db)"""

    def rule(a: Any, b: Any) -> Dual:
        (x, dx), (y, dy) = parts_of(a), parts_of(b)
        f = NUMERIC[name]
        return Dual(f(x, y), f(dx + np.zeros(np.shape(x)), y) + f(x, dy + np.zeros(np.shape(y))))

    return rule


def _gaussian(sign: int) -> Callable[[Array], Array]:
    """The derivative of erf, or of erfc with the sign -1 [DLMF 7.10.1]."""
    return lambda x: sign * 2 / math.sqrt(math.pi) * np.exp(-x * x)


def _by_eigenvalues(name: str, slope: Callable[[Any], Any], f: Callable[[Any], Any]) -> Callable[[Dual], Dual]:
    """D f(X)[E] = V (F ∘ V^-1 E V) V^-1, F the divided differences of f [Daleckii & Krein 1965; Higham 2008, 3.11]."""

    def rule(x: Dual) -> Dual:
        if np.iscomplexobj(x.value) or np.iscomplexobj(x.tangent):
            raise NoDualRule(f"{name} in the complex step: the rounding of eigenvectors hides it")
        values, v = np.linalg.eig(x.value.astype(complex))
        if not np.linalg.cond(v) < LARGEST_EIGENBASIS:
            raise NoDualRule(f"{name} without a basis of eigenvectors")
        gaps = values[:, None] - values[None, :]
        near = np.abs(gaps) < 1e-5
        middle = slope((values[:, None] + values[None, :]) / 2)
        divided = np.where(near, middle, (f(values)[:, None] - f(values)[None, :]) / np.where(near, 1, gaps))
        inside = np.linalg.solve(v, x.tangent @ v)
        return Dual(NUMERIC[name](x.value), np.linalg.solve(v.T, (v @ (divided * inside)).T).T.real)

    return rule


# fmt: off
#: function of the language -> its rule
RULES: dict[str, Callable[..., Any]] = {
    "erf":       chain(NUMERIC["erf"],      _gaussian(1)),
    "erfc":      chain(NUMERIC["erfc"],     _gaussian(-1)),
    "erfinv":    chain(NUMERIC["erfinv"],   lambda x: math.sqrt(math.pi) / 2 * np.exp(NUMERIC["erfinv"](x) ** 2)),
    "logcosh":   chain(NUMERIC["logcosh"],  lambda x: np.sinh(x) / np.cosh(x)),
    "log_ndtr":  chain(NUMERIC["log_ndtr"], lambda x: np.exp(-x * x / 2 - NUMERIC["log_ndtr"](x)) / math.sqrt(2 * math.pi)),
    "log1mexp":  chain(NUMERIC["log1mexp"], lambda x: -np.exp(x) / (1 - np.exp(x))),
    "bose":      chain(NUMERIC["bose"],     lambda x: -1 / (4 * np.sinh(x / 2) ** 2)),
    "logaddexp": _log_of_sum,
    "lgamma":    chain(NUMERIC["lgamma"],   lambda x: polygamma(0, x)),
    "gamma":     chain(NUMERIC["gamma"],    lambda x: NUMERIC["gamma"](x) * polygamma(0, x)),
    "beta":      _beta,
    "digamma":   chain(NUMERIC["digamma"],  lambda x: polygamma(1, x)),
    "trigamma":  chain(NUMERIC["trigamma"], lambda x: polygamma(2, x)),
    "polygamma": _polygamma,
    **{name: _linear(name) for name in ("toeplitz", "circulant", "diagonal_sums", "cyclic_sums")},
    **{name: _bilinear(name) for name in ("conv", "correlate")},
    "chol":      lambda s: cholesky((s + s.T) / 2),
    "expm":      _by_eigenvalues("expm",  np.exp,                      np.exp),
    "logm":      _by_eigenvalues("logm",  lambda z: 1 / z,             np.log),
    "sinm":      _by_eigenvalues("sinm",  np.cos,                      np.sin),
    "cosm":      _by_eigenvalues("cosm",  lambda z: -np.sin(z),        np.cos),
    "signm":     _by_eigenvalues("signm", lambda z: 0 * z,             lambda z: np.sign(z.real) + 0j),
    "sqrtm":     _by_eigenvalues("sqrtm", lambda z: 0.5 / np.sqrt(z),  np.sqrt),
}
# fmt: on
