"""Derivatives in the form in which the books print them: title, function, declarations, variable, order, answer, source."""

from __future__ import annotations

__all__ = ["ROWS"]

Row = tuple[str, str, str, str, int, str, str]

GAUSS = "x: vector(d), mu: vector(d), S: spd(d)"
AFFINE = "A: matrix(m, n), b: vector(m), x: vector(n)"

# fmt: off
ROWS: list[Row] = [
    # --- symmetric answers whose symmetry can be seen
    ("Gaussian likelihood", "-1/2 logdet(S) - 1/2 (x - mu)^T S^-1 (x - mu)", GAUSS, "S", 1,
     "(S^-1 (x - mu) (x - mu)^T S^-1 - S^-1) / 2", "Bishop 2006, (2.122)"),
    ("Gaussian likelihood, no structure", "-1/2 logdet(S) - 1/2 (x - mu)^T S^-1 (x - mu)", "S: matrix(d, d)", "S", 1,
     "(S^-T (x - mu) (x - mu)^T S^-T - S^-T) / 2", "Magnus & Neudecker 15.3"),
    ("covariance fit", "logdet(S) + tr(S^-1 C)", "S: spd(d), C: spd(d)", "S", 1,
     "S^-1 - S^-1 C S^-1", "Jöreskog 1967"),
    ("innovations", "logdet(H P H^T + R) + e^T (H P H^T + R)^-1 e", "H: matrix(m, n), P: spd(n), R: spd(m), e: vector(m)", "P", 1,
     "H^T ((H P H^T + R)^-1 - (H P H^T + R)^-1 e e^T (H P H^T + R)^-1) H", "Harvey 1989, 3.4"),
    ("geometric programming", "logsumexp(A x + b)", AFFINE, "x", 2,
     "A^T (diag(softmax(A x + b)) - softmax(A x + b) softmax(A x + b)^T) A", "Boyd & Vandenberghe A.4.4"),
    ("portfolio volatility", "sqrt(w^T S w)", "w: vector(n), S: spd(n)", "w", 2,
     "(S - S w w^T S / (w^T S w)) / sqrt(w^T S w)", "Luenberger 1998"),
    # --- functions of matrices along what commutes
    ("von Neumann entropy", "-tr(S logm(S))", "S: spd(n)", "S", 1, "-I - logm(S)", "Higham 2008"),
    ("Hencky energy", "mu tr(logm(C)^2)", "C: spd(n), mu: scalar", "C", 1, "2 mu C^-1 logm(C)", "Neff et al. 2016"),
    ("affine-invariant distance", "tr(logm(A^-1 S)^2)", "A: spd(n), S: spd(n)", "S", 1, "2 S^-1 logm(S A^-1)", "Pennec et al. 2006"),
    ("Bures distance", "tr(S) + tr(A) - 2 tr(sqrtm(A S))", "S: spd(n), A: spd(n)", "S", 1,
     "I - A sqrtm(S A)^-1", "Bhatia, Jain & Lim 2019"),
    ("transition matrix", "expm(t * A)", "A: matrix(n, n), t: scalar", "t", 1, "A expm(t A)", "Higham 2008, 10.1"),
    ("transition matrix, twice", "expm(t * A)", "A: matrix(n, n), t: scalar", "t", 2, "A^2 expm(t A)", "Higham 2008, 10.1"),
    # --- Cholesky factors, pseudoinverses, resolvents
    ("log-determinant by Cholesky", "sum(log(diag(chol(S))))", "S: spd(n)", "S", 1, "S^-1 / 2", "Rasmussen & Williams A.4"),
    ("Gaussian by Cholesky", "1/2 ||chol(S)^-1 x||^2 + sum(log(diag(chol(S))))", "S: spd(n), x: vector(n)", "S", 1,
     "(S^-1 - S^-1 x x^T S^-1) / 2", "Rasmussen & Williams A.4"),
    ("variable projection", "1/2 ||(I - X pinv(X)) y||^2", "X: matrix(n, k), y: vector(n)", "X", 1,
     "(X pinv(X) - I) y (pinv(X) y)^T", "Golub & Pereyra 1973"),
    ("Cayley transform", "(I + A)^-1 (I - A)", "A: matrix(n, n)", "A", 1,
     "dF = -2 (I + A)^-1 dA (I + A)^-1, vec form -2 ((I + A)^-T ⊗ (I + A)^-1)", "Cayley 1846"),
    # --- diagonals and Kronecker products
    ("D-optimal design", "logdet(A^T diag(w) A)", "A: matrix(m, n), w: vector(m, positive)", "w", 2,
     "-(A (A^T diag(w) A)^-1 A^T).^2", "Pukelsheim 1993"),
    ("c-optimal design", "c^T (A^T diag(w) A)^-1 c", "A: matrix(m, n), w: vector(m, positive), c: vector(n)", "w", 1,
     "-(A (A^T diag(w) A)^-1 c).^2", "Pukelsheim 1993"),
    ("E-optimal design", "eigmin(A^T diag(w) A)", "A: matrix(m, n), w: vector(m, positive)", "w", 1,
     "(A eigvec_min(A^T diag(w) A)).^2", "Pukelsheim 1993"),
    ("diagonal precision", "1/2 x^T D x - 1/2 logdet(D)", "D: diagonal(n), x: vector(n)", "D", 1, "(diag(x.^2) - D^-1) / 2", "Bishop 2006"),
    ("multinomial logit, Böhning", "logsumexp(W x) - y^T W x", "W: matrix(m, n), x: vector(n), y: vector(m)", "W", 2,
     "dG = (softmax(W x) .* (dW x - softmax(W x)^T dW x)) x^T, "
     "vec form (x x^T) ⊗ (diag(softmax(W x)) - softmax(W x) softmax(W x)^T)", "Böhning 1992"),
    ("softmax layer", "softmax(X b)", "X: matrix(n, k), b: vector(k)", "X", 1,
     "dF = softmax(X b) .* (dX b - softmax(X b)^T dX b), "
     "vec form b^T ⊗ (diag(softmax(X b)) - softmax(X b) softmax(X b)^T)", "Goodfellow et al. 2016"),
    # --- sums as they were typed
    ("Gaussian kernel", "exp(-||x - y||^2 / (2 l^2))", "x: vector(n), y: vector(n), l: scalar", "x", 1,
     "-exp(-||x - y||^2 / (2 l^2)) (x - y) / l^2", "Rasmussen & Williams 4.2"),
    ("Gaussian kernel, twice", "exp(-||x - y||^2 / (2 l^2))", "x: vector(n), y: vector(n), l: scalar", "x", 2,
     "exp(-||x - y||^2 / (2 l^2)) ((x - y) (x - y)^T / l^2 - I) / l^2", "Rasmussen & Williams 9.4"),
    ("distance to a sphere", "(||x - y|| - c)^2", "x: vector(n), y: vector(n), c: scalar", "x", 1,
     "2 (||x - y|| - c) (x - y) / ||x - y||", "Boyd & Vandenberghe 8.7"),
    ("logarithmic barrier", "-sum(log(b - A x))", AFFINE, "x", 1, "A^T (1 ./ (b - A x))", "Boyd & Vandenberghe 9.2"),
    ("logarithmic barrier, twice", "-sum(log(b - A x))", AFFINE, "x", 2, "A^T diag(1 ./ (b - A x).^2) A", "Boyd & Vandenberghe 9.5"),
    ("cone barrier", "-log(t^2 - x^T x)", "t: scalar(positive), x: vector(n)", "t", 1, "-2 t / (t^2 - x^T x)", "Boyd & Vandenberghe 11.6"),
    ("cone barrier, twice", "-log(t^2 - x^T x)", "t: scalar(positive), x: vector(n)", "x", 2,
     "2 (I + 2 x x^T / (t^2 - x^T x)) / (t^2 - x^T x)", "Boyd & Vandenberghe 11.6"),
    ("Leontief inverse", "(I - A)^-1 f", "A: matrix(n, n), f: vector(n)", "A", 1,
     "dF = (I - A)^-1 dA (I - A)^-1 f, vec form ((I - A)^-1 f)^T ⊗ (I - A)^-1", "Miller & Blair 2009"),
    ("acyclicity", "logdet(I - B)", "B: matrix(n, n)", "B", 1, "-(I - B)^-T", "Bello et al. 2022"),
    ("metric", "(x - y)^T M (x - y)", "x: vector(n), y: vector(n), M: matrix(n, n)", "M", 1, "(x - y) (x - y)^T", "Kulis 2013"),
    ("independence criterion", "tr(K (I - ones(n, n) / n) L (I - ones(n, n) / n))", "K: symmetric(n), L: symmetric(n)", "K", 1,
     "(I - ones(n, n) / n) L (I - ones(n, n) / n)", "Gretton et al. 2005"),
    ("capacitance", "tr((A + X B)^-1)", "A: matrix(n, n), X: matrix(n, k), B: matrix(k, n)", "X", 1, "-(B (A + X B)^-2)^T", "MC (64)"),
    ("sums without a minus sign", "||y - X b||^2", "X: matrix(n, k), b: vector(k), y: vector(n)", "b", 1, "2 X^T (X b - y)", "Greene 2012, 3.2"),
    # --- transposes
    ("transfer function", "c^T (s * I - A)^-1 b", "A: matrix(n, n), c: vector(n), b: vector(n), s: scalar", "s", 1,
     "-c^T (s I - A)^-2 b", "Antsaklis & Michel 2006"),
    ("transfer function by A", "c^T (s * I - A)^-1 b", "A: matrix(n, n), c: vector(n), b: vector(n), s: scalar", "A", 1,
     "(s I - A)^-T c b^T (s I - A)^-T", "Antsaklis & Michel 2006"),
    ("locally linear embedding", "tr(Y (I - W)^T (I - W) Y^T)", "W: matrix(n, n), Y: matrix(m, n)", "Y", 1,
     "2 Y (I - W)^T (I - W)", "Roweis & Saul 2000"),
    ("matrix factorisation", "1/2 ||R - U V^T||^2", "R: matrix(m, n), U: matrix(m, k), V: matrix(n, k)", "V", 1,
     "(U V^T - R)^T U", "Koren, Bell & Volinsky 2009"),
    ("trace of the exponential", "tr(expm(X))", "X: matrix(n, n)", "X", 1, "expm(X)^T", "MC (140)"),
    # --- operators of several terms as one congruence
    ("covariance of a Kalman filter", "P - P H^T (H P H^T + R)^-1 H P", "H: matrix(m, n), P: symmetric(n), R: symmetric(m)", "P", 1,
     "dF = (I - P H^T (H P H^T + R)^-1 H) dP (I - H^T (H P H^T + R)^-1 H P), "
     "vec form 1/2 ((I - P H^T (H P H^T + R)^-1 H) ⊗ (I - P H^T (H P H^T + R)^-1 H)) (I + K(n, n))", "Kalman 1960"),
    ("product of four terms", "A X B + A X + X B + X", "A: matrix(n, n), X: matrix(n, n), B: matrix(n, n)", "X", 1,
     "dF = (I + A) dX (I + B), vec form (I + B^T) ⊗ (I + A)", "MC (520)"),
]
# fmt: on
