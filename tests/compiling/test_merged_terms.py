"""Terms of a derivative that differ in one factor are merged into one: found wrong by the fuzzer, entry by entry."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc

ROWS = [
    # text, declaration of A: a sum inside of one term only; a diagonal taken of a factor; an unmoved row of ones
    ("sum(softmax(A, 2))", "matrix(m, n)"),
    ("sum(softmax(A, 2), 2)", "matrix(m, n)"),
    ("logsoftmax(logsoftmax(A))", "matrix(m, n)"),
    ("tr(logsoftmax(A, 1)) / n", "diagonal(n)"),
    ("sum(A .* (A ones(n) ones(n)^T - A))", "matrix(m, n)"),
    ("sum(softmax(A).^2 .* A)", "matrix(n, n)"),
    ("sigmoid(diag(A))", "skew(n)"),
    ("sum(sigmoid(diag(A))) + tr(A^2)", "skew(n)"),
    ("tr(expm(diag(diag(A)) + A^2))", "skew(n)"),
]


@pytest.mark.parametrize(("text", "kind"), ROWS)
def test_arrays_are_difference_quotients(text: str, kind: str) -> None:
    f = mc.parse(text, {"A": kind})
    rng = np.random.default_rng(7)
    n = 3
    a, e = rng.standard_normal((2, n, n) if "m," not in kind else (2, 4, n))
    if kind.startswith("skew"):
        a, e = a - a.T, e - e.T
    if kind.startswith("diagonal"):
        a, e = np.diag(np.diag(a)), np.diag(np.diag(e))
    order = 2 if f.shape == () else 1
    below = mc.compile(mc.derivative(f, *["A"] * (order - 1)) if order > 1 else f)
    found = np.tensordot(mc.compile(mc.derivative(f, *["A"] * order))(A=a), e, 2)
    slope = (below(A=a + 1e-5 * e) - below(A=a - 1e-5 * e)) / 2e-5
    np.testing.assert_allclose(found, slope, atol=1e-7)


def test_axes_that_are_divided_in_different_ways() -> None:
    x, y, a = np.array([1.0, 2, 3]), np.array([1.0, -1]), np.arange(6.0).reshape(2, 3)
    where = "x: vector(m), y: vector(n), A: matrix(n, m)"
    matrix = np.kron(x, y).reshape(2, 3).T
    f = mc.parse("unvec(kron(x, y), m, n)", where)
    np.testing.assert_allclose(mc.compile(f)(x=x, y=y), matrix)
    np.testing.assert_allclose(mc.compile(mc.derivative(f, "y"))(x=x, y=y) @ y, matrix)
    trace = mc.compile(mc.parse("tr(unvec(kron(x, y), m, n) A)", where))
    np.testing.assert_allclose(trace(x=x, y=y, A=a), np.trace(matrix @ a))


def test_steps_are_floating_point_numbers() -> None:
    a = np.array([[0.5, -1.0], [2.0, 0.3]])
    assert mc.compile(mc.gradient("sum(relu(A))", "A"))(A=a).dtype == float
    hessian = mc.compile(mc.hessian("sum(C ⊗ softplus(A) - relu(A) ⊗ relu(A))", "A"))
    assert hessian(A=a, C=a).dtype == float
