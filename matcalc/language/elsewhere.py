"""What functions are called elsewhere."""

from __future__ import annotations

__all__ = ["ELSEWHERE"]

#: Frequent names of functions elsewhere, and what they are called here.
ELSEWHERE = {
    "ln": "log",
    "Tr": "tr",
    "TR": "tr",
    "Trace": "tr",
    "dot": "inner",
    "norm_2": "norm2",
    "norm_1": "norm1",
    "l1": "norm1",
    "l2": "norm2",
    "transpose": "X^T",
    "Transpose": "X^T",
    "hadamard": "A .* B",
    "dotprod": "inner",
    "determinant": "det",
    "identity": "eye",
    "logistic": "sigmoid",
    "power": "pow",
    "sgn": "sign",
    "fabs": "abs",
    "matmul": "A B",
    "cross": "no cross product: write out the entries",
    "lambda_max": "eigmax",
    "lambda_min": "eigmin",
    "sigma_max": "norm_spec",
    "sigma_min": "min(svdvals(X))",
}
