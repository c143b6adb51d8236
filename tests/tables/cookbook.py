"""Petersen & Pedersen, *The Matrix Cookbook* (2012): its derivatives, as rows.

A row: equation number, function, variable, declarations, the book's closed form. A form in ``dX`` is a differential,
any other an array shaped as the variable (for an array function the matrix of its vec form).

Coverage of 33–144: 93 numbers in `CHAPTER_2`, four more (138–141) in `INDEPENDENT`, and 47, 48, 50, 56, 98 as tests of their
own in `test_books`. Where an equation is about an unnamed function Y(x), J(X) or a power n, an instance stands for it
(46, 48, 59, 90–93, 121, 122, and the one without a number after 64); 65–68 are stated for symmetric matrices. Not among the rows, with the reason: 45 (transpose of a complex matrix), 89 (complex argument),
94 and 96 (only name the function of 95 and 97), 133 and 135–137 (the chain rule in index notation), 143 and 144 (Toeplitz
structure, which the language has not). For 128, a trigonometric function of a matrix, `tr(expm(X))` stands.

Errata: (92) has its first summand transposed, (127) needs A symmetric, too, (138)–(141) are derivatives by independent
entries: those rows name that convention. Where a later chapter has
no numbers that are sure, its section is cited.
"""

from __future__ import annotations

__all__ = ["CHAPTER_2", "INDEPENDENT", "LATER"]

Row = tuple[str, str, str, str, str]

