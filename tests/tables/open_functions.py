"""Functions that nobody defined, and what their derivatives are; each with concrete functions that may take their place.

A row: what it is, function, declarations, variables, what is printed, and for every open function the concrete one: its text in
the language, with #1, #2 for its arguments, and its value in JAX.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy import linalg
from jax.scipy.special import logsumexp

jax.config.update("jax_enable_x64", True)

__all__ = ["DECLARED", "UNDECLARED", "Concrete", "Row"]

Concrete = dict[str, tuple[str, Callable[..., Any]]]
Row = tuple[str, str, str, str, str, Concrete]

# fmt: off
TANH = ("tanh(#1)", jnp.tanh)
SINE = ("sin(#1)", jnp.sin)
SOFTPLUS = ("softplus(#1)", jax.nn.softplus)
EXP = ("exp(#1)", jnp.exp)
LSE = ("logsumexp(#1)", lambda x: logsumexp(x))
QUARTIC = ("(((#1)^T (#1))^2)", lambda x: (x @ x) ** 2)
SOFTMAX = ("softmax(#1)", jax.nn.softmax)
CUBES = ("((#1).^3)", lambda x: x**3)
LOGDET = ("logdet(#1)", lambda x: jnp.linalg.slogdet(x)[1])
CUBIC_TRACE = ("tr((#1)^T (#1) (#1)^T (#1))", lambda x: jnp.trace(x.T @ x @ x.T @ x))
GRAM = ("((#1) (#1)^T (#1))", lambda x: x @ x.T @ x)
FLOW = ("expm((#1) * [3/10, 1/7; 1/7, -1/5])", lambda t: linalg.expm(t * jnp.array([[3 / 10, 1 / 7], [1 / 7, -1 / 5]])))
CURVE = ("[sin(#1); (#1)^3; exp(#1)]", lambda t: jnp.stack([jnp.sin(t), t**3, jnp.exp(t)]))
GAUSS = ("exp(-||(#1) - (#2)||^2 / 3)", lambda x, y: jnp.exp(-jnp.sum((x - y) ** 2) / 3))
BILINEAR = ("(((#1)^T (#2))^3)", lambda x, y: (x @ y) ** 3)
LOSS = ("log(1 + exp(-(#1) .* (#2)))", lambda y, a: jnp.log(1 + jnp.exp(-y * a)))
SCALED = ("(tanh(#2) * (#1).^2)", lambda x, t: jnp.tanh(t) * x**2)

#: With declared functions.
DECLARED: tuple[Row, ...] = (
    # of every entry
    ("ridge function",           "g(a^T x)",                "g: function",                             "x",   "g'(a^T x) a",                                   {"g": TANH}),
    ("its Hessian",              "g(a^T x)",                "g: function",                             "x x", "g''(a^T x) a a^T",                              {"g": TANH}),
    ("square",                   "g(a^T x)^2",              "g: function",                             "x",   "2 g(a^T x) g'(a^T x) a",                        {"g": SINE}),
    ("logarithm",                "log(g(a^T x))",           "g: function(scalar) -> scalar(positive)", "x",   "g'(a^T x) a / g(a^T x)",                        {"g": EXP}),
    ("layer",                    "phi(W x + b)",            "phi: function",                           "x",   "diag(phi'(W x + b)) W",                         {"phi": TANH}),
    ("sum of a layer",           "sum(phi(W x))",           "phi: function",                           "x",   "W^T phi'(W x)",                                 {"phi": SINE}),
    ("its Hessian",              "sum(phi(W x))",           "phi: function",                           "x x", "W^T diag(phi''(W x)) W",                        {"phi": SOFTPLUS}),
    ("by the weights",           "sum(phi(W x))",           "phi: function",                           "W",   "phi'(W x) x^T",                                 {"phi": SOFTPLUS}),
    ("residual",                 "||y - g(W x)||^2",        "g: function",                             "x",   "2 W^T (g'(W x) .* (g(W x) - y))",               {"g": TANH}),
    ("two layers",               "v^T g(W h(U x))",         "g: function, h: function",                "x",   "U^T (h'(U x) .* (W^T (v .* g'(W h(U x)))))",    {"g": TANH, "h": SINE}),
    ("generalised linear model", "sum(psi(X beta)) - y^T X beta", "psi: function, beta: vector(n)",    "beta", "X^T (psi'(X beta) - y)",                       {"psi": SOFTPLUS}),
    ("its Hessian",              "sum(psi(X beta))",        "psi: function, beta: vector(n)",          "beta beta", "X^T diag(psi''(X beta)) X",               {"psi": SOFTPLUS}),
    ("of a matrix",              "tr(A^T g(X))",            "g: function",                             "X",   "A .* g'(X)",                                    {"g": SINE}),
    ("of a transpose",           "tr(A g(X)^T)",            "g: function",                             "X",   "A .* g'(X)",                                    {"g": SINE}),
    ("of a Frobenius norm",      "g(||X||^2)",              "g: function",                             "X",   "2 g'(tr(X^T X)) X",                             {"g": SINE}),
    ("third derivative",         "g(3 t)",                  "g: function, t: scalar",                  "t t t", "27 g'''(3 t)",                                {"g": SINE}),
    ("product",                  "x^T A x * g(t)",          "g: function, t: scalar",                  "x",   "g(t) (A + A^T) x",                              {"g": EXP}),
    ("two arguments",            "sum(l(y, X w))",          "l: function",                             "w",   "X^T ∂_2 l(y, X w)",                             {"l": LOSS}),
    ("their Hessian",            "sum(l(y, X w))",          "l: function",                             "w w", "X^T diag(∂_22 l(y, X w)) X",                    {"l": LOSS}),
    ("mixed partials",           "l(s, t)",                 "l: function, s: scalar, t: scalar",       "s t", "∂_12 l(s, t)",                                  {"l": LOSS}),
    # numbers of arrays
    ("composition",              "f(A x)",                  "f: function(vector(m)) -> scalar",        "x",   "A^T ∇f(A x)",                                   {"f": LSE}),
    ("its Hessian",              "f(A x)",                  "f: function(vector(m)) -> scalar",        "x x", "A^T ∇^2 f(A x) A",                              {"f": LSE}),
    ("with a quadratic form",    "f(x) + x^T A x",          "f: function(vector(n)) -> scalar",        "x",   "(A + A^T) x + ∇f(x)",                           {"f": LSE}),
    ("Newton's model",           "f(x)",                    "f: function(vector(n)) -> scalar",        "x x", "∇^2 f(x)",                                      {"f": QUARTIC}),
    ("third derivative",         "f(A x)",                  "f: function(vector(m)) -> scalar",        "x x x", "dG = A^T ∇^3 f(A x)[A dx_2, A dx_3]",         {"f": QUARTIC}),
    ("along a line",             "f(x + t d)",              "f: function(vector(n)) -> scalar, d: vector(n), t: scalar", "t", "d^T ∇f(x + t d)",              {"f": LSE}),
    ("along a line, twice",      "f(x + t d)",              "f: function(vector(n)) -> scalar, d: vector(n), t: scalar", "t t", "d^T ∇^2 f(x + t d) d",       {"f": QUARTIC}),
    ("outer function",           "g(f(x))",                 "g: function, f: function(vector(n)) -> scalar", "x", "g'(f(x)) ∇f(x)",                          {"g": TANH, "f": QUARTIC}),
    ("of a matrix",              "f(A X)",                  "f: function(matrix(m, n)) -> scalar",     "X",   "A^T ∇f(A X)",                                   {"f": CUBIC_TRACE}),
    ("of a symmetric matrix",    "f(S)",                    "f: function(spd(n)) -> scalar, S: spd(n)", "S",  "∇f(S)",                                         {"f": LOGDET}),
    ("of a congruence",          "f(A S A^T)",              "f: function(spd(m)) -> scalar, S: spd(n), A: matrix(m, n)", "S", "A^T ∇f(A S A^T) A",            {"f": ("tr((#1) (#1) (#1))", lambda x: jnp.trace(x @ x @ x))}),
    ("kernel",                   "k(x, y)",                 "k: function(vector(n), vector(n)) -> scalar", "x", "∇_1 k(x, y)",                               {"k": GAUSS}),
    ("kernel by both",           "k(x, y)",                 "k: function(vector(n), vector(n)) -> scalar", "x y", "∇_12 k(x, y)",                            {"k": GAUSS}),
    ("kernel with itself",       "k(x, A x)",               "k: function(vector(n), vector(n)) -> scalar", "x", "A^T ∇_2 k(x, A x) + ∇_1 k(x, A x)",         {"k": BILINEAR}),
    ("gradient norm",            "||∇f(x)||^2",             "f: function(vector(n)) -> scalar",        "x",   "2 ∇^2 f(x) ∇f(x)",                              {}),
    ("Laplacian",                "tr(∇^2 f(x))",            "f: function(vector(n)) -> scalar",        "x",   "∇<I, ∇^2 f>(x)",                                {}),
    # columns of columns
    ("Jacobian",                 "f(A x)",                  "f: function(vector(m)) -> vector(k)",     "x",   "J_f(A x) A",                                    {"f": SOFTMAX}),
    ("non-linear least squares", "||y - f(x)||^2",          "f: function(vector(n)) -> vector(n)",     "x",   "2 J_f(x)^T (f(x) - y)",                         {"f": CUBES}),
    ("and its Hessian",          "||y - f(x)||^2 / 2",      "f: function(vector(n)) -> vector(n)",     "x x", "J_f(x)^T J_f(x) + ∇^2 <f(x) - y, f>(x)",        {"f": CUBES}),
    ("energy of a field",        "x^T f(x)",                "f: function(vector(n)) -> vector(n)",     "x",   "J_f(x)^T x + f(x)",                             {"f": SOFTMAX}),
    ("change of variables",      "logdet(J_f(x))",          "f: function(vector(n)) -> vector(n)",     "x",   "∇<J_f(x)^-T, J_f>(x)",                          {}),
    ("loss of a network",        "l(f(x))",                 "l: function(vector(m)) -> scalar, f: function(vector(n)) -> vector(m)", "x", "J_f(x)^T ∇l(f(x))", {"l": LSE, "f": CUBES}),
    ("and its Hessian",          "l(f(x))",                 "l: function(vector(m)) -> scalar, f: function(vector(n)) -> vector(m)", "x x", "J_f(x)^T ∇^2 l(f(x)) J_f(x) + ∇^2 <∇l(f(x)), f>(x)", {"l": LSE, "f": CUBES}),
    ("with a parameter",         "x^T f(x, t)",             "f: function(vector(n), scalar) -> vector(n), t: scalar", "t", "∂_2 f(x, t)^T x",                {"f": SCALED}),
    ("and by x",                 "x^T f(x, t)",             "f: function(vector(n), scalar) -> vector(n), t: scalar", "x", "D_1 f(x, t)^T x + f(x, t)",      {"f": SCALED}),
    # matrices
    ("covariance of t",          "logdet(Sigma(t))",        "Sigma: function(scalar) -> spd(2)",       "t",   "tr(Sigma'(t) Sigma(t)^-1)",                     {"Sigma": FLOW}),
    ("Gaussian likelihood",      "x^T Sigma(t)^-1 x",       "Sigma: function(scalar) -> spd(2)",       "t",   "-x^T Sigma(t)^-1 Sigma'(t) Sigma(t)^-1 x",      {"Sigma": FLOW}),
    ("second derivative",        "tr(A Sigma(t))",          "Sigma: function(scalar) -> symmetric(2)", "t t", "tr(A Sigma''(t))",                              {"Sigma": FLOW}),
    ("curve",                    "||u(t) - y||^2",          "u: function(scalar) -> vector(3)",        "t",   "2 u'(t)^T (u(t) - y)",                          {"u": CURVE}),
    ("Jacobian of a curve",      "A u(t)",                  "u: function(scalar) -> vector(3)",        "t",   "A u'(t)",                                       {"u": CURVE}),
    ("matrix of a matrix",       "tr(A^T F(X))",            "F: function(matrix(m, n)) -> matrix(m, n)", "X", "∇<A, F>(X)",                                    {"F": GRAM}),
    ("its differential",         "F(A X)",                  "F: function(matrix(m, n)) -> matrix(m, n), A: matrix(m, k)", "X", "dF = D F(A X)[A dX]",        {"F": GRAM}),
    ("metric",                   "v^T G(x) v",              "G: function(vector(3)) -> spd(3)",        "v",   "2 G(x) v",                                      {"G": ("(2 * eye(3) + (#1) (#1)^T)", lambda x: 2 * jnp.eye(3) + jnp.outer(x, x))}),
    ("metric by the point",      "v^T G(x) v",              "G: function(vector(3)) -> symmetric(3)",  "x",   "∇<v v^T, G>(x)",                                {"G": ("(2 * eye(3) + (#1) (#1)^T)", lambda x: 2 * jnp.eye(3) + jnp.outer(x, x))}),
)
# fmt: on

#: Read from their place, with a note: nothing is declared.
UNDECLARED: tuple[Row, ...] = (
    ("ridge function", "g(a^T x)", "", "x", "g'(a^T x) a", {"g": TANH}),
    ("its Hessian", "g(a^T x)", "", "x x", "g''(a^T x) a a^T", {"g": TANH}),
    ("layer of a sum", "sum(phi(W x))", "", "x", "W^T phi'(W x)", {"phi": SINE}),
    ("by its weights", "sum(phi(W x))", "", "W", "phi'(W x) x^T", {"phi": SOFTPLUS}),
    ("beside a quadratic form", "f(x) + x^T A x", "", "x", "(A + A^T) x + ∇f(x)", {"f": LSE}),
    ("its Hessian", "f(x) + x^T A x", "", "x x", "A + A^T + ∇^2 f(x)", {"f": LSE}),
    ("of an affine map", "f(A x + b) + lambda x^T x", "", "x", "A^T ∇f(A x + b) + 2 lambda x", {"f": QUARTIC}),
    ("its Hessian", "f(A x + b) + lambda x^T x", "", "x x", "A^T ∇^2 f(A x + b) A + 2 lambda I", {"f": QUARTIC}),
    (
        "in a logarithm",
        "log(f(x)) + ||x||^2",
        "",
        "x",
        "∇f(x) / f(x) + 2 x",
        {"f": ("exp(logsumexp(#1))", lambda x: jnp.exp(logsumexp(x)))},
    ),
    ("residual of a map", "||y - f(x)||^2 + ||x||^2", "", "x", "2 (J_f(x)^T (f(x) - y) + x)", {"f": CUBES}),
    ("weighted residual", "(y - f(x))^T W (y - f(x))", "", "x", "J_f(x)^T (W + W^T) (f(x) - y)", {"f": CUBES}),
    ("moments", "g(theta)^T W g(theta)", "", "theta", "J_g(theta)^T (W + W^T) g(theta)", {"g": SOFTMAX}),
    ("a residual by its data", "||y - f(x)||^2 + ||x||^2", "", "y", "2 (y - f(x))", {"f": CUBES}),
)
