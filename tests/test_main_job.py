"""The main job: text in, verified gradient and Hessian out, as a person would write them."""

from __future__ import annotations

import pytest

import matcalc as mc

# expression, variable, declarations, differential, gradient, Hessian; None where there is none or it is long
SCALAR = [
    # the post's rules and worked examples
    ("c^T x", "x", "c: vector(n)", "c^T dx", "c", "zeros(n, n)"),
    ("x^T A x", "x", "", "x^T (A + A^T) dx", "(A + A^T) x", "A + A^T"),
    ("tr(X) where X: matrix(n, n)", "X", "", "tr(dX)", "I", "dG = zeros(n, n), vec form zeros(n^2, n^2)"),
    ("det(X)", "X", "", "det(X) tr(X^-1 dX)", "det(X) X^-T", None),
    ("tr(X^T A X)", "X", "", "tr(X^T (A + A^T) dX)", "(A + A^T) X", "dG = (A + A^T) dX, vec form I ⊗ (A + A^T)"),
    ("det(X + B) log(a^T X^-1 a) - tr(X)", "X", "a: vector(n)", None, "det(X + B) (log(a^T X^-1 a) (X + B)^-T - X^-T a a^T X^-T / (a^T X^-1 a)) - I", None),
    ("det(I + x x^T)", "x", "", "2 x^T dx", "2 x", "2 I"),
    # matrixcalculus.org's documentation
    ("0.5*x'*A*x", "x", "", "0.5 x^T (A + A^T) dx", "0.5 (A + A^T) x", "0.5 (A + A^T)"),
    ("(y.*v)'*x", "x", "", "(v .* y)^T dx", "v .* y", "zeros(n, n)"),
    ("a^b", "a", "", None, "b a^(b - 1)", "b (b - 1) a^(b - 2)"),
    ("norm1(A*x-y)", "x", "", "sign(A x - y)^T A dx", "A^T sign(A x - y)", "zeros(n, n)"),
    ("norm2(A*x-y)^2", "x", "", "2 (A x - y)^T A dx", "2 A^T (A x - y)", "2 A^T A"),
    ("sum(log(exp(-y.*(X*w)) + vector(1)))", "w", "", None, "-X^T (y .* sigmoid(-y .* (X w)))", None),
    ("tr(A*X'*B*X*C)", "X", "", None, "B X C A + B^T X A^T C^T", None),
    ("log(det(inv(X)))", "X", "", "-tr(X^-1 dX)", "-X^-T", None),
    ("sin(x)'*y", "x", "", "y^T (dx .* cos(x))", "y .* cos(x)", "-diag(y .* sin(x))"),
    # everyday functions
    ("||A x - b||^2", "x", "", "2 (A x - b)^T A dx", "2 A^T (A x - b)", "2 A^T A"),
    ("(x^T A x) / (x^T x)", "x", "", None, "(A + A^T - 2 (x^T A x) I / (x^T x)) x / (x^T x)", None),
    ("log(det(X))", "X", "", "tr(X^-1 dX)", "X^-T", "dG = -X^-T dX^T X^-T, vec form -(X^-1 ⊗ X^-T) K(n, n)"),
    ("tr(A X^-1 B)", "X", "", "-tr(X^-1 B A X^-1 dX)", "-(X^-1 B A X^-1)^T", None),
    ("exp(tr(X))", "X", "", None, "exp(tr(X)) I", None),
    ("tr(X^T X) - 3", "X", "", "2 tr(X^T dX)", "2 X", "dG = 2 dX, vec form 2 I"),
    ("norm2(X)", "X", "", "tr(X^T dX) / ||X||_F", "X / ||X||_F", None),
    ("sum(log(1 + exp(-y .* (X w))))", "w", "", None, "-X^T (y .* sigmoid(-y .* (X w)))", None),
    ("||T - U V^T||_F^2", "U", "", None, "2 (U V^T - T) V", "dG = 2 dU V^T V, vec form 2 ((V^T V) ⊗ I)"),
    ("logsumexp(A x)", "x", "", "softmax(A x)^T A dx", "A^T softmax(A x)", "A^T (diag(softmax(A x)) - softmax(A x) softmax(A x)^T) A"),
    ("||W2 tanh(W1 x) - y||^2", "W1", "", None, None, None),
    ("logdet(X^T X)", "X", "", "2 tr((X^T X)^-1 X^T dX)", "2 X (X^T X)^-1", None),
]  # fmt: skip

