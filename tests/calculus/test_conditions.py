"""The conditions that a derivative states: of f itself, without what follows from them."""

from __future__ import annotations

import pytest

import matcalc as mc

# expression, variable, declarations, conditions
ROWS = [
    ("norm1(A x - b)", "x", "A: matrix(m, n), x: vector(n), b: vector(m)", ("no entry of A x - b is 0",)),
    ("sum(relu(x).^2)", "x", "x: vector(n)", ()),
    ("sum(abs(x).^3)", "x", "x: vector(n)", ()),
    ("norm_inf(x)", "x", "x: vector(n)", ("the largest entry of abs(x) is unique",)),
    ("tr(sqrt(X^T X))", "X", "X: matrix(m, n)", ("no column of X is 0",)),
    ("sum(sqrt(X^T X))", "X", "X: matrix(m, n)", ("X^T X > 0",)),
    ("sum(sqrt(L))", "L", "L: lower(n)", ("L > 0 on and below the diagonal",)),
    ("sum(sqrt(D))", "D", "D: diagonal(n)", ("D > 0 on the diagonal",)),
    ("sum(abs(W X)) + sum(abs(X^T W^T))", "X", "W: matrix(h, n), X: matrix(n, k)", ("no entry of W X is 0",)),
    ("sum(sqrt(x / 2)) + sum(log(x))", "x", "x: vector(n)", ("x > 0",)),
    ("sqrt(x^T S x)", "x", "x: vector(n), S: spd(n)", ("x != 0",)),
    ("logdet(X) + tr((X^T)^-1)", "X", "X: matrix(n, n)", ("X is invertible",)),
    ("abs(s)", "s", "s: scalar", ("s != 0",)),
    ("log(p / (1 - p)) + log(1 - p)", "p", "p: scalar", ("1 - p > 0", "p > 0")),
    ("log(det(X))", "X", "X: matrix(n, n)", ("det(X) > 0",)),
    ("1 / det(X)", "X", "X: matrix(n, n)", ("X is invertible",)),
    ("sum(log2(x))", "x", "x: vector(n)", ("x > 0",)),
    ("x^T x / (n - 1)", "x", "x: vector(n)", ("n - 1 != 0",)),
    ("max(x)", "x", "x: vector(n)", ("the largest entry of x is unique",)),
    ("sum(max(x, y))", "x", "x: vector(n), y: vector(n)", ("x != y in every entry",)),
    ("sum(max(x - b, 0))", "x", "x: vector(n), b: vector(n)", ("no entry of x - b is 0",)),
    (
        "sum(max(t (y - X b), (t - 1) (y - X b)))",
        "b",
        "t: scalar, X: matrix(n, d), b: vector(d), y: vector(n)",
        ("(t - 1) (y - X b) != t (y - X b) in every entry",),
    ),
    ("max(a, b)", "a", "a: scalar, b: scalar", ("a != b",)),
    ("max(max(a, b), c)", "a", "a: scalar, b: scalar, c: scalar", ("a != b where max(a, b) > c", "c != max(a, b)")),
    ("max(max(x), c)", "x", "x: vector(n)", ("the largest entry of x is unique where max(x) > c", "c != max(x)")),
    ("relu(1 - norm1(x))", "x", "x: vector(n)", ("no entry of x is 0 where ||x||_1 < 1", "1 - ||x||_1 != 0")),
    ("max(abs(s), 1)", "s", "s: scalar", ("1 != abs(s)",)),
    ("max(norm(x), 1)", "x", "x: vector(n)", ("x != 0", "1 != ||x||")),
    ("sum(max(max(x, 0), 1))", "x", "x: vector(n)", ("x != 1 in every entry",)),
    ("softmax(X - max(X, axis=2) ones(n)^T)", "X", "X: matrix(m, n)", ()),
    ("huber(y - x c, x + 3)", "c", "x: scalar, c: scalar, y: scalar", ("x + 3 > 0",)),
    (
        "sylvester(A, X - Y, C)",
        "X",
        "A: matrix(m, m), X: matrix(n, n), Y: matrix(n, n), C: matrix(m, n)",
        ("A and -(X - Y) have no common eigenvalue",),
    ),
    ("sum(huber(x, c))", "x", "x: vector(n), c: scalar(positive)", ()),
    ("norm2(x)", "x", "x: vector(n)", ("x != 0",)),
    ("norm(x, p)", "x", "x: vector(n), p: scalar(positive)", ("no entry of x is 0",)),
    ("norm2(X)", "X", "X: matrix(m, n)", ("X != 0",)),
    ("norm2(x)^2", "x", "x: vector(n)", ()),
    ("sum(asin(x))", "x", "x: vector(n)", ("|x| < 1",)),
    ("sum(asin(-x)) + sum(sqrt(1 - x.^2))", "x", "x: vector(n)", ("|x| < 1",)),
    ("log(s + sqrt(s^2 + 1)) + acosh(cosh(s) + 1)", "s", "s: scalar", ()),
    ("sum(log(x))", "x", "x: vector(n)", ("x > 0",)),
    ("sum(log(x))", "x", "x: vector(n, positive)", ()),
    ("sum(log1p(x))", "x", "x: vector(n)", ("x > -1",)),
    ("sum(log1p(x.^2)) + sum(log1p(exp(-x)))", "x", "x: vector(n)", ()),
    ("sum(acosh(1 + x.^2))", "x", "x: vector(n)", ("no entry of x is 0",)),
    ("sum(atanh(tanh(x) / 2)) + sum(asin(sin(x) / 2))", "x", "x: vector(n)", ()),
    ("sum(asin(sin(x)))", "x", "x: vector(n)", ("|sin(x)| < 1",)),
    ("log(s / (s - t)) + log(s)", "s", "s: scalar, t: scalar", ("s > 0", "s - t > 0")),
    ("logdet(X)", "X", "X: matrix(n, n)", ("X is invertible",)),
    ("det(X)", "X", "X: matrix(n, n)", ()),
    ("det(X) + tr(adj(A))", "X", "X: matrix(n, n), A: matrix(n, n)", ()),
    ("tr(adj(X))", "X", "X: matrix(n, n)", ()),
    ("x^T S^-1 x", "x", "S: spd(n), x: vector(n)", ()),
    ("eigmax(S)", "S", "S: symmetric(n)", ("the largest eigenvalue of S is simple",)),
    (
        "norm_spec(A X)",
        "X",
        "A: matrix(k, m), X: matrix(m, n)",
        ("the largest singular value of A X is simple and not 0",),
    ),
    ("norm_nuc(X)", "X", "X: matrix(m, n)", ("X has full rank",)),
    ("sum(eigvals(S).^2)", "S", "S: symmetric(n)", ()),
    ("sum(sin(eigvals(S)))", "S", "S: symmetric(n)", ("the eigenvalues of S are distinct",)),
    ("eigmax(S + c I)", "c", "S: symmetric(n), c: scalar", ()),
    ("x .* relu(x)", "x", "x: vector(n)", ()),
    ("sqrt(c) norm2(y) x^T x", "x", "c: scalar, x: vector(n), y: vector(n)", ("c >= 0",)),
    ("det(s A)", "s", "s: scalar, A: matrix(n, n)", ()),
    ("det(X)^k", "X", "X: matrix(n, n), k: scalar(integer)", ("X is invertible",)),
    ("x .* sqrt(x)", "x", "x: vector(n)", ("x > 0",)),
    ("sum(abs(x)) sum(x.^2)", "x", "x: vector(n)", ("no entry of x is 0",)),
    ("sum(logm(X))", "X", "X: matrix(n, n)", ("X has no eigenvalue on (-inf, 0]",)),
    ("sum(chol(S))", "S", "S: symmetric(n)", ("S is positive definite",)),
    # what does not move has to be defined, not smooth
    ("x^T A x + norm_nuc(Z) + norm1(b) + max(b)", "x", "Z: matrix(m, n)", ()),
    ("x^T logm(A) x / tr(inv(B))", "x", "", ("B is invertible", "A has no eigenvalue on (-inf, 0]", "tr(B^-1) != 0")),
    ("x^T asin(A) x", "x", "", ("-1 <= A <= 1",)),
    ("x^T A x eigmax(S)", "x", "S: symmetric(m)", ()),
]


