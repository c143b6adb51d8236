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
]
# fmt: on
