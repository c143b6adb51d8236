"""Values of the language's functions in JAX, written from their definitions and independent of matcalc.

Every value is a 2-d array, as in the language. While values are concrete, `Margin` notes how near they are to a
point at which a function is not differentiable or badly conditioned, so that such points are drawn anew.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy import linalg, special

jax.config.update("jax_enable_x64", True)

Array = Any


class Margin:
    """The least distance from a kink and the largest condition number since `reset`."""

    kink = np.inf
    condition = 1.0

    @classmethod
    def reset(cls) -> None:
        cls.kink, cls.condition = np.inf, 1.0

    @classmethod
    def near(cls, distances: Array) -> Array:
        if not isinstance(distances, jax.core.Tracer) and distances.size:
            cls.kink = min(cls.kink, float(np.min(np.abs(distances))))
        return distances

    @classmethod
    def inverted(cls, x: Array) -> Array:
        if not isinstance(x, jax.core.Tracer):
            cls.condition = max(cls.condition, float(np.linalg.cond(x))) if np.all(np.isfinite(x)) else np.inf
        return x


def scalar(x: Array) -> Array:
    return jnp.reshape(x, (1, 1))


def inv(x: Array) -> Array:
    return jnp.linalg.inv(Margin.inverted(x))


def det(x: Array) -> Array:
    return scalar(jnp.linalg.det(Margin.inverted(x)))


def logdet(x: Array) -> Array:
    return scalar(jnp.linalg.slogdet(Margin.inverted(x))[1])


def adj(x: Array) -> Array:
    return det(x) * inv(x)


def power(x: Array, n: int) -> Array:
    if n < 0:
        return power(inv(x), -n)
    result = jnp.eye(len(x))
    for _ in range(n):
        result = result @ x
    return result


def pinv(x: Array) -> Array:
    Margin.inverted(x)
    return inv(x.T @ x) @ x.T if x.shape[0] >= x.shape[1] else x.T @ inv(x @ x.T)


def expm(x: Array) -> Array:
    """By the Taylor series of x / 2^6, squared six times."""
    if not isinstance(x, jax.core.Tracer) and np.abs(x).max(initial=0) > 10:
        Margin.condition = np.inf
    y = x / 64
    term = result = jnp.eye(len(x))
    for k in range(1, 18):
        term = term @ y / k
        result = result + term
    for _ in range(6):
        result = result @ result
    return result


def sqrtm(x: Array) -> Array:
    """The Denman–Beavers iteration."""
    if not isinstance(x, jax.core.Tracer):
        values = np.linalg.eigvals(x)
        Margin.near(np.where(values.real > 0, np.abs(values), 0.0))
    y, z = x, jnp.eye(len(x))
    for _ in range(11):
        y, z = (y + inv(z)) / 2, (z + inv(y)) / 2
    return y


def logm(x: Array) -> Array:
    """Three square roots, then the Gauss–Legendre form of the Padé approximant."""
    for _ in range(3):
        x = sqrtm(x)
    nodes, weights = np.polynomial.legendre.leggauss(12)
    e = x - jnp.eye(len(x))
    total = sum(
        w / 2 * jnp.linalg.solve(jnp.eye(len(x)) + (t + 1) / 2 * e, e) for t, w in zip(nodes, weights, strict=True)
    )
    return 8 * total


def eigvals(s: Array) -> Array:
    values = jnp.linalg.eigvalsh((s + s.T) / 2)
    Margin.near(jnp.diff(values))
    return values[:, None]


def svdvals(x: Array) -> Array:
    """Singular values as square roots of eigenvalues: jax.linalg.svd has no second derivative that is finite."""
    gram = x.T @ x if x.shape[0] >= x.shape[1] else x @ x.T
    values = jnp.sqrt(jnp.linalg.eigvalsh(gram))[::-1]
    Margin.near(jnp.diff(values))
    return Margin.near(values)[:, None]


def chol(s: Array) -> Array:
    return jnp.linalg.cholesky(Margin.inverted((s + s.T) / 2))


def extreme(x: Array, sign: int) -> Array:
    ordered = jnp.sort(sign * jnp.ravel(x))[::-1]
    if len(ordered) > 1:
        Margin.near(ordered[0] - ordered[1])
    return scalar(sign * ordered[0])


def larger(a: Array, b: Array) -> Array:
    Margin.near(a - b)
    return jnp.maximum(a, b)


def smaller(a: Array, b: Array) -> Array:
    Margin.near(a - b)
    return jnp.minimum(a, b)


def huber(x: Array, c: Array) -> Array:
    Margin.near(jnp.abs(x) - c)
    return jnp.where(jnp.abs(x) <= c, x * x / 2, c * (jnp.abs(x) - c / 2))


def cbrt(x: Array) -> Array:
    return jnp.sign(Margin.near(x)) * jnp.abs(x) ** (1 / 3)


def vec(x: Array) -> Array:
    return jnp.reshape(x.T, (-1, 1))


def unvec(v: Array, m: int, n: int) -> Array:
    return jnp.reshape(v, (n, m)).T


def vech(x: Array) -> Array:
    return jnp.stack([x[i, j] for j in range(len(x)) for i in range(j, len(x))])[:, None]


def diag(x: Array) -> Array:
    return jnp.diag(x[:, 0]) if x.shape[1] == 1 else jnp.diag(x)[:, None]


def norm(x: Array, p: float = 2) -> Array:
    size = jnp.abs(Margin.near(x)) if p != 2 else x
    total = scalar(jnp.sum(size**p))
    Margin.near(total)
    return total ** (1 / p)


def logsumexp(x: Array) -> Array:
    return scalar(special.logsumexp(x))


def softmax(x: Array, axis: int) -> Array:
    return jax.nn.softmax(x, axis=axis)


def logsoftmax(x: Array, axis: int) -> Array:
    return jax.nn.log_softmax(x, axis=axis)


def polygamma(k: int, x: Array) -> Array:
    return special.polygamma(k, x)


lgamma, digamma, erf, erfc = special.gammaln, special.digamma, special.erf, special.erfc
solve_triangular = linalg.solve_triangular
