r"""Sums over indices: (left, right, what is not equal to it, where); each right side is, each wrong one is not."""

from __future__ import annotations

__all__ = ["ONLY_FALSE", "SUMS"]

N = "x_i: scalar, y_i: scalar, i: index(n), j: index(n)"
V = "x_i: vector(d), y_i: vector(d), i: index(n), j: index(n)"
T = "x_t: scalar, y_t: scalar, t: index(T)"

# fmt: off
SUMS: tuple[tuple[str, str, str, str], ...] = (
    # telescopes
    (r"\sum_{t=1}^{T-1} (x_{t+1} - x_t)", r"x_T - x_1", r"x_1 - x_T", ""),
    (r"\sum_{t=2}^{T} (x_t - x_{t-1})", r"x_T - x_1", r"x_T - x_2", ""),
    (r"\sum_{t=1}^{T-2} (x_{t+2} - x_t)", r"x_T + x_{T-1} - x_2 - x_1", r"x_T - x_{T-1} + x_2 - x_1", ""),
    (r"\sum_{t=1}^{T-3} (x_{t+3} - x_t)", r"x_T + x_{T-1} + x_{T-2} - x_3 - x_2 - x_1", r"x_T + x_{T-1} - x_2 - x_1", ""),
    (r"\sum_{t=2}^{T-1} (x_{t+1} - x_{t-1})", r"x_T + x_{T-1} - x_2 - x_1", r"x_T + x_{T-1} - x_2 + x_1", ""),
    (r"\sum_{t=1}^{T-1} (x_{t+1}^2 - x_t^2)", r"x_T^2 - x_1^2", r"(x_T - x_1)^2", ""),
    (r"\sum_{t=1}^{T-1} (\exp(x_{t+1}) - \exp(x_t))", r"\exp(x_T) - \exp(x_1)", r"\exp(x_T - x_1)", ""),
    (r"\sum_{t=1}^{T-1} (\tanh(y x_{t+1}) - \tanh(y x_t))", r"\tanh(y x_T) - \tanh(y x_1)", r"\tanh(y x_T - y x_1)", ""),
    (r"\sum_{t=1}^{T-1} (x_{t+1} y_{t+1} - x_t y_t)", r"x_T y_T - x_1 y_1", r"x_T y_1 - x_1 y_T", ""),
    (r"\sum_{t=1}^{T-1} (x_{t+1} + x_t) (x_{t+1} - x_t)", r"x_T^2 - x_1^2", r"x_T^2 + x_1^2", ""),
    (r"\sum_{t=1}^{T-1} (x_{t+1} - 2 x_t) + \sum_{t=1}^{T-1} x_t", r"x_T - x_1", r"x_T - 2 x_1", ""),
    (r"\sum_{t=2}^{T-1} (x_{t+1} - 2 x_t + x_{t-1})", r"x_T - x_{T-1} - x_2 + x_1", r"x_T - x_{T-1} - x_2 - x_1", ""),
    (r"\sum_{t=1}^{T-1} (\|x_{t+1}\|^2 - \|x_t\|^2)", r"\|x_T\|^2 - \|x_1\|^2", r"\|x_T - x_1\|^2", "x_t: vector(d), t: index(T)"),
    (r"\sum_{t=1}^{T-1} a^\top (x_{t+1} - x_t)", r"a^\top (x_T - x_1)", r"a^\top (x_T + x_1)", "x_t: vector(d), a: vector(d), t: index(T)"),
    (r"\sum_{t=1}^{T-1} (x_{t+1} x_{t+1}^\top - x_t x_t^\top)", r"x_T x_T^\top - x_1 x_1^\top", r"x_T x_1^\top - x_1 x_T^\top", "x_t: vector(d), t: index(T)"),
    # parts of ranges
    (r"\sum_{t=1}^{T} x_t", r"x_1 + \sum_{t=2}^{T} x_t", r"x_T + \sum_{t=2}^{T} x_t", ""),
    (r"\sum_{t=1}^{T} \exp(x_t)", r"\exp(x_T) + \sum_{t=1}^{T-1} \exp(x_t)", r"\exp(x_1) + \sum_{t=1}^{T-1} \exp(x_t)", ""),
    (r"\sum_{t=1}^{T} \cos(x_t)", r"\cos(x_1) + \cos(x_T) + \sum_{t=2}^{T-1} \cos(x_t)", r"\cos(x_1) + \cos(x_2) + \sum_{t=2}^{T-1} \cos(x_t)", ""),
    (r"\sum_{t=1}^{T-1} x_{t+1}^2", r"\sum_{t=1}^{T} x_t^2 - x_1^2", r"\sum_{t=1}^{T} x_t^2 - x_T^2", ""),
    (r"\sum_{t=1}^{T-2} \tanh(x_{t+1})", r"\sum_{t=1}^{T} \tanh(x_t) - \tanh(x_1) - \tanh(x_T)", r"\sum_{t=1}^{T} \tanh(x_t) - 2 \tanh(x_1)", ""),
    (r"\sum_{t=2}^{T} (x_t - a x_{t-1})^2", r"\sum_{t=1}^{T-1} (x_{t+1} - a x_t)^2", r"\sum_{t=1}^{T-1} (x_t - a x_{t+1})^2", ""),
    # shifted
    (r"\sum_{t=1}^{T-1} x_{t+1} y_{t+1}", r"\sum_{t=2}^T x_t y_t", r"\sum_{t=1}^{T-1} x_t y_t", ""),
    (r"\sum_{t=1}^{T-1} x_{t+1} y_t", r"\sum_{t=2}^T x_t y_{t-1}", r"\sum_{t=2}^T x_{t-1} y_t", ""),
    (r"\sum_{t=1}^{T-2} x_{t+1} y_{t+2}", r"\sum_{t=2}^{T-1} x_t y_{t+1}", r"\sum_{t=2}^{T-1} x_{t+1} y_t", ""),
    (r"\sum_{t=1}^{T-1} \|x_{t+1} - x_t\|^2", r"\sum_{t=2}^{T} \|x_t - x_{t-1}\|^2", r"\sum_{t=2}^{T} \|x_t + x_{t-1}\|^2", "x_t: vector(d), t: index(T)"),
    (r"\sum_{t=1}^{T-1} x_{t+1}^\top A x_t", r"\sum_{t=2}^T x_t^\top A x_{t-1}", r"\sum_{t=2}^T x_{t-1}^\top A x_t", "x_t: vector(d), A: matrix(d, d), t: index(T)"),
    (r"\sum_{t=1}^{T-1} \exp(x_{t+1} - x_t)", r"\sum_{t=2}^{T} \exp(x_t - x_{t-1})", r"\sum_{t=2}^{T} \exp(x_{t-1} - x_t)", ""),
    # exchanged
    (r"\sum_i \sum_j w_{ij} x_i y_j", r"\sum_j \sum_i w_{ij} x_i y_j", r"\sum_j \sum_i w_{ij} x_j y_i", "w_{ij}: scalar, x_i: scalar, y_i: scalar, i: index(n), j: index(n)"),
    (r"\sum_i \sum_j \tanh(x_i y_j)", r"\sum_i \sum_j \tanh(x_j y_i)", r"\sum_i \sum_j \tanh(x_i y_i + 0 y_j)", N),
    (r"\sum_i \sum_j \tanh(x_i y_j)", r"\sum_j \sum_i \tanh(x_i y_j)", r"\sum_j \sum_i \tanh(x_i x_j)", N),
    (r"\sum_i x_i \sum_j y_j", r"(\sum_j x_j) (\sum_i y_i)", r"\sum_i x_i y_i", N),
    (r"\sum_i \sum_j (x_i + y_j)", r"n \sum_i (x_i + y_i)", r"\sum_i (x_i + y_i)", N),
    (r"\sum_i \log \sum_j \exp(x_i y_j)", r"\sum_j \log \sum_i \exp(x_j y_i)", r"\sum_j \log \sum_i \exp(x_i y_j)", N),
    # halves of symmetric pairs
    (r"\sum_{i<j} (x_i - x_j)^2", r"\frac12 \sum_{i \ne j} (x_i - x_j)^2", r"\sum_{i \ne j} (x_i - x_j)^2", N),
    (r"\sum_{i<j} \exp(-\|x_i - x_j\|^2)", r"\frac12 \sum_{i \ne j} \exp(-\|x_i - x_j\|^2)", r"\frac12 \sum_{i, j} \exp(-\|x_i - x_j\|^2)", V),
    (r"\sum_{i<j} \log|x_i - x_j|", r"\frac12 \sum_{i \ne j} \log|x_i - x_j|", r"\frac12 \sum_{i \ne j} \log|x_i + x_j|", N),
    (r"\sum_{i<j} 1/(x_i - x_j)^2", r"\frac12 \sum_{i \ne j} 1/(x_i - x_j)^2", r"\frac12 \sum_{i \ne j} 1/(x_i + x_j)^2", N),
    (r"\sum_{i<j} \cos(x_i - x_j)", r"\sum_{i>j} \cos(x_i - x_j)", r"\sum_{i>j} \cos(x_i + x_j)", N),
    (r"\sum_{i<j} \sin(x_i - x_j)", r"-\sum_{i>j} \sin(x_i - x_j)", r"\sum_{i>j} \sin(x_i - x_j)", N),
    (r"\sum_{i<j} \tanh(x_i y_j)", r"\sum_{i>j} \tanh(x_j y_i)", r"\sum_{i>j} \tanh(x_i y_j)", N),
    (r"\sum_{i<j} (\tanh(x_i y_j) + \tanh(x_j y_i))", r"\sum_{i \ne j} \tanh(x_i y_j)", r"2 \sum_{i < j} \tanh(x_i y_j)", N),
    (r"\sum_{i<j} \|x_i - x_j\|", r"\frac12 \sum_{i, j} \|x_i - x_j\|", r"\sum_{i \le j} \|x_i - y_j\|", V),
    (r"\sum_{i \le j} \cos(x_i - x_j)", r"\frac{n}{2} + \frac12 \sum_{i, j} \cos(x_i - x_j)", r"n + \frac12 \sum_{i, j} \cos(x_i - x_j)", N),
    (r"\sum_{i<j} x_i^\top x_j", r"\frac12 (\|\sum_i x_i\|^2 - \sum_i \|x_i\|^2)", r"\frac12 (\|\sum_i x_i\|^2 + \sum_i \|x_i\|^2)", V),
    (r"\sum_{i<j} x_i x_j", r"\frac12 ((\sum_i x_i)^2 - \sum_i x_i^2)", r"(\sum_i x_i)^2 - \sum_i x_i^2", N),
    (r"\sum_{i<j} (x_i - x_j)^2", r"n \sum_i x_i^2 - (\sum_i x_i)^2", r"n \sum_i x_i^2 + (\sum_i x_i)^2", N),
    (r"\sum_{i<j} (x_i - x_j) (y_i - y_j)", r"n \sum_i x_i y_i - (\sum_i x_i) (\sum_j y_j)", r"n \sum_i x_i y_i - (\sum_i x_i)^2", N),
    (r"\sum_{i<j} \|x_i - x_j\|^2", r"n \sum_i \|x_i\|^2 - \|\sum_i x_i\|^2", r"\sum_i \|x_i\|^2 - \|\sum_i x_i\|^2", V),
    # relations and their entries
    (r"\sum_{i \ne j} \tanh(x_i x_j)", r"\sum_{i,j} \tanh(x_i x_j) - \sum_i \tanh(x_i^2)", r"\sum_{i,j} \tanh(x_i x_j) - \sum_i \tanh(x_i)^2", N),
    (r"\sum_{i \le j} \tanh(x_i x_j)", r"\sum_{i < j} \tanh(x_i x_j) + \sum_i \tanh(x_i^2)", r"\sum_{i < j} \tanh(x_i x_j) - \sum_i \tanh(x_i^2)", N),
    (r"\sum_{i \ne j} \tanh(x_i y_j)", r"\sum_{i<j} \tanh(x_i y_j) + \sum_{i>j} \tanh(x_i y_j)", r"2 \sum_{i<j} \tanh(x_i y_j)", N),
    (r"\sum_{i, j} \tanh(x_i y_j)", r"\sum_{i \le j} \tanh(x_i y_j) + \sum_{i>j} \tanh(x_i y_j)", r"\sum_{i<j} \tanh(x_i y_j) + \sum_{i>j} \tanh(x_i y_j)", N),
    (r"\sum_i \sum_{j \ne i} x_i y_j", r"(\sum_i x_i) (\sum_j y_j) - \sum_i x_i y_i", r"(\sum_i x_i) (\sum_j y_j) + \sum_i x_i y_i", N),
    (r"\sum_i \sum_j \delta_{ij} x_i y_j", r"\sum_i x_i y_i", r"\sum_i \sum_j x_i y_j", N),
    (r"\sum_i \sum_j \delta_{ij} \exp(x_i - y_j)", r"\sum_i \exp(x_i - y_i)", r"\sum_i \exp(y_i - x_i)", N),
    (r"\sum_{i \ne j} 1/(x_i - x_j)", r"0 \sum_i x_i", r"\sum_i x_i", N),
    (r"\sum_{i<j} x_j^2", r"\sum_{i,j} [i < j] x_j^2 + 0 \sum_i x_i", r"\sum_j x_j^2", N),
    ("sum_{i<j} x_j^2", r"\sum_i \sum_{j>i} x_j^2", "sum_j x_j^2", N),
    # matrices
    (r"\sum_i x_i x_i^\top", r"X^\top X", r"X X^\top", "x_i: vector(n), i: index(n)"),
    (r"\sum_i x_i y_i^\top", r"X^\top Y", r"Y^\top X", V),
    (r"\sum_i w_i x_i x_i^\top", r"X^\top \operatorname{diag}(w) X", r"X^\top X \operatorname{sum}(w)", "w_i: scalar, x_i: vector(d), i: index(n)"),
    (r"\sum_i x_i", r"X^\top \mathbf{1}", r"2 X^\top \mathbf{1}", "x_i: vector(d), i: index(n)"),
    (r"\sum_i \|x_i\|^2", r"\operatorname{tr}(X^\top X)", r"\operatorname{tr}(X)^2", "x_i: vector(n), i: index(n)"),
    (r"\sum_i (y_i - w^\top x_i)^2", r"\|y - X w\|^2", r"\|y + X w\|^2", "x_i: vector(d), y_i: scalar, w: vector(d), i: index(n)"),
    (r"\sum_i (x_i - \mu)(x_i - \mu)^\top", r"X^\top X - s \mu^\top - \mu s^\top + n \mu \mu^\top \text{ where } s = \sum_i x_i", r"X^\top X - n \mu \mu^\top", "x_i: vector(d), mu: vector(d), i: index(n)"),
    (r"\sum_{i,j} W_{ij} x_i^\top x_j", r"\operatorname{tr}(X^\top W X)", r"\operatorname{tr}(X^\top W)", "W: matrix(n, n), x_i: vector(n), i: index(n), j: index(n)"),
    (r"\sum_{i,j} A_{ij} B_{ij}", r"\operatorname{tr}(A^\top B)", r"\operatorname{tr}(A B)", "A: matrix(n, n), B: matrix(n, n)"),
    (r"\sum_{i,j} A_{ij} B_{ji}", r"\operatorname{tr}(A B)", r"\operatorname{tr}(A^\top B)", "A: matrix(n, n), B: matrix(n, n)"),
    (r"\sum_i A_{ii}", r"\operatorname{tr}(A)", r"\operatorname{sum}(A)", "A: matrix(n, n)"),
    (r"\sum_i e^{x_i}", r"\mathbf{1}^\top \exp(x)", r"\exp(\mathbf{1}^\top x)", "x_i: scalar, i: index(n)"),
    # means, constants and logarithms
    (r"\sum_i (x_i - \frac1n \sum_j x_j)", r"0 \sum_i x_i", r"\sum_i x_i", N),
    (r"\sum_i \|x_i - \mu\|^2", r"\sum_i x_i^\top x_i - 2 \mu^\top \sum_i x_i + n \mu^\top \mu", r"\sum_i x_i^\top x_i - 2 \mu^\top \sum_i x_i + \mu^\top \mu", "x_i: vector(d), mu: vector(d), i: index(n)"),
    (r"\log \sum_j e^{y_j + c}", r"c + \log \sum_j e^{y_j}", r"n c + \log \sum_j e^{y_j}", "y_j: scalar, c: scalar, j: index(n)"),
    (r"\sum_i \log \sum_j e^{x_i + y_j}", r"\sum_i x_i + n \log \sum_j e^{y_j}", r"\sum_i x_i + \log \sum_j e^{y_j}", N),
    (r"\sum_i \frac{e^{x_i}}{\sum_j e^{x_j}}", r"1 + 0 \sum_i x_i", r"2 + 0 \sum_i x_i", N),
)

