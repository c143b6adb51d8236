"""Objectives: SciPy finds the gradient of ``fun`` in ``jac``, entry by entry, and the domain in ``inf``."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from tests.machine import library, sweep

scipy = library("scipy.optimize")

N = 3
rng = np.random.default_rng(4)
GENERAL = rng.standard_normal((N, N))
DATA = {"C": GENERAL @ GENERAL.T + np.eye(N), "B": rng.standard_normal((N, N)), "x": rng.standard_normal(N)}
#: Points that do not have the structure, so that an optimiser may stand there.
DEFINITE = 2 * np.eye(N) + 0.3 * GENERAL
WHERE = {"C": "spd(n)", "B": "matrix(n, n)", "x": "vector(n)"}

# fmt: off
CASES = (
    # f,                                            structures of S
    ("logdet(S) + tr(S^-1 C)",                      "spd psd"),
    ("-logdet(S) + tr(S B) + x^T S^-1 x",           "spd"),
    ("tr(S B S C) + x^T S x",                       "symmetric spd psd skew diagonal lower upper matrix"),
    ("sum(exp(S) .* B) + sum(S.^3)",                "symmetric spd skew diagonal lower upper matrix"),
    ("||S x - B x||^2 + ||S||_F^4",                 "symmetric skew diagonal lower upper matrix"),
    ("logdet(I + S^T S)",                           "symmetric skew diagonal lower upper matrix"),
    ("tr(expm(S) B)",                               "symmetric skew diagonal lower upper matrix"),
    ("sum(sqrt(S .* S + 1))",                       "symmetric skew diagonal lower upper matrix"),
    ("eigmax(S) + norm_nuc(S B)",                   "symmetric spd psd"),
    ("det(S) + tr(S^4)",                            "symmetric spd lower upper matrix"),
    ("x^T chol(S) x",                               "spd"),
)
# fmt: on
PAIRS = [(f, kind) for f, kinds in CASES for kind in kinds.split()]


def objective(f: str, kind: str) -> mc.api.Objective:
    where = {"S": f"{kind}({'n, n' if kind == 'matrix' else 'n'})"} | WHERE
    where = {name: text for name, text in where.items() if name in f.replace("exp", "").replace("max", "")}
    return mc.objective(f, "S", {k: v for k, v in DATA.items() if k in where}, where=where, shape=(N, N))


@pytest.mark.parametrize(("f", "kind"), PAIRS)
def test_the_gradient_is_that_of_the_function(f: str, kind: str) -> None:
    o = objective(f, kind)
    point = DEFINITE.ravel()
    scale = 1 + np.abs(o.jac(point)).max()
    assert scipy.check_grad(o.fun, o.jac, point) < 1e-6 * scale
    assert o.jac(DEFINITE).shape == (N, N)


@sweep(2)
@pytest.mark.parametrize(("f", "kind"), PAIRS)
def test_the_hessian_is_that_of_the_function(f: str, kind: str) -> None:
    o = objective(f, kind)
    point, v = DEFINITE.ravel(), rng.standard_normal(N * N)
    step = 1e-5
    expected = (o.jac(point + step * v) - o.jac(point - step * v)) / (2 * step)
    scale = 1 + np.abs(expected).max()
    np.testing.assert_allclose(o.hess(point) @ v, expected, atol=1e-6 * scale)
    np.testing.assert_allclose(o.hessp(point, v), expected, atol=1e-6 * scale)


def test_a_positive_vector() -> None:
    o = mc.objective("sum(x .* log(x)) - b^T x", "x", {"b": np.ones(3)}, where="x: vector(n, positive)")
    assert scipy.check_grad(o.fun, o.jac, np.array([0.5, 1.0, 2.0])) < 1e-6
    assert o.fun(np.array([0.5, -1.0, 2.0])) == np.inf


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("f", "where", "outside"),
    [
        ("logdet(S) + tr(S^-1 C)", "S: spd(n), C: spd(n)", np.diag([1.0, -1.0, 1.0])),
        ("tr(S)", "S: spd(n)", np.diag([1.0, -1.0, 1.0])),
        ("tr(S)", "S: spd(n)", np.diag([1.0, 0.0, 1.0])),
        ("tr(S)", "S: psd(n)", np.diag([1.0, -1e-3, 1.0])),
        ("sum(log(S)) + tr(S)", "S: matrix(n, n)", -np.ones((3, 3))),
        ("sum(sqrt(S))", "S: matrix(n, n)", np.full((3, 3), -1.0)),
        ("tr(S^-1)", "S: matrix(n, n)", np.zeros((3, 3))),
        ("tr(S)", "S: symmetric(n)", np.full((3, 3), np.nan)),
        ("x^T chol(S) x", "S: spd(n), x: vector(n)", -np.eye(3)),
    ],
)
def test_outside_of_the_domain(f: str, where: str, outside: np.ndarray) -> None:
    names = set(mc.parse(f, where).declarations)
    o = mc.objective(f, "S", {k: v for k, v in DATA.items() if k in names}, where=where)
    assert o.fun(outside) == np.inf
    assert np.all(np.isnan(o.jac(outside))) and o.jac(outside.ravel()).shape == (9,)
    assert o.hess(outside).shape == (9, 9) and o.hessp(outside.ravel(), np.ones(9)).shape == (9,)
    assert np.isfinite(o.fun(np.eye(3) + 0.1)) or "psd" in where or "sqrt" in f


def test_the_border_of_the_semidefinite_cone_is_inside() -> None:
    o = mc.objective("tr(S)", "S", where="S: psd(n)")
    assert o.fun(np.diag([1.0, 0.0, 2.0])) == 3


@pytest.mark.parametrize("method", ["BFGS", "L-BFGS-B", "Newton-CG", "Nelder-Mead"])
def test_the_covariance_is_found_from_everywhere(method: str) -> None:
    """The optimum of the Gaussian likelihood is C; steps leave the cone on the way."""
    o = mc.objective("logdet(S) + tr(S^-1 C)", "S", {"C": DATA["C"]}, where="S: spd(n), C: spd(n)")
    start = (np.eye(N) + 0.2 * GENERAL).ravel()
    options = {"maxiter": 20_000, "xatol": 1e-8, "fatol": 1e-12} if method == "Nelder-Mead" else {}
    derivatives = {} if method == "Nelder-Mead" else {"jac": o.jac}
    if method == "Newton-CG":
        derivatives["hessp"] = o.hessp
    found = scipy.minimize(o.fun, start, method=method, options=options, **derivatives)
    s = found.x.reshape(N, N)
    np.testing.assert_allclose((s + s.T) / 2, DATA["C"], atol=0.05)
