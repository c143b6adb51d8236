"""Mistakes that people make at exams, on question-and-answer sites and in code reviews, and what a supervisor would say."""

from __future__ import annotations

import pytest

import matcalc as mc

GAUSS = "S: spd(k), y: vector(k), m: vector(k)"
LOG_DENSITY = "-1/2 logdet(S) - 1/2 (y - m)^T S^-1 (y - m)"
BELL = "exp(-||x - c||^2 / (2 s^2))"

# fmt: off
#: (f, variable, claim, where, order, fault, part of the message, the mistake)
MISTAKES = [
    # the chain rule
    ("logsumexp(A x)", "x", "softmax(A x)", "", 1, "chain rule", "stops at A x", "inner derivative forgotten"),
    ("||A x||", "x", "A x / ||A x||", "", 1, "missing factor", "A^T is missing", "inner derivative forgotten"),
    ("tr(expm(A X))", "X", "expm(A X)^T", "X: matrix(n, n)", 1, "missing factor", "A^T is missing", "inner derivative forgotten"),
    ("logdet(I + X X^T)", "X", "2 (I + X X^T)^-1", "X: matrix(n, n)", 1, "missing factor", "X is missing", "inner derivative forgotten"),
    ("(a^T x)^2", "x", "2 a^T x", "", 1, "chain rule", "stops at a^T x", "scalar power rule only"),
    ("(x - A s)^T W (x - A s)", "s", "-2 W (x - A s)", "W: symmetric(n), A: matrix(n, k)", 1, "chain rule", "stops at A s", "weighted least squares"),
    ("sum((sigmoid(W x) - y).^2)", "W", "2 (sigmoid(W x) - y) x^T", "", 1, "missing factor", "sigmoid(W x) .* sigmoid(-W x)", "backpropagation without σ'"),
    ("sum((sigmoid(W x) - y).^2)", "W", "2 ((sigmoid(W x) - y) .* sigmoid(W x)) x^T", "", 1, "missing factor", "sigmoid(-W x) is", "1 - σ forgotten"),
    ("||tanh(W x) - y||^2", "x", "2 W^T (tanh(W x) - y)", "", 1, "missing factor", "1 - tanh(W x).^2", "backpropagation without tanh'"),
    ("sum(relu(W x))", "W", "ones(m) x^T", "W: matrix(m, n)", 1, "missing factor", "step(W x)", "the mask of a ReLU"),
    ("sum(log(1 + exp(A x)))", "x", "A^T diag(sigmoid(A x)) A", "", 2, "missing factor", "sigmoid(-A x)", "Hessian of logistic regression"),
    (BELL, "s", f"{BELL} ||x - c||^2 / s^2", "s: scalar(positive)", 1, "factor", "factor s", "inner derivative 1/s forgotten"),
    ("1 / (x^T x)", "x", "-2 x / (x^T x)", "", 1, "factor", "x^T x", "square of the reciprocal"),
    ("sqrt(x^T A x)", "x", "(A + A^T) x / sqrt(x^T A x)", "A: spd(n)", 1, "factor", "2", "1/2 of the root"),
    ("det(X)^k", "X", "k det(X)^(k-1) X^-T", "k: scalar(integer)", 1, "factor", "1 / det(X)", "det X of the inner derivative"),
    # likelihoods
    (LOG_DENSITY, "S", "-1/2 S^-1 - 1/2 S^-1 (y - m) (y - m)^T S^-1", GAUSS, 1, "sign", "(y - m) (y - m)^T", "sign of d S^-1"),
    (LOG_DENSITY, "S", "S^-1 (y - m) (y - m)^T S^-1 - S^-1", GAUSS, 1, "factor", "2", "the 1/2 of the log-likelihood"),
    (LOG_DENSITY, "S", "-S^-1 + S^-1 (y - m) (y - m)^T S^-1 + 1/2 diag(diag(S^-1 - S^-1 (y - m) (y - m)^T S^-1))", GAUSS, 1, "independent entries", "Cookbook", "2 A - diag A, as statistics texts have it"),
    (LOG_DENSITY, "m", "-S^-1 (y - m)", GAUSS, 1, "sign", "S^-1 (y - m)", "sign of the score"),
    ("-n/2 logdet(S) - 1/2 tr(S^-1 C)", "S", "-n/2 S^-1 + 1/2 S^-2 C", "S: spd(k), C: spd(k), n: scalar", 1, "wrong term", "1/2 S^-1 C S^-1", "S^-2 as of a scalar"),
    ("-y^T log(softmax(W x))", "W", "(softmax(W x) - y) x^T", "y: vector(k), W: matrix(k, n)", 1, "only if", "y is normalised to the sum 1", "cross-entropy of labels that are no distribution"),
    ("-y log(sigmoid(w^T x)) - (1 - y) log(1 - sigmoid(w^T x))", "w", "(y - sigmoid(w^T x)) x", "y: scalar", 1, "sign", "sign", "ascent for descent"),
    ("mean(x)", "x", "ones(n)", "x: vector(n)", 1, "factor", "n", "1/n of the mean"),
    ("sum((x - mean(x)).^2) / n", "x", "2/n x", "x: vector(n)", 1, "missing term", "sum(x)", "the mean taken as constant: only its own term is missing"),
    # quotients and norms
    ("(x^T A x) / (x^T x)", "x", "2 A x / (x^T x)", "A: symmetric(n)", 1, "missing term", "(x^T x)^2", "Rayleigh quotient, denominator constant"),
    ("(x^T A x) / (x^T x)", "x", "2 (A x - (x^T A x) x)", "A: symmetric(n)", 1, "only if", "x is a unit vector", "Rayleigh quotient on the sphere"),
    ("||x||", "x", "(I - x x^T) / ||x||", "x: vector(n)", 2, "only if", "x is a unit vector", "projector of a unit vector"),
    ("||x||", "x", "I / ||x||", "x: vector(n)", 2, "missing term", "x x^T", "norm taken as constant"),
    ("||A x||", "x", "A^T A x", "", 1, "factor", "||A x||", "norm for its square"),
    # order, transposes, layouts
    ("tr(A X B)", "X", "A B", "A: matrix(n, n)", 1, "only if", "A and B are symmetric", "transposes forgotten"),
    ("tr(A X B)", "X", "B^T A^T", "A: matrix(n, n)", 1, "order", "wrong order", "transposed as if by numerator layout"),
    ("x^T A y", "A", "y x^T", "A: matrix(m, n)", 1, "transposed", "x y^T", "outer product the wrong way round"),
    ("||X - U V^T||_F^2", "V", "-2 (X - U V^T) U", "V: matrix(n, k), U: matrix(m, k)", 1, "transposed", "should be transposed", "factorisation: residual not transposed"),
    ("||X - U V^T||_F^2", "U", "-2 (X - U V^T) V^T", "V: matrix(n, k), U: matrix(m, k)", 1, "only if", "V is symmetric", "factorisation: V^T for V"),
    ("||X - U V^T||_F^2", "U", "2 (X - U V^T) V", "V: matrix(n, k), U: matrix(m, k)", 1, "sign", "sign", "factorisation: sign of the residual"),
    ("logsumexp(A x)", "x", "A softmax(A x)", "A: matrix(n, n)", 1, "only if", "A is symmetric", "A for A^T"),
    ("tr((X + A)^-1)", "X", "-(X + A)^-2", "", 1, "transposed", "((X + A)^-2)^T", "transpose of an inverse"),
    ("logdet(X)", "X", "dG = -X^-1 dX X^-1", "", 2, "transposed", "dX^T", "the Hessian acts on dX^T"),
    ("X x", "x", "X^T", "X: matrix(n, n)", 1, "layout", "X", "denominator layout"),
    # scalar rules for matrices
    ("X^-1", "X", "-dX X^-2", "", 1, "only if", "X and dX commute", "as of 1/x"),
    ("A X^-1 B", "X", "-A X^-2 dX B", "A: matrix(m, n)", 1, "only if", "X and dX commute", "as of 1/x"),
    ("X^3", "X", "3 X^T X dX", "", 1, "only if", "X and dX are symmetric and commute", "a transpose, as of x^3"),
    ("expm(X)", "X", "expm(X)^T dX", "", 1, "only if", "X and dX are symmetric and commute", "a transpose, as of exp(x)"),
    ("tr(A X A X)", "X", "2 A A X", "A: matrix(n, n)", 1, "only if", "A and X are symmetric and commute", "order and transposes"),
    ("tr(A X^2)", "X", "2 (A X)^T", "A: matrix(n, n)", 1, "only if", "A and X commute:", "one order for both"),
    ("tr(X^2 S)", "X", "2 S X", "S: symmetric(n)", 1, "only if", "X and S commute", "transposes: what commutes with S is symmetric"),
    ("X^T X", "X", "2 X^T dX", "X: matrix(m, n)", 1, "only if", "1 x 1", "as of x^2"),
    ("x x^T", "x", "2 x dx^T", "", 1, "only if", "1 x 1", "as of x^2"),
    ("tr(X)^2", "X", "2 X", "X: matrix(n, n)", 1, "only if", "1 x 1", "as of x^2"),
    ("tr(X)", "X", "ones(n, n)", "X: matrix(n, n)", 1, "only if", "1 x 1", "as of the sum of all entries"),
    ("sum(exp(X))", "X", "expm(X)", "X: matrix(n, n)", 1, "only if", "1 x 1", "entrywise taken for the matrix function"),
    # the wrong thing
    ("softmax(x)", "x", "softmax(x) .* (1 - softmax(x))", "x: vector(n)", 1, "only the diagonal", "only the diagonal", "softmax as if entrywise"),
    ("softmax(x)", "x", "diag(softmax(x) .* (1 - softmax(x)))", "x: vector(n)", 1, "only the diagonal", "diagonal only", "softmax as if entrywise"),
    ("||A x - b||^2", "x", "2 A^T A", "", 1, "other order", "that is the Hessian", "one derivative too many"),
    ("||A x - b||^2", "x", "2 A^T (A x - b)", "", 2, "other order", "that is the gradient", "one derivative too few"),
    ("(a^T x)^2", "x", "2 (a^T x) x", "", 1, "other variable", "by a", "derivative by the other vector"),
    ("x^T A x + x^T b + c", "x", "2 A x + b + c", "A: symmetric(n)", 1, "extra term", "c", "the constant kept"),
    ("x^T A x", "x", "A", "A: matrix(n, n)", 2, "missing term", "A^T", "Hessian without its transposed half"),
    ("||A x - b||^2 + l ||x||^2", "x", "2 A^T (A x - b) + 2 l", "l: scalar, A: matrix(m, n)", 1, "wrong term", "2 l x", "x forgotten"),
    ("diag(x) A x", "x", "diag(A x)", "A: matrix(n, n)", 1, "missing term", "diag(x) A", "product rule, one half"),
]
# fmt: on


@pytest.mark.parametrize(("f", "wrt", "claim", "where", "order", "fault", "part", "mistake"), MISTAKES)
def test_mistakes(f: str, wrt: str, claim: str, where: str, order: int, fault: str, part: str, mistake: str) -> None:
    report = mc.check(f, wrt, claim=claim, where=where or None, order=order)
    assert not report
    assert report.fault == fault, f"{mistake}: {report}"
    assert part in (report.diagnosis or ""), f"{mistake}: {report}"


@pytest.mark.parametrize(
    ("f", "claim", "name"), [("x^T A x", "B x", "B"), ("a^T x", "a + c", "c"), ("logdet(X)", "A", "A")]
)
def test_names_that_the_function_has_not(f: str, claim: str, name: str) -> None:
    with pytest.raises(mc.MatcalcError, match=f"the claim has {name}, and the function has not"):
        mc.check(f, "X" if "X" in f else "x", claim=claim)


def test_a_diagnosis_is_found_while_one_waits() -> None:
    import time

    start = time.process_time()
    for f, wrt, claim, where, order, *_ in MISTAKES[::5]:
        mc.check(f, wrt, claim=claim, where=where or None, order=order)
    assert time.process_time() - start < 1.5 * len(MISTAKES[::5])
