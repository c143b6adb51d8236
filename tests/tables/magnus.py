"""Magnus & Neudecker, *Matrix Differential Calculus*, 3rd edition: the tables of gradients, Jacobians and Hessians.

A row: section (a number in brackets counts its rows here), function, variable, declarations, the book's form. Gradients
are shaped as the variable; Jacobians are the matrices of d vec F = J d vec X; Hessians those of d² f = (d vec X)^T H (d vec X).
"""

from __future__ import annotations

__all__ = ["GRADIENTS", "HESSIANS", "JACOBIANS"]

Row = tuple[str, str, str, str, str]

# fmt: off
GRADIENTS: tuple[Row, ...] = (
    # 9.9, Table 9.3: scalar functions of a vector
    ("9.9 (1)",  "a^T x",             "x", "a: vector(n), x: vector(n)", "a"),
    ("9.9 (2)",  "x^T A x",           "x", "A: matrix(n, n), x: vector(n)", "(A + A^T) x"),
    ("9.9 (3)",  "x^T A y",           "x", "A: matrix(m, n), x: vector(m), y: vector(n)", "A y"),
    # 9.10, trace
    ("9.10 (1)", "tr(A X)",           "X", "A: matrix(n, m), X: matrix(m, n)", "A^T"),
    ("9.10 (2)", "tr(X A X^T B)",     "X", "X: matrix(m, n), A: matrix(n, n), B: matrix(m, m)", "B^T X A^T + B X A"),
    ("9.10 (3)", "tr(X A X B)",       "X", "X: matrix(m, n), A: matrix(n, m), B: matrix(n, m)", "B^T X^T A^T + A^T X^T B^T"),
    ("9.10 (4)", "tr(X^T X)",         "X", "X: matrix(m, n)", "2 X"),
    ("9.10 (5)", "tr(X^2)",           "X", "X: matrix(n, n)", "2 X^T"),
    ("9.10 (6)", "a^T X b",           "X", "a: vector(m), X: matrix(m, n), b: vector(n)", "a b^T"),
    ("9.10 (7)", "a^T X X^T a",       "X", "a: vector(m), X: matrix(m, n)", "2 a a^T X"),
    ("9.10 (8)", "a^T X^-1 a",        "X", "a: vector(n), X: matrix(n, n)", "-X^-T a a^T X^-T"),
    ("9.10 (9)", "tr(A X^-1)",        "X", "A: matrix(n, n), X: matrix(n, n)", "-(X^-1 A X^-1)^T"),
    ("9.10 (10)", "tr(X^4)",          "X", "X: matrix(n, n)", "4 (X^T)^3"),
    # 9.11, determinant
    ("9.11 (1)", "det(X)",            "X", "X: matrix(n, n)", "det(X) (X^-1)^T"),
    ("9.11 (2)", "det(X X^T)",        "X", "X: matrix(m, n)", "2 det(X X^T) (X X^T)^-1 X"),
    ("9.11 (3)", "det(X^T X)",        "X", "X: matrix(m, n)", "2 det(X^T X) X (X^T X)^-1"),
    ("9.11 (4)", "det(X^2)",          "X", "X: matrix(n, n)", "2 det(X)^2 (X^-1)^T"),
    ("9.11 (5)", "det(A X B)",        "X", "A: matrix(k, m), X: matrix(m, n), B: matrix(n, k)", "det(A X B) A^T (B^T X^T A^T)^-1 B^T"),
    ("9.11 (6)", "log(det(X^T X))",   "X", "X: matrix(m, n)", "2 X (X^T X)^-1"),
    ("9.11 (7)", "logdet(X^T A X)",   "X", "X: matrix(m, n), A: spd(m)", "2 A X (X^T A X)^-1"),
    ("9.11 (8)", "det(X)^3",          "X", "X: matrix(n, n)", "3 det(X)^3 (X^-1)^T"),
    # 9.12, eigenvalue
    ("9.12",     "eigmax(X)",         "X", "X: symmetric(n)", "eigvec_max(X) eigvec_max(X)^T"),
)