ARRAYS = [
    ("A X B", "X", "", "A dX B", "dF = A dX B, vec form B^T ⊗ A"),
    ("A X^-1 + B", "X", "", "-A X^-1 dX X^-1", "dF = -A X^-1 dX X^-1, vec form -(X^-T ⊗ (A X^-1))"),
    ("X^-1", "X", "", "-X^-1 dX X^-1", "dF = -X^-1 dX X^-1, vec form -(X^-T ⊗ X^-1)"),
    ("X^T X", "X", "", "dX^T X + X^T dX", "dF = dX^T X + X^T dX, vec form (X^T ⊗ I) K(m, n) + I ⊗ X^T"),
    ("A*exp(x)", "x", "", "A (dx .* exp(x))", "A diag(exp(x))"),
    ("softmax(x)", "x", "", "softmax(x) .* (dx - softmax(x)^T dx)", "diag(softmax(x)) - softmax(x) softmax(x)^T"),
    ("A x", "x", "", "A dx", "A"),
    ("3 X", "X", "", "3 dX", "dF = 3 dX, vec form 3 I"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "where", "df", "gradient", "hessian"), SCALAR, ids=[row[0] for row in SCALAR])
def test_scalar_functions(
    text: str, wrt: str, where: str, df: str | None, gradient: str | None, hessian: str | None
) -> None:
    f = mc.parse(text, where or None)
    if df is not None:
        assert str(mc.differential(f, wrt)) == df
    if gradient is not None:
        assert str(mc.gradient(f, wrt)) == gradient
    if hessian is not None:
        assert str(mc.hessian(f, wrt)) == hessian
    for order, slope in ((1, 2), (2, 3)):
        report = mc.check(f, wrt, order=order)
        assert report, f"order {order}: {report}"
        assert report.error < 1e-9
        assert report.order_observed is None or report.order_observed > slope - 0.2


@pytest.mark.parametrize(("text", "wrt", "where", "df", "jacobian"), ARRAYS, ids=[row[0] for row in ARRAYS])
def test_array_functions(text: str, wrt: str, where: str, df: str, jacobian: str) -> None:
    f = mc.parse(text, where or None)
    assert str(mc.differential(f, wrt)) == df
    assert str(mc.jacobian(f, wrt)) == jacobian
    assert mc.check(f, wrt)


def test_composition_rule() -> None:
    """Put dg for dy and g for y: f(y) = log det y, g = A^T X A."""
    outer = mc.differential("logdet(Y)", "Y")
    assert str(outer) == "tr(Y^-1 dY)"
    composed = mc.differential("logdet(A^T X A) where A: matrix(m, n), X: matrix(m, m)", "X")
    assert str(composed) == "tr(A (A^T X A)^-1 A^T dX)"


def test_sharpe_ratio_has_its_short_form() -> None:
    g = mc.gradient("(w'*r - f)/(w'*S*w)^.5", "w", where="S: symmetric(n)")
    assert str(g) == "(r - (r^T w - f) S w / (w^T S w)) / sqrt(w^T S w)"


def test_rayleigh_quotient_is_zero_at_an_eigenvector() -> None:
    report = mc.check("(x^T A x) / (x^T x)", "x", claim="(A + A^T) x / (x^T x) - 2 (x^T A x) x / (x^T x)^2")
    assert report
