"""More problems with closed forms: regression, estimation, projections, portfolios, eigenvalue and Procrustes problems.

A row: objective, unknowns, constraints, declarations, what is printed for the unknowns, kind.
"""

from __future__ import annotations

__all__ = ["ROWS"]

Row = tuple[str, str, list[str], str, str, str]

# fmt: off
ROWS: tuple[Row, ...] = (
    ("||y - X b||^2 + k ||b||^2", "b", [], "k: scalar(positive)", "b = (X^T X + k I)^-1 X^T y", "minimum"),
    ("(y - X b)^T W (y - X b)", "b", [], "W: spd(n)", "b = (X^T W X)^-1 X^T W y", "minimum"),
    ("||A x - b||^2 + ||C x - d||^2", "x", [], "", "x = (A^T A + C^T C)^-1 (A^T b + C^T d)", "minimum"),
    ("tr((A - B X)^T S (A - B X))", "X", [], "S: spd(n)", "X = (B^T S B)^-1 B^T S A", "minimum"),
    ("||A - x 1^T||_F^2", "x", [], "", "x = A ones(n) / n", "minimum"),
    ("||X - a ones(n)^T||_F^2", "a", [], "X: matrix(m,n)", "a = X ones(n) / n", "minimum"),
    ("||X - t A||_F^2", "t", [], "t: scalar", "t = tr(X^T A) / tr(A^T A)", "minimum"),
    ("||X - diag(d) A||_F^2", "d", [], "", "d = diag(A X^T) ./ diag(A A^T)", "minimum"),
    ("||A - D||_F^2", "D", [], "D: diagonal(n), A: matrix(n,n)", "D = diag(diag(A))", "minimum"),
    ("||A X - B||_F^2", "X", [], "X: symmetric(n)", "X = sylvester(A^T A, A^T A, A^T B + B^T A)", "minimum"),
    ("||A D - B||_F^2", "D", [], "D: diagonal(n)", "D = diag(diag(A^T B) ./ diag(A^T A))", "minimum"),
    ("tr(P S) - logdet(P)", "P", [], "P: spd(n), S: spd(n)", "P = S^-1", "minimum"),
    ("-n/2 logdet(P) + tr(P C)/2", "P", [], "P: spd(p), C: spd(p), n: scalar(positive)", "P = n C^-1", "minimum"),
    ("(n + v) logdet(S) + tr(S^-1 (C + V))", "S", [], "S: spd(p), C: psd(p), V: spd(p), n: scalar(positive), v: scalar(positive)", "S = (C + V) / (n + v)", "minimum"),
    ("sum(x .* log(x)) - c^T x", "x", ["sum(x) = 1"], "x: vector(n, positive)", "x = exp(c - logsumexp(c))", "minimum"),
    ("sum(x.^2) / 2 - a^T x", "x", ["sum(x) = 0"], "", "x = a - mean(a)", "minimum"),
    ("x^T A x", "x", ["x^T B x = 1"], "A: symmetric(n), B: spd(n)", "x = chol(B)^-T eigvec_min(chol(B)^-1 A chol(B)^-T)", "minimum"),
    ("(x^T A x)/(x^T B x)", "x", [], "A: symmetric(n), B: spd(n)", "x = chol(B)^-T eigvec_min(chol(B)^-1 A chol(B)^-T)", "minimum"),
    ("(w^T m)^2 / (w^T S w)", "w", [], "S: spd(n), m: vector(n)", "w = S^-1 m", "stationary point"),
    ("tr(W^T S W)", "W", ["W^T W = I"], "S: symmetric(n), W: matrix(n,k)", "W = eigvecs(S)[:, 1:k]", "minimum"),
    ("||X - Q Y||_F^2", "Q", [], "Q: orthogonal(n)", "Q = svd_u(X Y^T) svd_v(X Y^T)^T", "minimum"),
    ("-tr(R^T M)", "R", [], "R: orthogonal(n)", "R = svd_u(M) svd_v(M)^T", "minimum"),
    ("||A - X||_F^2", "X", ["X b = c"], "", "X = A - (A b - c) b^T / (b^T b)", "minimum"),
    ("||X||_F^2", "X", ["A X = B"], "", "X = A^T (A A^T)^-1 B", "minimum"),
    ("||X||_F^2", "X", ["A X B = C"], "", "X = A^T (A A^T)^-1 C (B^T B)^-1 B^T", "minimum"),
    ("-sum(log(x)) + c^T x", "x", [], "x: vector(n, positive), c: vector(n, positive)", "x = 1 ./ c", "minimum"),
    ("sum(exp(-a .* x)) + b^T x", "x", [], "a: vector(n, positive), b: vector(n, positive)", "x = -log(b ./ a) ./ a", "minimum"),
    ("a log(p) + b log(1 - p)", "p", [], "p: scalar, a: scalar(positive), b: scalar(positive)", "p = a / (a + b)", "maximum"),
    ("n log(l) - l sum(x)", "l", [], "l: scalar(positive), n: scalar(positive), x: vector(m, positive)", "l = n / sum(x)", "maximum"),
    ("k log(l) - n l", "l", [], "l: scalar(positive), n: scalar(positive), k: scalar(positive)", "l = k / n", "maximum"),
    ("sum((x - m).^2) / (2 v) + n log(v) / 2", "m v", [], "v: scalar(positive), m: scalar, x: vector(n)", "m = mean(x); v = ||x - mean(x)||^2 / n", "minimum"),
    ("logdet(S) + tr(S^-1 (X - ones(n) m^T)^T (X - ones(n) m^T)) / n", "m S", [], "S: spd(p), X: matrix(n,p), m: vector(p)", "m = X^T ones(n) / n; S = X^T (I - ones(n, n) / n) X / n", "minimum"),
    ("||x - y||^2 + k ||D x||^2", "x", [], "k: scalar(positive)", "x = (I + k D^T D)^-1 y", "minimum"),
    ("||Y - A X - b ones(n)^T||_F^2", "A b", [], "Y: matrix(m,n), X: matrix(k,n)", "A = Y (I - ones(n, n) / n) X^T (X (I - ones(n, n) / n) X^T)^-1; b = (Y - A X) ones(n) / n", "minimum"),
    ("x^T P x / 2 + q^T x", "x", ["A x = b"], "P: spd(n)", "x = P^-1 (A^T (A P^-1 A^T)^-1 (A P^-1 q + b) - q)", "minimum"),
    ("(x - a)^T S^-1 (x - a)", "x", ["c^T x = d"], "S: spd(n)", "x = a - (a^T c - d) S c / (c^T S c)", "minimum"),
    ("w^T S w - k m^T w", "w", ["sum(w) = 1"], "S: spd(n), k: scalar", "w = 1/2 S^-1 (k m - (k sum(S^-1 m) - 2) / sum(S^-1))", "minimum"),
    ("||A x - b||^2", "x", ["C x = d"], "", "x = (A^T A)^-1 (A^T b - C^T (C (A^T A)^-1 C^T)^-1 (C (A^T A)^-1 A^T b - d))", "minimum"),
    ("||x - a||^2", "x", ["x^T x = 1"], "", "x = a / ||a||", "minimum"),
    ("c^T x", "x", ["x^T S^-1 x = 1"], "S: spd(n)", "x = -S c / sqrt(c^T S c)", "minimum"),
    ("||X A - B||_F^2 + k ||X||_F^2", "X", [], "k: scalar(positive)", "X = B A^T (A A^T + k I)^-1", "minimum"),
    ("||R - U V^T||_F^2 + k ||U||_F^2", "U", [], "k: scalar(positive)", "U = R V (V^T V + k I)^-1", "minimum"),
    ("tr(X^T A X B) / 2 - tr(C^T X)", "X", [], "A: spd(n), B: spd(k)", "X = A^-1 C B^-1", "minimum"),
    ("sum((A .* X - B).^2)", "X", [], "", "X = B ./ A", "minimum"),
    ("x^4/4 - a x", "x", [], "x: scalar, a: scalar(positive)", "x = cbrt(a)", "minimum"),
    ("a x^2 + b / x", "x", [], "x: scalar(positive), a: scalar(positive), b: scalar(positive)", "x = cbrt(b / (2 a))", "minimum"),
    ("tr(X A) + tr(X^-1 B)", "X", [], "X: spd(n), A: spd(n), B: spd(n)", "X = sqrtm(A)^-1 sqrtm(sqrtm(A) B sqrtm(A)) sqrtm(A)^-1", "minimum"),
    ("||X - A||_F^2", "X", [], "X: skew(n), A: matrix(n,n)", "X = (A - A^T) / 2", "minimum"),
    ("||X - A||_F^2", "X", [], "X: lower(n), A: matrix(n,n)", "X = tril(A)", "minimum"),
    ("sum(1 ./ x)", "x", ["sum(x) = 1"], "x: vector(n, positive)", "x = ones(n) / n", "minimum"),
    ("a exp(2 t) + b exp(-t)", "t", [], "t: scalar, a: scalar(positive), b: scalar(positive)", "t = log(cbrt(b / (2 a)))", "minimum"),
    ("||x - m||^2 where m = mean(a), a: vector(n)", "x", ["sum(x) = m"], "", "x = m ones(k) / k\nwhere m = mean(a)", "minimum"),
    ("u^T A v", "u v", ["u^T u = 1", "v^T v = 1"], "", "u = -svd_u_max(A); v = svd_v_max(A)", "minimum"),
    ("a^T C b", "a b", ["a^T A a = 1", "b^T B b = 1"], "A: spd(n), B: spd(m)", "a = -chol(A)^-T svd_u_max(chol(A)^-1 C chol(B)^-T); b = chol(B)^-T svd_v_max(chol(A)^-1 C chol(B)^-T)", "minimum"),
    ("tr(C X^-1)", "X", ["tr(X) = 1"], "X: spd(n), C: spd(n)", "X = sqrtm(C) / tr(sqrtm(C))", "minimum"),
    ("tr(X logm(X)) + tr(H X)", "X", ["tr(X) = 1"], "X: spd(n), H: symmetric(n)", "X = expm(-H) / tr(expm(-H))", "minimum"),
    ("n log(1 + exp(b)) - k b", "b", [], "b: scalar, n: scalar(positive), k: scalar(positive)", "b = log(k / (n - k))", "minimum"),
    ("x + y", "x y", ["x y = 1"], "x: scalar(positive), y: scalar(positive)", "x = 1; y = 1", "minimum"),
    ("sum_i r_i (logdet(S) + (x_i - m)^T S^-1 (x_i - m))", "m S", [], "S: spd(p), x_i: vector(p), m: vector(p), r_i: scalar(positive)", "m = X^T r / sum(r); S = X^T (diag(r) - r r^T / sum(r)) X / sum(r)", "minimum"),
    ("||X - X W W^T||_F^2", "W", ["W^T W = I"], "X: matrix(n, p), W: matrix(p, k)", "W = eigvecs(X^T X)[:, -k + p + 1:p]", "minimum"),
    ("l^a k^b", "l k", ["w l + r k = m"], "l: scalar(positive), k: scalar(positive), w: scalar(positive), r: scalar(positive), a: scalar(positive), b: scalar(positive), m: scalar(positive)", "l = a m / (w (a + b)); k = b m / (r (a + b))", "maximum"),
    ("-sum(p .* log(p))", "p", ["sum(p) = 1"], "p: vector(n, positive)", "p = ones(n) / n", "maximum"),
    ("||b - A x||^2 / s + n log(s)", "x s", [], "s: scalar(positive), A: matrix(n, k)", "x = (A^T A)^-1 A^T b; s = ||b - A x||^2 / n", "minimum"),
)
# fmt: on