JACOBIANS: tuple[Row, ...] = (
    ("9.13 (1)", "A x",               "x", "A: matrix(m, n), x: vector(n)", "A"),
    ("9.13 (2)", "x (x^T x)",         "x", "x: vector(n)", "2 x x^T + (x^T x) I"),
    ("9.13 (3)", "x.^3",              "x", "x: vector(n)", "3 diag(x.^2)"),
    ("9.13 (4)", "X b",               "X", "X: matrix(m, n), b: vector(n)", "kron(b^T, eye(m))"),
    ("9.13 (5)", "X^T a",             "X", "X: matrix(m, n), a: vector(m)", "kron(eye(n), a^T)"),
    ("9.14 (1)", "X",                 "X", "X: matrix(m, n)", "eye(m*n)"),
    ("9.14 (2)", "X^T",               "X", "X: matrix(m, n)", "K(m, n)"),
    ("9.14 (3)", "X X^T",             "X", "X: matrix(m, n)", "(eye(m^2) + K(m, m)) kron(X, eye(m))"),
    ("9.14 (4)", "X^T X",             "X", "X: matrix(m, n)", "(eye(n^2) + K(n, n)) kron(eye(n), X^T)"),
    ("9.14 (5)", "A X B",             "X", "A: matrix(k, m), X: matrix(m, n), B: matrix(n, p)", "kron(B^T, A)"),
    ("9.14 (6)", "A X^-1 B",          "X", "A: matrix(k, n), X: matrix(n, n), B: matrix(n, p)", "-kron((X^-1 B)^T, A X^-1)"),
    ("9.14 (7)", "X^2",               "X", "X: matrix(n, n)", "kron(X^T, eye(n)) + kron(eye(n), X)"),
    ("9.14 (8)", "X^3",               "X", "X: matrix(n, n)", "kron((X^2)^T, eye(n)) + kron(X^T, X) + kron(eye(n), X^2)"),
    ("9.14 (9)", "X A X^T",           "X", "X: matrix(m, n), A: symmetric(n)", "(eye(m^2) + K(m, m)) kron(X A, eye(m))"),
    ("9.14 (10)", "X^T A X",          "X", "X: matrix(m, n), A: symmetric(m)", "(eye(n^2) + K(n, n)) kron(eye(n), X^T A)"),
    ("9.14 (11)", "X^-1",             "X", "X: matrix(n, n)", "-kron(X^-T, X^-1)"),
    ("9.15 (1)", "diag(X)",           "X", "X: matrix(n, n)", "khatri_rao(eye(n), eye(n))^T"),
    ("9.15 (2)", "kron(X, a)",        "X", "X: matrix(m, n), a: vector(p)", "kron(eye(m*n), a)"),
    ("9.15 (3)", "X .* X",            "X", "X: matrix(m, n)", "2 diag(vec(X))"),
)

HESSIANS: tuple[Row, ...] = (
    ("10.3",     "x^T A x",           "x", "A: matrix(n, n), x: vector(n)", "A + A^T"),
    ("10.4 (1)", "tr(X^T A X)",       "X", "X: matrix(m, n), A: symmetric(m)", "2 kron(eye(n), A)"),
    ("10.4 (2)", "tr(X A X^T B)",     "X", "X: matrix(m, n), A: matrix(n, n), B: matrix(m, m)", "kron(A^T, B) + kron(A, B^T)"),
    ("10.4 (3)", "tr(X A X B)",       "X", "X: matrix(n, n), A: matrix(n, n), B: matrix(n, n)", "K(n, n) (kron(A^T, B) + kron(B^T, A))"),
    ("10.4 (4)", "tr(X^T X)",         "X", "X: matrix(m, n)", "2 eye(m*n)"),
    ("10.5",     "det(X)",            "X", "X: matrix(n, n)", "det(X) K(n, n) (vec(X^-1) vec(X^-T)^T - kron(X^-T, X^-1))"),
    ("10.7 (1)", "tr(X^-1)",          "X", "X: matrix(n, n)", "K(n, n) (kron((X^-2)^T, X^-1) + kron(X^-T, X^-2))"),
    ("10.7 (2)", "log(det(X))",       "X", "X: matrix(n, n)", "-K(n, n) kron(X^-T, X^-1)"),
    ("10.7 (3)", "tr(X^3)",           "X", "X: matrix(n, n)", "3 K(n, n) (kron(X^T, eye(n)) + kron(eye(n), X))"),
    ("10.8 (1)", "exp(a^T x)",        "x", "a: vector(n), x: vector(n)", "exp(a^T x) a a^T"),
    ("10.8 (2)", "(x^T x)^2",         "x", "x: vector(n)", "8 x x^T + 4 (x^T x) I"),
    ("10.8 (3)", "log(x^T A x)",      "x", "A: spd(n), x: vector(n)", "2 A / (x^T A x) - 4 A x x^T A / (x^T A x)^2"),
)
# fmt: on