# fmt: off
CHAPTER_2: tuple[Row, ...] = (
    # rules
    ("33",  "A + X - X",                  "X", "A: matrix(m, n), X: matrix(m, n)", "zeros(m*n, m*n)"),
    ("34",  "a * X",                      "X", "a: scalar, X: matrix(m, n)", "a dX"),
    ("35",  "X + Y",                      "X", "X: matrix(m, n), Y: matrix(m, n)", "dX"),
    ("36",  "tr(X)",                      "X", "X: matrix(n, n)", "tr(dX)"),
    ("37",  "X A X",                      "X", "A: matrix(n, m), X: matrix(m, n)", "dX A X + X A dX"),
    ("38",  "X .* X .* A",                "X", "X: matrix(m, n), A: matrix(m, n)", "2 * dX .* X .* A"),
    ("39",  "kron(X, A)",                 "X", "X: matrix(m, n), A: matrix(p, q)", "kron(dX, A)"),
    ("40",  "X^-1",                       "X", "X: matrix(n, n)", "-X^-1 dX X^-1"),
    ("41",  "det(X)",                     "X", "X: matrix(n, n)", "tr(adj(X) dX)"),
    ("42",  "det(X)",                     "X", "X: matrix(n, n)", "det(X) tr(X^-1 dX)"),
    ("43",  "log(det(X))",                "X", "X: matrix(n, n)", "tr(X^-1 dX)"),
    ("44",  "X^T",                        "X", "X: matrix(m, n)", "dX^T"),
    # determinants
    ("46",  "det(A + t * B)",             "t", "A: matrix(n, n), B: matrix(n, n), t: scalar", "det(A + t * B) tr((A + t * B)^-1 B)"),
    ("49",  "det(X)",                     "X", "X: matrix(n, n)", "det(X) (X^-1)^T"),
    ("51",  "det(A X B)",                 "X", "A: matrix(n, n), X: matrix(n, n), B: matrix(n, n)", "det(A X B) (X^-1)^T"),
    ("52",  "det(X^T A X)",               "X", "X: invertible(n), A: matrix(n, n)", "2 det(X^T A X) X^-T"),
    ("53",  "det(X^T A X)",               "X", "X: matrix(m, n), A: symmetric(m)", "2 det(X^T A X) A X (X^T A X)^-1"),
    ("54",  "det(X^T A X)",               "X", "X: matrix(m, n), A: matrix(m, m)", "det(X^T A X) (A X (X^T A X)^-1 + A^T X (X^T A^T X)^-1)"),
    ("55",  "log(det(X^T X))",            "X", "X: matrix(m, n)", "2 X (X^T X)^-1"),
    ("57",  "logdet(X)",                  "X", "X: matrix(n, n)", "(X^-1)^T"),
    ("58",  "det(X^k)",                   "X", "X: matrix(n, n), k: scalar(integer)", "k det(X^k) X^-T"),
    # inverses
    ("59",  "(A + t * B)^-1",             "t", "A: matrix(n, n), B: matrix(n, n), t: scalar", "-(A + t * B)^-1 B (A + t * B)^-1 * dt"),
    ("60",  "inv(X)[1, 2]",               "X", "X: matrix(n, n)", "-X^-T e(1, n) e(2, n)^T X^-T"),
    ("61",  "a^T X^-1 b",                 "X", "a: vector(n), b: vector(n), X: matrix(n, n)", "-X^-T a b^T X^-T"),
    ("62",  "det(X^-1)",                  "X", "X: matrix(n, n)", "-det(X^-1) (X^-1)^T"),
    ("63",  "tr(A X^-1 B)",               "X", "A: matrix(m, n), X: matrix(n, n), B: matrix(n, m)", "-(X^-1 B A X^-1)^T"),
    ("64",  "tr((X + A)^-1)",             "X", "X: matrix(n, n), A: matrix(n, n)", "-((X + A)^-1 (X + A)^-1)^T"),
    ("after 64", "tr(B inv(A)^2)",        "A", "A: matrix(n, n), B: matrix(n, n)", "-A^-T (B A^-1 + A^-1 B)^T A^-T"),
    # eigenvalues
    ("65",  "sum(eigvals(S))",            "S", "S: symmetric(n)", "I"),
    ("66",  "det(X)",                     "X", "X: symmetric(n)", "det(X) X^-1"),
    ("67",  "eigmax(S)",                  "S", "S: symmetric(n)", "eigvec_max(S)^T dS eigvec_max(S)"),
    ("68",  "eigvec_max(S)",              "S", "S: symmetric(n)", "pinv(eigmax(S) * eye(n) - S) dS eigvec_max(S)"),
    # linear and quadratic forms
    ("69",  "x^T a",                      "x", "x: vector(n), a: vector(n)", "a"),
    ("70",  "a^T X b",                    "X", "a: vector(m), b: vector(n), X: matrix(m, n)", "a b^T"),
    ("71",  "a^T X^T b",                  "X", "a: vector(n), b: vector(m), X: matrix(m, n)", "b a^T"),
    ("72",  "a^T X a",                    "X", "a: vector(n), X: matrix(n, n)", "a a^T"),
    ("73",  "X[1, 2]",                    "X", "X: matrix(m, n)", "e(1, m) e(2, n)^T"),
    ("74",  "(X A)[1, 2]",                "X", "X: matrix(m, n), A: matrix(n, k)", "e(1, m) e(2, k)^T A^T"),
    ("75",  "(X^T A)[1, 2]",              "X", "X: matrix(m, n), A: matrix(m, k)", "A e(2, k) e(1, n)^T"),
    ("76",  "sum(X)^2",                   "X", "X: matrix(m, n)", "2 sum(X) ones(m, n)"),
    ("77",  "b^T X^T X c",                "X", "b: vector(n), c: vector(n), X: matrix(m, n)", "X (b c^T + c b^T)"),
    ("78",  "(B x + b)^T C (D x + d)",    "x", "B: matrix(m, n), b: vector(m), C: matrix(m, k), D: matrix(k, n), d: vector(k), x: vector(n)", "B^T C (D x + d) + D^T C^T (B x + b)"),
    ("79",  "(X^T B X)[1, 2]",            "X", "X: matrix(m, n), B: matrix(m, m)", "B^T X e(1, n) e(2, n)^T + B X e(2, n) e(1, n)^T"),
    ("80",  "X^T B X",                    "X", "X: matrix(m, n), B: matrix(m, m)", "X^T B dX + dX^T B X"),
    ("81",  "x^T B x",                    "x", "x: vector(n), B: matrix(n, n)", "(B + B^T) x"),
    ("82",  "b^T X^T D X c",              "X", "b: vector(n), c: vector(n), X: matrix(m, n), D: matrix(m, m)", "D^T X b c^T + D X c b^T"),
    ("83",  "(X b + c)^T D (X b + c)",    "X", "X: matrix(m, n), b: vector(n), c: vector(m), D: matrix(m, m)", "(D + D^T) (X b + c) b^T"),
    ("84",  "(x - A s)^T W (x - A s)",    "s", "x: vector(m), A: matrix(m, n), s: vector(n), W: symmetric(m)", "-2 A^T W (x - A s)"),
    ("85",  "(x - s)^T W (x - s)",        "x", "x: vector(n), s: vector(n), W: symmetric(n)", "2 W (x - s)"),
    ("86",  "(x - s)^T W (x - s)",        "s", "x: vector(n), s: vector(n), W: symmetric(n)", "-2 W (x - s)"),
    ("87",  "(x - A s)^T W (x - A s)",    "x", "x: vector(m), A: matrix(m, n), s: vector(n), W: symmetric(m)", "2 W (x - A s)"),
    ("88",  "(x - A s)^T W (x - A s)",    "A", "x: vector(m), A: matrix(m, n), s: vector(n), W: symmetric(m)", "-2 W (x - A s) s^T"),
    ("90",  "(X^3)[1, 2]",                "X", "X: matrix(n, n)", "e(1, n) e(2, n)^T (X^2)^T + X^T e(1, n) e(2, n)^T X^T + (X^2)^T e(1, n) e(2, n)^T"),
    ("91",  "a^T X^3 b",                  "X", "a: vector(n), b: vector(n), X: matrix(n, n)", "a b^T (X^2)^T + X^T a b^T X^T + (X^2)^T a b^T"),
    ("92",  "a^T (X^2)^T X^2 b",          "X", "a: vector(n), b: vector(n), X: matrix(n, n)", "(X a b^T (X^2)^T)^T + (a b^T (X^2)^T X)^T + X^2 a b^T X^T + X^T X^2 a b^T"),
    ("93",  "(B x)^T A (C x)",            "x", "x: vector(n), B: matrix(k, n), A: matrix(k, m), C: matrix(m, n)", "B^T A (C x) + C^T A^T (B x)"),
    ("95",  "((A x)^T (A x)) / ((B x)^T (B x))", "x", "x: vector(n), A: matrix(m, n), B: matrix(k, n)", "2 A^T A x / (x^T B^T B x) - 2 (x^T A^T A x) B^T B x / (x^T B^T B x)^2"),
    ("97",  "x^T A x + b^T x",            "x", "x: vector(n), A: matrix(n, n), b: vector(n)", "(A + A^T) x + b"),
    # traces
    ("99",  "tr(X)",                      "X", "X: matrix(n, n)", "I"),
    ("100", "tr(X A)",                    "X", "X: matrix(m, n), A: matrix(n, m)", "A^T"),
    ("101", "tr(A X B)",                  "X", "A: matrix(k, m), X: matrix(m, n), B: matrix(n, k)", "A^T B^T"),
    ("102", "tr(A X^T B)",                "X", "A: matrix(k, n), X: matrix(m, n), B: matrix(m, k)", "B A"),
    ("103", "tr(X^T A)",                  "X", "X: matrix(m, n), A: matrix(m, n)", "A"),
    ("104", "tr(A X^T)",                  "X", "X: matrix(m, n), A: matrix(m, n)", "A"),
    ("105", "tr(kron(A, X))",             "X", "A: matrix(m, m), X: matrix(n, n)", "tr(A) I"),
    ("106", "tr(X^2)",                    "X", "X: matrix(n, n)", "2 X^T"),
    ("107", "tr(X^2 B)",                  "X", "X: matrix(n, n), B: matrix(n, n)", "(X B + B X)^T"),
    ("108", "tr(X^T B X)",                "X", "X: matrix(m, n), B: matrix(m, m)", "B X + B^T X"),
    ("109", "tr(B X X^T)",                "X", "X: matrix(m, n), B: matrix(m, m)", "B X + B^T X"),
    ("110", "tr(X X^T B)",                "X", "X: matrix(m, n), B: matrix(m, m)", "B X + B^T X"),
    ("111", "tr(X B X^T)",                "X", "X: matrix(m, n), B: matrix(n, n)", "X B^T + X B"),
    ("112", "tr(B X^T X)",                "X", "X: matrix(m, n), B: matrix(n, n)", "X B^T + X B"),
    ("113", "tr(X^T X B)",                "X", "X: matrix(m, n), B: matrix(n, n)", "X B^T + X B"),
    ("114", "tr(A X B X)",                "X", "A: matrix(n, m), X: matrix(m, n), B: matrix(n, m)", "A^T X^T B^T + B^T X^T A^T"),
    ("115", "tr(X^T X)",                  "X", "X: matrix(m, n)", "2 X"),
    ("116", "tr(B^T X^T C X B)",          "X", "B: matrix(n, k), X: matrix(m, n), C: matrix(m, m)", "C^T X B B^T + C X B B^T"),
    ("117", "tr(X^T B X C)",              "X", "X: matrix(m, n), B: matrix(m, m), C: matrix(n, n)", "B X C + B^T X C^T"),
    ("118", "tr(A X B X^T C)",            "X", "A: matrix(k, m), X: matrix(m, n), B: matrix(n, n), C: matrix(m, k)", "A^T C^T X B^T + C A X B"),
    ("119", "tr((A X B + C) (A X B + C)^T)", "X", "A: matrix(k, m), X: matrix(m, n), B: matrix(n, p), C: matrix(k, p)", "2 A^T (A X B + C) B^T"),
    ("120", "tr(kron(X, X))",             "X", "X: matrix(n, n)", "2 tr(X) I"),
    ("121", "tr(X^5)",                    "X", "X: matrix(n, n)", "5 (X^4)^T"),
    ("122", "tr(A X^3)",                  "X", "X: matrix(n, n), A: matrix(n, n)", "(A X^2 + X A X + X^2 A)^T"),
    ("123", "tr(B^T X^T C X X^T C X B)",  "X", "B: matrix(n, k), X: matrix(m, n), C: matrix(m, m)", "C X X^T C X B B^T + C^T X B B^T X^T C^T X + C X B B^T X^T C X + C^T X X^T C^T X B B^T"),
    ("124", "tr(A X^-1 B)",               "X", "A: matrix(m, n), X: matrix(n, n), B: matrix(n, m)", "-X^-T A^T B^T X^-T"),
    ("125", "tr((X^T C X)^-1 A)",         "X", "X: matrix(m, n), C: symmetric(m), A: matrix(n, n)", "-(C X (X^T C X)^-1) (A + A^T) (X^T C X)^-1"),
    ("126", "tr((X^T C X)^-1 (X^T B X))", "X", "X: matrix(m, n), C: symmetric(m), B: symmetric(m)", "-2 C X (X^T C X)^-1 X^T B X (X^T C X)^-1 + 2 B X (X^T C X)^-1"),
    ("127", "tr((A + X^T C X)^-1 (X^T B X))", "X", "X: matrix(m, n), A: symmetric(n), C: symmetric(m), B: symmetric(m)", "-2 C X (A + X^T C X)^-1 X^T B X (A + X^T C X)^-1 + 2 B X (A + X^T C X)^-1"),
    ("128", "tr(expm(X))",                "X", "X: matrix(n, n)", "expm(X)^T"),
    # norms
    ("129", "norm2(x - a)",               "x", "x: vector(n), a: vector(n)", "(x - a) / norm2(x - a)"),
    ("130", "(x - a) / norm2(x - a)",     "x", "x: vector(n), a: vector(n)", "I / norm2(x - a) - (x - a) (x - a)^T / norm2(x - a)^3"),
    ("131", "norm2(x)^2",                 "x", "x: vector(n)", "2 x"),
    ("132", "||X||_F^2",                  "X", "X: matrix(m, n)", "2 X"),
    ("134", "A",                          "A", "A: symmetric(n)", "dA"),
    ("142", "tr(A X)",                    "X", "A: matrix(n, n), X: diagonal(n)", "A .* I"),
)

