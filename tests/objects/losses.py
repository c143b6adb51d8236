"""Losses, penalties and likelihoods as they are typed in NumPy and SciPy: a name is an array of the kind that `KINDS` says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special
from numpy.linalg import norm
from scipy.special import digamma, expit, gammaln, log_softmax, logsumexp, softmax, xlogy

#: What the parameters of the functions below are.
KINDS = {
    "X": "matrix(m, n)", "Y": "matrix(m, k)", "W": "matrix(n, k)", "V": "matrix(k, k)", "A": "matrix(n, n)", "B": "matrix(n, n)",
    "w": "vector(n)", "v": "vector(n)", "y": "vector(m)", "b": "vector(k)", "c": "vector(m)", "p": "vector(n, positive)",
    "q": "vector(n, positive)", "z": "vector(m, positive)", "P": "matrix(m, n, positive)", "S": "spd(n)", "K": "spd(m)",
    "s": "scalar", "t": "scalar(positive)",
}  # fmt: skip


def sigmoid(u: Any) -> Any:
    return 1 / (1 + np.exp(-u))


def centred(X: Any) -> Any:
    return X - X.mean(axis=0)


def pinball(y: Any, X: Any, w: Any, tau: float = 0.3) -> Any:
    r = y - X @ w
    return np.mean(np.maximum(tau * r, (tau - 1) * r))


def huber(y: Any, X: Any, w: Any, d: float = 0.7) -> Any:
    r = np.abs(y - X @ w)
    return np.sum(np.where(r <= d, 0.5 * r**2, d * (r - 0.5 * d)))


def gaussian_nll(y: Any, X: Any, w: Any, t: Any) -> Any:
    n = len(y) if isinstance(y, np.ndarray) else y.shape[0]
    return 0.5 * n * np.log(2 * np.pi * t**2) + np.sum((y - X @ w) ** 2) / (2 * t**2)


def mvn_nll(S: Any, w: Any, v: Any) -> Any:
    r = w - v
    return 0.5 * (r @ np.linalg.solve(S, r) + np.linalg.slogdet(S)[1] + r.shape[0] * np.log(2 * np.pi))


def gp_nll(K: Any, y: Any, t: Any) -> Any:
    C = K + t * np.eye(K.shape[0])
    return 0.5 * y @ np.linalg.inv(C) @ y + 0.5 * np.linalg.slogdet(C)[1]


def cross_entropy(X: Any, W: Any, b: Any, Y: Any) -> Any:
    Z = X @ W + b
    return -np.mean(np.sum(Y * (Z - logsumexp(Z, axis=1, keepdims=True)), axis=1))


def stable_softmax(X: Any, W: Any, Y: Any) -> Any:
    Z = X @ W
    Z = Z - np.max(Z, axis=1, keepdims=True)
    E = np.exp(Z)
    return -np.sum(Y * np.log(E / np.sum(E, axis=1, keepdims=True))) / X.shape[0]


def mlp(X: Any, W: Any, b: Any, V: Any, Y: Any) -> Any:
    H = np.tanh(X @ W + b)
    return 0.5 * np.mean(np.sum((H @ V - Y) ** 2, axis=1))


def relu_net(X: Any, W: Any, b: Any, Y: Any) -> Any:
    return np.sum((np.maximum(X @ W + b, 0) - Y) ** 2)


def layer_norm(X: Any, w: Any, v: Any) -> Any:
    mu, var = X.mean(axis=1, keepdims=True), X.var(axis=1, keepdims=True)
    return np.sum(np.tanh((X - mu) / np.sqrt(var + 1e-5) * w + v))


def batch_norm(X: Any, w: Any) -> Any:
    return np.sum(((X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 0.1) * w) ** 3)


def attention(X: Any, A: Any) -> Any:
    return np.sum(softmax(X @ A @ X.T / np.sqrt(X.shape[1]), axis=1) @ X)


def residual(X: Any, A: Any) -> Any:
    for _ in range(3):
        X = X + 0.5 * np.tanh(X @ A)
    return np.sum(X**2)


def kmeans_like(X: Any, w: Any) -> Any:
    return np.sum(np.minimum(np.sum((X - w) ** 2, axis=1), 2.0))


def rbf(X: Any, w: Any, t: Any) -> Any:
    return np.sum(np.exp(-np.sum((X - w) ** 2, axis=1) / (2 * t**2)))


def ridge_closed(X: Any, y: Any, t: Any) -> Any:
    w = np.linalg.solve(X.T @ X + t * np.eye(X.shape[1]), X.T @ y)
    return np.sum((y - X @ w) ** 2)


def covariance(X: Any) -> Any:
    Z = centred(X)
    return np.linalg.norm(Z.T @ Z / (X.shape[0] - 1) - np.eye(X.shape[1])) ** 2


def correlation(w: Any, v: Any) -> Any:
    a, b = w - w.mean(), v - v.mean()
    return a @ b / (np.linalg.norm(a) * np.linalg.norm(b))


def focal(X: Any, w: Any, z: Any) -> Any:
    p = expit(X @ w)
    return -np.sum(z * (1 - p) ** 2 * np.log(p))


Loss = Callable[..., Any]
# fmt: off
#: (what it is called, the function); its parameters say what it takes
LOSSES: tuple[tuple[str, Loss], ...] = (
    ("squares", lambda X, w, y: np.sum((X @ w - y) ** 2)),
    ("mean squares", lambda X, w, y: np.mean((X @ w - y) ** 2)),
    ("half squares", lambda X, w, y: 0.5 * np.linalg.norm(X @ w - y) ** 2),
    ("by dot", lambda X, w, y: np.dot(X.dot(w) - y, X.dot(w) - y) / X.shape[0]),
    ("with an intercept", lambda X, w, y, s: np.mean(np.square(X @ w + s - y))),
    ("ridge", lambda X, w, y, t: np.sum((X @ w - y) ** 2) + t * np.sum(w**2)),
    ("lasso", lambda X, w, y, t: np.sum((X @ w - y) ** 2) / (2 * X.shape[0]) + t * np.abs(w).sum()),
    ("elastic net", lambda X, w, y: np.mean((X @ w - y) ** 2) / 2 + 0.1 * norm(w, 1) + 0.05 * w @ w),
    ("weighted squares", lambda X, w, y, z: np.sum(z * (X @ w - y) ** 2)),
    ("weighted mean", lambda X, w, y, z: np.average((X @ w - y) ** 2, weights=z)),
    ("root mean squares", lambda X, w, y: np.sqrt(np.mean((X @ w - y) ** 2))),
    ("several outputs", lambda X, W, Y: np.sum((X @ W - Y) ** 2)),
    ("Frobenius", lambda X, W, Y: np.linalg.norm(X @ W - Y, "fro") ** 2),
    ("trace of squares", lambda X, W, Y: np.trace((X @ W - Y).T @ (X @ W - Y))),
    ("einsum of squares", lambda X, W, Y: np.einsum("ij,ij->", X @ W - Y, X @ W - Y)),
    ("absolute", lambda X, w, y: np.mean(np.abs(X @ w - y))),
    ("pinball", pinball), ("huber", huber),
    ("scipy huber", lambda X, w, y: np.sum(scipy.special.huber(0.8, X @ w - y))),
    ("pseudo-huber", lambda X, w, y: np.sum(np.sqrt(1 + (X @ w - y) ** 2) - 1)),
    ("log cosh", lambda X, w, y: np.sum(np.log(np.cosh(X @ w - y)))),
    ("Cauchy", lambda X, w, y: np.sum(np.log1p((X @ w - y) ** 2))),
    ("Welsch", lambda X, w, y: np.sum(1 - np.exp(-((X @ w - y) ** 2) / 2))),
    ("Geman-McClure", lambda X, w, y: np.sum((X @ w - y) ** 2 / (1 + (X @ w - y) ** 2))),
    ("insensitive", lambda X, w, y: np.sum(np.maximum(0, np.abs(X @ w - y) - 0.1))),
    ("logistic", lambda X, w, y: np.mean(np.log(1 + np.exp(-y * (X @ w))))),
    ("logistic by log1p", lambda X, w, y: np.sum(np.log1p(np.exp(-y * (X @ w))))),
    ("logistic by logaddexp", lambda X, w, y: np.logaddexp(0, -y * (X @ w)).mean()),
    ("cross entropy of two", lambda X, w, y: -np.mean(y * np.log(sigmoid(X @ w)) + (1 - y) * np.log(1 - sigmoid(X @ w)))),
    ("cross entropy by expit", lambda X, w, y: -np.sum(xlogy(y, expit(X @ w)) + xlogy(1 - y, 1 - expit(X @ w)))),
    ("logits", lambda X, w, y: np.sum(np.logaddexp(0, X @ w) - y * (X @ w))),
    ("log_expit", lambda X, w, y: -np.sum(scipy.special.log_expit(y * (X @ w)))),
    ("clipped cross entropy", lambda X, w, y: -np.mean(y * np.log(np.clip(expit(X @ w), 1e-7, 1 - 1e-7)))),
    ("hinge", lambda X, w, y: np.mean(np.maximum(0, 1 - y * (X @ w)))),
    ("squared hinge", lambda X, w, y: np.sum(np.maximum(1 - y * (X @ w), 0) ** 2)),
    ("svm", lambda X, w, y, s: 0.5 * w @ w + 2 * np.sum(np.clip(1 - y * (X @ w + s), 0, None))),
    ("perceptron", lambda X, w, y: np.sum(np.where(y * (X @ w) < 0, -y * (X @ w), 0))),
    ("exponential", lambda X, w, y: np.mean(np.exp(-y * (X @ w)))),
    ("modified huber", lambda X, w, y: np.sum(np.where(y * (X @ w) >= -1, np.maximum(0, 1 - y * (X @ w)) ** 2, -4 * y * (X @ w)))),
    ("focal", focal),
    ("Brier", lambda X, w, y: np.mean((expit(X @ w) - y) ** 2)),
    ("probit", lambda X, w, y: -np.sum(scipy.special.log_ndtr(y * (X @ w)))),
    ("tanh loss", lambda X, w, y: np.sum((np.tanh(X @ w) - y) ** 2)),
    ("softmax", cross_entropy), ("softmax made stable", stable_softmax),
    ("log_softmax", lambda X, W, Y: -np.sum(Y * log_softmax(X @ W, axis=1))),
    ("softmax probabilities", lambda X, W, Y: np.sum((softmax(X @ W, axis=1) - Y) ** 2)),
    ("label smoothing", lambda X, W, Y: -np.mean(np.sum((0.9 * Y + 0.1 / Y.shape[1]) * log_softmax(X @ W, axis=1), axis=1))),
    ("Poisson", lambda X, w, y: np.mean(np.exp(X @ w) - y * (X @ w))),
    ("Poisson in full", lambda X, w, z: np.sum(np.exp(X @ w) - z * (X @ w) + gammaln(z + 1))),
    ("gamma deviance", lambda X, w, z: 2 * np.sum(np.log(np.exp(X @ w) / z) + z / np.exp(X @ w) - 1)),
    ("inverse Gaussian", lambda X, w, z: np.sum((z - np.exp(X @ w)) ** 2 / (z * np.exp(X @ w) ** 2))),
    ("Tweedie", lambda X, w, z: np.sum(-z * np.exp(-0.5 * (X @ w)) / -0.5 + np.exp(0.5 * (X @ w)) / 0.5)),
    ("negative binomial", lambda X, w, z, t: np.sum(gammaln(z + t) - gammaln(t) + t * np.log(t / (t + np.exp(X @ w))))),
    ("Weibull", lambda z, t: -np.sum(np.log(t) + (t - 1) * np.log(z) - z**t)),
    ("gamma likelihood", lambda z, t: -np.sum((t - 1) * np.log(z) - z - gammaln(t))),
    ("Student", lambda y, t: np.sum(np.log1p(y**2 / t)) * (t + 1) / 2 - y.size * (gammaln((t + 1) / 2) - gammaln(t / 2))),
    ("Laplace", lambda y, s, t: np.sum(np.abs(y - s)) / t + y.shape[0] * np.log(2 * t)),
    ("Gaussian", gaussian_nll), ("Gaussian of several", mvn_nll), ("Gaussian process", gp_nll),
    ("Dirichlet", lambda p, q: np.sum(gammaln(p)) - gammaln(np.sum(p)) - np.sum((p - 1) * np.log(q))),
    ("precision", lambda S, A: np.trace(A @ S) - np.linalg.slogdet(S)[1]),
    ("precision by logabsdet", lambda S: np.sum(np.diag(S)) - np.linalg.slogdet(S).logabsdet),
    ("Stein", lambda S: np.trace(S) - np.log(np.linalg.det(S)) - S.shape[0]),
    ("Mahalanobis", lambda S, w, v: np.sqrt((w - v) @ np.linalg.inv(S) @ (w - v))),
    ("entropy", lambda p: -np.sum(p * np.log(p))),
    ("entropy of weights", lambda w: -np.sum(softmax(w) * np.log(softmax(w)))),
    ("Kullback-Leibler", lambda p, q: np.sum(p * np.log(p / q))),
    ("rel_entr", lambda p, q: scipy.special.rel_entr(p, q).sum()),
    ("generalised divergence", lambda p, q: np.sum(scipy.special.kl_div(p, q))),
    ("Itakura-Saito", lambda p, q: np.sum(p / q - np.log(p / q) - 1)),
    ("Hellinger", lambda p, q: np.sum((np.sqrt(p) - np.sqrt(q)) ** 2)),
    ("chi squared", lambda p, q: np.sum((p - q) ** 2 / (p + q))),
    ("Jensen-Shannon", lambda p, q: np.sum(p * np.log(2 * p / (p + q)) + q * np.log(2 * q / (p + q))) / 2),
    ("cosine", lambda w, v: 1 - w @ v / (norm(w) * norm(v))),
    ("correlation", correlation),
    ("concordance", lambda w, v: 2 * np.mean((w - w.mean()) * (v - v.mean())) / (np.var(w) + np.var(v) + (w.mean() - v.mean()) ** 2)),
    ("explained variance", lambda X, w, y: 1 - np.var(y - X @ w) / np.var(y)),
    ("r squared", lambda X, w, y: 1 - np.sum((y - X @ w) ** 2) / np.sum((y - np.mean(y)) ** 2)),
    ("triplet", lambda w, v, p: np.maximum(0, np.sum((w - v) ** 2) - np.sum((w - p) ** 2) + 5.0)),
    ("contrastive", lambda w, v, s: s * np.sum((w - v) ** 2) + (1 - s) * np.maximum(0, 1 - norm(w - v)) ** 2),
    ("matrix factors", lambda Y, c, b: np.sum((Y - np.outer(c, b)) ** 2)),
    ("non-negative factors", lambda P, z, p: np.sum(P * np.log(P / np.outer(z, p)) - P + np.outer(z, p))),
    ("orthogonality", lambda W: np.linalg.norm(W.T @ W - np.eye(W.shape[1])) ** 2),
    ("principal components", lambda X, W: np.linalg.norm(X - X @ W @ W.T) ** 2),
    ("auto-encoder", lambda X, W: np.mean((np.tanh(X @ W) @ W.T - X) ** 2)),
    ("group lasso", lambda W: np.sum(np.sqrt(np.sum(W**2, axis=1)))),
    ("group lasso by norm", lambda W: np.linalg.norm(W, axis=1).sum()),
    ("nuclear norm", lambda X: np.linalg.norm(X, "nuc")),
    ("spectral norm", lambda X: np.linalg.norm(X, 2)),
    ("singular values", lambda X: np.sum(np.linalg.svd(X, compute_uv=False) ** 3)),
    ("eigenvalues", lambda S: np.sum(np.log(np.linalg.eigvalsh(S)))),
    ("Cholesky", lambda S: 2 * np.sum(np.log(np.diag(np.linalg.cholesky(S))))),
    ("largest", lambda w: np.max(np.abs(w))), ("log of sums", lambda w: np.log(np.sum(np.exp(w)))),
    ("logsumexp", lambda X, w: logsumexp(X @ w)), ("logsumexp along", lambda X: np.sum(logsumexp(X, axis=0) ** 2)),
    ("logsumexp with weights", lambda w, p: logsumexp(w, b=p)),
    ("variance", lambda w: np.var(w)), ("deviation", lambda w: np.std(w)), ("with ddof", lambda w: np.var(w, ddof=1) + w.std(ddof=1)),
    ("by columns", lambda X: np.sum(np.std(X, axis=0))), ("z-scores", lambda X, w: np.sum(np.tanh((X - X.mean(0)) / X.std(0) @ w))),
    ("covariance", covariance), ("whitened", lambda X: np.linalg.slogdet(centred(X).T @ centred(X) / X.shape[0] + np.eye(X.shape[1]))[1]),
    ("total variation", lambda w: np.sum(np.abs(np.diff(w)))), ("smooth", lambda w: np.sum((w[1:] - w[:-1]) ** 2)),
    ("second differences", lambda w: np.sum(np.diff(w, n=2) ** 2)), ("image variation", lambda X: np.sum((X[1:, :] - X[:-1, :]) ** 2) + np.sum(np.abs(X[:, 1:] - X[:, :-1]))),
    ("autoregression", lambda w, s: np.sum((w[1:] - s * w[:-1]) ** 2)), ("cumulated", lambda w, v: np.sum((np.cumsum(w) - v) ** 2)),
    ("cumulated rows", lambda X: np.sum(np.cumsum(X, axis=1) ** 2)), ("last entry", lambda w: w[-1] ** 2 + w[0]),
    ("a row and a column", lambda X, w: X[0] @ w + np.sum(X[:, -1] ** 2)), ("a part", lambda X: np.sum(X[:2, 1:] ** 3)),
    ("joined", lambda w, v: np.sum(np.concatenate([w, v]) ** 4)), ("stacked", lambda w, v: np.linalg.norm(np.stack([w, v])) ** 3),
    ("columns", lambda w, v: np.trace(np.column_stack([w, v]).T @ np.column_stack([w, v]))), ("one more column", lambda X, w, c, s: np.sum(np.hstack([X, c[:, None]]) ** 2) + s * w[0]),
    ("raveled", lambda X: np.sum(np.cumsum(X.ravel()) ** 2)), ("reshaped", lambda y, z: np.sum((y.reshape(-1, 1) - z.reshape(1, -1)) ** 2)),
    ("pairwise distances", lambda X: np.sum(np.sum(X**2, 1)[:, None] + np.sum(X**2, 1)[None, :] - 2 * X @ X.T)),
    ("rbf kernel", lambda X: np.sum(np.exp(-(np.sum(X**2, axis=1, keepdims=True) + np.sum(X**2, axis=1) - 2 * X @ X.T)))),
    ("kernel ridge", lambda K, c, y, t: np.sum((K @ c - y) ** 2) + t * c @ K @ c), ("rbf", rbf), ("nearest", kmeans_like),
    ("alignment", lambda K, y: y @ K @ y / np.linalg.norm(K)), ("net", mlp), ("relu net", relu_net), ("residual", residual),
    ("layer norm", layer_norm), ("batch norm", batch_norm), ("attention", attention), ("ridge in closed form", ridge_closed),
    ("gelu", lambda X, w: np.sum(0.5 * (X @ w) * (1 + scipy.special.erf(X @ w / np.sqrt(2))))), ("silu", lambda X, w: np.sum((X @ w) * expit(X @ w))),
    ("softplus", lambda X, w: np.sum(np.log1p(np.exp(X @ w)))), ("leaky", lambda X, w: np.sum(np.where(X @ w > 0, X @ w, 0.1 * (X @ w)))),
    ("elu", lambda X, w: np.sum(np.where(X @ w > 0, X @ w, np.expm1(X @ w)))), ("polynomial", lambda X, w: np.sum((1 + X @ w) ** 3)),
    ("quadratic form", lambda w, A, v: 0.5 * w.T @ A @ w - v @ w), ("Rayleigh", lambda w, A: w @ A @ w / (w @ w)), ("powers of matrices", lambda A: np.trace(np.linalg.matrix_power(A, 3))),
    ("chain", lambda A, B, w: np.linalg.multi_dot([w, A, B, w])), ("commutator", lambda A, B: np.sum((A @ B - B @ A) ** 2)), ("Kronecker", lambda A, B: np.sum(np.kron(A, B) ** 2)),
    ("triangles", lambda A, w: np.sum((np.tril(A) @ w) ** 2) + np.sum(np.triu(A) ** 3)), ("Hadamard", lambda A, B: np.sum(A * B * A)), ("transposed", lambda X, Y: np.sum(np.transpose(X) @ Y)),
    ("inner", lambda X, w: np.sum(np.inner(X, w) ** 2)), ("vdot", lambda X, P: np.vdot(X, P) ** 2), ("outer", lambda w, v: np.sum(np.sin(np.outer(w, v)))),
    ("pinv", lambda X, y: np.sum(np.linalg.pinv(X) @ y)), ("products", lambda p: np.prod(p) + np.log(np.prod(p))), ("products along", lambda P: np.sum(np.prod(P, axis=1))),
    ("largest of rows", lambda X: np.sum(np.max(X, axis=1) ** 2)), ("portfolio", lambda w, v, S, t: -v @ w + t * np.sqrt(w @ S @ w)), ("barrier", lambda p, v: v @ p - np.sum(np.log(p))),
    ("Rosenbrock", lambda w: np.sum(100 * (w[1:] - w[:-1] ** 2) ** 2 + (1 - w[:-1]) ** 2)), ("Rastrigin", lambda w: 10 * w.size + np.sum(w**2 - 10 * np.cos(2 * np.pi * w))),
    ("Ackley", lambda w: -20 * np.exp(-0.2 * np.sqrt(np.mean(w**2))) - np.exp(np.mean(np.cos(2 * np.pi * w)))), ("angle", lambda w, v: np.arccos(w @ v / (norm(w) * norm(v) + 1))),
    ("angles", lambda w, v: np.sum(np.arctan2(w, v)) + np.sum(np.hypot(w, v))), ("digamma", lambda p: np.sum(digamma(p) * p)), ("with zeros", lambda X: np.sum(np.ones_like(X) * X**2) + np.sum(np.zeros_like(X))),
    ("made arrays", lambda X, w: np.ones(X.shape[0]) @ X @ w + np.sum(np.zeros((X.shape[0], 2)))), ("norm of 3", lambda w: np.linalg.norm(w, 3)), ("largest norm", lambda w: np.linalg.norm(w, np.inf)),
)
# fmt: on
