"""Values of the language's functions, written from their definitions and independent of matcalc.

Every value is a 2-d array, as in the language, of the library in use. While a point is chosen, `Margin` notes how near they are to a
point at which a function is not differentiable or badly conditioned, so that such points are drawn anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.fuzz.backends import xp

Array = Any


class Margin:
    """The least distance from a kink and the largest condition numbers since `reset`, while it is noting."""

    kink = np.inf
    condition = 1.0
    polynomial = 1.0
    noting = False

    @classmethod
    def reset(cls) -> None:
        cls.kink, cls.condition, cls.polynomial = np.inf, 1.0, 1.0

    @classmethod
    def near(cls, distances: Array) -> Array:
        if cls.noting:
            found = np.nan_to_num(np.asarray(distances))
            if found.size:
                cls.kink = min(cls.kink, float(np.min(np.abs(found))))
        return distances

    @classmethod
    def exponent(cls, p: Array) -> Array:
        """x^p has the condition number |p|, and beyond 1e3 it soon leaves the range of floats."""
        if cls.noting:
            cls.condition = max(cls.condition, float(np.max(np.abs(np.asarray(p)), initial=0)))
        return p

    @classmethod
    def inverted(cls, x: Array) -> Array:
        if cls.noting:
            found = np.asarray(x)
            cls.condition = max(cls.condition, float(np.linalg.cond(found))) if np.all(np.isfinite(found)) else np.inf
        return x

    @classmethod
    def determined(cls, x: Array) -> Array:
        """A determinant is a polynomial, which formulas with inverses give at regular matrices only."""
        if cls.noting:
            cls.polynomial = max(cls.polynomial, float(np.nan_to_num(np.linalg.cond(np.asarray(x)), nan=np.inf)))
        return x

    @classmethod
    def large(cls, x: Array, most: float) -> None:
        if cls.noting and np.abs(np.asarray(x)).max(initial=0) > most:
            cls.condition = np.inf


def inside(f: Any) -> Any:
    """A function on (-1, 1) that has no derivative at the ends."""

    def value(x: Array) -> Array:
        Margin.near(1 - x * x)
        return f(x)

    return value


def scalar(x: Array) -> Array:
    return xp.reshape(x, (1, 1))


def inv(x: Array) -> Array:
    return xp.inv(Margin.inverted(x))


def det(x: Array) -> Array:
    return scalar(xp.det(Margin.inverted(x)))


def logdet(x: Array) -> Array:
    return scalar(xp.logabsdet(Margin.inverted(x)))


def adj(x: Array) -> Array:
    return det(x) * inv(x)


def raised(x: Array, p: Array) -> Array:
    """x^p of positive x by exponential and logarithm: PyTorch's power loses the derivatives where p is 0."""
    return xp.exp(Margin.exponent(p) * xp.log(x))


def polynomial_adj(x: Array) -> Array:
    """By products and sums alone, as at singular matrices too [Faddeev & LeVerrier; Horn & Johnson 2013, 2.4]."""
    return _adjugate_and_determinant(x)[0]


def polynomial_det(x: Array) -> Array:
    return _adjugate_and_determinant(x)[1]


def _adjugate_and_determinant(x: Array) -> tuple[Array, Array]:
    """M_1 = I, M_(k+1) = X M_k - tr(X M_k) / k I; then adj X = ± M_n and X M_n = ± det(X) I."""
    n, m = len(Margin.determined(x)), xp.eye(len(x))
    for k in range(1, n):
        product = x @ m
        m = product - xp.trace(product) / k * xp.eye(n)
    sign = (-1) ** (n - 1)
    return sign * m, scalar(sign * xp.trace(x @ m) / n)


def power(x: Array, n: int) -> Array:
    if n < 0:
        return power(inv(x), -n)
    result = xp.eye(len(x))
    for _ in range(n):
        result = result @ x
    return result


def power_of(x: Array, n: Array) -> Array:
    """The power by an integer that is a variable."""
    return power(x, round(np.asarray(n).item()))


def pinv(x: Array) -> Array:
    Margin.inverted(x)
    return inv(x.T @ x) @ x.T if x.shape[0] >= x.shape[1] else x.T @ inv(x @ x.T)


