"""What the fuzzer writes: each row is a piece of text with its value by another library, side by side.

A row gives the kind and shape of its result, the text, the kind and shape of each operand, and the value.
Kinds: g any real matrix, p positive entries, u entries in (-1, 1), s symmetric, d positive definite,
i invertible and well conditioned, n a small integer. In shapes small letters stand for any size, capitals for a size that is not 1.
In texts ``{0}`` is an operand in parentheses, ``{0:,}`` one that stands between commas, ``{a}`` a size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.fuzz import values as v
from tests.fuzz.backends import xp

__all__ = ["ACCEPTED", "DEFINITIONS", "ROWS", "Row"]


@dataclass(frozen=True)
class Row:
    """One way to write a value of a kind and a shape. ``value`` takes the sizes by letter, then the operands."""

    kind: str
    shape: tuple[str, str]
    text: str
    operands: tuple[tuple[str, tuple[str, str]], ...]
    value: Callable[..., Any]
    weight: float = 1.0


#: kind that is wanted -> kinds that may stand there
ACCEPTED = {"g": "gpusdi", "p": "p", "u": "u", "s": "sd", "d": "d", "i": "id", "n": "n"}


def _shape(text: str) -> tuple[str, str]:
    rows, cols = text.split(",")
    return rows, cols


def _row(result: str, text: str, operands: str, value: Callable[..., Any], weight: float = 1.0) -> Row:
    kind, shape = result.split()
    parts = [part.split() for part in operands.split(";") if part.strip()]
    return Row(kind, _shape(shape), text, tuple((k, _shape(s)) for k, s in parts), value, weight)


def _plain(f: Callable[..., Any]) -> Callable[..., Any]:
    return lambda z, *args: f(*args)


#: Functions of the user's, of each kind: entry by entry, of a matrix, with a rule in place of a definition.
DEFINITIONS: dict[str, dict[str, Any]] = {
    "bump(t) = t / (1 + t^2)": {},
    "misfit(A: matrix(m, n), x: vector(n)) = ||A x||^2 + sum(x)": {},
    "ridge(X: matrix(m, n)) -> scalar": {"differential": "2 tr(X^T dX)", "value": lambda x: (x * x).sum()},
}

# fmt: off
_ELEMENTWISE = [
    # name, kind of the operand, kind of the result, value
    ("exp", "u", "p", xp.exp), ("exp", "g", "p", xp.exp), ("log", "p", "g", xp.log), ("ln", "p", "g", xp.log),
    ("log1p", "p", "p", xp.log1p), ("expm1", "u", "g", xp.expm1), ("log2", "p", "g", xp.log2), ("log10", "p", "g", xp.log10),
    ("sqrt", "p", "p", xp.sqrt), ("cbrt", "p", "p", v.cbrt), ("cbrt", "g", "g", v.cbrt), ("sin", "g", "u", xp.sin), ("cos", "g", "u", xp.cos),
    ("tan", "u", "g", xp.tan), ("asin", "u", "g", v.inside(xp.arcsin)), ("acos", "u", "p", v.inside(xp.arccos)), ("atan", "g", "g", xp.arctan),
    ("arctan", "g", "g", xp.arctan), ("sinh", "u", "g", xp.sinh), ("cosh", "u", "p", xp.cosh), ("tanh", "g", "u", xp.tanh),
    ("asinh", "g", "g", xp.arcsinh), ("acosh", "p", None, None), ("atanh", "u", "g", v.inside(xp.arctanh)),
    ("abs", "g", "g", lambda x: xp.abs(v.Margin.near(x))), ("sign", "g", "g", lambda x: xp.sign(v.Margin.near(x))),
    ("relu", "g", "g", lambda x: xp.relu(v.Margin.near(x))), ("sigmoid", "g", "p", xp.sigmoid),
    ("softplus", "g", "p", xp.softplus), ("silu", "g", "g", lambda x: x * xp.sigmoid(x)), ("gelu", "g", "g", lambda x: x * (1 + xp.erf(x / 2 ** 0.5)) / 2),
    ("erf", "g", "u", xp.erf), ("erfc", "g", "p", xp.erfc), ("lgamma", "p", "g", xp.gammaln), ("digamma", "p", "g", xp.digamma),
    ("trigamma", "p", "p", lambda x: v.polygamma(1, x)),
]

ROWS: list[Row] = [
    *(_row(f"{out} m,n", f"{name}({{0:,}})", f"{kind} m,n", _plain(f), 0.5) for name, kind, out, f in _ELEMENTWISE if out),
    _row("p m,n", "acosh(2 + {0})",            "p m,n",            _plain(lambda x: xp.arccosh(2 + x)), 0.3),
    _row("g m,n", "polygamma(2, {0:,})",       "p m,n",            _plain(lambda x: v.polygamma(2, x)), 0.3),
    _row("g m,n", "max({0:,}, {1:,})",         "g m,n; g m,n",     _plain(v.larger), 0.5),
    _row("g m,n", "min({0:,}, {1:,})",         "g m,n; g m,n",     _plain(v.smaller), 0.5),
    _row("g m,n", "max({0:,}, {1:,})",         "g m,n; g 1,1",     _plain(v.larger), 0.5),
    _row("g m,n", "min({0:,}, 1/4)",           "g m,n",            _plain(lambda x: v.smaller(x, 0.25)), 0.5),
    _row("g m,n", "huber({0:,}, {1:,})",       "g m,n; p 1,1",     _plain(v.huber), 0.5),
    _row("p m,n", "pow({0:,}, {1:,})",         "p m,n; g 1,1",     _plain(lambda x, p: x ** v.Margin.exponent(p)), 0.5),
    _row("p m,n", "{0}.^{1}",                  "p m,n; g 1,1",     _plain(lambda x, p: x ** v.Margin.exponent(p)), 0.5),
    _row("g m,n", "{0}.^3",                    "g m,n",            _plain(lambda x: x ** 3), 0.7),
    _row("g m,n", "{0}.^2",                    "g m,n",            _plain(lambda x: x ** 2), 0.7),
    _row("p m,n", "{0}.^-2",                   "p m,n",            _plain(lambda x: x ** -2.0), 0.5),
    _row("p m,n", "{0}.^(1/3)",                "p m,n",            _plain(lambda x: x ** (1 / 3)), 0.5),
    _row("g 1,1", "{0}^2",                     "g 1,1",            _plain(lambda x: x ** 2), 0.7),
    _row("p 1,1", "{0}^{1}",                   "p 1,1; g 1,1",     _plain(lambda x, p: x ** v.Margin.exponent(p)), 0.5),
    _row("g 1,1", "|{0}|",                     "g 1,1",            _plain(lambda x: xp.abs(v.Margin.near(x))), 0.3),

    # sums and products of any shape
    _row("g m,n", "{0} + {1}",                 "g m,n; g m,n",     _plain(lambda a, b: a + b), 3),
    _row("g m,n", "{0} - {1}",                 "g m,n; g m,n",     _plain(lambda a, b: a - b), 3),
    _row("g m,n", "2 * {0} - {1} / 3",         "g m,n; g m,n",     _plain(lambda a, b: 2 * a - b / 3), 1),
    _row("g m,n", "{0} + {1}",                 "g m,n; g 1,1",     _plain(lambda a, b: a + b), 0.7),
    _row("g m,n", "1 - {0}",                   "g m,n",            _plain(lambda a: 1 - a), 0.7),
    _row("g m,n", "-{0}",                      "g m,n",            _plain(lambda a: -a), 0.5),
    _row("g m,n", "{0} * {1}",                 "g 1,1; g m,n",     _plain(lambda a, b: a * b), 2),
    _row("g m,n", "{0} / {1}",                 "g m,n; p 1,1",     _plain(lambda a, b: a / b), 1),
    _row("g m,n", "{0} .* {1}",                "g m,n; g m,n",     _plain(lambda a, b: a * b), 2),
    _row("g m,n", "{0} ./ {1}",                "g m,n; p m,n",     _plain(lambda a, b: a / b), 1),
    _row("g m,n", "{0} ./ {1}",                "g 1,1; p m,n",     _plain(lambda a, b: a / b), 0.5),
    _row("g M,N", "{0} * {1}",                 "g M,K; g K,N",     _plain(lambda a, b: a @ b), 4),
    _row("g M,1", "{0} * {1}",                 "g M,K; g K,1",     _plain(lambda a, b: a @ b), 4),
    _row("g M,N", "{0} @ {1}",                 "g M,1; g 1,N",     _plain(lambda a, b: a @ b), 1),
    _row("g 1,1", "{0}' * {1}",                "g K,1; g K,1",     _plain(lambda a, b: a.T @ b), 3),
    _row("g 1,N", "{0}^T * {1}",               "g K,1; g K,N",     _plain(lambda a, b: a.T @ b), 2),
    _row("g m,n", "{0}^T",                     "g n,m",            _plain(lambda a: a.T), 1.5),
    _row("g M,N", "outer({0:,}, {1:,})",       "g M,1; g N,1",     _plain(lambda a, b: a @ b.T), 1),
    _row("p m,n", "{0} + {1}",                 "p m,n; p m,n",     _plain(lambda a, b: a + b), 1),
    _row("p m,n", "{0} .* {1}",                "p m,n; p m,n",     _plain(lambda a, b: a * b), 1),
    _row("p m,n", "1 + {0}.^2",                "g m,n",            _plain(lambda a: 1 + a ** 2), 1.5),
    _row("p m,n", "1/2 + {0} .* {0}",          "u m,n",            _plain(lambda a: 0.5 + a ** 2), 0.5),
    _row("u m,n", "{0} ./ {1}",                "u m,n; p m,n",     _plain(lambda a, b: a / (b)), 0),
    _row("u m,n", "{0} / 2",                   "u m,n",            _plain(lambda a: a / 2), 0.5),

    # scalars of arrays
    _row("g 1,1", "tr({0:,})",                 "g N,N",            _plain(lambda a: v.scalar(xp.trace(a))), 3),
    _row("g 1,1", "trace({0} * {1})",          "g M,N; g N,M",     _plain(lambda a, b: v.scalar(xp.trace(a @ b))), 3),
    _row("g 1,1", "sum({0:,})",                "g m,n",            _plain(lambda a: v.scalar(a.sum())), 2),
    _row("g 1,1", "mean({0:,})",               "g m,n",            _plain(lambda a: v.scalar(a.mean())), 1),
    _row("g 1,N", "sum({0:,}, 1)",             "g M,N",            _plain(lambda a: a.sum(0, keepdims=True)), 1),
    _row("g M,1", "sum({0:,}, 2)",             "g M,N",            _plain(lambda a: a.sum(1, keepdims=True)), 1),
    _row("g 1,N", "mean({0:,}, 1)",            "g M,N",            _plain(lambda a: a.mean(0, keepdims=True)), 0.5),
    _row("g M,1", "mean({0:,}, 2)",            "g M,N",            _plain(lambda a: a.mean(1, keepdims=True)), 0.5),
    _row("g 1,1", "inner({0:,}, {1:,})",       "g m,n; g m,n",     _plain(lambda a, b: v.scalar((a * b).sum())), 1),
    _row("g 1,1", "<{0:,}, {1:,}>",            "g m,n; g m,n",     _plain(lambda a, b: v.scalar((a * b).sum())), 1),
    _row("g 1,1", "quad({0:,}, {1:,})",        "g N,1; g N,N",     _plain(lambda x, a: x.T @ a @ x), 1),
    _row("p 1,1", "1 + ||{0}||^2",             "g m,n",            _plain(lambda a: v.scalar(1 + (a ** 2).sum())), 1),
    _row("g 1,1", "||{0}||^2",                 "g M,n",            _plain(lambda a: v.scalar((a ** 2).sum())), 1),
    _row("p 1,1", "norm2({0:,})",              "g M,n",            _plain(v.norm), 1),
    _row("p 1,1", "||{0}||_F",                 "g M,N",            _plain(v.norm), 0.7),
    _row("g 1,1", "norm1({0:,})",              "g m,n",            _plain(lambda a: v.norm(a, 1)), 0.7),
    _row("g 1,1", "||{0}||_1",                 "g M,n",            _plain(lambda a: v.norm(a, 1)), 0.5),
    _row("p 1,1", "norm({0:,}, 3)",            "g M,n",            _plain(lambda a: v.norm(a, 3)), 0.5),
    _row("p 1,1", "norm({0:,}, 1 + {1})",      "g M,n; p 1,1",     _plain(lambda a, p: v.scalar((xp.abs(v.Margin.near(a)) ** (1 + p)).sum()) ** (1 / (1 + p))), 0.3),
    _row("g 1,1", "norm_inf({0:,})",           "g M,n",            _plain(lambda a: v.extreme(xp.abs(a), 1)), 0.5),
    _row("g 1,1", "max({0:,})",                "g M,n",            _plain(lambda a: v.extreme(a, 1)), 0.5),
    _row("g 1,1", "min({0:,})",                "g M,n",            _plain(lambda a: v.extreme(a, -1)), 0.5),
    _row("g 1,1", "logsumexp({0:,})",          "g m,n",            _plain(v.logsumexp), 1),
    _row("g 1,1", "entropy({0:,})",            "p m,n",            _plain(lambda p: v.scalar(-(p * xp.log(p)).sum())), 0.6),
    _row("g 1,1", "kl({0:,}, {1:,})",          "p m,n; p m,n",     _plain(lambda p, q: v.scalar((p * xp.log(p / q)).sum())), 0.6),
    _row("p M,1", "softmax({0:,})",            "g M,1",            _plain(lambda a: v.softmax(a, 0)), 1),
    _row("p M,N", "softmax({0:,})",            "g M,N",            _plain(lambda a: v.softmax(a, 1)), 1),
    _row("p M,N", "softmax({0:,}, 1)",         "g M,N",            _plain(lambda a: v.softmax(a, 0)), 0.7),
    _row("p M,N", "softmax({0:,}, 2)",         "g M,N",            _plain(lambda a: v.softmax(a, 1)), 0.4),
    _row("g M,1", "logsoftmax({0:,})",         "g M,1",            _plain(lambda a: v.logsoftmax(a, 0)), 1),
    _row("g M,N", "logsoftmax({0:,})",         "g M,N",            _plain(lambda a: v.logsoftmax(a, 1)), 1),
    _row("g M,N", "logsoftmax({0:,}, 1)",      "g M,N",            _plain(lambda a: v.logsoftmax(a, 0)), 0.7),
    _row("u M,n", "normalize({0:,})",          "g M,n",            _plain(lambda a: a / v.norm(a)), 0.7),

    # linear functions
    _row("g m*n,1", "vec({0:,})",              "g m,n",            _plain(v.vec), 3),
    _row("g M,N", "unvec({0:,}, {M}, {N})",    "g M*N,1",          lambda z, a: v.unvec(a, z["M"], z["N"]), 0.6),
    _row("g 1,1", "sum(vech({0:,}) .* vech({1:,}))", "g N,N; g N,N", _plain(lambda a, b: v.scalar((v.vech(a) * v.vech(b)).sum())), 0.7),
    _row("g N,N", "diag({0:,})",               "g N,1",            _plain(v.diag), 1),
    _row("g N,1", "diag({0:,})",               "g N,N",            _plain(v.diag), 1),
    _row("s N,N", "diag({0:,})",               "g N,1",            _plain(v.diag), 0.5),
    _row("d N,N", "diag({0:,})",               "p N,1",            _plain(v.diag), 0.3),
    _row("g a*b,c*d", "kron({0:,}, {1:,})",    "g a,c; g b,d",     _plain(xp.kron), 3),
    _row("g a*b,1", "kron({0:,}, {1:,})",      "g a,1; g b,1",     _plain(xp.kron), 2),
    _row("g 1,1", "tr(kron({0:,}, {1:,}))",    "g M,M; g N,N",     _plain(lambda a, b: v.scalar(xp.trace(xp.kron(a, b)))), 0.3),
    _row("g 1,1", "sum({0} ⊗ {1} - {2} ⊗ {2})", "g M,N; g M,N; g M,N", _plain(lambda a, b, c: v.scalar((xp.kron(a, b) - xp.kron(c, c)).sum())), 0.2),
    _row("g 1,1", "vec({0:,})^T kron({1:,}, {2:,}) vec({0:,})", "g M,N; g N,N; g M,M", _plain(lambda x, a, b: v.vec(x).T @ xp.kron(a, b) @ v.vec(x)), 0.4),
    _row("g 1,1", "||kron({0:,}, {1:,})||^2",  "g M,n; g K,N",     _plain(lambda a, b: v.scalar((xp.kron(a, b) ** 2).sum())), 0.3),
    _row("g a*b,C*D", "{0} ⊗ {1}",             "g a,C; g b,D",     _plain(xp.kron), 1),
    _row("s N,N", "sym({0:,})",                "g N,N",            _plain(lambda a: (a + a.T) / 2), 1),
    _row("g N,N", "skew({0:,})",               "g N,N",            _plain(lambda a: (a - a.T) / 2), 0.7),
    _row("g M,N", "triu({0:,})",               "g M,N",            _plain(xp.triu), 0.5),
    _row("g M,N", "tril({0:,})",               "g M,N",            _plain(xp.tril), 0.5),
    _row("g 1,1", "{0}[1]",                    "g M,1",            _plain(lambda a: a[:1]), 1),
    _row("g 1,1", "{0}[2, 1]",                 "g M,N",            _plain(lambda a: a[1:2, :1]), 1),
    _row("g 1,N", "{0}[2, :]",                 "g M,N",            _plain(lambda a: a[1:2]), 0.7),
    _row("g M,1", "{0}[:, 1]",                 "g M,N",            _plain(lambda a: a[:, :1]), 0.7),
    _row("g 2,N", "{0}[1:2, :]",               "g M,N",            _plain(lambda a: a[:2]), 1),
    _row("g 2,1", "{0}[1:2]",                  "g M,1",            _plain(lambda a: a[:2]), 1),
    _row("g a+b,c+d", "[{0:,}, {1:,}; {2:,}, {3:,}]", "g a,c; g a,d; g b,c; g b,d", _plain(lambda a, b, c, d: xp.block([[a, b], [c, d]])), 3),
    _row("g a+b,n", "[{0:,}; {1:,}]",          "g a,n; g b,n",     _plain(lambda a, b: xp.block([[a], [b]])), 2),
    _row("g m,a+b", "[{0:,}, {1:,}]",          "g m,a; g m,b",     _plain(lambda a, b: xp.block([[a, b]])), 2),
    _row("g m,n", "ones({m}, {n})",            "",                 lambda z: xp.ones((z["m"], z["n"])), 0.1),
    _row("g N,1", "ones({N})",                 "",                 lambda z: xp.ones((z["N"], 1)), 0.2),
    _row("g M,1", "e(2, {M})",                 "",                 lambda z: xp.eye(z["M"])[:, 1:2], 0.2),
    _row("d N,N", "eye({N})",                  "",                 lambda z: xp.eye(z["N"]), 0.1),
    _row("g N,1", "{0} + vector({1:,})",       "g N,1; g 1,1",     _plain(lambda a, c: a + c), 0.3),
    _row("g M,N", "{0} - matrix({1:,})",       "g M,N; g 1,1",     _plain(lambda a, c: a - c), 0.3),

    # other spellings, broadcasting, and what is written more rarely
    _row("p m,n", "{0}.^{1}",                  "p m,n; g m,n",     _plain(lambda x, p: x ** v.Margin.exponent(p)), 0.5),
    _row("p m,n", "{0}.^{1}",                  "p 1,1; g m,n",     _plain(lambda s, x: s ** v.Margin.exponent(x)), 0.4),
    _row("p m,n", "2.^{0}",                    "u m,n",            _plain(lambda x: 2.0 ** x), 0.3),
    _row("g m,n", "{0} - {1}",                 "g 1,1; g m,n",     _plain(lambda s, a: s - a), 0.5),
    _row("g m,n", "{0} .* {1}",                "g 1,1; g m,n",     _plain(lambda s, a: s * a), 0.3),
    _row("g m,n", "min({0:,}, {1:,})",         "g 1,1; g m,n",     _plain(v.smaller), 0.3),
    _row("g m,n", "{0} ⊙ {1}",                 "g m,n; g m,n",     _plain(lambda a, b: a * b), 0.3),
    _row("g m,n", "{0} ∘ {1} ⊘ {2}",           "g m,n; g m,n; p m,n", _plain(lambda a, b, c: a * b / c), 0.3),
    _row("g M,n", "{0} · {1}",                 "g M,K; g K,n",     _plain(lambda a, b: a @ b), 0.3),
    _row("g M,n", "{0} {1}",                   "g M,K; g K,n",     _plain(lambda a, b: a @ b), 1),
    _row("g 1,1", "{0}ᵀ {1} {2}",              "g M,1; g M,N; g N,1", _plain(lambda x, a, y: x.T @ a @ y), 1),
    _row("g M,N", "{0}.T @ {1}",               "g K,M; g K,N",     _plain(lambda a, b: a.T @ b), 0.5),
    _row("g m,n", "+{0}",                      "g m,n",            _plain(lambda a: a), 0.1),
    _row("g m,n", "pi * {0}",                  "g m,n",            _plain(lambda a: np.pi * a), 0.2),
    _row("g N,N", "{0}²",                      "g N,N",            _plain(lambda a: a @ a), 0.2),
    _row("g N,N", "{0}**3",                    "g N,N",            _plain(lambda a: a @ a @ a), 0.2),
    _row("g N,N", "{0}^9",                     "u N,N",            _plain(lambda a: v.power(a, 9)), 0.1),
    _row("g N,N", "{0}^-3",                    "i N,N",            _plain(lambda a: v.power(a, -3)), 0.2),
    _row("g N,N", "{0}⁻¹",                     "i N,N",            _plain(v.inv), 0.2),
    _row("g N,N", "{0}^{1}",                   "g N,N; n 1,1",     _plain(v.power_of), 0.3),
    _row("p 1,1", "{0}^{1}",                   "p 1,1; n 1,1",     _plain(lambda x, p: x ** v.Margin.exponent(p)), 0.2),
    _row("g 1,1", "tr({0:,}) / ({N})",         "g N,N",            lambda z, a: v.scalar(xp.trace(a)) / z["N"], 0.5),
    _row("g 1,1", "sum({0:,}) * ({M})",        "g M,n",            lambda z, a: v.scalar(a.sum()) * z["M"], 0.3),
    _row("g N,N", "{0} - 2 I",                 "g N,N",            lambda z, a: a - 2 * xp.eye(z["N"]), 0.5),
    _row("d N,N", "{0} + I",                   "d N,N",            lambda z, a: a + xp.eye(z["N"]), 0.3),
    _row("g N,1", "zeros({N}) - {0}",          "g N,1",            _plain(lambda a: -a), 0.3),
    _row("g 1,1", "‖{0}‖_2^2",                 "g M,1",            _plain(lambda a: v.scalar((a ** 2).sum())), 0.5),
    _row("g 1,1", "‖{0}‖_F^2",                 "g M,N",            _plain(lambda a: v.scalar((a ** 2).sum())), 0.5),
    _row("g 1,1", "norm({0:,}, 1)",            "g M,n",            _plain(lambda a: v.norm(a, 1)), 0.2),
    _row("p 1,1", "norm({0:,}, 2)",            "g M,n",            _plain(v.norm), 0.2),
    _row("p 1,1", "norm({0:,})",               "g M,n",            _plain(v.norm), 0.2),
    _row("g 1,1", "vech({0:,})^T vech({1:,})", "g N,N; g N,N",     _plain(lambda a, b: v.scalar((v.vech(a) * v.vech(b)).sum())), 0.4),
    _row("g N,N", "triu({0:,}, 1)",            "g N,N",            _plain(lambda a: xp.triu(a, 1)), 0.3),
    _row("g N,N", "tril({0:,}, -1)",           "g N,N",            _plain(lambda a: xp.tril(a, -1)), 0.3),
    _row("g 1,1", "{0}[2]",                    "g 1,M",            _plain(lambda a: a[:, 1:2]), 0.2),
    _row("g 2,2", "{0}[1:2, 1:2]",             "g M,N",            _plain(lambda a: a[:2, :2]), 0.5),
    _row("g M,2", "{0}[:, 1:2]",               "g M,N",            _plain(lambda a: a[:, :2]), 0.5),
    _row("g a+b,1", "[{0:,}; {1:,}]",          "g a,1; g b,1",     _plain(lambda a, b: xp.block([[a], [b]])), 1),
    _row("g 2,2", "[{0:,}, {1:,}; 0, 1]",      "g 1,1; g 1,1",     lambda z, a, b: xp.block([[a, b], [0 * a, 1 + 0 * a]]), 1),
    _row("g 2,1", "[{0:,}; {1:,}]",            "g 1,1; g 1,1",     _plain(lambda a, b: xp.block([[a], [b]])), 0.7),
    _row("g m,n", "bump({0:,})",               "g m,n",            _plain(lambda t: t / (1 + t ** 2)), 0.5),
    _row("g 1,1", "misfit({0:,}, {1:,})",      "g M,N; g N,1",     _plain(lambda a, x: v.scalar(((a @ x) ** 2).sum() + x.sum())), 0.5),
    _row("g 1,1", "ridge({0:,})",              "g M,N",            _plain(lambda a: v.scalar((a ** 2).sum())), 0.5),
    _row("g 1,1", "svdvals({0:,})[1]",         "g M,N",            _plain(lambda a: v.svdvals(a)[:1]), 0.3),
    _row("g 1,1", "logsumexp(svdvals({0:,}))", "g M,N",            _plain(lambda a: v.logsumexp(v.svdvals(a))), 0.3),
    _row("g M,N", "{0} * pinv({1:,})",         "g M,K; g N,K",     _plain(lambda a, b: a @ v.pinv(b)), 0.3),
    _row("s N,N", "{0} * diag({1:,}) * {0}^T", "g N,K; g K,1",     _plain(lambda a, x: a @ (x * a.T)), 0.7),
    _row("s N,N", "expm(sym({0:,}))",          "g N,N",            _plain(lambda a: v.expm((a + a.T) / 2)), 0.2),

    # symmetric, definite and invertible matrices
    _row("s N,N", "{0} + {0}^T",               "g N,N",            _plain(lambda a: a + a.T), 0.7),
    _row("s N,N", "{0} - {1}",                 "s N,N; s N,N",     _plain(lambda a, b: a - b), 0.7),
    _row("s N,N", "{0}^T * {1} * {0}",         "g M,N; s M,M",     _plain(lambda a, s: a.T @ s @ a), 1),
    _row("s N,N", "{0} * {0}^T",               "g N,1",            _plain(lambda a: a @ a.T), 0.5),
    _row("d N,N", "{0} + {1}",                 "d N,N; d N,N",     _plain(lambda a, b: a + b), 0.7),
    _row("d N,N", "{0}^T * {0} + {1}",         "g M,N; d N,N",     _plain(lambda a, b: a.T @ a + b), 1.5),
    _row("d N,N", "{0} * {0}^T + eye({N})",    "g N,m",            lambda z, a: a @ a.T + xp.eye(z["N"]), 1.5),
    _row("d N,N", "inv({0:,})",                "d N,N",            _plain(v.inv), 0.7),
    _row("d N,N", "expm({0:,})",               "s N,N",            _plain(v.expm), 0.5),
    _row("d N,N", "sqrtm({0:,})",              "d N,N",            _plain(v.sqrtm), 0.5),
    _row("i N,N", "{0} + 3 * eye({N})",        "g N,N",            lambda z, a: a + 3 * xp.eye(z["N"]), 1),
    _row("i N,N", "chol({0:,})",               "d N,N",            _plain(v.chol), 0.5),
    _row("g N,N", "{0}^-1",                    "i N,N",            _plain(v.inv), 1.5),
    _row("g N,N", "inv({0:,})^T",              "i N,N",            _plain(lambda a: v.inv(a).T), 1),
    _row("g N,m", "solve({0:,}, {1:,})",       "i N,N; g N,m",     _plain(lambda a, b: v.inv(a) @ b), 1),
    _row("g N,m", "{0} \\ {1}",                "i N,N; g N,m",     _plain(lambda a, b: v.inv(a) @ b), 1),
    _row("g N,N", "{0}^2",                     "g N,N",            _plain(lambda a: a @ a), 1),
    _row("g N,N", "{0}^3",                     "g N,N",            _plain(lambda a: a @ a @ a), 0.7),
    _row("g N,N", "{0}^-2",                    "i N,N",            _plain(lambda a: v.power(a, -2)), 0.5),
    _row("g N,N", "{0}^-T",                    "i N,N",            _plain(lambda a: v.inv(a).T), 0.7),
    _row("g 1,1", "det({0:,})",                "i N,N",            _plain(v.det), 1.5),
    _row("g 1,1", "logdet({0:,})",             "i N,N",            _plain(v.logdet), 1.5),
    _row("g 1,1", "log(det({0:,}))",           "d N,N",            _plain(v.logdet), 0.5),
    _row("p 1,1", "det({0:,})",                "d N,N",            _plain(v.det), 0.5),
    _row("g N,N", "adj({0:,})",                "i N,N",            _plain(v.adj), 0.7),
    _row("g N,M", "pinv({0:,})",               "g M,N",            _plain(v.pinv), 0.7),
    _row("g N,N", "expm({0:,})",               "g N,N",            _plain(v.expm), 0.7),
    _row("g N,N", "logm({0:,})",               "i N,N",            _plain(v.logm), 0.3),
    _row("s N,N", "logm({0:,})",               "d N,N",            _plain(v.logm), 0.3),
    _row("g N,N", "sqrtm({0:,})",              "i N,N",            _plain(v.sqrtm), 0.3),
    _row("g N,1", "eigvals({0:,})",            "s N,N",            _plain(v.eigvals), 0.7),
    _row("g 1,1", "eigmax({0:,})",             "s N,N",            _plain(lambda s: v.eigvals(s)[-1:]), 0.7),
    _row("g 1,1", "eigmin({0:,})",             "s N,N",            _plain(lambda s: v.eigvals(s)[:1]), 0.7),
    _row("g 1,1", "norm1(svdvals({0:,}))",     "g M,N",            _plain(lambda a: v.scalar(v.svdvals(a).sum())), 0.3),
    _row("p N,1", "svdvals({0:,})",            "g N,N",            _plain(v.svdvals), 0.5),
    _row("p 1,1", "norm_nuc({0:,})",           "g M,N",            _plain(lambda a: v.scalar(v.svdvals(a).sum())), 0.5),
    _row("p 1,1", "norm_spec({0:,})",          "g M,N",            _plain(lambda a: v.svdvals(a)[:1]), 0.4),
    _row("p 1,1", "||{0}||_2",                 "g M,N",            _plain(lambda a: v.svdvals(a)[:1]), 0.3),
    _row("p 1,1", "||{0}||_*",                 "g M,N",            _plain(lambda a: v.scalar(v.svdvals(a).sum())), 0.3),
]
# fmt: on
