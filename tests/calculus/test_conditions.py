"""The conditions that a derivative states: of f itself, without what follows from them."""

from __future__ import annotations

import pytest

import matcalc as mc

# expression, variable, declarations, conditions
ROWS = [
    ("norm1(A x - b)", "x", "A: matrix(m, n), x: vector(n), b: vector(m)", ("no entry of A x - b is 0",)),
    ("sum(relu(x).^2)", "x", "x: vector(n)", ("no entry of x is 0",)),
    ("abs(s)", "s", "s: scalar", ("s != 0",)),
    ("log(p / (1 - p)) + log(1 - p)", "p", "p: scalar", ("1 - p > 0", "p / (1 - p) > 0")),
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
    ("huber(y - x c, x + 3)", "c", "x: scalar, c: scalar, y: scalar", ("|y - c x| != x + 3",)),
    (
        "sylvester(A, X - Y, C)",
        "X",
        "A: matrix(m, m), X: matrix(n, n), Y: matrix(n, n), C: matrix(m, n)",
        ("A and -(X - Y) have no common eigenvalue",),
    ),
    ("sum(huber(x, c))", "x", "x: vector(n), c: scalar(positive)", ("|x| != c in every entry",)),
    ("norm2(x)", "x", "x: vector(n)", ("x != 0",)),
    ("norm(x, p)", "x", "x: vector(n), p: scalar(positive)", ("no entry of x is 0", "sum(abs(x).^p) > 0")),
    ("norm2(X)", "X", "X: matrix(m, n)", ("X != 0",)),
    ("norm2(x)^2", "x", "x: vector(n)", ()),
    ("sum(asin(x))", "x", "x: vector(n)", ("|x| < 1",)),
    ("sum(log(x))", "x", "x: vector(n)", ("x > 0",)),
    ("sum(log(x))", "x", "x: vector(n, positive)", ()),
    ("logdet(X)", "X", "X: matrix(n, n)", ("X is invertible",)),
    ("det(X)", "X", "X: matrix(n, n)", ("X is invertible",)),
    ("det(X) + tr(adj(A))", "X", "X: matrix(n, n), A: matrix(n, n)", ("X is invertible",)),
    ("tr(adj(X))", "X", "X: matrix(n, n)", ("X is invertible",)),
    ("x^T S^-1 x", "x", "S: spd(n), x: vector(n)", ()),
    ("eigmax(S)", "S", "S: symmetric(n)", ("the largest eigenvalue of S is simple",)),
    (
        "norm_spec(A X)",
        "X",
        "A: matrix(k, m), X: matrix(m, n)",
        ("the largest singular value of A X is simple and not 0",),
    ),
    ("norm_nuc(X)", "X", "X: matrix(m, n)", ("X has full rank",)),
    ("sum(eigvals(S).^2)", "S", "S: symmetric(n)", ("the eigenvalues of S are distinct",)),
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
    assert found == ("X has full rank", "the singular values of X are distinct and not 0")
