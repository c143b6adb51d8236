"""What is typed into the page in tests: (expression, by, where)."""

from __future__ import annotations

__all__ = ["HOSTILE", "INPUTS"]

#: Answers of the page are those of the command line.
INPUTS = [
    ("tr(X^T A X)", "", ""), ("||A x - b||^2", "x", ""), ("logdet(S)", "S", "S: spd(n)"), ("log(sum(exp(A x)))", "x", ""),
    ("sum(tanh(W x))", "W", ""), ("x^T A x", "x", "A: symmetric(n)"), ("A X B", "X", ""), ("det(X)", "", ""), ("||x||", "", ""),
    (r"\operatorname{tr}(X^\top X)", "", ""), ("inv(X)", "X", "X: invertible(n)"), ("tr(A inv(X) B)", "X", ""),
    ("sum(log(1 + exp(-y .* (X w))))", "w", "y: vector(n)"), ("x^T x", "x", ""), ("norm2(A X - B)^2", "X", ""),
    ("||X||_*", "X", "X: matrix(m, n)"), ("eigmax(S)", "S", "S: symmetric(n)"), ("tr(expm(A))", "A", ""), ("softmax(W x)", "x", ""),
    ("sum(relu(W x + b))", "W", ""), ("max(x)", "x", ""), ("sum(abs(x))", "x", ""), ("x^T A y", "A", ""), ("kron(A, X)", "X", ""),
    ("sum(erf(x))", "x", ""), ("sum(lgamma(x))", "x", "x: vector(n, positive)"), ("huber(s, 1)", "s", ""), ("prod(x)", "x", ""),
    ("tr(S log(T))", "T", "S: symmetric(n), T: matrix(n, n, positive)"), ("sqrt(x^T Q x)", "x", "Q: spd(n)"), ("X^3", "X", "X: matrix(n, n)"),
    ("tr(L L^T A)", "L", "L: lower(n)"), ("sum(x .* log(x))", "x", "x: vector(n, positive)"), ("x / ||x||", "x", ""),
    (r"\frac{1}{n} \sum_i \log(1 + e^{-y_i w^\top x_i})", "w", ""), (r"\sum_{i<j} \|x_i - x_j\|^2", "x", ""), ("pinv(X) b", "X", ""),
    ("tr(sqrtm(S))", "S", "S: spd(n)"), ("norm(x, 3)", "x", ""), ("sum(sigmoid(X w))", "w", ""), ("diag(x) A", "x", ""),
    ("||A z - b||^2", "z", "z: complex vector(n)"), ("logdet(R)", "R", "R: hpd(n)"),
    ("a^T X^-1 b", "X", ""), ("sum(cumsum(x).^2)", "x", ""), ("gelu(s)", "s", ""),
]  # fmt: skip

#: Nothing of these becomes an element, and none of them stops the page.
HOSTILE = [
    "<script>document.title='bad'</script>",
    "<img src=x onerror=alert(1)>",
    "x'; DROP TABLE",
    "x + " * 3000,
    "((((((",
    "\u202e x^2",
    "${7*7}",
    "</pre><h1>x</h1>",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "__import__('os').system('id')",
    "x where x: vector(<b>n</b>)",
    "\\frac{<math>}{\\href{javascript:alert(1)}{x}}",
    "&lt;b&gt; &#60;",
    "\x00\x01x",
    "x^" * 2000 + "x",
    "]]>",
    "{{constructor.constructor('alert(1)')()}}",
    "'\"`\n\n\n",
    "X[99999999999999999999, 1]",
    "ones(1000000000) x",
    "𝒳 + 🙂",
]
