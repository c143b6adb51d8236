"""Problems of textbooks with the solutions that stand there, written before any of them was tried.

A row: objective or equation, unknowns, constraints, declarations, the book's value of each unknown ("" where another form is
as good: a verdict in words), kind.
"""

from __future__ import annotations

__all__ = ["ROWS"]

Row = tuple[str, str, list[str], str, str, str]

# fmt: off
ROWS: tuple[Row, ...] = (
    # least squares
    ("||W (A x - b)||^2", "x", [], "W: matrix(m, m), A: matrix(m, n)", "(A^T W^T W A)^-1 A^T W^T W b", "minimum"),
    ("||A x - b||^2 + ||G x||^2", "x", [], "", "(A^T A + G^T G)^-1 A^T b", "minimum"),
    ("||A x - b||^2 + k ||x - x0||^2", "x", [], "k: scalar(positive), x0: vector(n)", "(A^T A + k I)^-1 (A^T b + k x0)", "minimum"),
    ("||A X - B||_F^2 + k ||X||_F^2", "X", [], "k: scalar(positive)", "(A^T A + k I)^-1 A^T B", "minimum"),
    ("sum(w .* (y - X b).^2)", "b", [], "w: vector(n, positive), X: matrix(n, k)", "(X^T diag(w) X)^-1 X^T diag(w) y", "minimum"),
    ("||y - t ones(n)||^2", "t", [], "y: vector(n), t: scalar", "mean(y)", "minimum"),
    ("||y - a x||^2", "a", [], "a: scalar", "x^T y / (x^T x)", "minimum"),
    ("||A x||^2", "x", ["c^T x = 1"], "A: matrix(m, n)", "(A^T A)^-1 c / (c^T (A^T A)^-1 c)", "minimum"),
    ("||x||^2", "x", ["A x = b"], "A: matrix(m, n), b: vector(m)", "A^T (A A^T)^-1 b", "minimum"),
    ("||x - y||^2 + k ||B x||^2", "x", [], "k: scalar(positive), B: matrix(m, n)", "(I + k B^T B)^-1 y", "minimum"),
    # econometrics
    ("(y - X b)^T V^-1 (y - X b)", "b", [], "V: spd(n)", "(X^T V^-1 X)^-1 X^T V^-1 y", "minimum"),
    ("(y - X b)^T Z (Z^T Z)^-1 Z^T (y - X b)", "b", [], "Z: matrix(n, l), X: matrix(n, k)", "(X^T Z (Z^T Z)^-1 Z^T X)^-1 X^T Z (Z^T Z)^-1 Z^T y", "minimum"),
    ("(Z^T (y - X b))^T W (Z^T (y - X b))", "b", [], "W: spd(l), Z: matrix(n, l), X: matrix(n, k)", "(X^T Z W Z^T X)^-1 X^T Z W Z^T y", "minimum"),
    ("Z^T (y - X b) = 0", "b", [], "Z: matrix(n, k), X: matrix(n, k), y: vector(n)", "(Z^T X)^-1 Z^T y", ""),
    ("||y - X b||^2", "b", ["R b = r"], "X: matrix(n, k), R: matrix(q, k), r: vector(q)", "(X^T X)^-1 (X^T y - R^T (R (X^T X)^-1 R^T)^-1 (R (X^T X)^-1 X^T y - r))", "minimum"),
    ("(b - b0)^T P (b - b0) + (y - X b)^T (y - X b) / s", "b", [], "P: spd(k), b0: vector(k), s: scalar(positive), X: matrix(n, k)", "(P + X^T X / s)^-1 (P b0 + X^T y / s)", "minimum"),
    ("||Y - X B||_F^2", "B", [], "X: matrix(n, k), Y: matrix(n, m)", "(X^T X)^-1 X^T Y", "minimum"),
    ("||y - X b - Z c||^2", "b c", [], "X: matrix(n, k), Z: matrix(n, l)", "b = ; c = ", "minimum"),
    # maximum likelihood
    ("sum(k) log(l) - n l", "l", [], "k: vector(m, positive), l: scalar(positive), n: scalar(positive)", "sum(k) / n", "maximum"),
    ("n log(l) - l sum(x)", "l", [], "l: scalar(positive), x: vector(n, positive)", "n / sum(x)", "maximum"),
    ("k log(p) + (n - k) log(1 - p)", "p", [], "p: scalar, k: scalar(positive), n: scalar(positive)", "k / n", "maximum"),
    ("sum(c .* log(p))", "p", ["sum(p) = 1"], "c: vector(n, positive), p: vector(n, positive)", "c / sum(c)", "maximum"),
    ("-n log(s) / 2 - ||x - m ones(n)||^2 / (2 s)", "s", [], "s: scalar(positive), x: vector(n), m: scalar", "||x - m ones(n)||^2 / n", "maximum"),
    ("n logdet(P) - tr(P C)", "P", [], "P: spd(p), C: spd(p), n: scalar(positive)", "n C^-1", "maximum"),
    ("n logdet(S) + tr(S^-1 X^T X)", "S", [], "S: spd(p), X: matrix(n, p)", "X^T X / n", ""),
    ("tr((X - ones(n) m^T) P (X - ones(n) m^T)^T)", "m", [], "P: spd(p), X: matrix(n, p), m: vector(p)", "X^T ones(n) / n", "minimum"),
    ("sum(log(d)) + sum(s ./ d)", "d", [], "d: vector(n, positive), s: vector(n, positive)", "s", "minimum"),
    ("sum(a .* log(x)) - b^T x", "x", [], "x: vector(n, positive), a: vector(n, positive), b: vector(n, positive)", "a ./ b", "maximum"),
    ("(n + v) log(s) + (t + u) / s", "s", [], "s: scalar(positive), n: scalar(positive), v: scalar(positive), t: scalar(positive), u: scalar(positive)", "(t + u) / (n + v)", "minimum"),
    ("sum(x .* log(x ./ q))", "x", ["sum(x) = 1"], "x: vector(n, positive), q: vector(n, positive)", "q / sum(q)", "minimum"),
    # portfolios
    ("w^T S w", "w", ["1^T w = 1"], "S: spd(n)", "S^-1 ones(n) / (ones(n)^T S^-1 ones(n))", "minimum"),
    ("m^T w - g w^T S w / 2", "w", [], "S: spd(n), g: scalar(positive), m: vector(n)", "S^-1 m / g", "maximum"),
    ("w^T S w", "w", ["m^T w = r"], "S: spd(n), m: vector(n), r: scalar", "r S^-1 m / (m^T S^-1 m)", "minimum"),
    ("w^T S w / 2", "w", ["A w = b"], "S: spd(n), A: matrix(m, n)", "S^-1 A^T (A S^-1 A^T)^-1 b", "minimum"),
    ("w^T S w / 2 - sum(log(w))", "w", [], "S: diagonal(n, positive), w: vector(n, positive)", "1 ./ sqrt(diag(S))", ""),
    ("(w - v)^T S (w - v)", "w", ["sum(w) = 1"], "S: spd(n), v: vector(n)", "v - (sum(v) - 1) S^-1 ones(n) / sum(S^-1 ones(n))", "minimum"),
    # PCA, Procrustes, eigenvalues
    ("w^T C w", "w", ["w^T w = 1"], "C: symmetric(n)", "", "minimum"),
    ("tr(W^T C W)", "W", ["W^T W = I"], "C: symmetric(n), W: matrix(n, k)", "", "minimum"),
    ("(w^T A w) / (w^T B w)", "w", [], "A: symmetric(n), B: spd(n)", "", "minimum"),
    ("(w^T a)^2 / (w^T B w)", "w", [], "B: spd(n), a: vector(n)", "B^-1 a", ""),
    ("||A - Q B||_F^2", "Q", [], "Q: orthogonal(n)", "", "minimum"),
    ("||A - s B||_F^2", "s", [], "s: scalar", "tr(A^T B) / tr(B^T B)", "minimum"),
    ("tr(Q^T A)", "Q", [], "Q: orthogonal(n), A: matrix(n, n)", "", "minimum"),
    # projections, barycentres
    ("||x - y||^2", "x", ["a^T x = b"], "a: vector(n), b: scalar", "y - (a^T y - b) a / (a^T a)", "minimum"),
    ("||x - y||^2", "x", ["A x = 0"], "A: matrix(m, n)", "y - A^T (A A^T)^-1 A y", "minimum"),
    ("a ||x - u||^2 + b ||x - v||^2", "x", [], "a: scalar(positive), b: scalar(positive)", "(a u + b v) / (a + b)", "minimum"),
    ("sum_i w_i ||x - y_i||^2", "x", [], "w_i: scalar(positive), x: vector(d), y_i: vector(d)", "", "minimum"),
    ("sum_i ||x - y_i||^2", "x", [], "x: vector(d), y_i: vector(d)", "", "minimum"),
    ("||X - A||_F^2", "X", ["X ones(n) = c"], "X: matrix(m, n), A: matrix(m, n), c: vector(m)", "A - (A ones(n) - c) ones(n)^T / n", "minimum"),
    ("||X - A||_F^2", "X", ["tr(X) = 1"], "X: symmetric(n), A: symmetric(n)", "A - (tr(A) - 1) / n eye(n)", "minimum"),
    # control, filters, matrix equations
    ("(x - z)^T P^-1 (x - z) + (y - H x)^T R^-1 (y - H x)", "x", [], "P: spd(n), R: spd(m), H: matrix(m, n)", "(P^-1 + H^T R^-1 H)^-1 (P^-1 z + H^T R^-1 y)", "minimum"),
    ("tr((I - K H) P (I - K H)^T + K R K^T)", "K", [], "P: spd(n), R: spd(m), H: matrix(m, n), K: matrix(n, m)", "P H^T (H P H^T + R)^-1", "minimum"),
    ("u^T R u + (A x + B u)^T P (A x + B u)", "u", [], "R: spd(m), P: spd(n), A: matrix(n, n), B: matrix(n, m)", "-(R + B^T P B)^-1 B^T P A x", "minimum"),
    ("A X = B", "X", [], "A: invertible(n), B: matrix(n, k)", "A^-1 B", ""),
    ("A X B = C", "X", [], "A: invertible(n), B: invertible(m)", "A^-1 C B^-1", ""),
    ("A X + X A = Q", "X", [], "A: spd(n), Q: symmetric(n), X: symmetric(n)", "sylvester(A, A, Q)", ""),
    ("X - A X = B", "X", [], "A: matrix(n, n), B: matrix(n, m)", "(I - A)^-1 B", ""),
    ("A X A^T - X + Q = 0", "X", [], "A: matrix(n, n), Q: symmetric(n), X: matrix(n, n)", "unvec((eye(n^2) - kron(A, A))^-1 vec(Q), n, n)", ""),
    ("X^-1 = A + B", "X", [], "X: spd(n), A: spd(n), B: spd(n)", "(A + B)^-1", ""),
    ("X A X = B", "X", [], "X: spd(n), A: spd(n), B: spd(n)", "", ""),
    ("x = a + A x", "x", [], "A: matrix(n, n)", "(I - A)^-1 a", ""),
    ("expm(X) = A", "X", [], "X: symmetric(n), A: spd(n)", "logm(A)", ""),
)
# fmt: on
