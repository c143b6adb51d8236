"""Hessians as linear maps, and objectives for optimisers."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.sampling import project_numeric
from matcalc.errors import UnsupportedError
from tests.machine import library

rng = np.random.default_rng(11)
M, N, K = 6, 5, 3

#: expression, variable, kinds of the parts
ROWS = (
    ("||T - U V^T||_F^2 where T: matrix(m, n), U: matrix(m, k), V: matrix(n, k)", "U", "kronecker"),
    (
        "||T - U V^T||_F^2 + s ||U||_F^2 where T: matrix(m, n), U: matrix(m, k), V: matrix(n, k), s: scalar",
        "U",
        "kronecker",
    ),
    ("tr(X^T A X) where A: matrix(n, n), X: matrix(n, k)", "X", "kronecker"),
    ("||A X B - C||_F^2 where A: matrix(m, n), X: matrix(n, k), B: matrix(k, m), C: matrix(m, m)", "X", "kronecker"),
    ("tr(S P) - logdet(P) where P: spd(n), S: symmetric(n)", "P", "kronecker + swapped"),
    ("logsumexp(x) where x: vector(n)", "x", "diagonal + low_rank"),
    ("sum(softplus(x)) where x: vector(n)", "x", "diagonal"),
    ("sum(exp(X)) where X: matrix(m, n)", "X", "diagonal"),
    ("(a^T x)^2 + sum(cosh(x)) where a: vector(n), x: vector(n)", "x", "diagonal + low_rank"),
    ("||A x - b||^2 where A: matrix(m, n), x: vector(n), b: vector(m)", "x", "dense"),
    ("sum(softplus(-(y .* (A x)))) where A: matrix(m, n), x: vector(n), y: vector(m)", "x", "dense"),
    (
        "||W2 tanh(W1 X) - Y||_F^2 where W2: matrix(n, m), W1: matrix(m, k), X: matrix(k, n), Y: matrix(n, n)",
        "W1",
        "operator",
    ),
    ("x^T x where x: vector(n)", "x", "diagonal"),
    ("tr(X X) where X: matrix(n, n)", "X", "swapped"),
)
SIZES = {"m": M, "n": N, "k": K}


def values_of(f: mc.Expr) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, d in f.declarations.items():
        rows, cols = (dim.evaluate(SIZES) for dim in d.shape)
        x = rng.standard_normal((rows, cols)) / 2
        if d.kind in ("spd", "symmetric"):
            x = x @ x.T + np.eye(rows)
        found[name] = x.reshape(tuple(dim.evaluate(SIZES) for dim in mc.parse(name, {name: d}).shape))
    return found


@pytest.mark.parametrize("form", ["operator", "structured"])
@pytest.mark.parametrize(("text", "name", "kinds"), ROWS, ids=[r[0][:40] for r in ROWS])
def test_maps(text: str, name: str, kinds: str, form: str) -> None:
    f = mc.parse(text)
    hessian = mc.hessian(f, name)
    values = values_of(f)
    dense = mc.compile(hessian)(**values)
    linear = mc.compile(hessian, form=form)(**values)
    found = sorted(part.kind for part in linear.parts) or ["operator"]
    assert form == "operator" or found == sorted(kinds.split(" + "))
    np.testing.assert_allclose(linear.to_dense(), dense, rtol=1e-9, atol=1e-9)
    size = linear.shape[0]
    v = rng.standard_normal(np.shape(values[name]))
    flat = dense.reshape(size, size)
    np.testing.assert_allclose(linear @ v.ravel(), flat @ v.ravel(), rtol=1e-9, atol=1e-9)
    assert linear.matvec(v).shape == v.shape
    if "P" in f.declarations:
        v = v + v.T
    elif np.linalg.cond(flat) > 1e6:
        return
    np.testing.assert_allclose(linear.solve(linear.matvec(v)), v, rtol=1e-6, atol=1e-6)


def test_scipy_operator() -> None:
    scipy = library("scipy.sparse.linalg")
    f = mc.parse(ROWS[0][0])
    values = values_of(f)
    linear = mc.compile(mc.hessian(f, "U"), form="structured")(**values)
    b = rng.standard_normal(linear.shape[0])
    x, _ = scipy.cg(linear.linear_operator(), b, rtol=1e-12)
    np.testing.assert_allclose(x, linear.solve(b), rtol=1e-6, atol=1e-8)


def test_not_a_map() -> None:
    with pytest.raises(UnsupportedError, match="linear map"):
        mc.compile(mc.jacobian("A x", "x"), form="structured")


def test_objective_of_a_vector() -> None:
    optimize = library("scipy.optimize")
    A, y = rng.standard_normal((40, N)), np.sign(rng.standard_normal(40))
    f = mc.parse(
        "sum(softplus(-(y .* (A x)))) + s ||x||^2 where A: matrix(m, n), x: vector(n), y: vector(m), s: scalar"
    )
    o = mc.objective(f, "x", {"A": A, "y": y, "s": 0.1})
    found = optimize.minimize(o.fun, np.zeros(N), jac=o.jac, hessp=o.hessp, method="Newton-CG")
    assert np.linalg.norm(o.jac(found.x)) < 1e-4
    exact = optimize.minimize(o.fun, np.zeros(N), jac=o.jac, hess=o.hess, method="trust-exact")
    np.testing.assert_allclose(found.x, exact.x, atol=1e-4)
    both = optimize.minimize(o.value_and_gradient, np.zeros(N), jac=True, method="BFGS")
    np.testing.assert_allclose(found.x, both.x, atol=1e-4)


def test_objective_of_a_matrix_knows_its_shape() -> None:
    T, V = rng.standard_normal((M, N)), rng.standard_normal((N, K))
    o = mc.objective(ROWS[0][0], "U", {"T": T, "V": V})
    x = rng.standard_normal(M * K)
    step = x - o.linear_map(x).solve(o.jac(x))
    assert np.abs(o.jac(step)).max() < 1e-9
    assert o.jac(x.reshape(M, K)).shape == (M, K)


STRUCTURES = ("matrix(n, n)", "symmetric(n)", "skew(n)", "diagonal(n)", "lower(n)", "upper(n)")
OF_SQUARES = (
    "tr(X)^2 + sum(X)^2", "tr(X)^3", "tr(X A X)", "sum(X.^3)", "sum(exp(X) .* A)", "||X||_F^4", "||X||_F",
    "tr(diag(diag(X)) X)", "tr(triu(X, 1) X)", "sum(tril(X).^2)", "tr(X^T X) + tr(X^3)", "logdet(I + X^T X)",
)  # fmt: skip


@pytest.mark.parametrize("kind", STRUCTURES)
@pytest.mark.parametrize("text", OF_SQUARES)
def test_every_form_of_every_structure(text: str, kind: str) -> None:
    """A part with one index for rows and columns is a diagonal matrix."""
    rng = np.random.default_rng(6)
    where = {"X": kind} | ({"A": "matrix(n, n)"} if "A" in text else {})
    h = mc.hessian(text, "X", where=where)
    given = {"X": project_numeric(mc.parse(text, where).declarations["X"].node, rng.standard_normal((3, 3)))}
    given |= {"A": rng.standard_normal((3, 3))} if "A" in text else {}
    v, dense = rng.standard_normal((3, 3)), mc.compile(h)
    sizes = {"n": 3} if "n" in dense.parameters else {}
    wanted = np.tensordot(dense(**given, **sizes), v, 2)
    for form in ("structured", "operator"):
        compiled = mc.compile(h, form=form)
        sizes = {"n": 3} if "n" in compiled.parameters else {}
        np.testing.assert_allclose(compiled(**given, **sizes).matvec(v), wanted, atol=1e-9)
