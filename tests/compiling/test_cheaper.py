"""Equal forms of fewer operations: their values, and operations and array sizes counted at sizes that no machine times."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.compiling.cheaper.forms import CHEAPER_FORMS
from matcalc.compiling.planning.program import needed, size_of
from tests.compiling.test_values import called, point_of

SIZES = {"m": 900, "n": 1000, "p": 800, "q": 700, "k": 10}
N = SIZES["n"]
A3 = "A: matrix(n, n), B: matrix(n, n), C: matrix(n, n), x: vector(n)"
KRON = "A: psd(n), B: spd(p), y: vector(n*p)"
LOW = "d: vector(n, positive), U: matrix(n, k), y: vector(n)"

# fmt: off
#: expression, declarations, variables of gradients, operations in n^2 (at most), entries of the largest array in n
ROWS: tuple[tuple[str, str, tuple[str, ...], float, float], ...] = (
    ("||(A B C - I) x||^2",                   A3, (),                                                6.1, N),
    ("||(A B C - I) x||^2",                   A3, ("x",),                                            13, N),
    ("x^T (A B - I) (A B - I)^T x",           A3, (),                                                4.1, N),
    ("(A + A^T) x",                           A3, (),                                                4.1, N),
    ("A^3 x",                                 A3, (),                                                6.1, N),
    ("x^T A^5 x",                             A3, (),                                                10.1, N),
    ("||A^8 x||^2",                           A3, (),                                                16.1, N),
    ("||A^3 x||^2",                           A3, ("x",),                                            13, N),
    ("(A^2 + 2*A + I) x",                     A3, (),                                                6.1, N),
    ("tr(A^2)",                               A3, (),                                                2.1, N),
    ("tr((I - ones(n,n)/n) A)",               A3, (),                                                5, N),
    ("(I - ones(m,m)/m) X",                   "X: matrix(m, n)", (),                                 3, N),
    ("(U V^T - T) V",                         "U: matrix(m,k), V: matrix(n,k), T: matrix(m,n)", (),  30, N),
    ("inv(diag(d) + U U^T) y",                LOW, (),                                               1, 11),
    ("logdet(diag(d) + U U^T)",               LOW, (),                                               1, 11),
    ("logdet(s*I + U U^T) where s: scalar(positive)", LOW, (),                                       1, 11),
    ("det(s*I + U U^T) where s: scalar(positive)", LOW, (),                                          1, 11),
    ("y^T inv(diag(d) + U U^T) y + logdet(diag(d) + U U^T)", LOW, ("U", "d", "y"),                   2, 11),
    ("y^T inv(diag(d) + c*U U^T) y",          LOW + ", c: scalar", ("c",),                           1, 11),
    ("inv(diag(d) - U S U^T) y",              LOW + ", S: symmetric(k)", (),                         1, 11),
    ("inv(diag(d) + y y^T + v v^T) w",        LOW + ", v: vector(n), w: vector(n)", (),              1, 11),
    ("inv(I + U U^T/2) y",                    LOW, (),                                               1, 11),
    ("tril(ones(n,n)) y",                     LOW, (),                                               1, 1),
    ("y^T tril(ones(n,n)) U",                 LOW, (),                                               1, 11),
    ("sum(log(tril(ones(n,n)) exp(y)) - y)",  LOW, ("y",),                                           1, 1),
    ("sum(log(triu(ones(n,n)) exp(y)))",      LOW, (),                                               1, 1),
    ("(triu(ones(n,n)) - I) U",               LOW, (),                                               1, 11),
    ("tr(U^T S U diag(v)) + sum(S U)",        LOW + ", S: symmetric(n), v: vector(k)", ("U", "v"),   41, N),
    ("inv(kron(A, B) + s*I) y where s: scalar(positive)", KRON, (),                                  1e5, 1000),
    ("y^T inv(kron(A, B) + s*I) y + logdet(kron(A, B) + s*I) where s: scalar(positive)", KRON, ("s", "y", "A"), 2e5, 1000),
    ("y^T inv(kron(A, eye(p)) + kron(eye(n), B)) y + logdet(kron(A, eye(p)) + kron(eye(n), B))", KRON, ("y", "B"), 2e5, 1000),
    ("inv(s*I + ones(n,n)) y where s: scalar(positive)", LOW, (),                                    1, 11),
)
# fmt: on


def compiled(text: str, where: str, names: tuple[str, ...]) -> tuple[list[mc.Expr], Any]:
    f = mc.parse(text.split(" where ")[0], where=", ".join([where, *text.split(" where ")[1:]]))
    outputs = [f, *(mc.gradient(f, name) for name in names)]
    return outputs, mc.compile(outputs)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} by {', '.join(row[2])}")
def test_values_operations_and_arrays(row: tuple[str, str, tuple[str, ...], float, float]) -> None:
    text, where, names, most, largest = row
    outputs, function = compiled(text, where, names)
    point = point_of(outputs[0])
    for found, output in zip(called(function, outputs[0], point), outputs, strict=True):
        wanted = evaluate(output.node, point.values, point.sizes).reshape(np.shape(found))
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)
    assert function.flops(**SIZES) <= most * N**2
    made = [v for v in needed(function._plan) if v.op not in ("input", "permute")]
    assert max(size_of(v.axes, SIZES) for v in made) <= largest * N


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("inv(diag(d) + U U^T) y", "d: vector(n), U: matrix(n, k), y: vector(n)"),
        ("inv(s*I + U U^T) y", "s: scalar, U: matrix(n, k), y: vector(n)"),
    ],
)
def test_a_diagonal_that_may_vanish_is_not_divided_by(text: str, where: str) -> None:
    """The sum is regular where the diagonal matrix is not."""
    function = mc.compile(mc.parse(text, where=where))
    U, y = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([1.0, 2.0])
    zero = 0.0 if where.startswith("s") else np.zeros(2)
    np.testing.assert_allclose(function(**{where[0]: zero, "U": U, "y": y}), [1.0, 0.5])


@pytest.mark.parametrize(("text", "digits"), [("inv(diag(d) + U U^T) y", 1e-9), ("logdet(diag(d) + U U^T)", 1e-12)])
def test_a_tiny_diagonal_is_right_where_sizes_ask_for_the_whole_matrix(text: str, digits: float) -> None:
    """By the rank of U digits are lost where an entry of d is tiny, as the documentation says; the matrix is far from singular."""
    names = {"d": "vector(n, positive)", "U": "matrix(n, k)", "y": "vector(n)"}
    f = mc.parse(text, where={k: v for k, v in names.items() if k in text.replace("inv", "")})
    rng = np.random.default_rng(0)
    data = {"d": np.r_[1e-14, np.ones(49)], "U": rng.standard_normal((50, 5)), "y": rng.standard_normal(50)}
    whole = np.diag(data["d"]) + data["U"] @ data["U"].T
    wanted = np.linalg.slogdet(whole)[1] if "logdet" in text else np.linalg.solve(whole, data["y"])
    found = mc.compile(f, sizes={"n": 50, "k": 50})(**{k: v for k, v in data.items() if k in f.declarations})
    np.testing.assert_allclose(found, wanted, rtol=digits)


def test_wide_products_stay() -> None:
    """Of X^T X + s I nothing is gained by the other form."""
    source = mc.compile(
        mc.parse("inv(X^T X + s*I) y", where="X: matrix(m, n), s: scalar(positive), y: vector(n)"), target="numpy"
    ).source
    assert "solve" in source and "X.T.dot(X)" in source.replace("X.T @ X", "X.T.dot(X)")


def test_residuals_are_not_multiplied_out() -> None:
    """||(A B - I) x||^2 as a square: where it is small no digit is lost."""
    function = mc.compile(mc.parse("||(A B - I) x||^2", where="A: matrix(n, n), B: matrix(n, n), x: vector(n)"))
    A = np.diag([1 + 1e-9, 1.0])
    assert np.isclose(function(A=A, B=np.eye(2), x=np.ones(2)), 1e-18, rtol=1e-6)


@pytest.mark.parametrize("target", ["numpy", "jax"])
@pytest.mark.parametrize(
    ("text", "dense"),
    [
        ("inv(kron(A, B, C) - 2*s*I) y", lambda a, b, c, i, j, k, s: np.kron(np.kron(a, b), c) - 2 * s * np.eye(24)),
        ("inv(kron(A, I, C) + kron(I, B, I) + s*I) y", lambda a, b, c, i, j, k, s: np.kron(np.kron(a, j), c) + np.kron(np.kron(i, b), k) + s * np.eye(24)),
        ("inv(kron(A, I, I) + kron(I, B, I) + s*kron(I, I, C)) y", lambda a, b, c, i, j, k, s: np.kron(a, np.eye(6)) + np.kron(np.kron(i, b), k) + s * np.kron(np.eye(12), c)),
    ],
)  # fmt: skip
def test_three_factors(text: str, dense: Any, target: str) -> None:
    """Identities beside each other are one, and stand for several places."""
    where = "A: symmetric(n), B: symmetric(m), C: symmetric(p), s: scalar, y: vector(n*m*p)"
    for letter, size in (
        ("I, C", "eye(m), C"),
        ("(I, B, I)", "(eye(n), B, eye(p))"),
        ("I, I)", "eye(m), eye(p))"),
        ("(I, I", "(eye(n), eye(m)"),
    ):
        text = text.replace(letter, size)
    rng = np.random.default_rng(1)
    a, b, c = (m + m.T for m in (rng.standard_normal((k, k)) for k in (4, 3, 2)))
    y, s = rng.standard_normal(24), 60.0  # far from singular
    function = mc.compile(mc.parse(text, where=where), target=target)
    full = dense(a, b, c, np.eye(4), np.eye(3), np.eye(2), s)
    np.testing.assert_allclose(
        function(A=a, B=b, C=c, y=y, s=s), np.linalg.solve(full, y), rtol=1e-3 if target == "jax" else 1e-9, atol=1e-9
    )
    assert function.flops(n=100, m=100, p=100) < 1e10


def test_factors_without_common_eigenvectors_stay() -> None:
    for text in ("inv(kron(A, B) + s*I) y", "inv(kron(S, T) + kron(T, eye(n))) y"):
        where = {
            "A": "matrix(n, n)",
            "B": "matrix(n, n)",
            "s": "scalar",
            "S": "symmetric(n)",
            "T": "symmetric(n)",
            "y": "vector(n*n)",
        }
        function = mc.compile(mc.parse(text, where={k: v for k, v in where.items() if k in text}), target="numpy")
        rng = np.random.default_rng(2)
        data = {k: rng.standard_normal((3, 3)) for k in "ABST"} | {"s": 5.0, "y": rng.standard_normal(9)}
        data["S"], data["T"] = data["S"] + data["S"].T, data["T"] + data["T"].T
        full = np.kron(data["A"], data["B"]) + 5 * np.eye(9)
        if "S" in text:
            full = np.kron(data["S"], data["T"]) + np.kron(data["T"], np.eye(3))
        found = function(**{k: v for k, v in data.items() if k in text})
        np.testing.assert_allclose(found, np.linalg.solve(full, data["y"]), rtol=1e-9)


def test_forms_hold_one_identity_each() -> None:
    assert all(" = " in form.identity and form.reference for form in CHEAPER_FORMS)
