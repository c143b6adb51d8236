"""Functions in mpmath's numbers: `ENTRIES` entry by entry, `FUNCTIONS` of whole arrays, each from its own definition."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, permutations
from typing import Any

import numpy as np
from mpmath import mp

from matcalc.checking.precise.precise_matrix_functions import BY_EIGENVALUES, NotDiagonal, by_eigenvalues
from matcalc.checking.precise.precise_numbers import ENTRIES, Args, Number, Undefined, of_positive, power_of
from matcalc.checking.precise.precise_reductions import REDUCTIONS
from matcalc.checking.precise.precise_shifts import SHIFTS
from matcalc.checking.values.evaluate import Array

__all__ = ["FUNCTIONS"]


# --- numbers ------------------------------------------------------------------------------------


# --- arrays -------------------------------------------------------------------------------------


def _one(x: Number) -> Array:
    return np.array([[x]], dtype=object)


def _matrix(x: Array) -> Any:
    return mp.matrix([[mp.mpf(entry) for entry in row] for row in x])


def _array(x: Any) -> Array:
    return np.array([[x[i, j] for j in range(x.cols)] for i in range(x.rows)], dtype=object).reshape(x.rows, x.cols)


def _eye(n: int) -> Array:
    return np.asarray(np.eye(n, dtype=int).astype(object) * mp.one)


def _inv(x: Array) -> Array:
    return _array(mp.inverse(_matrix(x)))


def _det(x: Array) -> Number:
    return mp.det(_matrix(x))


def _adjugate(x: Array) -> Array:
    n = len(x)
    if n == 1:
        return _one(mp.one)
    rows = [[(-1) ** (i + j) * _det(np.delete(np.delete(x, j, 0), i, 1)) for j in range(n)] for i in range(n)]
    return np.array(rows, dtype=object)


def _derivative_of_adjugate(x: Array, *directions: Array) -> Array:
    """Minors in which each direction takes the place of one row"""
    n = len(x)
    result = np.full((n, n), mp.zero, dtype=object)
    for i, j in np.ndindex(n, n):
        minors = [np.delete(np.delete(a, j, 0), i, 1) for a in (x, *directions)]
        for rows in permutations(range(n - 1), len(directions)):
            minor = minors[0].copy()
            for row, e in zip(rows, minors[1:], strict=True):
                minor[row] = e[row]
            result[i, j] += (-1) ** (i + j) * (_det(minor) if n > 1 else 1)
    return result


def _norm2(x: Array) -> Number:
    return mp.sqrt(np.sum(x * x))


def _eigen(x: Array) -> tuple[Array, Array]:
    """Ascending eigenvalues, and unit eigenvectors whose largest entry is positive."""
    values, vectors = mp.eigsy(_matrix((x + x.T) / 2))
    found = _array(vectors)
    order = sorted(range(len(x)), key=lambda i: values[i])
    return np.array([values[i] for i in order], dtype=object), found[:, order] * _signs(found[:, order])


def _signs(vectors: Array) -> Array:
    """-1 for the columns whose largest entry is negative."""
    return np.array([1 if max(column, key=abs) > 0 else -1 for column in vectors.T], dtype=object)


def _svd(x: Array) -> tuple[Array, Array, Array]:
    """U, the singular values, descending, and V."""
    if x.shape[0] < x.shape[1]:
        v, s, u = _svd(x.T)
        signs = _signs(u)
        return u * signs, s, v * signs
    u, s, vt = mp.svd_r(_matrix(x))
    left, right = _array(u), _array(vt).T
    signs = _signs(left)
    return left * signs, np.array(list(s), dtype=object), right * signs


def _pinv(x: Array) -> Array:
    u, s, v = _svd(x)
    least = max(s) * mp.mpf(10) ** (-mp.dps // 2)
    return np.asarray((v * [1 / y if y > least else mp.zero for y in s]) @ u.T)


def _gaps(values: Array) -> Array:
    n = len(values)
    rows = [[mp.zero if i == j else 1 / (values[j] - values[i]) for j in range(n)] for i in range(n)]
    return np.array(rows, dtype=object)


def _resolvent(x: Array, place: int) -> Array:
    values, vectors = _eigen(x)
    place %= len(x)
    weights = [mp.zero if i == place else 1 / (values[place] - values[i]) for i in range(len(x))]
    return np.asarray((vectors * weights) @ vectors.T)


def _principal(f: Callable[[Any], Any]) -> Callable[[Array], Array]:
    """A matrix function that has a real value off the negative real axis."""

    def value(x: Array) -> Array:
        result = _array(f(_matrix(x)))
        small = mp.mpf(10) ** (-mp.dps // 2)
        if any(abs(mp.im(entry)) > small * (1 + abs(entry)) for entry in result.flat):
            raise Undefined
        return np.vectorize(mp.re, otypes=[object])(result)

    return value


def _by_eigenvalues(name: str) -> Callable[[Args, int], Array]:
    def value(args: Args, axis: int) -> Array:
        try:
            return _principal(lambda x: by_eigenvalues(name, x))(args[0])
        except NotDiagonal:
            raise Undefined from None

    return value


def _block_corner(f: Callable[[Array], Array], x: Array, directions: Args) -> Array:
    """D^k f(X)[E_1, …] as a corner of f of a block triangular matrix [Mathias 1996]."""
    n, big = len(x), x
    for e in directions:
        half = len(big)
        corner = np.kron(np.eye(half // n, dtype=int).astype(object), e)
        big = np.block([[big, corner], [np.zeros((half, half), dtype=int).astype(object), big]])
    return f(big)[:n, -n:]


def _matrix_power(x: Array, k: int) -> Array:
    result, factor = _eye(len(x)), _inv(x) if k < 0 else x
    for _ in range(abs(k)):
        result = result @ factor
    return result


def _sylvester(a: Array, b: Array, c: Array) -> Array:
    m, n = c.shape
    system = np.kron(_eye(n), a) + np.kron(b.T, _eye(m))
    return (_inv(system) @ c.reshape((-1, 1), order="F")).reshape((m, n), order="F")


def _soft(x: Array, axis: int) -> tuple[Array, Array]:
    """exp(X), and its sums along the axis; 0 is the natural one: a column as a whole, a matrix along its rows."""
    axis = axis or (1 if x.shape[1] == 1 else 2)
    e = ENTRIES["exp"](x)
    return e, e.sum(axis=axis - 1, keepdims=True)


def _kron_contract(a: Array, g: Array, b: Array) -> Array:
    (m, n), (p, q) = a.shape, b.shape
    rows, cols = g.shape[0] // (m * p), g.shape[1] // (n * q)
    return np.asarray(np.einsum("ij,pq,ikpjlq->kl", a, b, g.reshape(m, rows, p, n, cols, q)))


def _khatri_rao(a: Array, b: Array) -> Array:
    return np.hstack([np.kron(a[:, [k]], b[:, [k]]) for k in range(a.shape[1])])


def _p_norm(x: Array, p: Number) -> Number:
    return mp.fsum(power_of(abs(entry), p) for entry in x.flat) ** (1 / p)


def _xlogy(x: Number, y: Number) -> Number:
    return x * of_positive(mp.log)(y)


def _along(x: Array, axis: int) -> Array:
    return _one(np.sum(x)) if not axis else x.sum(axis=axis - 1, keepdims=True)


def _mean(x: Array, axis: int) -> Array:
    return np.asarray(_along(x, axis) / mp.mpf(x.size if not axis else x.shape[axis - 1]))


def _vech(x: Array) -> Array:
    return np.array([[x[i, j]] for j in range(len(x)) for i in range(j, len(x))], dtype=object)


def _triangle(x: Array, keep: Callable[[int, int], Number]) -> Array:
    return np.array([[keep(i, j) * entry for j, entry in enumerate(row)] for i, row in enumerate(x)], dtype=object)


def _offset(args: Args) -> int:
    return int(args[1].item()) if len(args) > 1 else 0


def _marked(x: Array, choose: Callable[..., Number]) -> Array:
    """1 at the place of an extreme entry, which has to be the only one."""
    top = choose(x.flat)
    places = [mp.one if entry == top else mp.zero for entry in x.flat]
    if sum(places) > 1:
        raise Undefined
    return np.array(places, dtype=object).reshape(x.shape)


def _distinct(values: Array) -> Array:
    """Values whose order does not depend on rounding. Raises Undefined."""
    least = mp.mpf(10) ** (-mp.dps // 2) * (1 + max(abs(v) for v in values))
    if any(abs(a - b) < least for a, b in combinations(values, 2)):
        raise Undefined
    return values


def _vectors(pick: Callable[[Array], Array]) -> Callable[[Args, int], Array]:
    """Eigenvectors, which the eigenvalues tell apart."""

    def value(args: Args, axis: int) -> Array:
        values, vectors = _eigen(args[0])
        _distinct(values)
        return pick(vectors)

    return value


_EXPM = _principal(lambda x: mp.expm(x, method="taylor"))
_LOGM = _principal(mp.logm)
_SINM = _principal(mp.sinm)
_COSM = _principal(mp.cosm)
#: X (X^2)^(-1/2) [Higham 2008, 5.1]
_SIGNM = _principal(lambda x: x * mp.inverse(mp.sqrtm(x * x)))

# fmt: off
#: function of whole arrays -> its value; ``axis`` is the static option, 0 where there is none
FUNCTIONS: dict[str, Callable[[Args, int], Array]] = {
    **REDUCTIONS,
    **SHIFTS,
    **{name: _by_eigenvalues(name) for name in BY_EIGENVALUES},
    "max":        lambda args, axis: _one(max(args[0].flat)),
    "min":        lambda args, axis: _one(min(args[0].flat)),
    "tr":         lambda args, axis: _one(np.trace(args[0])),
    "vec":        lambda args, axis: args[0].reshape((-1, 1), order="F"),
    "vech":       lambda args, axis: _vech(args[0]),
    "diag":       lambda args, axis: np.diag(args[0][:, 0]) * mp.one if args[0].shape[1] == 1 else np.diag(args[0])[:, None],
    "sum":        lambda args, axis: _along(args[0], axis),
    "mean":       lambda args, axis: _mean(args[0], axis),
    "inner":      lambda args, axis: _one(np.sum(args[0] * args[1])),
    "outer":      lambda args, axis: args[0] @ args[1].T,
    "kron":       lambda args, axis: np.kron(*args),
    "khatri_rao": lambda args, axis: _khatri_rao(*args),
    "kron_contract": lambda args, axis: _kron_contract(*args),
    "sym":        lambda args, axis: (args[0] + args[0].T) / 2,
    "skew":       lambda args, axis: (args[0] - args[0].T) / 2,
    "triu":       lambda args, axis: _triangle(args[0], lambda i, j: j - i >= (axis or _offset(args))),
    "tril":       lambda args, axis: _triangle(args[0], lambda i, j: j - i <= (axis or _offset(args))),
    "tril_half":  lambda args, axis: _triangle(args[0], lambda i, j: mp.mpf(1) / 2 if i == j else i > j),
    "inv":        lambda args, axis: _inv(args[0]),
    "solve":      lambda args, axis: _inv(args[0]) @ args[1],
    "det":        lambda args, axis: _one(_det(args[0])),
    "logdet":     lambda args, axis: _one(of_positive(mp.log)(abs(_det(args[0])))),
    "adj":        lambda args, axis: _adjugate(args[0]),
    "pinv":       lambda args, axis: _pinv(args[0]),
    "quad":       lambda args, axis: args[0].T @ args[1] @ args[0],
    "norm1":      lambda args, axis: _one(np.sum(abs(args[0]))),
    "norm2":      lambda args, axis: _one(_norm2(args[0])),
    "norm":       lambda args, axis: _one(_norm2(args[0]) if len(args) == 1 else _p_norm(args[0], args[1].item())),
    "norm_inf":   lambda args, axis: _one(max(abs(args[0]).flat)),
    "norm_nuc":   lambda args, axis: _one(np.sum(_svd(args[0])[1])),
    "norm_spec":  lambda args, axis: _one(max(_svd(args[0])[1])),
    "normalize":  lambda args, axis: args[0] / _norm2(args[0]),
    "eigvals":    lambda args, axis: _eigen(args[0])[0][:, None],
    "eigmax":     lambda args, axis: _one(_eigen(args[0])[0][-1]),
    "eigmin":     lambda args, axis: _one(_eigen(args[0])[0][0]),
    "eigvecs":    _vectors(lambda v: v),
    "eigvec_max": _vectors(lambda v: v[:, -1:]),
    "eigvec_min": _vectors(lambda v: v[:, :1]),
    "eig_gaps":   lambda args, axis: _gaps(_distinct(_eigen(args[0])[0])),
    "resolvent_max": lambda args, axis: _resolvent(args[0], -1),
    "resolvent_min": lambda args, axis: _resolvent(args[0], 0),
    "svdvals":    lambda args, axis: _svd(args[0])[1][:, None],
    "svd_u":      lambda args, axis: _svd(args[0])[0],
    "svd_v":      lambda args, axis: _svd(args[0])[2],
    "svd_u_max":  lambda args, axis: _svd(args[0])[0][:, :1],
    "svd_v_max":  lambda args, axis: _svd(args[0])[2][:, :1],
    "svd_gaps":   lambda args, axis: _gaps(_distinct(_svd(args[0])[1] ** 2)),
    "expm":       lambda args, axis: _EXPM(args[0]),
    "logm":       lambda args, axis: _LOGM(args[0]),
    "sqrtm":      lambda args, axis: _principal(mp.sqrtm)(args[0]),
    "frechet_adj": lambda args, axis: _derivative_of_adjugate(*args),
    "sinm":       lambda args, axis: _SINM(args[0]),
    "cosm":       lambda args, axis: _COSM(args[0]),
    "signm":      lambda args, axis: _SIGNM(args[0]),
    "frechet_sinm": lambda args, axis: _block_corner(_SINM, args[0], args[1:]),
    "frechet_cosm": lambda args, axis: _block_corner(_COSM, args[0], args[1:]),
    "frechet_signm": lambda args, axis: _block_corner(_SIGNM, args[0], args[1:]),
    "frechet_expm": lambda args, axis: _block_corner(_EXPM, args[0], args[1:]),
    "frechet_logm": lambda args, axis: _block_corner(_LOGM, args[0], args[1:]),
    "frechet_matpow": lambda args, axis: _block_corner(lambda x: _matrix_power(x, int(args[-1].item())), args[0], args[1:-1]),
    "sylvester":  lambda args, axis: _sylvester(*args),
    "chol":       lambda args, axis: _array(mp.cholesky(_matrix((args[0] + args[0].T) / 2))),
    "softmax":    lambda args, axis: np.divide(*_soft(args[0], axis)),
    "softmax_all": lambda args, axis: ENTRIES["exp"](args[0]) / np.sum(ENTRIES["exp"](args[0])),
    "logsoftmax": lambda args, axis: args[0] - ENTRIES["log"](_soft(args[0], axis)[1]),
    "logsoftmax_rows": lambda args, axis: args[0] - ENTRIES["log"](_soft(args[0], 2)[1]),
    "entropy":    lambda args, axis: _one(-mp.fsum(_xlogy(p, p) for p in args[0].flat)),
    "kl":         lambda args, axis: _one(mp.fsum(_xlogy(p, p / q) for p, q in zip(args[0].flat, args[1].flat, strict=True))),
    "argmax":     lambda args, axis: _marked(args[0], max),
    "argmin":     lambda args, axis: _marked(args[0], min),
}
# fmt: on
