"""What docs/limits.md says of places where a derivative holds, of structures and of what is not supported, tried."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import matcalc as mc

LIMITS = (Path(__file__).resolve().parents[2] / "docs" / "limits.md").read_text(encoding="utf-8")
HOLDS = LIMITS[LIMITS.index("## Where a derivative holds") : LIMITS.index("## Structured variables")]

#: function of the page -> an expression with it, its declarations, what it needs
NEEDS = {
    "det": ("det(X)", "", ""),
    "adj": ("tr(adj(X))", "", ""),
    "logdet": ("logdet(X)", "", "X is invertible"),
    "inv": ("a^T inv(X) b", "", "X is invertible"),
    "pinv": ("tr(pinv(X) A)", "X: matrix(m, n)", "the rank of X is locally constant"),
    "eigmax": ("eigmax(X)", "X: symmetric(n)", "the largest eigenvalue of X is simple"),
    "eigmin": ("eigmin(X)", "X: symmetric(n)", "the smallest eigenvalue of X is simple"),
    "norm_spec": ("norm_spec(X)", "X: matrix(m, n)", "the largest singular value of X is simple and not 0"),
    "eigvals": ("a^T eigvals(X)", "X: symmetric(n)", "the eigenvalues of X are distinct"),
    "svdvals": ("a^T svdvals(X)", "X: matrix(m, n)", "the singular values of X are distinct and not 0"),
    "norm_nuc": ("norm_nuc(X)", "X: matrix(m, n)", "X has full rank"),
    "logm": ("tr(A logm(X))", "", "X has no eigenvalue on (-inf, 0]"),
    "sqrtm": ("tr(A sqrtm(X))", "", "X has no eigenvalue on (-inf, 0]"),
    "abs": ("sum(abs(X))", "X: vector(n)", "no entry of X is 0"),
    "relu": ("sum(relu(X))", "X: vector(n)", "no entry of X is 0"),
    "max": ("max(X)", "X: vector(n)", "the largest entry of X is unique"),
    "min": ("min(X)", "X: vector(n)", "the smallest entry of X is unique"),
    "norm1": ("norm1(X)", "X: vector(n)", "no entry of X is 0"),
    "norm_inf": ("norm_inf(X)", "X: vector(n)", "the largest entry of abs(X) is unique"),
    "cbrt": ("sum(cbrt(X))", "X: vector(n)", "no entry of X is 0"),
    "huber": ("sum(huber(X, 1))", "X: vector(n)", ""),
    "norm2": ("norm2(X)", "X: vector(n)", "X != 0"),
    "normalize": ("a^T normalize(X)", "X: vector(n)", "X != 0"),
    "log": ("sum(log(X))", "X: vector(n)", "X > 0"),
}


def test_every_function_of_the_page_is_tried() -> None:
    named = re.findall(r"`(\w+)`", "".join(re.findall(r"^- (.*(?:\n  .*)*)", HOLDS, re.MULTILINE)))
    assert set(named) == set(NEEDS)


@pytest.mark.parametrize("name", NEEDS)
def test_where_a_derivative_holds(name: str) -> None:
    text, where, need = NEEDS[name]
    assert "; ".join(map(str, mc.derivative(text, "X", where=where or None).conditions)) == need


def test_the_second_derivative_of_huber_has_corners() -> None:
    assert mc.hessian("sum(huber(x, 1))", "x", where="x: vector(n)").conditions


def test_a_determinant_where_its_matrix_is_singular() -> None:
    derivative = mc.derivative("det(X)", "X")
    assert "where X is singular: adj(X)^T" in str(derivative.continued or "")
    singular = np.diag([2.0, 3.0, 0.0])
    assert np.allclose(mc.compile(derivative)(X=singular), np.diag([0.0, 0.0, 6.0]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"\sum_i \sum_{j=1}^{n_i} x_{ij}^2", "weight the terms with numbers 1 or 0"),
        (r"\int_0^1 x \, dx", "there are no integrals"),
        ("sum(svd(X))", "unknown function svd"),
        ("tr(qr(X))", "unknown function qr"),
        ("a^T eigvals(X) where X: matrix(n, n)", "eigvals needs a symmetric matrix"),
        ("sum(T) where T: tensor(3, 3, 3)", "unknown kind tensor"),
    ],
)
def test_what_is_not_supported_ends_in_a_message(text: str, said: str) -> None:
    with pytest.raises(mc.MatcalcError, match=re.escape(said)):
        mc.derivative(text)


def test_an_orthogonal_variable_is_no_linear_space() -> None:
    assert str(mc.gradient("tr(A Q)", "Q", where="Q: orthogonal(n)")) == "A^T"
    assert str(mc.gradient("tr(A Q)", "Q", where="Q: orthogonal(n)", geometry="stiefel")) == "(A^T - Q A Q) / 2"


def test_single_precision_stays() -> None:
    f = mc.compile("x^T A x")
    assert f(x=np.ones(2, np.float32), A=np.ones((2, 2), np.float32)).dtype == np.float32
    assert f(x=np.ones(2), A=np.ones((2, 2), np.float32)).dtype == np.float64