def expm(x: Array) -> Array:
    """By the Taylor series of x / 2^6, squared six times."""
    Margin.large(x, 10)
    y = x / 64
    term = result = xp.eye(len(x))
    for k in range(1, 18):
        term = term @ y / k
        result = result + term
    for _ in range(6):
        result = result @ result
    return result


def sqrtm(x: Array) -> Array:
    """The Denman–Beavers iteration."""
    if Margin.noting:
        values = np.linalg.eigvals(np.asarray(x))
        Margin.near(np.where(values.real > 0, np.abs(values), 0.0))
    y, z = x, xp.eye(len(x))
    for _ in range(11):
        y, z = (y + inv(z)) / 2, (z + inv(y)) / 2
    return y


def logm(x: Array) -> Array:
    """Three square roots, then the Gauss–Legendre form of the Padé approximant."""
    for _ in range(3):
        x = sqrtm(x)
    nodes, weights = np.polynomial.legendre.leggauss(12)
    e = x - xp.eye(len(x))
    total = sum(w / 2 * xp.solve(xp.eye(len(x)) + (t + 1) / 2 * e, e) for t, w in zip(nodes, weights, strict=True))
    return 8 * total


def eigvals(s: Array) -> Array:
    Margin.large(s, 1e3)
    values = xp.eigvalsh((s + s.T) / 2)
    Margin.near(xp.diff(values))
    return values[:, None]


def svdvals(x: Array) -> Array:
    """Singular values as square roots of eigenvalues: that of the singular value decomposition has no second derivative that is finite."""
    values = xp.flip(xp.sqrt(xp.eigvalsh(smaller_gram(x))))
    Margin.near(xp.diff(values))
    return Margin.near(values)[:, None]


def chol(s: Array) -> Array:
    return xp.cholesky(Margin.inverted((s + s.T) / 2))


def extreme(x: Array, sign: int) -> Array:
    ordered = xp.sort(sign * xp.ravel(x))
    if len(ordered) > 1:
        Margin.near(ordered[-1] - ordered[-2])
    return scalar(sign * ordered[-1])


def larger(a: Array, b: Array) -> Array:
    Margin.near(a - b)
    return xp.maximum(a, b)


def smaller(a: Array, b: Array) -> Array:
    Margin.near(a - b)
    return xp.minimum(a, b)


def huber(x: Array, c: Array) -> Array:
    Margin.near(xp.abs(x) - c)
    return xp.where(xp.abs(x) <= c, x * x / 2, c * (xp.abs(x) - c / 2))


def cbrt(x: Array) -> Array:
    return xp.sign(Margin.near(x)) * xp.abs(x) ** (1 / 3)


def logcosh(x: Array) -> Array:
    """Near 0 by log(1 + 2 sinh(x/2)^2): log(e^x + e^-x) - log(2) has no digit left there."""
    near = xp.log1p(2 * xp.sinh(xp.minimum(xp.maximum(x, -1.0), 1.0) / 2) ** 2)
    return xp.where(xp.abs(x) < 1, near, xp.logaddexp(x, -x) - np.log(2))


def vec(x: Array) -> Array:
    return xp.reshape(x.T, (-1, 1))


def unvec(v: Array, m: int, n: int) -> Array:
    return xp.reshape(v, (n, m)).T


def vech(x: Array) -> Array:
    return xp.stack([x[i, j] for j in range(len(x)) for i in range(j, len(x))])[:, None]


def diag(x: Array) -> Array:
    return xp.diag(x[:, 0]) if x.shape[1] == 1 else xp.diag(x)[:, None]


def norm(x: Array, p: float = 2) -> Array:
    size = xp.abs(Margin.near(x)) if p != 2 else x
    total = scalar(xp.sum(size**p))
    Margin.near(total)
    return total ** (1 / p)


def logsumexp(x: Array) -> Array:
    return scalar(xp.logsumexp(x))


def softmax(x: Array, axis: int) -> Array:
    return xp.softmax(x, axis)


def logsoftmax(x: Array, axis: int) -> Array:
    return xp.log_softmax(x, axis)


def polygamma(k: int, x: Array) -> Array:
    return xp.polygamma(k, x)


def smaller_gram(x: Array) -> Array:
    """X^T X or X X^T, whichever is smaller."""
    return x.T @ x if x.shape[0] >= x.shape[1] else x @ x.T
