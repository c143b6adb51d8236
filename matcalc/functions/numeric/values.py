"""Numeric values of functions, in NumPy only.

`NUMERIC[name](*arrays)` takes and gives 2-d arrays (a column is (n, 1)); calls with static options take them
as the keyword ``static``. Analytic functions accept complex arrays, for the complex step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from matcalc.functions.numeric import special
from matcalc.functions.numeric.matrix_functions import (
    chol,
    cosm,
    eig_gaps,
    eigh,
    expm,
    frechet,
    frechet_adj,
    frechet_matpow,
    logm,
    pinv,
    reciprocal_gaps,
    resolvent,
    signm,
    sinm,
    sqrtm,
    svd,
    sylvester,
)
from matcalc.functions.numeric.shifted import SHIFTED
from matcalc.functions.table import row_of

__all__ = ["NUMERIC", "known", "value_of"]

Array = np.ndarray[Any, np.dtype[Any]]


def _sigmoid(x: Array) -> Array:
    """Stable on both sides: the exponential never overflows."""
    e = np.exp(_towards_minus_infinity(x))
    return np.where(x.real >= 0, 1 / (1 + e), e / (1 + e))


def _softplus(x: Array) -> Array:
    return np.where(x.real >= 0, x, 0) + np.log1p(np.exp(_towards_minus_infinity(x)))


def _logcosh(x: Array) -> Array:
    """|x| + log((1 + e^-2|x|) / 2), near 0 log(1 + 2 sinh(x/2)^2)."""
    size = _towards_minus_infinity(x)
    near = np.log1p(2 * np.sinh(np.where(np.abs(x) < 1, x, 0) / 2) ** 2)
    return np.where(np.abs(x) < 1, near, np.log1p(np.exp(2 * size)) - size - math.log(2))


def _log1mexp(x: Array) -> Array:
    """log(1 - e^x), by whichever of both forms keeps its digits [Mächler 2012]."""
    near = x.real > -math.log(2)
    return np.where(near, np.log(-np.expm1(np.where(near, x, -1))), np.log1p(-np.exp(np.where(near, -1, x))))


def _logaddexp(a: Array, b: Array) -> Array:
    larger, smaller = _larger(a, b), _smaller(a, b)
    return larger + np.log1p(np.exp(smaller - larger))


def _towards_minus_infinity(x: Array) -> Array:
    """-|x|, of a complex x by the sign of its real part; at 0, too, it moves with x."""
    return np.where(x.real >= 0, -x, x)


def _larger(a: Array, b: Array) -> Array:
    return np.where(a.real >= b.real, a, b)


def _smaller(a: Array, b: Array) -> Array:
    return np.where(a.real <= b.real, a, b)


def _huber(x: Array, c: Array) -> Array:
    inside = np.abs(x.real) <= c.real
    return np.where(inside, x * x / 2, c * (x * np.sign(x.real) - c / 2))


def _relation(compare: Callable[[Any, Any], Any]) -> Callable[[Array, Array], Array]:
    return lambda a, b: compare(a.real, b.real) * 1.0


def _chosen(c: Array, a: Array, b: Array) -> Array:
    """Selected, not multiplied: what is not chosen may be infinite."""
    return np.where(c.real != 0, a, b)


def _max(a: Array, b: Array | None = None) -> Array:
    """The larger entries of two arrays, or the largest entry of one."""
    if b is not None:
        return _larger(a, b)
    return a.ravel()[np.argmax(a.real)].reshape(1, 1)


def _min(a: Array, b: Array | None = None) -> Array:
    if b is not None:
        return _smaller(a, b)
    return a.ravel()[np.argmin(a.real)].reshape(1, 1)


def _indicator(place: Callable[[Array], Any]) -> Callable[[Array], Array]:
    def mark(x: Array) -> Array:
        result = np.zeros(x.shape)
        result.ravel()[place(x.real)] = 1
        return result

    return mark


# --- reductions -------------------------------------------------------------------------------


def _logsumexp(x: Array) -> Array:
    top = x.real.max()
    return (np.log(np.exp(x - top).sum()) + top).reshape(1, 1)


def _softmax_all(x: Array) -> Array:
    e = np.exp(x - x.real.max())
    return e / e.sum()


def _softmax(x: Array, static: tuple[Any, ...] = ()) -> Array:
    """A column as a whole; a matrix along its rows (2) or down its columns (1)."""
    axis = {(): 0, (1,): 0, (2,): 1}[tuple(static)]
    e = np.exp(x - x.real.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _weighted(x: Array, p: Array, axis: int | None) -> tuple[Array, Array]:
    """(largest x with a weight, sum of p exp(x - largest)): what has no weight counts as the smallest x."""
    inside = np.where(p != 0, x, x.ravel()[x.real.argmin()])
    top = inside.real.max(axis=axis, keepdims=True)
    return top, (p * np.exp(inside - top)).sum(axis=axis, keepdims=True)


def _log_weighted(axis: int | None) -> Callable[[Array, Array], Array]:
    def value(x: Array, p: Array) -> Array:
        top, total = _weighted(x, p, axis)
        return np.log(total) + top

    return value


def _share(axis: int | None) -> Callable[[Array, Array], Array]:
    def value(x: Array, p: Array) -> Array:
        top, total = _weighted(x, p, axis)
        return np.exp(x - top) / total

    return value


def _logsumexp_rows(x: Array) -> Array:
    return _log_weighted(1)(x, np.ones(x.shape))


def _logsoftmax_rows(x: Array) -> Array:
    shifted = x - x.real.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


# --- matrix functions -------------------------------------------------------------------------


def _khatri_rao(a: Array, b: Array) -> Array:
    return np.einsum("ik,jk->ijk", a, b).reshape(-1, a.shape[1])


def _kron_contract(a: Array, g: Array, b: Array) -> Array:
    (m, n), (p, q) = a.shape, b.shape
    rows, cols = g.shape[0] // (m * p), g.shape[1] // (n * q)
    return np.einsum("ij,pq,ikpjlq->kl", a, b, g.reshape(m, rows, p, n, cols, q))


def _atan2(y: Array, x: Array) -> Array:
    """The angle of (x, y); of complex numbers by the tangent of its half."""
    if np.iscomplexobj(y) or np.iscomplexobj(x):
        return np.asarray(2 * np.arctan(y / (np.sqrt(x * x + y * y) + x)))
    return np.arctan2(y, x)


def _extreme_rows(place: Callable[[Array], Any]) -> Callable[[Array], Array]:
    return lambda x: np.take_along_axis(x, place(x.real)[:, None], axis=1)


def _share_of_extremes(extreme: Callable[[Array], Any]) -> Callable[[Array], Array]:
    """1 where the extreme entry of a row stands; equal ones share it."""

    def mark(x: Array) -> Array:
        found = (x.real == extreme(x.real)[:, None]) * 1.0
        return found / found.sum(axis=1, keepdims=True)

    return mark


def _prod_others(x: Array) -> Array:
    """For each entry of a row the product of all others: of those before it and those behind it."""
    one = np.ones((len(x), 1))
    before = np.cumprod(np.hstack([one, x[:, :-1]]), axis=1)
    behind = np.cumprod(np.hstack([one, x[:, :0:-1]]), axis=1)[:, ::-1]
    return before * behind


def _prod_others_along(x: Array, *directions: Array) -> Array:
    """In each row: one factor for each direction is that of the direction."""
    sets = range(1 << len(directions))
    result = np.zeros(x.shape, dtype=np.result_type(x, *directions))
    for left_out in range(x.shape[1]):
        parts = [np.full(len(x), float(s == 0), dtype=result.dtype) for s in sets]
        for j in range(x.shape[1]):
            if j != left_out:
                moved = [(1 << k, e[:, j]) for k, e in enumerate(directions)]
                parts = [x[:, j] * parts[s] + sum(e * parts[s ^ k] for k, e in moved if s & k) for s in sets]
        result[:, left_out] = parts[-1]
    return result


def value_of(name: str) -> Callable[..., Array] | None:
    """The value of a function, from the table here or from its row; None where there is none."""
    return NUMERIC.get(name) or row_of(name).numeric


def known(name: str) -> Callable[..., Array]:
    """The value of a function that has one."""
    value = value_of(name)
    assert value is not None
    return value


#: function name -> its value; elementwise functions and calls alike
NUMERIC: dict[str, Callable[..., Array]] = {
    "exp": np.exp,
    "log": np.log,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "abs": np.abs,
    "sign": lambda x: np.sign(x.real),
    "relu": lambda x: np.where(x.real > 0, x, 0),
    "step": lambda x: (x.real > 0) * 1.0,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "erf": special.erf,
    "erfc": special.erfc,
    "logcosh": _logcosh,
    "log_ndtr": special.log_ndtr,
    "inverse_mills": special.inverse_mills,
    "log1mexp": _log1mexp,
    "bose": lambda x: 1 / np.expm1(x),
    "logaddexp": _logaddexp,
    "lgamma": special.lgamma,
    "gamma": special.gamma,
    "beta": special.beta,
    "digamma": special.digamma,
    "trigamma": special.trigamma,
    "polygamma": special.polygamma,
    "cbrt": np.cbrt,
    "max": _max,
    "min": _min,
    "huber": _huber,
    "greater": _relation(np.greater),
    "at_least": _relation(np.greater_equal),
    "equals": _relation(np.equal),
    "differs": _relation(np.not_equal),
    "where": _chosen,
    "argmax": _indicator(lambda x: x.argmax()),
    "argmin": _indicator(lambda x: x.argmin()),
    "row_max": _extreme_rows(lambda x: x.argmax(axis=1)),
    "row_min": _extreme_rows(lambda x: x.argmin(axis=1)),
    "row_argmax": _share_of_extremes(lambda x: x.max(axis=1)),
    "row_argmin": _share_of_extremes(lambda x: x.min(axis=1)),
    "prod": lambda x: np.prod(x).reshape(1, 1),
    "prod_rows": lambda x: np.prod(x, axis=1, keepdims=True),
    "prod_others": lambda x: _prod_others(x.reshape(1, -1)).reshape(x.shape),
    "prod_others_rows": _prod_others,
    "prod_others_along": lambda x, *e: _prod_others_along(x.T, *(d.T for d in e)).T,
    "prod_others_rows_along": _prod_others_along,
    "cumprod_columns": lambda x: np.cumprod(x, axis=0),
    "erfinv": special.erfinv,
    "floor": lambda x: np.floor(x.real),
    "ceil": lambda x: np.ceil(x.real),
    "round": lambda x: np.round(x.real),
    "atan2": _atan2,
    "logsumexp": _logsumexp,
    "logsumexp_rows": _logsumexp_rows,
    "logsumexp_weighted": _log_weighted(None),
    "logsumexp_rows_weighted": _log_weighted(1),
    "exp_share": _share(None),
    "exp_share_rows": _share(1),
    "softmax": _softmax,
    "softmax_all": _softmax_all,
    "logsoftmax_rows": _logsoftmax_rows,
    "pinv": pinv,
    "expm": expm,
    "logm": logm,
    "sqrtm": sqrtm,
    "frechet_adj": frechet_adj,
    "frechet_expm": lambda x, *e: frechet(expm, x, e),
    "frechet_logm": lambda x, *e: frechet(logm, x, e),
    "sinm": sinm,
    "cosm": cosm,
    "signm": signm,
    "frechet_sinm": lambda x, *e: frechet(sinm, x, e),
    "frechet_cosm": lambda x, *e: frechet(cosm, x, e),
    "frechet_signm": lambda x, *e: frechet(signm, x, e),
    "frechet_matpow": frechet_matpow,
    "sylvester": sylvester,
    "chol": chol,
    "eigvals": lambda s: eigh(s)[0][:, None],
    "eigvecs": lambda s: eigh(s)[1],
    "eig_gaps": eig_gaps,
    "eigmax": lambda s: eigh(s)[0][-1:, None],
    "eigmin": lambda s: eigh(s)[0][:1, None],
    "eigvec_max": lambda s: eigh(s)[1][:, -1:],
    "eigvec_min": lambda s: eigh(s)[1][:, :1],
    "resolvent_max": lambda s: resolvent(s, -1),
    "resolvent_min": lambda s: resolvent(s, 0),
    "norm_spec": lambda x: svd(x)[1][:1, None],
    "norm_nuc": lambda x: svd(x)[1].sum().reshape(1, 1),
    "svd_u_max": lambda x: svd(x)[0][:, :1],
    "svd_v_max": lambda x: svd(x)[2][:, :1],
    "svdvals": lambda x: svd(x)[1][:, None],
    "svd_u": lambda x: svd(x)[0],
    "svd_v": lambda x: svd(x)[2],
    "svd_gaps": lambda x: reciprocal_gaps(svd(x)[1] ** 2),
    "khatri_rao": _khatri_rao,
    **SHIFTED,
    "kron_contract": _kron_contract,
}
