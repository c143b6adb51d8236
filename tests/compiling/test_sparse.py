"""Sparse matrices of SciPy as arguments: the values of dense ones, by products alone, and clear errors where these do not do."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from tests.machine import library

sparse = library("scipy.sparse")
optimize = library("scipy.optimize")

rng = np.random.default_rng(3)
X = np.where(rng.random((30, 8)) < 0.3, rng.standard_normal((30, 8)), 0)
Y = np.where(rng.random((8, 8)) < 0.4, rng.standard_normal((8, 8)), 0)
DATA: dict[str, Any] = {
    "X": X,
    "Y": Y,
    "w": rng.standard_normal(8),
    "y": rng.standard_normal(30),
    "B": rng.standard_normal((8, 3)),
    "C": rng.standard_normal((5, 30)),
    "s": 0.4,
}
WHERE = {
    "X": "matrix(m, n)",
    "Y": "matrix(n, n)",
    "w": "vector(n)",
    "y": "vector(m)",
    "B": "matrix(n, k)",
    "C": "matrix(l, m)",
    "s": "scalar",
}
# fmt: off
CASES = (
    # f,                                         gradients,  the sparse ones
    ("||X w - y||^2 + s ||w||^2",                "w y",      "X"),
    ("sum(log(1 + exp(-y .* (X w))))",           "w",        "X"),
    ("||X Y B||_F^2",                            "B",        "X Y"),
    ("||C X B||_F^2 + tr(B^T Y B)",          "B C",      "X Y"),
    ("w^T Y w + sum(exp(X w))",                  "w",        "X Y"),
    ("y^T X w / (w^T Y^T Y w)",                  "w",        "X Y"),
)
FORMATS = ("csr_array", "csc_array", "coo_array", "csr_matrix")
# fmt: on


def used(f: str) -> dict[str, str]:
    words = f.replace("exp", " ").replace("sum", " ").replace("tr(", "(").replace("log", " ")
    return {name: kind for name, kind in WHERE.items() if name in words}


@pytest.mark.parametrize("target", ["numpy", "scipy"])
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("f", "names", "which"), CASES)
def test_values_are_those_of_dense_matrices(f: str, names: str, which: str, form: str, target: str) -> None:
    function = mc.parse(f, used(f))
    compiled = mc.compile([function, *(mc.gradient(function, name) for name in names.split())], target=target)
    dense = {name: DATA[name] for name in used(f)}
    thin = dense | {name: getattr(sparse, form)(DATA[name]) for name in which.split()}
    for _ in range(2):  # the first call goes another way
        for found, wanted in zip(compiled(**thin), compiled(**dense), strict=True):
            assert isinstance(found, (float, np.ndarray)) and np.shape(found) == np.shape(wanted)
            np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)


def test_types_stay() -> None:
    compiled = mc.compile(mc.gradient(mc.parse("||X w - y||^2", used("||X w - y||^2")), "w"))
    single = {k: DATA[k].astype(np.float32) for k in "wy"}
    assert compiled(X=sparse.csr_array(X.astype(np.float32)), **single).dtype == np.float32
    whole = np.arange(240).reshape(30, 8) % 3
    found = compiled(X=sparse.csc_array(whole), w=DATA["w"], y=DATA["y"])
    np.testing.assert_allclose(found, compiled(X=whole, w=DATA["w"], y=DATA["y"]))


@pytest.mark.parametrize(
    ("f", "wrt", "where"),
    [
        ("sum(exp(X)) + sum(X w)", "w", "X: matrix(m, n), w: vector(n)"),
        ("logdet(X^T X + I) + sum(w)", "w", "X: matrix(m, n), w: vector(n)"),
        ("||X w - y||^2", "X", "X: matrix(m, n), w: vector(n), y: vector(m)"),
    ],
)
def test_entries_are_not_there(f: str, wrt: str, where: str) -> None:
    function = mc.parse(f, where)
    thin = {name: DATA[name] for name in function.declarations} | {"X": sparse.csr_array(X)}
    compiled = mc.compile([function, mc.gradient(function, wrt)])
    if wrt == "X":  # the gradient is an outer product, of which the matrix is no part
        assert np.shape(compiled(**thin)[1]) == X.shape
        return
    with pytest.raises(mc.MatcalcError, match="X is sparse"):
        compiled(**thin)
    dense = thin | {"X": X}
    assert np.isfinite(compiled(**dense)[0])


def test_other_arguments_are_named_as_before() -> None:
    compiled = mc.compile(mc.parse("||X w - y||^2", used("||X w - y||^2")))
    with pytest.raises(mc.MatcalcError, match="w has the shape"):
        compiled(X=sparse.csr_array(X), w=np.ones(7), y=DATA["y"])
    with pytest.raises(mc.MatcalcError, match="w is sparse"):
        compiled(X=sparse.csr_array(X), w=sparse.coo_array(DATA["w"]), y=DATA["y"])


def test_a_dense_hessian_of_sparse_data_says_what_to_ask_for() -> None:
    o = mc.objective("sum(exp(X w))", "w", {"X": sparse.csr_array(X)}, where={"X": "matrix(m, n)", "w": "vector(n)"})
    with pytest.raises(mc.MatcalcError, match="X is sparse") as raised:
        o.hess(DATA["w"])
    assert "hessp" in str(raised.value)
    wanted = X.T @ (np.exp(X @ DATA["w"]) * (X @ np.ones(8)))
    np.testing.assert_allclose(o.hessp(DATA["w"], np.ones(8)), wanted)


def test_other_libraries_say_so() -> None:
    pytest.importorskip("jax")
    compiled = mc.compile(mc.parse("||X w||^2", used("||X w||^2")), target="jax")
    with pytest.raises(mc.MatcalcError, match="X is sparse"):
        compiled(X=sparse.csr_array(X), w=DATA["w"])


@pytest.mark.parametrize("wrt", ["w", ["w", "s"]])
def test_objectives(wrt: Any) -> None:
    """A large logistic regression, whose dense matrix would take 16 GB."""
    m, n = 200_000, 10_000
    thin = sparse.random_array((m, n), density=1e-4, format="csr", rng=np.random.default_rng(5))
    labels = np.sign(rng.standard_normal(m))
    text = "sum(log(1 + exp(-y .* (X w)))) / 1000 + s^2 ||w||^2 + s^4"
    data = {"X": thin, "y": labels} | ({"s": 0.1} if wrt == "w" else {})
    o = mc.objective(text, wrt, data, where="X: matrix(m, n), w: vector(n), y: vector(m), s: scalar")
    x = rng.standard_normal(n) * 0.1 if wrt == "w" else o.pack(w=rng.standard_normal(n) * 0.1, s=0.1)
    p, h = rng.standard_normal(x.size), 1e-6
    assert np.isclose(o.jac(x) @ p, (o.fun(x + h * p) - o.fun(x - h * p)) / (2 * h), rtol=1e-5)
    slope = (o.jac(x + h * p) - o.jac(x - h * p)) / (2 * h)
    np.testing.assert_allclose(o.hessp(x, p), slope, rtol=1e-4, atol=1e-4 * np.abs(slope).max())
    assert pickle.loads(pickle.dumps(o)).fun(x) == o.fun(x)
    found = optimize.minimize(o.value_and_gradient, x, jac=True, method="L-BFGS-B", options={"maxiter": 5})
    assert found.fun < o.fun(x)