#: Derivatives by the independent entries of a symmetric matrix.
INDEPENDENT: tuple[Row, ...] = (
    ("138", "tr(A X B)",                  "X", "A: matrix(n, n), B: matrix(n, n), X: symmetric(n)", "A^T B^T + B A - diag(diag(A^T B^T))"),
    ("139", "tr(A X)",                    "X", "A: matrix(n, n), X: symmetric(n)", "A + A^T - A .* I"),
    ("140", "det(X)",                     "X", "X: symmetric(n)", "det(X) (2 X^-1 - X^-1 .* I)"),
    ("141", "log(det(X))",                "X", "X: spd(n)", "2 X^-1 - X^-1 .* I"),
)

_GAUSS = "x: vector(n), m: vector(n), Sigma: spd(n)"
_MIXTURE = "s: vector(n), mu: vector(n), Sigma: spd(n), rho: scalar(positive), q: scalar(positive)"
#: Chapters 4 (real part), 8, 9 and 10, by equation number or section.
LATER: tuple[Row, ...] = (
    # complex matrices, real part
    ("236",     "tr(X^T)",                "X", "X: matrix(n, n)", "I"),
    ("240",     "tr(A X^T)",              "X", "A: matrix(m, n), X: matrix(m, n)", "A"),
    ("242",     "tr(A X)",                "X", "A: matrix(n, m), X: matrix(m, n)", "A^T"),
    ("244",     "tr(X X^T)",              "X", "X: matrix(m, n)", "2 X"),
    ("249",     "det(X^T A X)",           "X", "X: matrix(m, n), A: matrix(m, m)", "det(X^T A X) (((X^T A X)^-1 X^T A)^T + A X (X^T A X)^-1)"),
    ("251",     "(x^T A^T A x) / (x^T B^T B x)", "x", "x: vector(n), A: matrix(m, n), B: matrix(k, n)", "2 A^T A x / (x^T B^T B x) - 2 (x^T A^T A x) B^T B x / (x^T B^T B x)^2"),
    # Gaussians
    ("8.1.1",   "exp(-(x - m)^T Sigma^-1 (x - m) / 2)", "x", _GAUSS, "-exp(-(x - m)^T Sigma^-1 (x - m) / 2) Sigma^-1 (x - m)"),
    ("8.4.2 rho", "log(rho * exp(-(s - mu)^T Sigma^-1 (s - mu) / 2) / sqrt(det(2 pi Sigma)) + q)", "rho", _MIXTURE,
     "exp(-(s - mu)^T Sigma^-1 (s - mu) / 2) / sqrt(det(2 pi Sigma)) / (rho * exp(-(s - mu)^T Sigma^-1 (s - mu) / 2) / sqrt(det(2 pi Sigma)) + q)"),
    ("8.4.2 mu", "log(rho * exp(-(s - mu)^T Sigma^-1 (s - mu) / 2) / sqrt(det(2 pi Sigma)) + q)", "mu", _MIXTURE,
     "rho * exp(-(s - mu)^T Sigma^-1 (s - mu) / 2) / sqrt(det(2 pi Sigma)) / (rho * exp(-(s - mu)^T Sigma^-1 (s - mu) / 2) / sqrt(det(2 pi Sigma)) + q) * (Sigma^-1 (s - mu))"),
    ("8.4.2 Sigma", "log(rho * exp(-(s - mu)^T Sigma^-1 (s - mu) / 2) / sqrt(det(2 pi Sigma)) + q)", "Sigma", _MIXTURE,
     "rho * exp(-(s - mu)^T Sigma^-1 (s - mu) / 2) / sqrt(det(2 pi Sigma)) / (rho * exp(-(s - mu)^T Sigma^-1 (s - mu) / 2) / sqrt(det(2 pi Sigma)) + q) * 1/2 * (-Sigma^-1 + Sigma^-1 (s - mu) (s - mu)^T Sigma^-1)"),
    # special matrices, functions and operators
    ("9.7.6",   "A",                      "A", "A: matrix(m, n)", "dA"),
    ("10.1.5",  "expm(t A)",              "t", "t: scalar, A: matrix(n, n)", "A expm(t A) * dt"),
    ("10.1.5 trace", "tr(expm(t A))",     "t", "t: scalar, A: matrix(n, n)", "tr(A expm(t A))"),
    ("511",     "tr(kron(A, X) kron(B, X))", "X", "A: matrix(m, m), B: matrix(m, m), X: matrix(n, n)", "2 tr(A B) X^T"),
    ("520",     "vec(A X B)",             "X", "A: matrix(m, n), X: matrix(n, k), B: matrix(k, p)", "kron(B^T, A)"),
    ("524",     "a^T X B X^T c",          "X", "a: vector(m), c: vector(m), X: matrix(m, n), B: matrix(n, n)", "a c^T X B^T + c a^T X B"),
    ("10.3",    "norm(x, 3)",             "x", "x: vector(n)", "sign(x) .* x.^2 / norm(x, 3)^2"),
)
# fmt: on
