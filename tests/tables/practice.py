"""What people in the field differentiate: functions with their source and an independent value in JAX.

A row: source, function, variable, declarations, value. In values a vector is 1-d and a scalar 0-d; the parameters are
the names of the variables.
"""

# ruff: noqa: E741
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy import linalg, special

jax.config.update("jax_enable_x64", True)

__all__ = ["ROWS"]

Row = tuple[str, str, str, str, Callable[..., Any]]

inv, det, tr, norm, exp, log, total, sqrt = (
    jnp.linalg.inv, jnp.linalg.det, jnp.trace, jnp.linalg.norm, jnp.exp, jnp.log, jnp.sum, jnp.sqrt,
)  # fmt: skip
sigmoid, softplus, relu, softmax, log_softmax = (
    jax.nn.sigmoid, jax.nn.softplus, jax.nn.relu, jax.nn.softmax, jax.nn.log_softmax,
)  # fmt: skip
chol = jnp.linalg.cholesky


def logdet(a: Any) -> Any:
    return jnp.linalg.slogdet(a)[1]


def gelu(a: Any) -> Any:
    return jax.nn.gelu(a, approximate=False)


def eig(a: Any) -> Any:
    return jnp.linalg.eigvalsh((a + a.T) / 2)


def of_spd(f: Callable[[Any], Any], s: Any) -> Any:
    """A function of a definite matrix by its eigenvalues."""
    values, vectors = jnp.linalg.eigh((s + s.T) / 2)
    return (vectors * f(values)) @ vectors.T


_XYW = "X: matrix(n, d), y: vector(n), w: vector(d)"
_S = "x: vector(d), mu: vector(d), S: spd(d)"

