"""Dual numbers against differences; disagreement decides nothing, and a missing rule is no obstacle."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.oracles.differences import complex_step, richardson
from matcalc.checking.oracles.dual import FUNCTIONS, UFUNCS, Dual, NoDualRule
from matcalc.checking.oracles.dual_kernels import RULES, numeric, polygamma
from matcalc.functions.numeric.values import NUMERIC
from matcalc.language.rows.definitions import undefine

#: ufuncs of one real argument, at a point inside of all their domains but that of arccosh.
SMOOTH = [f for f in UFUNCS if f.nin == 1 and f not in (np.sign, np.isfinite, np.conjugate, np.negative)]


@pytest.mark.parametrize("f", SMOOTH, ids=lambda f: f.__name__)
def test_ufuncs(f: np.ufunc) -> None:
    x = np.array([[1.4 if f is np.arccosh else 0.4]])
    wanted, _ = richardson(lambda t: f(x + t), 0.02)
    found = f(Dual(x, np.ones((1, 1))))
    assert found.value == f(x)
    np.testing.assert_allclose(found.tangent, wanted, rtol=1e-9)


A = np.array([[3.0, 0.4, 0.1], [0.7, 2.0, 0.3], [-0.2, 0.5, 4.0]])
E = np.array([[0.3, -1.0, 0.5], [0.8, 0.2, -0.4], [0.1, 0.6, -0.7]])
S, F = A @ A.T, E + E.T

# fmt: off
ARRAY_FUNCTIONS = [
    (np.linalg.inv, A, E), (np.linalg.det, A, E), (lambda x: np.linalg.slogdet(x)[1], A, E), (np.linalg.cholesky, S, F),
    (np.linalg.eigvalsh, S, F), (lambda x: np.linalg.svd(x, compute_uv=False), A, E),
    (lambda x: np.linalg.matrix_power(x, 3), A, E), (lambda x: np.linalg.matrix_power(x, -2), A, E),
    (lambda x: np.linalg.solve(x, x.T @ x), A, E), (lambda x: np.linalg.solve(A, x), A, E), (lambda x: np.kron(x, x), A, E),
    (lambda x: np.block([[x, A], [A, x @ x]]), A, E), (lambda x: np.where(x.real > 1, x, A * x), A, E),
    (lambda x: np.tril(x) @ np.triu(x) + np.diag(np.diag(x)), A, E), (lambda x: 2.0**x / x - 1 / (5 - x) ** 2, A, E),
    (lambda x: np.maximum(x, 1.0) * np.minimum(x, 2.5) + np.abs(x), A, E), (lambda x: np.abs(S) ** x, A, E), (lambda x: (x * x) ** x, A, E),
]
# fmt: on


@pytest.mark.parametrize(("f", "x", "e"), ARRAY_FUNCTIONS)
def test_functions_of_arrays(f, x, e) -> None:  # type: ignore[no-untyped-def]
    wanted, _ = richardson(lambda t: f(x + t * e), 0.01)
    np.testing.assert_allclose(f(Dual(x, e)).tangent, wanted, rtol=1e-7, atol=1e-7 * np.max(np.abs(wanted)))


@pytest.mark.parametrize("name", sorted(RULES.keys() - {"beta", "logaddexp", "conv", "correlate"}))
def test_kernels(name: str) -> None:
    x, e = (S, F) if name == "chol" else (A, E) if name in ("expm", "logm", "sqrtm") else (np.abs(A), E)
    x = -x if name == "log1mexp" else x
    order = [np.array([[2.0]])] if name == "polygamma" else []
    wanted = complex_step(lambda t: NUMERIC[name](*order, x + t * e))
    np.testing.assert_allclose(numeric(name, *order, Dual(x, e)).tangent, wanted, rtol=1e-10, atol=1e-11)


@pytest.mark.parametrize(("k", "value"), [(0, -0.57721566490153286), (1, np.pi**2 / 6), (2, -2.4041138063191886)])
def test_polygamma_at_one(k: int, value: float) -> None:
    """[DLMF 5.4.12, 5.4.13, 25.6]: -γ, π²/6, -2 ζ(3)"""
    assert polygamma(k, np.array(1.0)) == pytest.approx(value, rel=1e-13)


# fmt: off
CHECKED = [
    ("x^T A x", "x"), ("log(abs(det(X)))", "X"), ("tr(A X^-1 B)", "X"), ("a^b where a: scalar(positive)", "b"),
    ("tr(A expm(X))", "X"), ("tr(A chol(S)) where S: spd(n)", "S"), ("sum(vech(X X^T))", "X"), ("norm(x, 3)", "x"),
    ("eigmax(S) where S: symmetric(n)", "S"), ("norm_spec(X)", "X"), ("softmax(A x)", "x"), ("max(A x)", "x"),
    ("sum(gelu(A x))", "x"), ("tr(A pinv(X))", "X"), ("sum(lgamma(x)) where x: vector(n, positive)", "x"),
    ("[a, x^T A x; x^T x, b] where a: scalar, b: scalar, A: matrix(n, n)", "x"), ("sum(cbrt(A x))", "x"),
]
# fmt: on


@pytest.mark.parametrize(("text", "name"), CHECKED)
def test_first_derivatives_are_found_twice(text: str, name: str) -> None:
    report = mc.check(text, name)
    assert report.ok
    assert "dual numbers" in report.method


def test_a_tangent_has_the_digits_that_rough_differences_miss() -> None:
    """An error of 1e-6 in eigenvalues is below the accuracy of central differences."""
    f = "eigmax(S) where S: symmetric(n)"
    gradient = "eigvec_max(S) eigvec_max(S)^T"
    for seed in range(30):
        assert mc.check(f, "S", seed=seed, claim=str(gradient))
        assert not mc.check(f, "S", seed=seed, claim=f"1.000001 * ({gradient})")


# fmt: off
SECOND = [
    ("x^T A x", "x"), ("log(abs(det(X)))", "X"), ("logdet(X^T X)", "X"), ("tr(A X^-1 B)", "X"), ("norm(x, 3)", "x"), ("||A x - b||", "x"),
    ("a^b where a: scalar(positive)", "b"), ("a^b where a: scalar(positive)", "a"), ("tr(A chol(S)) where S: spd(n)", "S"),
    ("sum(vech(X X^T))", "X"), ("softmax(A x)", "x"), ("max(A x)^2", "x"), ("sum(gelu(A x))", "x"), ("tr(A pinv(X))", "X"), ("det(X)", "X"),
    ("sum(lgamma(x)) where x: vector(n, positive)", "x"), ("sum(cbrt(A x))", "x"), ("logsumexp(A x)", "x"), ("sum(abs(x).^3)", "x"),
    ("[a, x^T A x; x^T x, b] where a: scalar, b: scalar, A: matrix(n, n)", "x"), ("sum(huber(A x, 1))", "x"), ("tr(adj(X) A)", "X"),
    ("sum(atanh(x .* x / 9) .* acos(x / 9))", "x"), ("sum(tan(x) + sinh(x) .* asinh(x))", "x"), ("kron(X, X)", "X"), ("tr(X^-3)", "X"),
]
# fmt: on


@pytest.mark.parametrize(("text", "name"), SECOND)
def test_second_derivatives_are_found_twice(text: str, name: str) -> None:
    report = mc.check(text, name, order=2)
    assert report.ok
    assert "dual numbers" in report.method and report.error < 1e-11


def test_mixed_derivatives_are_found_twice() -> None:
    for f, names in (
        ("x^T A y", ("x", "y")),
        ("logdet(A + X B)", ("X", "B")),
        ("||A x - b||", ("A", "x")),
        ("a^b", ("b", "a")),
    ):
        report = mc.check(f, *names)
        assert report.ok and "dual numbers" in report.method


def test_a_hessian_that_is_off_by_one_in_ten_million_is_refuted() -> None:
    hessian = "A + A^T"
    for seed in range(10):
        assert mc.check("x^T A x", "x", order=2, seed=seed, claim=hessian, trials=2)
        assert not mc.check("x^T A x", "x", order=2, seed=seed, claim=f"1.0000001 * ({hessian})")


def test_matrix_functions_and_third_derivatives_are_left_to_differences() -> None:
    assert "dual" not in mc.check("tr(A logm(S)) where S: spd(n)", "S", order=2).method
    assert "dual" not in mc.check("eigmax(S) where S: symmetric(n)", "S", order=2).method
    assert "dual" not in mc.check("sum(x.^3)", "x", order=3).method


def test_disagreement_is_a_problem_and_refutes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(UFUNCS, np.exp, lambda x: Dual(np.exp(x.value), 2 * np.exp(x.value) * x.tangent))
    report = mc.check("sum(exp(x))", "x")
    assert not report.ok
    assert report.problem == "complex step and dual numbers disagree"
    assert report.fault is None


def test_without_a_rule_the_differences_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(UFUNCS, np.exp)
    report = mc.check("sum(exp(x))", "x")
    assert report.ok
    assert report.method == "complex step"


def test_a_value_of_the_users_own_is_left_to_differences() -> None:
    mc.define("own(x: vector(n)) -> scalar", differential="2 x^T dx", value=lambda x: x @ x)
    try:
        assert "dual" not in mc.check("own(x)", "x").method
        assert mc.check("own(x)", "x")
    finally:
        undefine("own")


def test_a_defective_matrix_has_no_rule() -> None:
    with pytest.raises(NoDualRule):
        numeric("expm", Dual(np.array([[1.0, 1.0], [0.0, 1.0]]), np.ones((2, 2))))


def test_nothing_is_converted_silently() -> None:
    x = Dual(A, E)
    for convert in (np.asarray, np.argsort, float, lambda x: np.array([[x]]), np.linalg.eig):
        with pytest.raises((NoDualRule, TypeError)):
            convert(x)
    with pytest.raises(NoDualRule):
        np.add.reduce(x)
    assert np.linalg.eig not in FUNCTIONS
