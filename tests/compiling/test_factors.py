"""Factorisations: one for all that is computed of a matrix, by what is known of it, and what happens where that fails."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.compiling.planning.program import needed
from tests.compiling.test_values import called, point_of

pytest.importorskip("scipy")

KERNEL = "D: symmetric(n), s: scalar(positive), y: vector(n), X: matrix(n, k)"

# fmt: off
#: expression, declarations, by which variables its gradients are, how often each factorisation is there
ROWS: tuple[tuple[str, str, tuple[str, ...], dict[str, int]], ...] = (
    ("y^T inv(exp(-D) + s*I) y + logdet(exp(-D) + s*I)", KERNEL, ("s", "y"), {"factored": 1, "inv": 0, "solve": 0, "inverse_of": 1}),
    ("logdet(X^T inv(exp(-D) + s*I) X)",    KERNEL, (),                              {"factored": 2, "inv": 0, "solve": 0}),
    ("y^T inv(K) y + logdet(K)",            "K: spd(n), y: vector(n)", ("K",),       {"factored": 0, "cholesky": 1, "inverse_from_cholesky": 1}),
    ("y^T inv(A) y + logdet(A)",            "A: matrix(n, n), y: vector(n)", ("A",), {"factored": 1, "solve": 0}),
    ("||inv(A) y||^2 + ||inv(A)^T z||^2", "A: matrix(n, n), y: vector(n), z: vector(n)", (), {"factored": 1}),
    ("y^T inv(A) y",                        "A: matrix(n, n), y: vector(n)", (),     {"factored": 0, "solve": 1}),
    ("||inv(L) y||^2 + logdet(L)",          "L: lower(n), y: vector(n)", ("L", "y"), {"factored": 0, "inv": 0, "solve": 2, "logdet": 0}),
    ("y^T inv(L L^T) y",                    "L: lower(n), y: vector(n)", ("y",),     {"factored": 0, "inv": 0, "solve": 2}),
    ("tr(D A) + y^T inv(D) y + logdet(D)",  "D: diagonal(n), A: matrix(n, n), y: vector(n)", ("D", "y"), {"matmul": 0, "inv": 0, "logdet": 0}),
    ("det(U) + logdet(U)",                  "U: upper(n)", (),                       {"det": 0, "logdet": 0, "factored": 0}),
    ("tr(inv(A) B)",                        "A: symmetric(n), B: matrix(n, n)", ("A",), {"factored": 1}),
)
# fmt: on


def compiled(text: str, where: str, names: tuple[str, ...], target: str) -> tuple[list[mc.Expr], Any]:
    f = mc.parse(text, where=where)
    outputs = [f, *(mc.gradient(f, name) for name in names)]
    return outputs, mc.compile(outputs, target=target)


@pytest.mark.parametrize("target", ["scipy", "numpy"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_values_and_factorisations(row: tuple[str, str, tuple[str, ...], dict[str, int]], target: str) -> None:
    text, where, names, counts = row
    outputs, function = compiled(text, where, names, target)
    point = point_of(outputs[0])
    for found, output in zip(called(function, outputs[0], point), outputs, strict=True):
        wanted = evaluate(output.node, point.values, point.sizes).reshape(np.shape(found))
        np.testing.assert_allclose(found, wanted, rtol=1e-8, atol=1e-8)
    if target == "numpy":
        assert "scipy" not in function.source
    else:
        there = Counter(v.op for v in needed(function._plan))
        assert {op: there[op] for op in counts} == counts


def test_the_default_is_scipy() -> None:
    assert mc.compile("x^T x where x: vector(n)").target == "scipy"


def test_symmetric_matrices_need_not_be_definite() -> None:
    function = mc.compile(mc.parse("y^T inv(S) y + logdet(S)", where="S: symmetric(n), y: vector(n)"))
    S, y = np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([1.0, 3.0])
    np.testing.assert_allclose(function(S=S, y=y), y @ np.linalg.solve(S, y) + np.log(3.0))


def test_singular_matrices_are_told() -> None:
    for where in ("A: symmetric(n)", "A: matrix(n, n)", "A: lower(n)"):
        function = mc.compile(mc.parse("||inv(A) y||^2 + y^T inv(A) y", where=f"{where}, y: vector(n)"))
        with pytest.raises(np.linalg.LinAlgError):
            function(A=np.zeros((2, 2)), y=np.ones(2))


@pytest.mark.parametrize("where", ["A: spd(n)", "A: matrix(n, n)", "A: lower(n)"])
def test_single_precision_is_kept(where: str) -> None:
    f = mc.parse("y^T inv(A) y + logdet(A)", where=f"{where}, y: vector(n)")
    value, slope = mc.compile([f, mc.gradient(f, "y")])(A=2 * np.eye(3, dtype="f"), y=np.ones(3, dtype="f"))
    assert value.dtype == slope.dtype == np.float32
    np.testing.assert_allclose(slope, np.ones(3))


def test_arguments_are_not_written_over() -> None:
    f = mc.parse("y^T inv(A) y + logdet(A)", where="A: spd(n), y: vector(n)")
    A, y = np.diag([4.0, 9.0]), np.ones(2)
    mc.compile([f, mc.gradient(f, "A"), mc.gradient(f, "y")])(A=A, y=y)
    assert (np.diag([4.0, 9.0]) == A).all() and (y == 1).all()


def test_equations_with_symmetric_matrices_go_by_eigenvectors() -> None:
    """The slope of tr(A sqrtm(S)) is that of a Sylvester equation; by differences."""
    f = mc.parse("tr(A sqrtm(S))", where="S: spd(n), A: symmetric(n)")
    rng = np.random.default_rng(3)
    S = np.cov(rng.standard_normal((4, 20)))
    A = np.cov(rng.standard_normal((4, 9)))
    value, slope = mc.compile([f, mc.gradient(f, "S")])(A=A, S=S)
    E = np.cov(rng.standard_normal((4, 6)))
    root = mc.compile(f)
    np.testing.assert_allclose(value, root(A=A, S=S))
    np.testing.assert_allclose(
        (slope * E).sum(), (root(A=A, S=S + 1e-6 * E) - root(A=A, S=S - 1e-6 * E)) / 2e-6, rtol=1e-6
    )
