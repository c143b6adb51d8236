"""Numeric values of functions of matrices, their Fréchet derivatives, factorisations, eigenvalues and singular values."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np

__all__ = [
    "LEAST_SINGULAR",
    "chol",
    "cosm",
    "eig_gaps",
    "eigh",
    "expm",
    "frechet",
    "frechet_adj",
    "frechet_matpow",
    "logm",
    "pinv",
    "reciprocal_gaps",
    "resolvent",
    "signm",
    "sinm",
    "sqrtm",
    "svd",
    "sylvester",
]


Array = np.ndarray[Any, np.dtype[Any]]


_PADE = (64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0,
         10559470521600.0, 670442572800.0, 33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0, 1.0)  # fmt: skip


def expm(a: Array) -> Array:
    """Scaling and squaring with the [13/13] Padé approximant [Higham 2005]."""
    norm = np.abs(a).sum(axis=0).max() if a.size else 0.0
    if not np.isfinite(norm):
        return np.full(a.shape, np.nan)
    squarings = max(0, math.ceil(math.log2(norm / 5.371920351148152))) if norm > 5.37 else 0
    a = a / 2**squarings
    eye, b = np.eye(len(a)), _PADE
    a2 = a @ a
    a4 = a2 @ a2
    a6 = a4 @ a2
    u = a @ (a6 @ (b[13] * a6 + b[11] * a4 + b[9] * a2) + b[7] * a6 + b[5] * a4 + b[3] * a2 + b[1] * eye)
    v = a6 @ (b[12] * a6 + b[10] * a4 + b[8] * a2) + b[6] * a6 + b[4] * a4 + b[2] * a2 + b[0] * eye
    result = np.linalg.solve(v - u, v + u)
    for _ in range(squarings):
        result = result @ result
    return result


def sqrtm(a: Array) -> Array:
    """The product form of the Denman–Beavers iteration with determinantal scaling [Higham 2008, 6.5]."""
    m = x = np.asarray(a, dtype=complex if np.iscomplexobj(a) else float)
    n, eye = len(a), np.eye(len(a))
    for step in range(60):
        inverse = np.linalg.inv(m)
        scale = abs(np.linalg.det(m)) ** (-1 / (2 * n)) if step < 6 else 1.0
        x = scale / 2 * x @ (eye + inverse / scale**2)
        m = (eye + (scale**2 * m + inverse / scale**2) / 2) / 2
        if np.abs(m - eye).max() < 1e-15 * n:
            break
    if not np.abs(m - eye).max() < 1e-6:  # no real root: an eigenvalue is negative
        return np.full(x.shape, np.nan)
    return x


def logm(a: Array) -> Array:
    """Inverse scaling and squaring with Gauss–Legendre Padé approximants [Higham 2008, 11.5]."""
    eye = np.eye(len(a))
    roots = 0
    while np.abs(a - eye).sum(axis=0).max() > 0.2 and roots < 60:
        a = sqrtm(a)
        roots += 1
    nodes, weights = np.polynomial.legendre.leggauss(12)
    x = a - eye
    total = sum(w / 2 * np.linalg.solve(eye + (t + 1) / 2 * x, x) for t, w in zip(nodes, weights, strict=True))
    return np.asarray(2**roots * total)


def _turned(x: Array) -> Array:
    """exp([0, X; -X, 0]) = [cos X, sin X; -sin X, cos X]"""
    zero = np.zeros_like(x)
    return expm(np.block([[zero, x], [-x, zero]]))


def cosm(x: Array) -> Array:
    return _turned(x)[: len(x), : len(x)]


def sinm(x: Array) -> Array:
    return _turned(x)[: len(x), len(x) :]


def signm(x: Array) -> Array:
    """Newton's iteration, scaled by determinants [Higham 2008, 5.3 and 5.5]."""
    n = len(x)
    for step in range(60):
        scale = abs(np.linalg.det(x)) ** (-1 / n) if step < 8 else 1.0
        after = (scale * x + np.linalg.inv(x) / scale) / 2
        moved = np.abs(after - x).max()
        x = after
        if moved <= 1e-15 * n * np.abs(x).max():
            break
    return np.asarray(x)