# fmt: off
ROWS: tuple[Row, ...] = (
    # regression families
    ("Gauss: least squares",            "||X w - y||^2", "w", _XYW, lambda X, y, w: total((X @ w - y) ** 2)),
    ("least squares, by the design",    "||X w - y||^2", "X", _XYW, lambda X, y, w: total((X @ w - y) ** 2)),
    ("Hoerl & Kennard 1970: ridge",     "||X w - y||^2 + c ||w||^2", "w", _XYW + ", c: scalar", lambda X, y, w, c: total((X @ w - y) ** 2) + c * total(w ** 2)),
    ("Tibshirani 1996: lasso",          "1/2 ||X w - y||^2 + c ||w||_1", "w", _XYW + ", c: scalar", lambda X, y, w, c: total((X @ w - y) ** 2) / 2 + c * total(jnp.abs(w))),
    ("Zou & Hastie 2005: elastic net",  "||X w - y||^2 / (2 * n) + a norm1(w) + b ||w||^2 / 2", "w", _XYW + ", a: scalar, b: scalar", lambda X, y, w, a, b: total((X @ w - y) ** 2) / (2 * len(y)) + a * total(jnp.abs(w)) + b * total(w ** 2) / 2),
    ("Aitken 1936: generalised LS",     "(y - X w)^T inv(S) (y - X w)", "w", _XYW + ", S: spd(n)", lambda X, y, w, S: (y - X @ w) @ inv(S) @ (y - X @ w)),
    ("weighted LS, by the weights",     "sum(v .* (X w - y).^2)", "v", _XYW + ", v: vector(n, positive)", lambda X, y, w, v: total(v * (X @ w - y) ** 2)),
    ("Huber 1964: robust regression",   "sum(huber(X w - y, c))", "w", _XYW + ", c: scalar(positive)", lambda X, y, w, c: total(jnp.where(jnp.abs(X @ w - y) <= c, (X @ w - y) ** 2 / 2, c * (jnp.abs(X @ w - y) - c / 2)))),
    ("Koenker & Bassett 1978: quantile", "sum(max(t * (y - X w), (t - 1) * (y - X w)))", "w", _XYW + ", t: scalar(positive)", lambda X, y, w, t: total(jnp.maximum(t * (y - X @ w), (t - 1) * (y - X @ w)))),
    ("log-cosh loss",                   "sum(log(cosh(X w - y)))", "w", _XYW, lambda X, y, w: total(log(jnp.cosh(X @ w - y)))),
    ("Cauchy loss",                     "sum(log(1 + (X w - y).^2))", "w", _XYW, lambda X, y, w: total(jnp.log1p((X @ w - y) ** 2))),
    ("Geman & McClure 1985",            "sum((X w - y).^2 ./ (1 + (X w - y).^2))", "w", _XYW, lambda X, y, w: total((X @ w - y) ** 2 / (1 + (X @ w - y) ** 2))),
    ("logistic regression, y = ±1",     "sum(log(1 + exp(-y .* (X w))))", "w", _XYW, lambda X, y, w: total(softplus(-y * (X @ w)))),
    ("logistic regression, y in 0, 1",  "sum(softplus(X w)) - y^T X w", "w", _XYW, lambda X, y, w: total(softplus(X @ w)) - y @ X @ w),
    ("cross-entropy of probabilities",  "-sum(y .* log(sigmoid(X w)) + (1 - y) .* log(1 - sigmoid(X w)))", "w", _XYW, lambda X, y, w: -total(y * log(sigmoid(X @ w)) + (1 - y) * log(1 - sigmoid(X @ w)))),
    ("Bliss 1934: probit",              "-sum(log(1/2 + erf(y .* (X w) / sqrt(2)) / 2))", "w", _XYW, lambda X, y, w: -total(log(0.5 + special.erf(y * (X @ w) / sqrt(2.0)) / 2))),
    ("Nelder & Wedderburn 1972: Poisson", "sum(exp(X w)) - y^T X w", "w", _XYW, lambda X, y, w: total(exp(X @ w)) - y @ X @ w),
    ("gamma regression",                "sum(y .* exp(-X w) + X w)", "w", _XYW, lambda X, y, w: total(y * exp(-(X @ w)) + X @ w)),
    ("negative binomial, by the shape", "sum(lgamma(y + r)) - n lgamma(r) + n r log(r) - sum((y + r) .* log(r + mu))", "r", "y: vector(n, positive), mu: vector(n, positive), r: scalar(positive)",
     lambda y, mu, r: total(special.gammaln(y + r)) - len(y) * special.gammaln(r) + len(y) * r * log(r) - total((y + r) * log(r + mu))),
    ("multinomial logit",               "sum(Y .* logsoftmax(X W))", "W", "X: matrix(n, d), W: matrix(d, k), Y: matrix(n, k)", lambda X, W, Y: total(Y * log_softmax(X @ W, axis=1))),
    ("Cortes & Vapnik 1995: hinge",     "1/2 ||w||^2 + c sum(relu(1 - y .* (X w)))", "w", _XYW + ", c: scalar", lambda X, y, w, c: w @ w / 2 + c * total(relu(1 - y * (X @ w)))),
    ("squared hinge",                   "sum(relu(1 - y .* (X w)).^2)", "w", _XYW, lambda X, y, w: total(relu(1 - y * (X @ w)) ** 2)),
    ("Cox 1972: partial likelihood",    "X[1, :] w - logsumexp(X w)", "w", "X: matrix(n, d), w: vector(d)", lambda X, w: X[0] @ w - special.logsumexp(X @ w)),
    ("kernel ridge",                    "||K a - y||^2 + c a^T K a", "a", "K: spd(n), a: vector(n), y: vector(n), c: scalar", lambda K, a, y, c: total((K @ a - y) ** 2) + c * a @ K @ a),
    ("multivariate regression",         "tr((Y - X B) inv(S) (Y - X B)^T)", "B", "Y: matrix(n, k), X: matrix(n, d), B: matrix(d, k), S: spd(k)", lambda Y, X, B, S: tr((Y - X @ B) @ inv(S) @ (Y - X @ B).T)),
    ("coefficient of determination",    "1 - ||y - X w||^2 / ||y - mean(y) ones(n)||^2", "w", _XYW, lambda X, y, w: 1 - total((y - X @ w) ** 2) / total((y - y.mean()) ** 2)),
    ("profile likelihood of LS",        "n / 2 log(||y - X w||^2)", "w", _XYW, lambda X, y, w: len(y) / 2 * log(total((y - X @ w) ** 2))),

    # Gaussian, Student and Wishart likelihoods
    ("Gaussian, by the mean",           "1/2 (x - mu)^T inv(S) (x - mu) + 1/2 logdet(S)", "mu", _S, lambda x, mu, S: (x - mu) @ inv(S) @ (x - mu) / 2 + logdet(S) / 2),
    ("Gaussian, by the covariance",     "1/2 (x - mu)^T inv(S) (x - mu) + 1/2 logdet(S)", "S", _S, lambda x, mu, S: (x - mu) @ inv(S) @ (x - mu) / 2 + logdet(S) / 2),
    ("Gaussian, by the precision",      "1/2 (x - mu)^T P (x - mu) - 1/2 logdet(P)", "P", "x: vector(d), mu: vector(d), P: spd(d)", lambda x, mu, P: (x - mu) @ P @ (x - mu) / 2 - logdet(P) / 2),
    ("Gaussian, by the Cholesky factor", "1/2 ||inv(L) (x - mu)||^2 + logdet(L)", "L", "x: vector(d), mu: vector(d), L: lower(d)", lambda x, mu, L: total((inv(L) @ (x - mu)) ** 2) / 2 + logdet(L)),
    ("Gaussian through chol",           "1/2 ||solve(chol(S), x)||^2 + sum(log(diag(chol(S))))", "S", "x: vector(d), S: spd(d)", lambda x, S: total((inv(chol(S)) @ x) ** 2) / 2 + total(log(jnp.diag(chol(S))))),
    ("Gaussian sample, Anderson 1958",  "n/2 logdet(S) + 1/2 tr(inv(S) X^T X)", "S", "X: matrix(n, d), S: spd(d)", lambda X, S: len(X) / 2 * logdet(S) + tr(inv(S) @ X.T @ X) / 2),
    ("Gaussian density",                "exp(-1/2 (x - mu)^T inv(S) (x - mu)) / sqrt(det(2 * pi * S))", "S", _S, lambda x, mu, S: exp(-(x - mu) @ inv(S) @ (x - mu) / 2) / sqrt(det(2 * jnp.pi * S))),
    ("Student t, by the location",      "(nu + d)/2 log(1 + (x - mu)^T inv(S) (x - mu) / nu)", "mu", _S + ", nu: scalar(positive)", lambda x, mu, S, nu: (nu + len(x)) / 2 * log(1 + (x - mu) @ inv(S) @ (x - mu) / nu)),
    ("Student t, by the scatter",       "(nu + d)/2 log(1 + (x - mu)^T inv(S) (x - mu) / nu) + 1/2 logdet(S)", "S", _S + ", nu: scalar(positive)", lambda x, mu, S, nu: (nu + len(x)) / 2 * log(1 + (x - mu) @ inv(S) @ (x - mu) / nu) + logdet(S) / 2),
    ("Student t, degrees of freedom",   "lgamma((nu + d)/2) - lgamma(nu/2) - d/2 log(nu) - (nu + d)/2 log(1 + q / nu)", "nu", "nu: scalar(positive), q: scalar(positive), d: scalar(positive)",
     lambda nu, q, d: special.gammaln((nu + d) / 2) - special.gammaln(nu / 2) - d / 2 * log(nu) - (nu + d) / 2 * log(1 + q / nu)),
    ("Wishart 1928, by the scale",      "-nu/2 logdet(V) - 1/2 tr(inv(V) W)", "V", "V: spd(p), W: spd(p), nu: scalar", lambda V, W, nu: -nu / 2 * logdet(V) - tr(inv(V) @ W) / 2),
    ("Wishart, by the matrix",          "(nu - p - 1)/2 logdet(W) - 1/2 tr(inv(V) W)", "W", "V: spd(p), W: spd(p), nu: scalar", lambda V, W, nu: (nu - len(V) - 1) / 2 * logdet(W) - tr(inv(V) @ W) / 2),
    ("inverse Wishart",                 "-(nu + p + 1)/2 logdet(W) - 1/2 tr(V inv(W))", "W", "V: spd(p), W: spd(p), nu: scalar", lambda V, W, nu: -(nu + len(V) + 1) / 2 * logdet(W) - tr(V @ inv(W)) / 2),
    ("matrix normal, Dawid 1981",       "tr(inv(V) (X - M)^T inv(U) (X - M)) + n logdet(U) + m logdet(V)", "U", "X: matrix(m, n), M: matrix(m, n), U: spd(m), V: spd(n)", lambda X, M, U, V: tr(inv(V) @ (X - M).T @ inv(U) @ (X - M)) + X.shape[1] * logdet(U) + X.shape[0] * logdet(V)),
    ("mixture of two Gaussians",        "log(a exp(-||x - mu||^2/2) + b exp(-||x||^2/2))", "mu", "x: vector(d), mu: vector(d), a: scalar(positive), b: scalar(positive)", lambda x, mu, a, b: log(a * exp(-total((x - mu) ** 2) / 2) + b * exp(-total(x ** 2) / 2))),
    ("factor analysis",                 "logdet(W W^T + diag(v)) + tr(inv(W W^T + diag(v)) S)", "W", "W: matrix(d, k), v: vector(d, positive), S: spd(d)", lambda W, v, S: logdet(W @ W.T + jnp.diag(v)) + tr(inv(W @ W.T + jnp.diag(v)) @ S)),
    ("factor analysis, by the noise",   "logdet(W W^T + diag(v)) + tr(inv(W W^T + diag(v)) S)", "v", "W: matrix(d, k), v: vector(d, positive), S: spd(d)", lambda W, v, S: logdet(W @ W.T + jnp.diag(v)) + tr(inv(W @ W.T + jnp.diag(v)) @ S)),
    ("Tipping & Bishop 1999: PPCA",     "logdet(W W^T + s eye(d)) + tr(inv(W W^T + s eye(d)) S)", "s", "W: matrix(d, k), s: scalar(positive), S: spd(d)", lambda W, s, S: logdet(W @ W.T + s * jnp.eye(len(W))) + tr(inv(W @ W.T + s * jnp.eye(len(W))) @ S)),
    ("Friedman et al. 2008: graphical lasso", "tr(S P) - logdet(P) + c norm1(P)", "P", "S: spd(d), P: spd(d), c: scalar", lambda S, P, c: tr(S @ P) - logdet(P) + c * total(jnp.abs(P))),
    ("Dirichlet",                       "sum(lgamma(a)) - lgamma(sum(a)) - (a - 1)^T log(p)", "a", "a: vector(k, positive), p: vector(k, positive)", lambda a, p: total(special.gammaln(a)) - special.gammaln(total(a)) - (a - 1) @ log(p)),
    ("von Mises–Fisher exponent",       "k mu^T x / (||mu|| ||x||)", "mu", "k: scalar, mu: vector(d), x: vector(d)", lambda k, mu, x: k * mu @ x / (norm(mu) * norm(x))),
    ("Laplace density",                 "norm1(x - mu) / b + d log(2 * b)", "mu", "x: vector(d), mu: vector(d), b: scalar(positive)", lambda x, mu, b: total(jnp.abs(x - mu)) / b + len(x) * log(2 * b)),
    ("beta–binomial term",              "lgamma(x + a) + lgamma(y + b) - lgamma(x + y + a + b)", "a", "x: scalar(positive), y: scalar(positive), a: scalar(positive), b: scalar(positive)", lambda x, y, a, b: special.gammaln(x + a) + special.gammaln(y + b) - special.gammaln(x + y + a + b)),

    # Gaussian processes [Rasmussen & Williams 2006]
    ("R&W (5.8): evidence by the noise", "1/2 y^T inv(K + s eye(n)) y + 1/2 logdet(K + s eye(n))", "s", "y: vector(n), K: spd(n), s: scalar(positive)", lambda y, K, s: y @ inv(K + s * jnp.eye(len(y))) @ y / 2 + logdet(K + s * jnp.eye(len(y))) / 2),
    ("R&W (5.8): evidence by K",        "1/2 y^T inv(K) y + 1/2 logdet(K)", "K", "y: vector(n), K: spd(n)", lambda y, K: y @ inv(K) @ y / 2 + logdet(K) / 2),
    ("R&W: evidence by the length scale", "1/2 y^T inv(exp(-D / l) + eye(n)) y + 1/2 logdet(exp(-D / l) + eye(n))", "l", "y: vector(n), D: symmetric(n), l: scalar(positive)", lambda y, D, l: y @ inv(exp(-D / l) + jnp.eye(len(y))) @ y / 2 + logdet(exp(-D / l) + jnp.eye(len(y))) / 2),
    ("R&W (2.25): predictive mean",     "k^T inv(K + s eye(n)) y", "k", "k: vector(n), K: spd(n), y: vector(n), s: scalar(positive)", lambda k, K, y, s: k @ inv(K + s * jnp.eye(len(y))) @ y),
    ("R&W (2.26): predictive variance", "c - k^T inv(K) k", "K", "k: vector(n), K: spd(n), c: scalar", lambda k, K, c: c - k @ inv(K) @ k),
    ("Titsias 2009: sparse bound",      "logdet(U^T inv(M) U + s eye(n)) + y^T inv(U^T inv(M) U + s eye(n)) y", "U", "U: matrix(m, n), M: spd(m), y: vector(n), s: scalar(positive)", lambda U, M, y, s: logdet(U.T @ inv(M) @ U + s * jnp.eye(len(y))) + y @ inv(U.T @ inv(M) @ U + s * jnp.eye(len(y))) @ y),
    ("R&W (5.10): leave-one-out",       "sum((inv(K) y ./ diag(inv(K))).^2)", "K", "K: spd(n), y: vector(n)", lambda K, y: total((inv(K) @ y / jnp.diag(inv(K))) ** 2)),
    ("squared-exponential kernel",      "exp(-||x - y||^2 / (2 * l^2))", "x", "x: vector(d), y: vector(d), l: scalar(positive)", lambda x, y, l: exp(-total((x - y) ** 2) / (2 * l ** 2))),
    ("ARD kernel",                      "exp(-sum(v .* (x - y).^2) / 2)", "v", "x: vector(d), y: vector(d), v: vector(d, positive)", lambda x, y, v: exp(-total(v * (x - y) ** 2) / 2)),

    # divergences
    ("KL of Gaussians, by the covariance", "1/2 (tr(inv(T) S) + (nu - mu)^T inv(T) (nu - mu) - d + logdet(T) - logdet(S))", "S", "S: spd(d), T: spd(d), mu: vector(d), nu: vector(d)", lambda S, T, mu, nu: (tr(inv(T) @ S) + (nu - mu) @ inv(T) @ (nu - mu) - len(mu) + logdet(T) - logdet(S)) / 2),
    ("KL of Gaussians, by the other",   "1/2 (tr(inv(T) S) + (nu - mu)^T inv(T) (nu - mu) + logdet(T))", "T", "S: spd(d), T: spd(d), mu: vector(d), nu: vector(d)", lambda S, T, mu, nu: (tr(inv(T) @ S) + (nu - mu) @ inv(T) @ (nu - mu) + logdet(T)) / 2),
    ("Kingma & Welling 2014: VAE prior", "-1/2 sum(1 + s - mu.^2 - exp(s))", "s", "s: vector(d), mu: vector(d)", lambda s, mu: -total(1 + s - mu ** 2 - exp(s)) / 2),
    ("Kullback & Leibler 1951",         "kl(p, q)", "q", "p: vector(n, positive), q: vector(n, positive)", lambda p, q: total(p * log(p / q))),
    ("KL after softmax",                "kl(p, softmax(x))", "x", "p: vector(n, positive), x: vector(n)", lambda p, x: total(p * log(p / softmax(x)))),
    ("Jensen–Shannon",                  "kl(p, (p + q)/2) + kl(q, (p + q)/2)", "p", "p: vector(n, positive), q: vector(n, positive)", lambda p, q: total(p * log(2 * p / (p + q))) + total(q * log(2 * q / (p + q)))),
    ("Shannon 1948",                    "entropy(softmax(x))", "x", "x: vector(n)", lambda x: -total(softmax(x) * log_softmax(x))),
    ("Stein's loss",                    "tr(inv(S) T) - logdet(inv(S) T)", "S", "S: spd(d), T: spd(d)", lambda S, T: tr(inv(S) @ T) - logdet(inv(S) @ T)),
    ("Rényi 2 of Gaussians",            "logdet((S + T)/2) - 1/2 logdet(S) - 1/2 logdet(T)", "S", "S: spd(d), T: spd(d)", lambda S, T: logdet((S + T) / 2) - logdet(S) / 2 - logdet(T) / 2),

    # subspaces and components
    ("Rayleigh quotient",               "(x^T A x) / (x^T x)", "x", "x: vector(n), A: symmetric(n)", lambda x, A: x @ A @ x / (x @ x)),
    ("generalised Rayleigh, Fisher LDA", "(w^T B w) / (w^T C w)", "w", "w: vector(d), B: symmetric(d), C: spd(d)", lambda w, B, C: w @ B @ w / (w @ C @ w)),
    ("LDA by trace",                    "tr(inv(W^T C W) (W^T B W))", "W", "W: matrix(d, k), B: symmetric(d), C: spd(d)", lambda W, B, C: tr(inv(W.T @ C @ W) @ (W.T @ B @ W))),
    ("LDA by determinants",             "logdet(W^T B W) - logdet(W^T C W)", "W", "W: matrix(d, k), B: spd(d), C: spd(d)", lambda W, B, C: logdet(W.T @ B @ W) - logdet(W.T @ C @ W)),
    ("Hotelling 1936: CCA",             "(a^T C b) / sqrt((a^T A a) (b^T B b))", "a", "a: vector(m), b: vector(n), A: spd(m), B: spd(n), C: matrix(m, n)", lambda a, b, A, B, C: a @ C @ b / sqrt((a @ A @ a) * (b @ B @ b))),
    ("PCA by reconstruction",           "||X - X W W^T||_F^2", "W", "X: matrix(n, d), W: matrix(d, k)", lambda X, W: total((X - X @ W @ W.T) ** 2)),
    ("Oja 1982",                        "tr(W^T S W) - 1/4 ||W^T W - eye(k)||_F^2", "W", "S: symmetric(d), W: matrix(d, k)", lambda S, W: tr(W.T @ S @ W) - total((W.T @ W - jnp.eye(W.shape[1])) ** 2) / 4),
    ("Bell & Sejnowski 1995: ICA",      "logdet(W) - sum(log(cosh(X W^T)))", "W", "W: invertible(d), X: matrix(n, d)", lambda W, X: logdet(W) - total(log(jnp.cosh(X @ W.T)))),
    ("Hyvärinen 1999: FastICA contrast", "mean(log(cosh(X w)))", "w", "X: matrix(n, d), w: vector(d)", lambda X, w: jnp.mean(log(jnp.cosh(X @ w)))),
    ("Procrustes",                      "||A Q - B||_F^2", "Q", "A: matrix(m, n), B: matrix(m, n), Q: orthogonal(n)", lambda A, B, Q: total((A @ Q - B) ** 2)),
    ("largest eigenvalue",              "eigmax(A + x x^T)", "x", "A: symmetric(n), x: vector(n)", lambda A, x: eig(A + jnp.outer(x, x))[-1]),
    ("sum of log eigenvalues",          "sum(log(eigvals(S)))", "S", "S: spd(n)", lambda S: total(log(eig(S)))),
    ("kernel alignment",                "tr(K Y) / sqrt(tr(K K) tr(Y Y))", "K", "K: symmetric(n), Y: symmetric(n)", lambda K, Y: total(K * Y) / sqrt(total(K * K) * total(Y * Y))),

    # factorisation and completion
    ("T ≈ U V^T",                       "||T - U V^T||_F^2", "U", "T: matrix(m, n), U: matrix(m, k), V: matrix(n, k)", lambda T, U, V: total((T - U @ V.T) ** 2)),
    ("Koren 2009: completion",          "||M .* (T - U V^T)||_F^2 + c (||U||_F^2 + ||V||_F^2)", "V", "M: matrix(m, n), T: matrix(m, n), U: matrix(m, k), V: matrix(n, k), c: scalar", lambda M, T, U, V, c: total((M * (T - U @ V.T)) ** 2) + c * (total(U ** 2) + total(V ** 2))),
    ("Lee & Seung 1999: NMF by KL",     "sum(U V^T - T .* log(U V^T))", "U", "T: matrix(m, n, positive), U: matrix(m, k, positive), V: matrix(n, k, positive)", lambda T, U, V: total(U @ V.T - T * log(U @ V.T))),
    ("symmetric factorisation",         "||S - U U^T||_F^2", "U", "S: symmetric(n), U: matrix(n, k)", lambda S, U: total((S - U @ U.T) ** 2)),
    ("tri-factorisation",               "||T - U C V^T||_F^2", "C", "T: matrix(m, n), U: matrix(m, k), C: matrix(k, l), V: matrix(n, l)", lambda T, U, C, V: total((T - U @ C @ V.T) ** 2)),
    ("Candès & Recht 2009: nuclear norm", "norm_nuc(X) + c ||X - A||_F^2", "X", "X: matrix(m, n), A: matrix(m, n), c: scalar", lambda X, A, c: total(jnp.linalg.svd(X, compute_uv=False)) + c * total((X - A) ** 2)),
    ("spectral norm regulariser",       "norm_spec(W)^2", "W", "W: matrix(m, n)", lambda W: jnp.linalg.svd(W, compute_uv=False)[0] ** 2),
    ("Schatten norm",                   "sum(svdvals(X).^3)", "X", "X: matrix(m, n)", lambda X: total(jnp.linalg.svd(X, compute_uv=False) ** 3)),
    ("logistic completion",             "sum(softplus(-Y .* (U V^T)))", "U", "Y: matrix(m, n), U: matrix(m, k), V: matrix(n, k)", lambda Y, U, V: total(softplus(-Y * (U @ V.T)))),
    ("Kronecker factor, Van Loan 1993", "||A - kron(B, C)||_F^2", "C", "A: matrix(m*p, n*q), B: matrix(m, n), C: matrix(p, q)", lambda A, B, C: total((A - jnp.kron(B, C)) ** 2)),
    ("CP factor by Khatri–Rao columns", "||vec(T) - kron(a, b)||^2", "a", "T: matrix(n, m), a: vector(m), b: vector(n)", lambda T, a, b: total((T.T.ravel() - jnp.kron(a, b)) ** 2)),
    ("Mikolov 2013: negative sampling", "-log(sigmoid(u^T v)) - sum(log(sigmoid(-N v)))", "v", "u: vector(d), v: vector(d), N: matrix(k, d)", lambda u, v, N: -log(sigmoid(u @ v)) - total(log(sigmoid(-N @ v)))),
    ("Pennington 2014: GloVe",          "sum(F .* (U V^T + b ones(n)^T - log(C)).^2)", "U", "F: matrix(m, n, positive), U: matrix(m, k), V: matrix(n, k), b: vector(m), C: matrix(m, n, positive)", lambda F, U, V, b, C: total(F * (U @ V.T + b[:, None] - log(C)) ** 2)),

    # networks, layer by layer
    ("linear layer",                    "||W x + b - y||^2", "W", "W: matrix(m, n), x: vector(n), b: vector(m), y: vector(m)", lambda W, x, b, y: total((W @ x + b - y) ** 2)),
    ("two layers, tanh",                "||V tanh(W x + b) - y||^2", "W", "V: matrix(k, m), W: matrix(m, n), x: vector(n), b: vector(m), y: vector(k)", lambda V, W, x, b, y: total((V @ jnp.tanh(W @ x + b) - y) ** 2)),
    ("two layers, relu",                "||V relu(W x + b) - y||^2", "b", "V: matrix(k, m), W: matrix(m, n), x: vector(n), b: vector(m), y: vector(k)", lambda V, W, x, b, y: total((V @ relu(W @ x + b) - y) ** 2)),
    ("Hendrycks & Gimpel 2016: GELU",   "c^T gelu(W x)", "W", "c: vector(m), W: matrix(m, n), x: vector(n)", lambda c, W, x: c @ gelu(W @ x)),
    ("Ramachandran 2017: SiLU",         "c^T silu(W x)", "x", "c: vector(m), W: matrix(m, n), x: vector(n)", lambda c, W, x: c @ jax.nn.silu(W @ x)),
    ("He 2016: residual block",         "c^T (x + V relu(W x))", "W", "c: vector(n), x: vector(n), V: matrix(n, m), W: matrix(m, n)", lambda c, x, V, W: c @ (x + V @ relu(W @ x))),
    ("batch of a layer",                "||relu(X W + ones(n) b^T) - Y||_F^2", "W", "X: matrix(n, d), W: matrix(d, k), b: vector(k), Y: matrix(n, k)", lambda X, W, b, Y: total((relu(X @ W + b) - Y) ** 2)),
    ("softmax classifier",              "-y^T logsoftmax(W x + b)", "W", "y: vector(k), W: matrix(k, d), x: vector(d), b: vector(k)", lambda y, W, x, b: -y @ log_softmax(W @ x + b)),
    ("autoencoder",                     "||X - sigmoid(X W) W^T||_F^2", "W", "X: matrix(n, d), W: matrix(d, k)", lambda X, W: total((X - sigmoid(X @ W) @ W.T) ** 2)),
    ("weight decay",                    "mean((X w - y).^2) + c sum(w.^2)", "w", _XYW + ", c: scalar", lambda X, y, w, c: jnp.mean((X @ w - y) ** 2) + c * total(w ** 2)),
    ("Hinton 2015: distillation",       "kl(p, softmax(z / t))", "z", "p: vector(k, positive), z: vector(k), t: scalar(positive)", lambda p, z, t: total(p * (log(p) - log_softmax(z / t)))),
    ("Dauphin 2017: gated unit",        "sum((A x) .* sigmoid(B x))", "x", "A: matrix(m, n), B: matrix(m, n), x: vector(n)", lambda A, B, x: total((A @ x) * sigmoid(B @ x))),
    ("Elman 1990: recurrent step twice", "c^T tanh(W tanh(W h + u) + v)", "W", "c: vector(n), W: matrix(n, n), h: vector(n), u: vector(n), v: vector(n)", lambda c, W, h, u, v: c @ jnp.tanh(W @ jnp.tanh(W @ h + u) + v)),
    ("Chen 2018: linear flow",          "||expm(t * A) x - y||^2", "A", "t: scalar, A: matrix(n, n), x: vector(n), y: vector(n)", lambda t, A, x, y: total((linalg.expm(t * A) @ x - y) ** 2)),
    ("Rezende & Mohamed 2015: planar flow", "log(abs(1 + (1 - tanh(w^T z + b)^2) w^T u))", "w", "w: vector(d), z: vector(d), u: vector(d), b: scalar", lambda w, z, u, b: log(jnp.abs(1 + (1 - jnp.tanh(w @ z + b) ** 2) * (w @ u)))),
    ("Hyvärinen 2005: score matching",  "1/2 ||P (x - mu)||^2 - tr(P)", "P", "P: symmetric(d), x: vector(d), mu: vector(d)", lambda P, x, mu: total((P @ (x - mu)) ** 2) / 2 - tr(P)),
    ("Sutton: policy gradient",         "r log(softmax(W s)[1])", "W", "r: scalar, W: matrix(k, d), s: vector(d)", lambda r, W, s: r * log_softmax(W @ s)[0]),

    # attention [Vaswani et al. 2017] and normalisation
    ("attention scores by Q",           "sum(C .* softmax(Q K^T / sqrt(d)))", "Q", "C: matrix(m, n), Q: matrix(m, d), K: matrix(n, d)", lambda C, Q, K: total(C * softmax(Q @ K.T / sqrt(Q.shape[1]), axis=1))),
    ("attention by K",                  "sum(C .* (softmax(Q K^T / sqrt(d)) V))", "K", "C: matrix(m, k), Q: matrix(m, d), K: matrix(n, d), V: matrix(n, k)", lambda C, Q, K, V: total(C * (softmax(Q @ K.T / sqrt(Q.shape[1]), axis=1) @ V))),
    ("attention by V",                  "sum(C .* (softmax(Q K^T / sqrt(d)) V))", "V", "C: matrix(m, k), Q: matrix(m, d), K: matrix(n, d), V: matrix(n, k)", lambda C, Q, K, V: total(C * (softmax(Q @ K.T / sqrt(Q.shape[1]), axis=1) @ V))),
    ("self-attention by the projection", "sum(softmax(X W X^T) X)", "W", "X: matrix(n, d), W: matrix(d, d)", lambda X, W: total(softmax(X @ W @ X.T, axis=1) @ X)),
    ("Katharopoulos 2020: linear attention", "sum(C .* (exp(Q) (exp(K)^T V)))", "Q", "C: matrix(m, k), Q: matrix(m, d), K: matrix(n, d), V: matrix(n, k)", lambda C, Q, K, V: total(C * (exp(Q) @ (exp(K).T @ V)))),
    ("Ba 2016: layer norm",             "c^T ((x - mean(x) ones(n)) / sqrt(mean((x - mean(x) ones(n)).^2) + a))", "x", "c: vector(n), x: vector(n), a: scalar(positive)", lambda c, x, a: c @ ((x - x.mean()) / sqrt(jnp.mean((x - x.mean()) ** 2) + a))),
    ("Zhang & Sennrich 2019: RMS norm", "c^T (x / sqrt(x^T x / n + a))", "x", "c: vector(n), x: vector(n), a: scalar(positive)", lambda c, x, a: c @ x / sqrt(x @ x / len(x) + a)),
    ("Salimans & Kingma 2016: weight norm", "g v^T x / ||v||", "v", "g: scalar, v: vector(n), x: vector(n)", lambda g, v, x: g * v @ x / norm(v)),
    ("cosine similarity",               "(x^T y) / (||x|| ||y||)", "x", "x: vector(n), y: vector(n)", lambda x, y: x @ y / (norm(x) * norm(y))),
    ("Chen 2020: contrastive",          "logsumexp(Z normalize(x)) - z^T normalize(x)", "x", "Z: matrix(k, n), x: vector(n), z: vector(n)", lambda Z, x, z: special.logsumexp(Z @ x / norm(x)) - z @ x / norm(x)),
    ("Schroff 2015: triplet",           "relu(||a - p||^2 - ||a - q||^2 + c)", "a", "a: vector(d), p: vector(d), q: vector(d), c: scalar(positive)", lambda a, p, q, c: relu(total((a - p) ** 2) - total((a - q) ** 2) + c)),
    ("Mahalanobis metric learning",     "(x - y)^T L L^T (x - y)", "L", "x: vector(d), y: vector(d), L: lower(d)", lambda x, y, L: total((L.T @ (x - y)) ** 2)),

    # design criteria [Pukelsheim 1993]
    ("D-optimality by the weights",     "logdet(X^T diag(w) X)", "w", "X: matrix(n, d), w: vector(n, positive)", lambda X, w: logdet(X.T @ jnp.diag(w) @ X)),
    ("A-optimality",                    "tr(inv(X^T diag(w) X))", "w", "X: matrix(n, d), w: vector(n, positive)", lambda X, w: tr(inv(X.T @ jnp.diag(w) @ X))),
    ("c-optimality",                    "c^T inv(X^T diag(w) X) c", "w", "c: vector(d), X: matrix(n, d), w: vector(n, positive)", lambda c, X, w: c @ inv(X.T @ jnp.diag(w) @ X) @ c),
    ("E-optimality",                    "eigmin(X^T diag(w) X)", "w", "X: matrix(n, d), w: vector(n, positive)", lambda X, w: eig(X.T @ jnp.diag(w) @ X)[0]),
    ("I-optimality",                    "tr(inv(X^T X + c eye(d)) M)", "X", "X: matrix(n, d), M: symmetric(d), c: scalar(positive)", lambda X, M, c: tr(inv(X.T @ X + c * jnp.eye(len(M))) @ M)),

    # control
    ("Lyapunov residual",               "||A X + X A^T + Q||_F^2", "X", "A: matrix(n, n), X: symmetric(n), Q: symmetric(n)", lambda A, X, Q: total((A @ X + X @ A.T + Q) ** 2)),
    ("discrete Lyapunov residual",      "||A X A^T - X + Q||_F^2", "A", "A: matrix(n, n), X: spd(n), Q: spd(n)", lambda A, X, Q: total((A @ X @ A.T - X + Q) ** 2)),
    ("Riccati residual",                "||A^T P + P A - P B inv(R) B^T P + Q||_F^2", "P", "A: matrix(n, n), P: symmetric(n), B: matrix(n, m), R: spd(m), Q: spd(n)", lambda A, P, B, R, Q: total((A.T @ P + P @ A - P @ B @ inv(R) @ B.T @ P + Q) ** 2)),
    ("LQR cost by the gain",            "tr((Q + K^T R K) X)", "K", "Q: spd(n), K: matrix(m, n), R: spd(m), X: spd(n)", lambda Q, K, R, X: tr((Q + K.T @ R @ K) @ X)),
    ("finite-horizon step",             "||A x + B u||^2 + u^T R u", "u", "A: matrix(n, n), x: vector(n), B: matrix(n, m), u: vector(m), R: spd(m)", lambda A, x, B, u, R: total((A @ x + B @ u) ** 2) + u @ R @ u),
    ("Kalman: innovation likelihood",   "1/2 v^T inv(H P H^T + R) v + 1/2 logdet(H P H^T + R)", "P", "v: vector(m), H: matrix(m, n), P: spd(n), R: spd(m)", lambda v, H, P, R: v @ inv(H @ P @ H.T + R) @ v / 2 + logdet(H @ P @ H.T + R) / 2),
    ("Kalman gain by trace",            "tr((eye(n) - K H) P (eye(n) - K H)^T + K R K^T)", "K", "K: matrix(n, m), H: matrix(m, n), P: spd(n), R: spd(m)", lambda K, H, P, R: tr((jnp.eye(len(P)) - K @ H) @ P @ (jnp.eye(len(P)) - K @ H).T + K @ R @ K.T)),

    # econometrics and finance
    ("Sharpe 1966 ratio",               "(w^T r - f) / sqrt(w^T S w)", "w", "w: vector(n), r: vector(n), f: scalar, S: spd(n)", lambda w, r, f, S: (w @ r - f) / sqrt(w @ S @ w)),
    ("Markowitz 1952",                  "w^T r - c/2 w^T S w", "w", "w: vector(n), r: vector(n), c: scalar, S: spd(n)", lambda w, r, c, S: w @ r - c / 2 * w @ S @ w),
    ("risk parity",                     "1/2 w^T S w - c sum(log(w))", "w", "w: vector(n, positive), S: spd(n), c: scalar", lambda w, S, c: w @ S @ w / 2 - c * total(log(w))),
    ("log utility",                     "mean(log(1 + R w / 10))", "w", "R: matrix(t, n), w: vector(n)", lambda R, w: jnp.mean(log(1 + R @ w / 10))),
    ("Hansen 1982: GMM",                "(Z^T (y - X b))^T W (Z^T (y - X b))", "b", "Z: matrix(n, k), y: vector(n), X: matrix(n, d), b: vector(d), W: spd(k)", lambda Z, y, X, b, W: (Z.T @ (y - X @ b)) @ W @ (Z.T @ (y - X @ b))),
    ("two-stage least squares",         "(y - X b)^T Z inv(Z^T Z) Z^T (y - X b)", "X", "Z: matrix(n, k), y: vector(n), X: matrix(n, d), b: vector(d)", lambda Z, y, X, b: (y - X @ b) @ Z @ inv(Z.T @ Z) @ Z.T @ (y - X @ b)),
    ("Zellner 1962: SUR",               "vec(Y - X B)^T kron(inv(S), eye(n)) vec(Y - X B)", "B", "Y: matrix(n, k), X: matrix(n, d), B: matrix(d, k), S: spd(k)", lambda Y, X, B, S: tr((Y - X @ B) @ inv(S) @ (Y - X @ B).T)),
    ("Ord 1975: spatial lag",           "logdet(eye(n) - r W) - ||y - r W y||^2 / 2", "r", "W: matrix(n, n), y: vector(n), r: scalar", lambda W, y, r: logdet(jnp.eye(len(y)) - r * W) - total((y - r * W @ y) ** 2) / 2),
    ("Sims 1980: VAR likelihood",       "n/2 logdet((Y - X B)^T (Y - X B))", "B", "Y: matrix(n, k), X: matrix(n, d), B: matrix(d, k)", lambda Y, X, B: len(Y) / 2 * logdet((Y - X @ B).T @ (Y - X @ B))),
    ("impulse response",                "e(1, n)^T A^4 b", "A", "A: matrix(n, n), b: vector(n)", lambda A, b: (A @ A @ A @ A @ b)[0]),
    ("Leontief multiplier",             "p^T inv(eye(n) - A) f", "A", "p: vector(n), A: matrix(n, n), f: vector(n)", lambda p, A, f: p @ inv(jnp.eye(len(p)) - A) @ f),
    ("softmax demand",                  "x^T softmax(d - a p)", "p", "x: vector(n), d: vector(n), a: scalar, p: vector(n)", lambda x, d, a, p: x @ softmax(d - a * p)),

    # optimal transport and means of definite matrices
    ("Cuturi 2013: entropic plan",      "sum(P .* C) + c sum(P .* (log(P) - 1))", "P", "P: matrix(m, n, positive), C: matrix(m, n), c: scalar", lambda P, C, c: total(P * C) + c * total(P * (log(P) - 1))),
    ("Sinkhorn dual",                   "a^T f + b^T g - c sum(exp((f ones(n)^T + ones(m) g^T - C) / c))", "f", "a: vector(m), f: vector(m), b: vector(n), g: vector(n), c: scalar(positive), C: matrix(m, n)", lambda a, f, b, g, c, C: a @ f + b @ g - c * total(exp((f[:, None] + g[None, :] - C) / c))),
    ("Bures distance",                  "tr(S) + tr(T) - 2 tr(sqrtm(sqrtm(T) S sqrtm(T)))", "S", "S: spd(n), T: spd(n)", lambda S, T: tr(S) + tr(T) - 2 * total(sqrt(eig(of_spd(sqrt, T) @ S @ of_spd(sqrt, T))))),
    ("log-Euclidean distance",          "||logm(S) - logm(T)||_F^2", "S", "S: spd(n), T: spd(n)", lambda S, T: total((of_spd(log, S) - of_spd(log, T)) ** 2)),
    ("log-Euclidean mean",              "tr(C expm((logm(S) + logm(T)) / 2))", "S", "C: symmetric(n), S: spd(n), T: spd(n)", lambda C, S, T: tr(C @ of_spd(exp, (of_spd(log, S) + of_spd(log, T)) / 2))),
    ("von Neumann entropy",             "-tr(S logm(S))", "S", "S: spd(n)", lambda S: -total(eig(S) * log(eig(S)))),
    ("matrix square root loss",         "||sqrtm(S) - T||_F^2", "S", "S: spd(n), T: symmetric(n)", lambda S, T: total((of_spd(sqrt, S) - T) ** 2)),

    # mechanics: energies of the deformation gradient F [Bonet & Wood 2008]
    ("neo-Hookean",                     "a/2 (tr(F^T F) - 3) - a log(det(F)) + b/2 log(det(F))^2", "F", "F: invertible(3), a: scalar, b: scalar", lambda F, a, b: a / 2 * (tr(F.T @ F) - 3) - a * log(det(F)) + b / 2 * log(det(F)) ** 2),
    ("St Venant–Kirchhoff",             "a tr((F^T F - eye(3))^2) / 4 + b tr(F^T F - eye(3))^2 / 8", "F", "F: matrix(3, 3), a: scalar, b: scalar", lambda F, a, b: a * tr((F.T @ F - jnp.eye(3)) @ (F.T @ F - jnp.eye(3))) / 4 + b * tr(F.T @ F - jnp.eye(3)) ** 2 / 8),
    ("Mooney–Rivlin, second invariant", "a/2 (tr(C)^2 - tr(C^2))", "C", "C: spd(3), a: scalar", lambda C, a: a / 2 * (tr(C) ** 2 - tr(C @ C))),
    ("Hencky energy",                   "tr(logm(C)^2) / 4", "C", "C: spd(3)", lambda C: total(log(eig(C)) ** 2) / 4),
    ("linear elasticity",               "b/2 tr(H)^2 + a tr(sym(H) sym(H))", "H", "H: matrix(3, 3), a: scalar, b: scalar", lambda H, a, b: b / 2 * tr(H) ** 2 + a * total(((H + H.T) / 2) ** 2)),
    ("isochoric stretch",               "tr(F^T F) / det(F)^(2/3)", "F", "F: invertible(3)", lambda F: tr(F.T @ F) / det(F) ** (2 / 3)),

    # numerical linear algebra and graphs
    ("residual of a solve",             "||solve(A, b) - x||^2", "A", "A: invertible(n), b: vector(n), x: vector(n)", lambda A, b, x: total((inv(A) @ b - x) ** 2)),
    ("projection by pinv",              "y^T A pinv(A) y", "A", "A: matrix(m, n), y: vector(m)", lambda A, y: y @ A @ jnp.linalg.pinv(A) @ y),
    ("orthogonality penalty",           "||W^T W - eye(k)||_F^2", "W", "W: matrix(d, k)", lambda W: total((W.T @ W - jnp.eye(W.shape[1])) ** 2)),
    ("Zheng 2018: NOTEARS",             "tr(expm(W .* W)) - d", "W", "W: matrix(d, d)", lambda W: tr(linalg.expm(W * W)) - len(W)),
    ("Laplacian smoothness",            "tr(X^T (diag(A ones(n)) - A) X)", "A", "X: matrix(n, d), A: symmetric(n)", lambda X, A: tr(X.T @ (jnp.diag(A.sum(1)) - A) @ X)),
    ("Kirchhoff: spanning trees",       "logdet(B^T diag(w) B + J)", "w", "B: matrix(m, n), w: vector(m, positive), J: spd(n)", lambda B, w, J: logdet(B.T @ jnp.diag(w) @ B + J)),
    ("Katz 1953 centrality",            "sum(inv(eye(n) - a A))", "a", "a: scalar, A: matrix(n, n)", lambda a, A: total(inv(jnp.eye(len(A)) - a * A))),
    ("barrier of a polyhedron",         "-sum(log(b + exp(A x)))", "x", "b: vector(m, positive), A: matrix(m, n), x: vector(n)", lambda b, A, x: -total(log(b + exp(A @ x)))),
    ("log-sum-exp of affine functions", "logsumexp(A x + b)", "x", "A: matrix(m, n), x: vector(n), b: vector(m)", lambda A, x, b: special.logsumexp(A @ x + b)),
    ("total variation, smoothed",       "sum((c + (x[2:5] - x[1:4]).^2).^(1/2))", "x", "x: vector(5), c: scalar(positive)", lambda x, c: total(sqrt(c + (x[1:] - x[:-1]) ** 2))),

    # more of regression and its relatives
    ("Lawson 1961: p-norm regression",  "sum(abs(X w - y).^3)", "w", _XYW, lambda X, y, w: total(jnp.abs(X @ w - y) ** 3)),
    ("Golub & Van Loan 1980: total LS", "||X w - y||^2 / (1 + w^T w)", "w", _XYW, lambda X, y, w: total((X @ w - y) ** 2) / (1 + w @ w)),
    ("Yuan & Lin 2006: group lasso",    "1/2 ||X W - Y||_F^2 + c sum(sum(W.^2, 2).^(1/2))", "W", "X: matrix(n, d), W: matrix(d, k), Y: matrix(n, k), c: scalar", lambda X, W, Y, c: total((X @ W - Y) ** 2) / 2 + c * total(sqrt(total(W ** 2, axis=1)))),
    ("Hastie & Tibshirani: smoothing spline", "||y - B a||^2 + c a^T R a", "a", "y: vector(n), B: matrix(n, k), a: vector(k), R: psd(k), c: scalar", lambda y, B, a, R, c: total((y - B @ a) ** 2) + c * a @ R @ a),
    ("Craven & Wahba 1979: GCV",        "n ||(eye(n) - H) y||^2 / tr(eye(n) - H)^2", "H", "H: symmetric(n), y: vector(n)", lambda H, y: len(y) * total((y - H @ y) ** 2) / tr(jnp.eye(len(y)) - H) ** 2),
    ("complementary log-log",           "-sum(y .* log(1 - exp(-exp(X w))) - (1 - y) .* exp(X w))", "w", _XYW, lambda X, y, w: -total(y * log(1 - exp(-exp(X @ w))) - (1 - y) * exp(X @ w))),
    ("inverse Gaussian regression",     "sum((y - exp(X w)).^2 ./ exp(2 * X w))", "w", _XYW, lambda X, y, w: total((y - exp(X @ w)) ** 2 / exp(2 * X @ w))),
    ("Lin 2017: focal loss",             "-sum((1 - sigmoid(X w)).^2 .* log(sigmoid(X w)))", "w", "X: matrix(n, d), w: vector(d)", lambda X, w: -total((1 - sigmoid(X @ w)) ** 2 * log(sigmoid(X @ w)))),
    ("Bradley & Terry 1952",            "-sum(log(sigmoid(A s)))", "s", "A: matrix(n, d), s: vector(d)", lambda A, s: -total(log(sigmoid(A @ s)))),
    ("Plackett–Luce, first choice",     "logsumexp(X w) - x^T w", "w", "X: matrix(n, d), w: vector(d), x: vector(d)", lambda X, w, x: special.logsumexp(X @ w) - x @ w),

    # more likelihoods and divergences
    ("Laird & Ware 1982: mixed model",  "1/2 logdet(Z G Z^T + s eye(n)) + 1/2 r^T inv(Z G Z^T + s eye(n)) r", "G", "Z: matrix(n, k), G: spd(k), s: scalar(positive), r: vector(n)", lambda Z, G, s, r: logdet(Z @ G @ Z.T + s * jnp.eye(len(r))) / 2 + r @ inv(Z @ G @ Z.T + s * jnp.eye(len(r))) @ r / 2),
    ("Patterson & Thompson 1971: REML", "logdet(V) + logdet(X^T inv(V) X)", "V", "V: spd(n), X: matrix(n, d)", lambda V, X: logdet(V) + logdet(X.T @ inv(V) @ X)),
    ("Bollerslev 1986: GARCH step",     "log(a + b e^2 + c h) + r^2 / (a + b e^2 + c h)", "b", "a: scalar(positive), b: scalar(positive), e: scalar, c: scalar(positive), h: scalar(positive), r: scalar", lambda a, b, e, c, h, r: log(a + b * e ** 2 + c * h) + r ** 2 / (a + b * e ** 2 + c * h)),
    ("Lewandowski et al. 2009: LKJ",    "(eta - 1) logdet(R)", "R", "eta: scalar, R: spd(d)", lambda eta, R: (eta - 1) * logdet(R)),
    ("Wishart, by the Cholesky factor", "(nu - p - 1) logdet(L) - 1/2 tr(inv(V) L L^T)", "L", "nu: scalar, L: lower(p), V: spd(p)", lambda nu, L, V: (nu - len(L) - 1) * logdet(L) - tr(inv(V) @ L @ L.T) / 2),
    ("multivariate t, by the precision", "-1/2 logdet(P) + (nu + d)/2 log(1 + (x - mu)^T P (x - mu) / nu)", "P", "P: spd(d), nu: scalar(positive), x: vector(d), mu: vector(d)", lambda P, nu, x, mu: -logdet(P) / 2 + (nu + len(x)) / 2 * log(1 + (x - mu) @ P @ (x - mu) / nu)),
    ("Tyler 1987: scatter",             "d log(x^T inv(S) x) + logdet(S)", "S", "x: vector(d), S: spd(d)", lambda x, S: len(x) * log(x @ inv(S) @ x) + logdet(S)),
    ("Bhattacharyya distance",          "1/8 (mu - nu)^T inv((S + T)/2) (mu - nu) + 1/2 logdet((S + T)/2) - 1/4 logdet(S) - 1/4 logdet(T)", "S", "mu: vector(d), nu: vector(d), S: spd(d), T: spd(d)", lambda mu, nu, S, T: (mu - nu) @ inv((S + T) / 2) @ (mu - nu) / 8 + logdet((S + T) / 2) / 2 - logdet(S) / 4 - logdet(T) / 4),
    ("S-divergence, Sra 2012",          "logdet((S + T)/2) - 1/2 logdet(S T)", "S", "S: spd(d), T: spd(d)", lambda S, T: logdet((S + T) / 2) - logdet(S @ T) / 2),
    ("Hellinger",                       "sum((p.^(1/2) - q.^(1/2)).^2) / 2", "p", "p: vector(n, positive), q: vector(n, positive)", lambda p, q: total((sqrt(p) - sqrt(q)) ** 2) / 2),
    ("Itakura–Saito",                   "sum(p ./ q - log(p ./ q) - 1)", "q", "p: vector(n, positive), q: vector(n, positive)", lambda p, q: total(p / q - log(p / q) - 1)),
    ("Gretton 2012: MMD witness",       "mean(exp(-sum((X - ones(n) y^T).^2, 2) / 2))", "y", "X: matrix(n, d), y: vector(d)", lambda X, y: jnp.mean(exp(-total((X - y) ** 2, axis=1) / 2))),

    # more of Gaussian processes and subspaces
    ("Matérn 3/2 kernel",               "(1 + sqrt(3) ||x - y|| / l) exp(-sqrt(3) ||x - y|| / l)", "x", "x: vector(d), y: vector(d), l: scalar(positive)", lambda x, y, l: (1 + sqrt(3.0) * norm(x - y) / l) * exp(-sqrt(3.0) * norm(x - y) / l)),
    ("rational quadratic kernel",       "(1 + ||x - y||^2 / (2 * a * l^2))^(-a)", "a", "x: vector(d), y: vector(d), a: scalar(positive), l: scalar(positive)", lambda x, y, a, l: (1 + total((x - y) ** 2) / (2 * a * l ** 2)) ** (-a)),
    ("R&W (3.32): Laplace evidence",    "1/2 f^T inv(K) f + 1/2 logdet(eye(n) + diag(w) K)", "K", "f: vector(n), K: spd(n), w: vector(n, positive)", lambda f, K, w: f @ inv(K) @ f / 2 + logdet(jnp.eye(len(f)) + jnp.diag(w) @ K) / 2),
    ("Jolliffe: PCA of a deflated matrix", "w^T (S - c v v^T) w / (w^T w)", "v", "w: vector(d), S: symmetric(d), c: scalar, v: vector(d)", lambda w, S, c, v: w @ (S - c * jnp.outer(v, v)) @ w / (w @ w)),
    ("Edelman et al. 1998: subspace distance", "||X inv(X^T X) X^T - Y inv(Y^T Y) Y^T||_F^2", "X", "X: matrix(n, k), Y: matrix(n, k)", lambda X, Y: total((X @ inv(X.T @ X) @ X.T - Y @ inv(Y.T @ Y) @ Y.T) ** 2)),
    ("Pham 2001: joint diagonalisation", "sum(log(diag(W S W^T))) - logdet(W S W^T)", "W", "W: invertible(d), S: spd(d)", lambda W, S: total(log(jnp.diag(W @ S @ W.T))) - logdet(W @ S @ W.T)),
    ("sum of squared eigenvalues",       "sum(eigvals(A + A^T).^2)", "A", "A: matrix(d, d)", lambda A: total(eig(A + A.T) ** 2)),

    # more of networks
    ("Kipf & Welling 2017: graph convolution", "sum(relu(A X W).^2)", "W", "A: symmetric(n), X: matrix(n, d), W: matrix(d, k)", lambda A, X, W: total(relu(A @ X @ W) ** 2)),
    ("Hochreiter & Schmidhuber 1997: LSTM cell", "c^T (sigmoid(U h) .* tanh(sigmoid(V h) .* s + sigmoid(W h) .* tanh(T h)))", "h", "c: vector(d), U: matrix(d, k), V: matrix(d, k), W: matrix(d, k), T: matrix(d, k), s: vector(d), h: vector(k)", lambda c, U, V, W, T, s, h: c @ (sigmoid(U @ h) * jnp.tanh(sigmoid(V @ h) * s + sigmoid(W @ h) * jnp.tanh(T @ h)))),
    ("Ioffe & Szegedy 2015: batch norm of a column", "c^T ((x - mean(x)) / sqrt(mean((x - mean(x)).^2) + 1/100))", "x", "c: vector(n), x: vector(n)", lambda c, x: c @ ((x - x.mean()) / sqrt(jnp.mean((x - x.mean()) ** 2) + 0.01))),
    ("Hopfield energy, Ramsauer 2021",   "-logsumexp(b * X x) / b + x^T x / 2", "x", "b: scalar(positive), X: matrix(n, d), x: vector(d)", lambda b, X, x: -special.logsumexp(b * X @ x) / b + x @ x / 2),
    ("Hu 2022: low-rank adaptation",     "||(W + B A) X - Y||_F^2", "A", "W: matrix(m, d), B: matrix(m, k), A: matrix(k, d), X: matrix(d, n), Y: matrix(m, n)", lambda W, B, A, X, Y: total(((W + B @ A) @ X - Y) ** 2)),
    ("Schulman 2015: policy ratio",      "a exp(logsoftmax(W s)[1] - b)", "W", "a: scalar, W: matrix(k, d), s: vector(d), b: scalar", lambda a, W, s, b: a * exp(log_softmax(W @ s)[0] - b)),
    ("Bishop 1994: mixture density",     "-logsumexp(logsoftmax(A x) - (B x - y).^2 / 2)", "A", "A: matrix(k, d), x: vector(d), B: matrix(k, d), y: vector(k)", lambda A, x, B, y: -special.logsumexp(log_softmax(A @ x) - (B @ x - y) ** 2 / 2)),
    ("Gatys 2016: Gram matrix of style", "||F F^T / n - G||_F^2", "F", "F: matrix(k, n), G: symmetric(k)", lambda F, G: total((F @ F.T / F.shape[1] - G) ** 2)),

    # more of control, econometrics, transport and mechanics
    ("controllability Gramian step",     "logdet(B B^T + A B B^T A^T + c eye(n))", "A", "A: matrix(n, n), B: matrix(n, m), c: scalar(positive)", lambda A, B, c: logdet(B @ B.T + A @ B @ B.T @ A.T + c * jnp.eye(len(A)))),
    ("Boyd: spectral bound",             "norm_spec(A + B K)", "K", "A: matrix(n, n), B: matrix(n, m), K: matrix(m, n)", lambda A, B, K: sqrt(eig((A + B @ K).T @ (A + B @ K))[-1])),
    ("Riccati recursion by the cost",    "tr(C (A^T P A - A^T P B inv(R + B^T P B) B^T P A))", "P", "C: symmetric(n), A: matrix(n, n), P: spd(n), B: matrix(n, m), R: spd(m)", lambda C, A, P, B, R: tr(C @ (A.T @ P @ A - A.T @ P @ B @ inv(R + B.T @ P @ B) @ B.T @ P @ A))),
    ("Black & Litterman 1992",           "w^T inv(inv(S) + V^T inv(W) V) w", "S", "w: vector(n), S: spd(n), V: matrix(k, n), W: spd(k)", lambda w, S, V, W: w @ inv(inv(S) + V.T @ inv(W) @ V) @ w),
    ("Johansen 1988: cointegration",     "logdet(B^T (S - C) B) - logdet(B^T S B)", "B", "B: matrix(d, k), S: spd(d), C: symmetric(d)", lambda B, S, C: logdet(B.T @ (S - C) @ B) - logdet(B.T @ S @ B)),
    ("limited-information ML",           "(b^T A b) / (b^T C b)", "C", "b: vector(d), A: symmetric(d), C: spd(d)", lambda b, A, C: (b @ A @ b) / (b @ C @ b)),
    ("Gelbrich 1990: transport of Gaussians", "||mu - nu||^2 + tr(S + T - 2 sqrtm(S T))", "S", "mu: vector(n), nu: vector(n), S: spd(n), T: spd(n)", lambda mu, nu, S, T: total((mu - nu) ** 2) + tr(S) + tr(T) - 2 * total(sqrt(eig(of_spd(sqrt, T) @ S @ of_spd(sqrt, T))))),
    ("affine-invariant distance to I",   "||logm(S)||_F^2", "S", "S: spd(n)", lambda S: total(log(eig(S)) ** 2)),
    ("Tsallis entropy of a state",       "(1 - tr(S^3)) / 2", "S", "S: spd(n)", lambda S: (1 - tr(S @ S @ S)) / 2),
    ("Gent 1996: limited stretch",       "-a/2 log(1 - (tr(F^T F) - 3) / 100)", "F", "F: matrix(3, 3), a: scalar", lambda F, a: -a / 2 * log(1 - (tr(F.T @ F) - 3) / 100)),
    ("Holzapfel 2000: fibre",            "a / (2 * b) (exp(b (v^T F^T F v - 1)^2 / 100) - 1)", "F", "F: matrix(3, 3), v: vector(3), a: scalar(positive), b: scalar(positive)", lambda F, v, a, b: a / (2 * b) * (exp(b * (v @ F.T @ F @ v - 1) ** 2 / 100) - 1)),
    ("von Mises stress",                 "sqrt(3/2) ||S - tr(S)/3 eye(3)||_F", "S", "S: symmetric(3)", lambda S: sqrt(1.5) * sqrt(total((S - tr(S) / 3 * jnp.eye(3)) ** 2))),
    ("polar rotation, by the stretch",   "||F - R sqrtm(F^T F)||_F^2", "F", "F: invertible(3), R: orthogonal(3)", lambda F, R: total((F - R @ of_spd(sqrt, F.T @ F)) ** 2)),
)
# fmt: on