#: (left, right, where): pairs that a careless use of indices takes for equal.
ONLY_FALSE: tuple[tuple[str, str, str], ...] = (
    (r"\sum_i \tanh(y_i + \log\sum_j e^{y_i z_j})", r"\sum_i \tanh(y_i + \log\sum_j e^{y_j z_j})", "y_i: scalar, z_i: scalar, i: index(n), j: index(n)"),
    (r"\sum_i \tanh(y_i \sum_j \exp(y_j z_i))", r"\sum_i \tanh(y_i \sum_j \exp(y_i z_j))", "y_i: scalar, z_i: scalar, i: index(n), j: index(n)"),
    (r"\sum_i \exp(x_i - \sum_j \tanh(x_i x_j))", r"\sum_i \exp(x_i - \sum_j \tanh(x_j x_j))", N),
    (r"\sum_i \log \sum_j \exp(\sin(x_i y_j) + x_j)", r"\sum_i \log \sum_j \exp(\sin(x_j y_i) + x_j)", N),
    (r"\sum_i x_i^2", r"(\sum_i x_i)^2", N),
    (r"\sum_i x_i y_i", r"(\sum_i x_i) (\sum_i y_i)", N),
    (r"\sum_{i<j} \tanh(x_i y_j)", r"\frac12 \sum_{i \ne j} \tanh(x_i y_j)", N),
    (r"\sum_{i<j} \tanh(x_i y_j)", r"\sum_{i>j} \tanh(x_i y_j)", N),
    (r"\sum_{i \le j} \exp(x_i y_j)", r"\sum_{i < j} \exp(x_i y_j)", N),
    (r"\sum_{i, j} |x_i - x_j|", r"\sum_{i < j} |x_i - x_j|", N),
    (r"\sum_{i<j} \sin(x_i - x_j)", r"0 \sum_i x_i", N),
    (r"\sum_{i<j} \sqrt{y_j - y_i} + \sum_{i,j} |y_j - y_i| z_i", r"\sum_{i<j} \sqrt{y_j - y_i} + \sum_{i,j} (y_j - y_i) z_i", "y_i: scalar, z_i: scalar, i: index(n), j: index(n)"),
    (r"\sum_i \log \sum_j (y_i - x_j)^2 + \sum_j |y_j|", r"\sum_i \log \sum_j (y_i - x_j)^2 + \sum_j y_j", N),
    (r"\sum_{t=1}^{T-1} x_{t+1} x_t", r"\sum_{t=1}^{T-1} x_t^2", ""),
    (r"\sum_{t=1}^{T-1} \tanh(x_{t+1} - x_t)", r"\tanh(x_T - x_1)", ""),
    (r"\sum_{t=1}^{T-1} (x_{t+1} - x_t)^2", r"(x_T - x_1)^2", ""),
    (r"\sum_{t=2}^{T-1} x_t y_{t-1}", r"\sum_{t=2}^{T-2} x_t y_{t-1}", T),
    (r"\sum_{t=2}^{T-1} y_{t-1}", r"\sum_{t=2}^{T-2} y_{t-1}", T),
    (r"\sum_{t=1}^{T-1} (x_{t+1} - y_t)", r"x_T - y_1", ""),
    (r"\sum_{t=1}^{T-1} y_t (x_{t+1} - x_t)", r"y_T x_T - y_1 x_1", ""),
    (r"\sum_i \prod_j (1 + x_i y_j)", r"\prod_i (1 + \sum_j x_i y_j)", N),
    (r"\sum_i \max_j (x_i y_j)", r"\sum_j \max_i (x_i y_j)", N),
    (r"\sum_i \|x_i\|", r"\|\sum_i x_i\|", V),
    (r"\sum_i x_i^\top A x_i", r"\operatorname{tr}(X A)", "x_i: vector(n), A: matrix(n, n), i: index(n)"),
)
# fmt: on