def frechet(f: Callable[[Array], Array], x: Array, directions: tuple[Array, ...]) -> Array:
    """D^k f(X)[E_1, …, E_k], from f of a block-triangular matrix [Mathias 1996; Higham 2008, 3.2]."""
    n = len(x)
    big = x
    for e in directions:
        half = len(big)
        copies = half // n
        corner = np.kron(np.eye(copies), e)
        big = np.block([[big, corner], [np.zeros((half, half)), big]])
    return f(big)[:n, -n:]


def _matpow(n: int) -> Callable[[Array], Array]:
    return lambda x: np.linalg.matrix_power(x, n)


def frechet_matpow(x: Array, *rest: Array) -> Array:
    *directions, n = rest
    return frechet(_matpow(round(float(n.real.item()))), x, tuple(directions))


def frechet_adj(x: Array, *directions: Array) -> Array:
    """Minors in which each direction takes the place of one row: det is linear in every row."""
    n = len(x)
    result = np.zeros((n, n), dtype=np.result_type(x, *directions))
    for i, j in np.ndindex(n, n):
        minors = [np.delete(np.delete(a, j, 0), i, 1) for a in (x, *directions)]
        for rows in permutations(range(n - 1), len(directions)):
            minor = minors[0].astype(result.dtype)
            for row, e in zip(rows, minors[1:], strict=True):
                minor[row] = e[row]
            result[i, j] += (-1) ** (i + j) * np.linalg.det(minor)
    return result


def sylvester(a: Array, b: Array, c: Array) -> Array:
    """A Y + Y B = C, by the Kronecker form."""
    m, n = c.shape
    system = np.kron(np.eye(n), a) + np.kron(b.T, np.eye(m))
    return np.linalg.solve(system, c.reshape(-1, order="F")).reshape((m, n), order="F")


#: Singular values below this part of the largest one count as 0 in a Moore-Penrose inverse.
LEAST_SINGULAR = 1e-11


def pinv(x: Array) -> Array:
    """By normal equations where the rank is full (valid for the complex step), else by the SVD.

    λ I - S has the rank n - 1 up to the rounding of λ.
    """
    m, n = x.shape
    values = np.linalg.svd(x.real, compute_uv=False)
    if values[-1] <= LEAST_SINGULAR * values[0]:
        if np.iscomplexobj(x):
            return np.full((n, m), complex(np.nan, np.nan))
        return np.linalg.pinv(x, rcond=LEAST_SINGULAR)
    if m >= n:
        return np.linalg.solve(x.T @ x, x.T)
    return np.linalg.solve(x @ x.T, x).T


def chol(s: Array) -> Array:
    """Lower Cholesky factor of the symmetric part; for complex symmetric matrices without conjugation."""
    s = (s + s.T) / 2
    if not np.iscomplexobj(s):
        return np.linalg.cholesky(s)
    lower = np.zeros(s.shape, dtype=complex)
    for j in range(len(s)):
        lower[j, j] = np.sqrt(s[j, j] - lower[j, :j] @ lower[j, :j])
        lower[j + 1 :, j] = (s[j + 1 :, j] - lower[j + 1 :, :j] @ lower[j, :j]) / lower[j, j]
    return lower


def eigh(s: Array) -> tuple[Array, Array]:
    values, vectors = np.linalg.eigh((s + s.T) / 2)
    signs = np.where(vectors[np.abs(vectors).argmax(axis=0), range(len(s))] < 0, -1.0, 1.0)
    return values, vectors * signs


def eig_gaps(s: Array) -> Array:
    values = eigh(s)[0]
    return reciprocal_gaps(values)


def reciprocal_gaps(values: Array) -> Array:
    gaps = values[None, :] - values[:, None]
    np.fill_diagonal(gaps, np.inf)
    return 1 / gaps


def resolvent(s: Array, place: int) -> Array:
    """Σ v_i v_i^T / (λ - λ_i) over the other eigenvalues; 0 for a matrix of size 1."""
    values, vectors = eigh(s)
    gaps = values[place] - values
    gaps[place] = np.inf
    return np.asarray((vectors / gaps) @ vectors.T)


def svd(x: Array) -> tuple[Array, Array, Array]:
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    signs = np.where(u[np.abs(u).argmax(axis=0), range(len(s))] < 0, -1.0, 1.0)
    return u * signs, s, vt.T * signs