@pytest.mark.parametrize("row", ROWS, ids=[f"{r[0]}, {r[2]}" for r in ROWS])
def test_conditions(row: tuple[str, str, str, tuple[str, ...]]) -> None:
    text, wrt, where, wanted = row
    assert mc.derivative(text, wrt, where=where).conditions == wanted


def test_a_second_derivative_adds_what_its_gaps_need() -> None:
    found = mc.hessian("norm_nuc(X)", "X", where="X: matrix(m, n)").conditions
    assert found == ("the singular values of X are distinct and not 0",)


def test_a_second_derivative_feels_the_kink_that_a_first_one_does_not() -> None:
    assert mc.hessian("sum(relu(x).^2)", "x", where="x: vector(n)").conditions == ("no entry of x is 0",)
    assert mc.hessian("sum(abs(x).^(3/2))", "x", where="x: vector(n)").conditions == ("no entry of x is 0",)
    assert mc.derivative("sum(abs(x).^(3/2))", "x", where="x: vector(n)").conditions == ()
    assert mc.hessian("sum(abs(x).^3)", "x", where="x: vector(n)").conditions == ()


@pytest.mark.parametrize(
    ("text", "order", "continued"),
    [
        ("det(X)", 1, "where X is singular: adj(X)^T"),
        ("det(X)^2", 1, "where X is singular: 2 det(X) adj(X)^T"),
        ("det(X)", 2, "where X is singular: by continuity"),
        ("det(A X B)", 1, "where A X B is singular: (B adj(A X B) A)^T"),
        ("log(det(X))", 1, None),
        ("tr(X^-1)", 1, None),
    ],
)
def test_where_the_printed_form_is_not_defined_but_the_derivative_is(
    text: str, order: int, continued: str | None
) -> None:
    assert mc.derivative(text, *["X"] * order).continued == continued
