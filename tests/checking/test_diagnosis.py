"""Wrong claims of the kinds that people make, and what is said about them.

MC is the 2012 edition of *The Matrix Cookbook*: its equations, with what readers and the book itself get wrong.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matcalc as mc

# fmt: off
#: (f, variable, claim, where, order, fault, part of the message, where it comes from)
CLAIMS = [
    ("||A x - b||^2", "x", "A^T (A x - b)", "", 1, "factor", "1/2", "forgotten 2 of the square"),
    ("1/2 ||A x - b||^2", "x", "2 A^T (A x - b)", "", 1, "factor", "2", "the 1/2 of the loss forgotten"),
    ("||X||_F^2", "X", "X", "", 1, "factor", "1/2", "MC (131)"),
    ("||X||_F", "X", "2 X", "", 1, "factor", "2 ||X||", "norm taken for its square"),
    ("||x||", "x", "x", "", 1, "factor", "||x||", "unit vector forgotten"),
    ("||x - a||", "x", "(x - a) / ||x - a||^2", "x: vector(n), a: vector(n)", 1, "factor", "1 / ||", "MC (129), squared norm in the denominator"),
    ("inv(X)", "X", "X^-1 dX X^-1", "", 1, "sign", "sign", "MC (59) without its sign"),
    ("a^T X^-1 b", "X", "X^-T a b^T X^-T", "a: vector(n), b: vector(n)", 1, "sign", "-X^-T", "MC (61) without its sign"),
    ("tr(X^-1 A)", "X", "X^-T A^T X^-T", "", 1, "sign", "sign", "MC (124) without its sign"),
    ("-logdet(X)", "X", "X^-T", "", 1, "sign", "sign", "log-likelihood sign"),
    ("det(X)", "X", "X^-T", "", 1, "factor", "1 / det(X)", "MC (49) without det X"),
    ("logdet(X)", "X", "det(X) X^-T", "", 1, "factor", "det(X)", "log forgotten"),
    ("mean((A x - b).^2)", "x", "2 A^T (A x - b)", "", 1, "factor", "m", "mean squared error without 1/m"),
    ("sum((A x - b).^2)", "x", "2/m A^T (A x - b)", "A: matrix(m, n)", 1, "factor", "1 / m", "sum taken for a mean"),
    ("det(X^2)", "X", "det(X)^2 X^-T", "", 1, "factor", "1/2", "MC (58), the 2 forgotten"),
    ("det(X^T A X)", "X", "det(X^T A X) X^-T", "X: matrix(n, n)", 1, "factor", "1/2", "MC (51), the 2 forgotten"),
    ("logdet(X^T X)", "X", "pinv(X)^T", "", 1, "factor", "1/2", "MC (55), the 2 forgotten"),
    ("x^T x", "x", "I", "", 2, "factor", "1/2", "Hessian without its 2"),
    ("1/2 x^T S x", "x", "1/2 S", "S: symmetric(n)", 2, "factor", "1/2", "Hessian of half a quadratic form"),
    ("sigmoid(w^T x)", "w", "x sigmoid(w^T x)", "", 1, "factor", "1 / sigmoid(-w^T x)", "logistic regression, 1 - σ forgotten"),
    ("sum(erf(x))", "x", "2 exp(-x.^2)", "", 1, "factor", "sqrt(pi)", "normalisation of the error function"),
    ("exp(-x^2 / 2) / sqrt(2 pi)", "x", "-x exp(-x^2 / 2)", "x: scalar", 1, "factor", "pi", "density without its constant"),
    ("||A x - b||", "x", "A^T (A x - b) / ||A x - b|| * 1.0001", "", 1, "factor", "10001/10000", "a rounded constant"),
    ("sum(sin(x))", "x", "-cos(x)", "", 1, "sign", "cos(x)", "sign of the derivative of sine"),
    ("logdet(X)", "X", "X^-1", "", 1, "transposed", "X^-T", "MC (57) without its transpose"),
    ("det(X)", "X", "det(X) X^-1", "", 1, "transposed", "det(X) X^-T", "MC (49) without its transpose"),
    ("tr(A X)", "X", "A", "A: matrix(m, n), X: matrix(n, m)", 1, "transposed", "A^T", "MC (100) in numerator layout"),
    ("tr(A X B)", "X", "B A", "", 1, "transposed", "A^T B^T", "MC (101) in numerator layout"),
    ("tr(A X^T)", "X", "A^T", "A: matrix(m, n)", 1, "transposed", "A", "MC (104)"),
    ("a^T X b", "X", "b a^T", "a: vector(m), b: vector(n)", 1, "transposed", "a b^T", "MC (70) taken for (71)"),
    ("a^T X^T b", "X", "a b^T", "a: vector(n), b: vector(m)", 1, "transposed", "b a^T", "MC (71) taken for (70)"),
    ("||X||_F^2", "X", "2 X^T", "X: matrix(m, n)", 1, "transposed", "2 X", "MC (131) in numerator layout"),
    ("tr(X^2)", "X", "2 X", "", 1, "transposed", "2 X^T", "MC (106)"),
    ("tr(X^3)", "X", "3 X^2", "", 1, "transposed", "3 (X^2)^T", "MC (121)"),
    ("A x", "x", "A^T", "", 1, "layout", "A", "denominator layout of a Jacobian"),
    ("A x", "x", "A^T", "A: matrix(n, n)", 1, "layout", "A", "denominator layout, square"),
    ("softmax(A x)", "x", "A^T (diag(softmax(A x)) - softmax(A x) softmax(A x)^T)", "", 1, "layout", "A", "denominator layout of softmax"),
    ("A X B", "X", "A ⊗ B^T", "", 1, "layout", "B^T ⊗ A", "rows stacked, as ravel does"),
    ("X^-1", "X", "-(X^-1 ⊗ X^-T)", "", 1, "layout", "X^-T ⊗ X^-1", "rows stacked"),
    ("tr(X^T A X B)", "X", "kron(A, B^T) + kron(A^T, B)", "", 2, "layout", "vec", "Hessian with rows stacked"),
    ("2 logdet(X)", "X", "X^-1", "", 1, "transposed", "factor 1/2", "transposed, and the 2 forgotten"),
    ("x^T A x", "x", "2 A x", "", 1, "only if", "A is symmetric", "MC (81), the commonest error"),
    ("tr(X^T A X)", "X", "2 A X", "", 1, "only if", "A is symmetric", "MC (108)"),
    ("tr(X A X^T)", "X", "2 X A", "", 1, "only if", "A is symmetric", "MC (111)"),
    ("(x - s)^T W (x - s)", "x", "2 W (x - s)", "W: matrix(n, n), x: vector(n), s: vector(n)", 1, "only if", "W is symmetric", "MC (86) without its assumption"),
    ("(x - A s)^T W (x - A s)", "A", "-2 W (x - A s) s^T", "W: matrix(n, n), x: vector(n), s: vector(m)", 1, "only if", "W is symmetric", "MC (88)"),
    ("x^T A x", "x", "2 A", "A: matrix(n, n)", 2, "only if", "A is symmetric", "Hessian of a quadratic form"),
    ("tr(X^T B X C)", "X", "2 B X C", "B: matrix(m, m), C: matrix(n, n)", 1, "only if", "B and C are symmetric", "MC (117)"),
    ("tr((X^T C X)^-1 A)", "X", "-(C X (X^T C X)^-1) (A + A^T) (X^T C X)^-1", "X: matrix(m, n)", 1, "only if", "C is symmetric", "MC (125)"),
    ("tr((X^T C X)^-1 (X^T B X))", "X", "-2 C X (X^T C X)^-1 X^T B X (X^T C X)^-1 + 2 B X (X^T C X)^-1", "X: matrix(m, n)", 1, "only if", "symmetric", "MC (126)"),
    ("tr((A + X^T C X)^-1 (X^T B X))", "X", "-2 C X (A + X^T C X)^-1 X^T B X (A + X^T C X)^-1 + 2 B X (A + X^T C X)^-1", "X: matrix(m, n)", 1, "only if", "A, B and C are symmetric", "MC (127)"),
    ("logdet(X^T X)", "X", "2 X^-T", "X: matrix(m, n)", 1, "only if", "X is square", "MC (55) of a square X"),
    ("det(X^T A X)", "X", "2 det(X^T A X) X^-T", "X: matrix(m, n)", 1, "only if", "X is square", "MC (51) of a square X"),
    ("||A X||_F^2", "X", "2 A A^T X", "A: matrix(m, n), X: matrix(n, k)", 1, "only if", "square", "Gram matrix on the wrong side"),
    ("||A x - b||^2", "x", "2 A (A x - b)", "", 1, "only if", "A is symmetric", "A for A^T"),
    ("X^2", "X", "2 X dX", "", 1, "only if", "commute", "scalar power rule"),
    ("X^3", "X", "3 X^2 dX", "", 1, "only if", "commute", "scalar power rule"),
    ("X^-1", "X", "-X^-2 dX", "", 1, "only if", "commute", "scalar reciprocal rule"),
    ("expm(X)", "X", "expm(X) dX", "", 1, "only if", "commute", "scalar exponential"),
    ("X^T A X", "X", "2 X^T A dX", "X: matrix(m, n)", 1, "only if", "1 x 1", "quadratic form of a matrix"),
    ("tr(X^T X)", "X", "2 X^-T", "X: matrix(n, n)", 1, "only if", "orthogonal", "an inverse for a transpose"),
    ("sum(abs(x))", "x", "ones(n)", "x: vector(n)", 1, "only if", "x is positive", "sign forgotten"),
    ("tr(A S)", "S", "A^T", "S: symmetric(n)", 1, "unstructured", "(A + A^T) / 2", "structure forgotten"),
    ("tr(A S)", "S", "A + A^T - diag(diag(A))", "S: symmetric(n)", 1, "independent entries", "Cookbook", "MC (138)"),
    ("logdet(S)", "S", "2 S^-1 - diag(diag(S^-1))", "S: spd(n)", 1, "independent entries", "S^-1", "MC (141)"),
    ("det(S)", "S", "det(S) (2 S^-1 - diag(diag(S^-1)))", "S: spd(n)", 1, "independent entries", "det(S) S^-1", "MC (140)"),
    ("a^T S a", "S", "2 a a^T - diag(a.^2)", "S: symmetric(n), a: vector(n)", 1, "independent entries", "a a^T", "MC (138)"),
    ("tr(A S)", "S", "A + A^T", "S: symmetric(n)", 1, "factor", "2", "both halves of a symmetric pair"),
    ("tr(A D)", "D", "A^T", "D: diagonal(n)", 1, "unstructured", "diag(diag(A))", "diagonal matrix"),
    ("tr(A L)", "L", "A^T", "L: lower(n)", 1, "unstructured", "tril", "triangular matrix"),
    ("tr(A K)", "K", "A^T", "K: skew(n)", 1, "unstructured", "2", "skew matrix"),
    ("x^T A x", "x", "A x", "", 1, "missing term", "A^T x", "one half of the product rule"),
    ("x^T A x + b^T x", "x", "(A + A^T) x", "", 1, "missing term", "b", "linear term forgotten"),
    ("||A x - b||^2 + c ||x||^2", "x", "2 A^T (A x - b)", "c: scalar", 1, "missing term", "2 c x", "regulariser forgotten"),
    ("||A x - b||^2 + c ||x||^2", "x", "2 A^T (A x - b) + c x", "c: scalar", 1, "factor", "2 c x", "regulariser without its 2"),
    ("||A x - b||^2", "x", "2 A^T A x", "", 1, "missing term", "2 A^T b", "b forgotten"),
    ("||A x - b||^2", "x", "2 A^T (A x + b)", "", 1, "sign", "A^T b", "sign of b"),
    ("x^T A x", "x", "(A - A^T) x", "", 1, "sign", "A^T x", "sign of one term"),
    ("(x^T A x) / (x^T x)", "x", "(A + A^T) x / (x^T x)", "", 1, "missing term", "x^T A x", "quotient rule, half"),
    ("log(sum(exp(x)))", "x", "exp(x)", "", 1, "factor", "exp(x)", "softmax without normalisation"),
    ("tr(X^T A X)", "X", "(A + A^T) X + A", "X: matrix(n, n)", 1, "extra term", "A", "a term too much"),
    ("softmax(x)", "x", "diag(softmax(x))", "", 1, "missing term", "softmax(x) softmax(x)^T", "softmax as if entrywise"),
    ("x / ||x||", "x", "I / ||x||", "x: vector(n)", 1, "missing term", "x x^T", "normalisation taken as constant"),
    ("tr(A X B X)", "X", "A^T X^T B^T + B^T X^T A", "A: matrix(n,n)", 1, "only if", "A is symmetric", "MC (114), one transpose lost"),
    ("b^T X^T X c", "X", "X (b c^T)", "b: vector(n), c: vector(n)", 1, "missing term", "X c b^T", "MC (77), one half"),
    ("(A x - b)^T (D x + d)", "x", "A^T (D x + d) + D (A x - b)", "A: matrix(n,n), D: matrix(n,n), x: vector(n), b: vector(n), d: vector(n)", 1, "only if", "D is symmetric", "MC (78), one transpose lost"),
    ("x^T A y", "y", "A y", "A: matrix(n, n), x: vector(n), y: vector(n)", 1, "other variable", "by x", "derivative by the other vector"),
    ("sum(x .* log(x))", "x", "log(x)", "x: vector(n, positive)", 1, "missing term", "1", "entropy without its 1"),
    ("sum(log(x))", "x", "0 x", "x: vector(n, positive)", 1, "missing term", "1 ./ x", "zero, as SymPy gives"),
    ("logdet(X)", "X", "zeros(n, n)", "X: matrix(n, n)", 1, "missing term", "X^-T", "zero, as SymPy gives"),
    ("tr(A) + 0 tr(X)", "X", "A", "A: matrix(n, n), X: matrix(n, n)", 1, "extra term", "zero", "constant"),
    ("det(X)", "X", "tr(X) X^-T", "", 1, "only if", "1 x 1", "tr for det"),
    ("tanh(A x)", "x", "A - diag(tanh(A x)) A", "", 1, "wrong term", "should be", "square forgotten"),
    ("||A X - B||_F^2", "X", "2 (A X - B) A^T", "", 1, "order", "wrong order", "MC (132) with A^T on the wrong side"),
    ("tr(A X^-1 B)", "X", "-X^-T A^T B^T X^-T + A", "A: matrix(n,n), B: matrix(n,n)", 1, "extra term", "A", "a stray term"),
]
# fmt: on


@pytest.mark.parametrize(("f", "wrt", "claim", "where", "order", "fault", "part", "source"), CLAIMS)
def test_wrong_claims(f: str, wrt: str, claim: str, where: str, order: int, fault: str, part: str, source: str) -> None:
    report = mc.check(f, wrt, claim=claim, where=where or None, order=order)
    assert not report
    assert report.fault == fault, f"{source}: {report}"
    assert part in (report.diagnosis or ""), f"{source}: {report}"
    assert str(report).endswith(report.diagnosis or "")


def test_there_are_enough_of_them() -> None:
    assert len(CLAIMS) >= 50
    assert {row[5] for row in CLAIMS} >= {
        "sign",
        "factor",
        "transposed",
        "layout",
        "only if",
        "missing term",
        "extra term",
    }


# fmt: off
RIGHT = [
    ("x^T A x", "x", "A x + A^T x", "", 1, "right; shorter: (A + A^T) x"),
    ("x^T A x", "x", "(A + A^T) x", "", 1, None),
    ("x^T A x", "x", "(A^T + A) x", "", 1, None),
    ("x^T x", "x", "2 x^T", "", 1, None),
    ("||A x - b||^2", "x", "2 A^T A x - 2 A^T b", "", 1, "right; shorter: 2 A^T (A x - b)"),
    ("logdet(S)", "S", "S^-1", "S: spd(n)", 1, None),
    ("A X B", "X", "kron(B^T, A)", "", 1, None),
    ("A X B", "X", "A dX B", "", 1, None),
    ("A X B", "X", "dF = A dX B", "", 1, None),
    ("logdet(X)", "X", "df = tr(X^-1 dX)", "", 1, None),
    ("x^T A x", "x", "A^T + A", "A: matrix(n, n)", 2, None),
    ("tr(X^T A X)", "X", "dG = (A + A^T) dX", "", 2, None),
    ("det(I + x x^T)", "x", "2 I", "", 2, None),
    ("tr(A S)", "S", "(A + A^T) / 2", "S: symmetric(n)", 1, None),
]
# fmt: on


@pytest.mark.parametrize(("f", "wrt", "claim", "where", "order", "message"), RIGHT)
def test_right_claims(f: str, wrt: str, claim: str, where: str, order: int, message: str | None) -> None:
    report = mc.check(f, wrt, claim=claim, where=where or None, order=order)
    assert report.ok and report.fault is None
    assert report.diagnosis == message


@pytest.mark.parametrize("claim", ["A x +", "B x", "x^T A x", "tr(A)"])
def test_claims_that_make_no_sense(claim: str) -> None:
    with pytest.raises(mc.MatcalcError):
        mc.check("x^T A x", "x", claim=claim)


def test_the_difference_is_shown() -> None:
    where = "A: matrix(n, n), B: matrix(n, n), X: matrix(n, n)"
    report = mc.check("tr(A X B)", "X", claim="A^T + B^T", where=where)
    assert report.fault == "different"
    assert report.diagnosis == "the derivative is A^T B^T: add (B A - A - B)^T to the claim"


def test_the_report_is_data() -> None:
    data = mc.check("x^T A x", "x", claim="2 A x").as_dict()
    assert data["ok"] is False and data["fault"] == "only if"
    assert data["diagnosis"] == "right only if A is symmetric: the derivative is (A + A^T) x"


def test_notebooks_show_it() -> None:
    html = mc.check("x^T A x", "x", claim="2 A x")._repr_html_()
    assert html.startswith('<span style="color:#cf222e">REFUTED') and "<br>right only if" in html


# --- claims in Python -------------------------------------------------------------------------


def test_a_claim_in_python() -> None:
    assert mc.check("||A x - b||^2", "x", claim=lambda A, x, b: 2 * A.T @ (A @ x - b))
    assert mc.check("x^T A x", "x", order=2, claim=lambda A: A + A.T)
    assert mc.check("A X B", "X", claim=lambda **v: np.einsum("ai,jb->abij", v["A"], v["B"]))
    assert mc.check("lambda x where lambda: scalar", "lambda", claim=lambda lambda_, x: x)


@pytest.mark.parametrize(
    ("claim", "fault"),
    [
        (lambda A, x, b: A.T @ (A @ x - b), "factor"),
        (lambda A, x, b: -2 * A.T @ (A @ x - b), "sign"),
        (lambda A, x, b: 2 * A.T @ (A @ x), None),
    ],
)
def test_a_wrong_claim_in_python(claim: Any, fault: str | None) -> None:
    report = mc.check("||A x - b||^2", "x", claim=claim)
    assert not report and report.fault == fault


def test_a_transposed_claim_in_python() -> None:
    assert mc.check("logdet(X)", "X", claim=lambda X: np.linalg.inv(X)).fault == "transposed"


def test_a_claim_in_python_of_another_shape() -> None:
    with pytest.raises(mc.MatcalcError, match=r"shape \(2,\)"):
        mc.check("x^T A x", "x", claim=lambda x: np.zeros(2), at={"x": np.ones(3)})


# --- at a given point -------------------------------------------------------------------------


def test_at_given_values() -> None:
    data = {"A": np.arange(6.0).reshape(3, 2), "b": np.ones(3)}
    report = mc.check("||A x - b||^2", "x", claim="2 A^T (A x - b)", at=data)
    assert report.ok and all(sizes == {"m": 3, "n": 2} for sizes in report.sizes)


def test_at_a_point_where_a_wrong_claim_is_right() -> None:
    symmetric = {"A": np.eye(3)}
    assert mc.check("x^T A x", "x", claim="2 A x", at=symmetric)
    assert not mc.check("x^T A x", "x", claim="2 A x", at={"A": np.triu(np.ones((3, 3)))})


def test_at_a_point_outside_of_the_domain() -> None:
    report = mc.check("sum(log(x))", "x", at={"x": np.array([1.0, -1.0])})
    assert not report and report.problem == "the function has no finite value or no derivative there"


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ({"Q": np.ones(2)}, "not a variable"),
        ({"x": np.ones(2), "A": np.ones((3, 3))}, "declared|matrix"),
        ({"x": np.ones((2, 2, 2))}, "axes"),
    ],
)
def test_values_that_do_not_fit(at: dict[str, Any], message: str) -> None:
    with pytest.raises(mc.MatcalcError, match=message):
        mc.check("x^T A x", "x", at=at)


def test_values_that_have_not_the_declared_structure() -> None:
    with pytest.raises(mc.MatcalcError, match="symmetric"):
        mc.check("tr(S A)", "S", where="S: symmetric(n)", at={"S": np.array([[1.0, 2.0], [3.0, 4.0]])})


# --- functions of Python ----------------------------------------------------------------------


def test_a_function_and_its_gradient() -> None:
    x = np.linspace(0.5, 1.5, 4)
    report = mc.check_function(lambda v: np.sum(np.log(v)), lambda v: 1 / v, x)
    assert report.ok and report.error < 1e-8
    assert report.order_observed == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(
    ("grad", "fault"),
    [
        (lambda m: -np.linalg.inv(m).T, "sign"),
        (lambda m: 2 * np.linalg.inv(m).T, "factor"),
        (np.linalg.inv, "transposed"),
        (np.zeros_like, "different"),
        (lambda m: np.linalg.inv(m).T + 1e-4 * np.eye(3, k=1), "different"),
    ],
)
def test_a_function_and_a_wrong_gradient(grad: Any, fault: str) -> None:
    m = np.array([[2.0, 1.0, 0.3], [0.5, 3.0, 0.1], [0.2, 0.4, 1.5]])
    report = mc.check_function(lambda v: np.linalg.slogdet(v)[1], grad, m)
    assert not report and report.fault == fault


def test_a_function_of_several_arrays() -> None:
    point = {"A": np.arange(6.0).reshape(2, 3), "x": np.ones(3)}

    def f(A: Any, x: Any) -> Any:
        return np.sum((A @ x) ** 2)

    def grad(A: Any, x: Any) -> Any:
        return {"A": 2 * np.outer(A @ x, x), "x": 2 * A.T @ (A @ x)}

    assert mc.check_function(f, grad, point)
    report = mc.check_function(f, lambda A, x: {**grad(A, x), "x": A.T @ (A @ x)}, point)
    assert report.diagnosis == "the gradient of x: off by the factor 1/2"
    assert mc.check_function(lambda a, b: np.sum(a * b), lambda a, b: (b, a), (np.ones(2), np.arange(2.0)))


def test_a_function_without_a_value_there() -> None:
    with np.errstate(all="ignore"):
        report = mc.check_function(lambda v: np.log(v).sum(), lambda v: 1 / v, np.array([-1.0]))
    assert not report and report.problem


def test_a_function_that_returns_no_number() -> None:
    with pytest.raises(mc.MatcalcError, match="number"):
        mc.check_function(lambda v: v, lambda v: v, np.ones(2))
    with pytest.raises(mc.MatcalcError, match="shape"):
        mc.check_function(np.sum, lambda v: np.ones(3), np.ones(2))
