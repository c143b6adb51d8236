"""Sums over data, classes and pairs as papers write them, each with its value in JAX written from the formula's meaning.

A row: what it is, text, variable, declarations, value. In values the arrays are as in Python: numbers y_i a vector, vectors x_i
the rows of a matrix, matrices A_k an array of three axes. `families_more.py` has those with time and place.
"""

# ruff: noqa: E741
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy.special import digamma, gammaln, logsumexp

jax.config.update("jax_enable_x64", True)

__all__ = ["ROWS", "distances", "logdet", "of_pairs", "squares"]

Row = tuple[str, str, str, str, Callable[..., Any]]

E, S, exp, log, relu, tanh, sigmoid, softplus = (
    jnp.einsum, jnp.sum, jnp.exp, jnp.log, jax.nn.relu, jnp.tanh, jax.nn.sigmoid, jax.nn.softplus,
)  # fmt: skip
log_softmax, softmax, inv, norm = jax.nn.log_softmax, jax.nn.softmax, jnp.linalg.inv, jnp.linalg.norm


def squares(a: Any) -> Any:
    """The sum of all squares."""
    return S(a * a)


def logdet(a: Any) -> Any:
    """log det of each matrix; nan where the determinant is negative."""
    return log(jnp.linalg.det(a))


def distances(a: Any, b: Any) -> Any:
    """||a_i - b_j||^2 for all i and j."""
    return S((a[:, None] - b[None]) ** 2, -1)


def of_pairs(kept: Callable[[int, int], bool], values: Callable[[int, int], Any], n: int, m: int) -> Any:
    """The sum of values(i, j) over the pairs that are kept: two loops."""
    return sum(values(i, j) for i in range(n) for j in range(m) if kept(i, j))


def below(i: int, j: int) -> bool:
    return i < j


def other(i: int, j: int) -> bool:
    return i != j


def mixture(X: Any, mu: Any, P: Any) -> Any:
    """(x_n - mu_k)^T P_k (x_n - mu_k) for all n and k; one P for all k if it has two axes."""
    r = X[:, None] - mu[None]
    return E("nki,kij,nkj->nk", r, jnp.broadcast_to(P, (len(mu), *P.shape[-2:])), r)


# fmt: off
ROWS: tuple[Row, ...] = (
    # regression
    ("least squares", r"\sum_{i=1}^n (y_i - w^\top x_i)^2", "w", "", lambda y, w, X: squares(y - X @ w)),
    ("weighted least squares", r"\frac12 \sum_{i=1}^n c_i (y_i - \mathbf{x}_i^\top \boldsymbol\beta)^2", "beta", "", lambda c, y, X, beta: S(c * (y - X @ beta) ** 2) / 2),
    ("ridge regression", r"\frac{1}{2n}\sum_{i=1}^n (y_i - \mathbf{w}^\top \mathbf{x}_i)^2 + \frac{\lambda}{2}\|\mathbf{w}\|_2^2", "w", "", lambda y, w, X, lambda_: squares(y - X @ w) / (2 * len(y)) + lambda_ / 2 * squares(w)),
    ("Ng's notation", r"J(\theta) = \frac{1}{2m}\sum_{i=1}^m \left(h^{(i)} - y^{(i)}\right)^2 where h^{(i)} = \theta^T x^{(i)}", "theta", "", lambda X, y, theta: squares(X @ theta - y) / (2 * len(y))),
    ("Hastie et al. (3.41)", r"\sum_{i=1}^N \left(y_i - \beta_0 - \sum_{j=1}^p x_{ij}\beta_j\right)^2 + \lambda\sum_{j=1}^p \beta_j^2", "beta", "", lambda y, x, beta, lambda_: squares(y - beta[0] - x @ beta[1:]) + lambda_ * squares(beta[1:])),
    ("Hastie et al. (3.52), the lasso", r"\frac12\sum_{i=1}^N \Big(y_i - \sum_{j=1}^p x_{ij}\beta_j\Big)^2 + \lambda\sum_{j=1}^p |\beta_j|", "beta", "", lambda y, x, beta, lambda_: squares(y - x @ beta) / 2 + lambda_ * S(jnp.abs(beta))),
    ("elastic net", r"\sum_{i=1}^n (y_i - x_i^\top\beta)^2 + \lambda\sum_{j=1}^p(\alpha \beta_j^2 + (1-\alpha)|\beta_j|)", "beta", "", lambda y, X, beta, lambda_, alpha: squares(y - X @ beta) + lambda_ * S(alpha * beta**2 + (1 - alpha) * jnp.abs(beta))),
    ("fused lasso", r"\sum_{i=1}^n (y_i - \beta_i)^2 + \lambda \sum_{i=1}^{n-1} |\beta_{i+1} - \beta_i|", "beta", "", lambda y, beta, lambda_: squares(y - beta) + lambda_ * S(jnp.abs(beta[1:] - beta[:-1]))),
    ("group lasso", r"\|y - \sum_{g=1}^G X_g \beta_g\|^2 + \lambda \sum_{g=1}^G \|\beta_g\|", "beta", "", lambda y, X, beta, lambda_: squares(y - E("gnp,gp->n", X, beta)) + lambda_ * S(jnp.sqrt(S(beta**2, 1)))),
    ("mean squared error of vectors", r"\frac1N \sum_{i=1}^N \|y_i - W x_i - b\|_2^2", "W", "", lambda Y, W, X, b: squares(Y - X @ W.T - b) / len(Y)),
    ("multi-task regression", r"\sum_{t=1}^T \|X_t w_t - y_t\|^2 + \lambda \sum_{t=1}^T \|w_t - w_0\|^2 where w_0: vector(d)", "w", "", lambda X, W, Y, w_0, lambda_: squares(E("tnd,td->tn", X, W) - Y) + lambda_ * squares(W - w_0)),
    ("Poisson regression", r"\sum_{i=1}^n \left(y_i x_i^\top\beta - e^{x_i^\top\beta}\right)", "beta", "", lambda y, X, beta: S(y * (X @ beta) - exp(X @ beta))),
    ("gamma regression", r"\sum_{i=1}^n \left( x_i^\top \beta + y_i e^{-x_i^\top\beta} \right)", "beta", "", lambda y, X, beta: S(X @ beta + y * exp(-X @ beta))),
    ("negative binomial regression", r"\sum_i y_i \eta_i - (y_i + r)\log(r + e^{\eta_i}) where \eta_i = x_i^\top\beta", "beta", "", lambda y, X, beta, r: S(y * (X @ beta) - (y + r) * log(r + exp(X @ beta)))),
    ("pseudo-Huber", r"\sum_{i=1}^n \delta^2\left(\sqrt{1 + (r_i/\delta)^2} - 1\right) where r_i = y_i - x_i^\top w", "w", "", lambda y, X, w, delta: S(delta**2 * (jnp.sqrt(1 + ((y - X @ w) / delta) ** 2) - 1))),
    ("log-cosh", r"\sum_{i=1}^n \log\cosh(\hat{y}_i - y_i)", r"\hat{y}", "", lambda y_hat, y: S(log(jnp.cosh(y_hat - y)))),
    ("quantile regression", r"\sum_{i=1}^n \max(\tau (y_i - x_i^\top\beta), (\tau - 1)(y_i - x_i^\top\beta))", "beta", "", lambda tau, y, X, beta: S(jnp.maximum(tau * (y - X @ beta), (tau - 1) * (y - X @ beta)))),
    ("least absolute deviations", r"\sum_{i=1}^{m} |a_i^T x - b_i|", "x", "", lambda A, x, b: S(jnp.abs(A @ x - b))),
    ("Cauchy loss", r"\frac{c^2}{2}\sum_i \log\left(1 + \left(\frac{y_i - x_i^T\theta}{c}\right)^2\right)", "theta", "", lambda c, y, X, theta: c**2 / 2 * S(log(1 + ((y - X @ theta) / c) ** 2))),
    ("Welsch loss", r"\sum_i 1 - \exp(-\frac12 (r_i / c)^2)", "r", "", lambda r, c: S(1 - exp(-((r / c) ** 2) / 2))),
    ("Geman-McClure loss", r"\sum_{i} \frac{\rho_i^2}{\rho_i^2 + \sigma^2}", "rho", "", lambda rho, sigma: S(rho**2 / (rho**2 + sigma**2))),
    ("polynomial fit, Bishop (1.2)", r"E(\mathbf{w}) = \frac12\sum_{n=1}^N \left\{ \mathbf{w}^T \phi_n - t_n\right\}^2 + \frac{\lambda}{2}\mathbf{w}^T\mathbf{w}", "w", "", lambda w, Phi, t, lambda_: squares(Phi @ w - t) / 2 + lambda_ / 2 * squares(w)),
    ("heteroscedastic regression", r"\sum_{i=1}^N \frac{1}{2\sigma_i^2}\|y_i - f_i\|^2 + \frac12\log\sigma_i^2", "sigma", "sigma_i: scalar(positive)", lambda sigma, Y, F: S(S((Y - F) ** 2, 1) / (2 * sigma**2) + log(sigma**2) / 2)),
    ("two layers", r"\sum_{i=1}^N \|y_i - W_2\,\sigma(W_1 x_i + b_1) - b_2\|^2", "W_1", "", lambda Y, W_2, W_1, X, b_1, b_2: squares(Y - sigmoid(X @ W_1.T + b_1) @ W_2.T - b_2)),
    ("sum of neurons", r"\frac{1}{2}\sum_{i=1}^n \Big(y_i - \frac{1}{\sqrt m}\sum_{r=1}^m a_r \tanh(w_r^\top x_i)\Big)^2", "w", "", lambda y, a, W, X: squares(y - tanh(X @ W.T) @ a / jnp.sqrt(len(a))) / 2),
    ("Nadaraya–Watson", r"\sum_{i=1}^n (y_i - \sum_{j=1}^n \alpha_j \exp(-\gamma\|x_i - x_j\|^2))^2", "gamma", "", lambda y, alpha, gamma, X: squares(y - exp(-gamma * distances(X, X)) @ alpha)),
    ("generalised additive, of a basis", r"\sum_{i=1}^n \left(y_i - \sum_{j=1}^{p} \theta_j B_{ij}\right)^2 + \lambda\,\sum_{j=3}^{p}(\theta_j - 2\theta_{j-1} + \theta_{j-2})^2", "theta", "", lambda y, theta, B, lambda_: squares(y - B @ theta) + lambda_ * squares(theta[2:] - 2 * theta[1:-1] + theta[:-2])),
    ("inverse probability weighting", r"\frac1n\sum_{i=1}^n \frac{t_i y_i}{\sigma(x_i^\top\beta)} - \frac{(1-t_i) y_i}{1 - \sigma(x_i^\top\beta)}", "beta", "", lambda t, y, X, beta: S(t * y / sigmoid(X @ beta) - (1 - t) * y / (1 - sigmoid(X @ beta))) / len(y)),
    # classification
    ("logistic regression, labels 0 and 1", r"-\sum_{i=1}^N \left[ y_i \log \sigma(\mathbf{w}^\top\mathbf{x}_i) + (1-y_i)\log(1-\sigma(\mathbf{w}^\top\mathbf{x}_i)) \right]", "w", "", lambda y, w, X: -S(y * log(sigmoid(X @ w)) + (1 - y) * log(1 - sigmoid(X @ w)))),
    ("logistic regression, labels ±1", r"\frac{1}{n}\sum_{i=1}^n \log\left(1+\exp(-y_i w^\top x_i)\right) + \frac{\lambda}{2}\|w\|^2", "w", "", lambda y, w, X, lambda_: S(log(1 + exp(-y * (X @ w)))) / len(y) + lambda_ / 2 * squares(w)),
    ("Hastie et al. (4.20)", r"\sum_{i=1}^N \left\{ y_i\beta^T x_i - \log(1 + e^{\beta^T x_i})\right\}", "beta", "", lambda y, beta, X: S(y * (X @ beta) - log(1 + exp(X @ beta)))),
    ("binary cross entropy", r"-\frac{1}{N}\sum_{i=1}^{N}\left[y_i \log(\hat{y}_i) + (1-y_i)\log(1-\hat{y}_i)\right]", r"\hat{y}", "", lambda y, y_hat: -S(y * log(y_hat) + (1 - y) * log(1 - y_hat)) / len(y)),
    ("cross entropy of classes", r"-\sum_{n=1}^N\sum_{k=1}^K t_{nk}\ln y_{nk}", "y", "", lambda t, y: -S(t * log(y))),
    ("softmax regression, Bishop (4.108)", r"-\sum_{n=1}^N\sum_{k=1}^K t_{nk}\ln\frac{\exp(\mathbf{w}_k^T \phi_n)}{\sum_j \exp(\mathbf{w}_j^T\phi_n)}", "w", "", lambda t, W, phi: -S(t * log_softmax(phi @ W.T, 1))),
    ("softmax regression with offsets", r"\sum_{i=1}^n \log\sum_{k=1}^K \exp(w_k^\top x_i + b_k) - \sum_{i=1}^n\sum_{k=1}^K y_{ik}(w_k^\top x_i + b_k)", "b", "", lambda W, X, b, y: S(logsumexp(X @ W.T + b, 1)) - S(y * (X @ W.T + b))),
    ("distillation, Hinton et al. 2015", r"\sum_i \sum_k p_{ik}\log\frac{p_{ik}}{q_{ik}} where q_{ik} = \frac{\exp(z_{ik}/T)}{\sum_j \exp(z_{ij}/T)}", "z", "", lambda p, z, T: S(p * (log(p) - log_softmax(z / T, 1)))),
    ("focal loss, Lin et al. 2017", r"-\sum_{i=1}^N \alpha_i (1-p_i)^\gamma \log(p_i)", "p", "", lambda alpha, p, gamma: -S(alpha * (1 - p) ** gamma * log(p))),
    ("hinge loss", r"\frac{1}{n}\sum_{i=1}^{n}\max(0, 1 - y_i(\mathbf{w}^\top\mathbf{x}_i - b)) + \lambda\|\mathbf{w}\|^2", "w", "", lambda y, w, X, b, lambda_: S(relu(1 - y * (X @ w - b))) / len(y) + lambda_ * squares(w)),
    ("squared hinge loss", r"\frac12\|w\|^2 + C\sum_{i=1}^l \max(0, 1 - y_i w^T x_i)^2", "w", "", lambda w, C, y, X: squares(w) / 2 + C * squares(relu(1 - y * (X @ w)))),
    ("exponential loss", r"\sum_{i=1}^n e^{-y_i \sum_{t=1}^T \alpha_t h_{it}}", "alpha", "", lambda y, alpha, h: S(exp(-y * (h @ alpha)))),
    ("gradient boosting", r"\sum_{i=1}^n \left[g_i f_i + \frac12 h_i f_i^2\right] + \frac12\lambda\sum_{i=1}^n f_i^2", "f", "", lambda g, f, h, lambda_: S(g * f + h * f**2 / 2) + lambda_ / 2 * squares(f)),
    ("probit regression", r"\sum_{i=1}^n y_i\log\frac{1 + \operatorname{erf}(x_i^\top\beta/\sqrt2)}{2} + (1-y_i)\log\frac{1 - \operatorname{erf}(x_i^\top\beta/\sqrt2)}{2}", "beta", "", lambda y, X, beta: S(y * jax.scipy.stats.norm.logcdf(X @ beta) + (1 - y) * jax.scipy.stats.norm.logcdf(-X @ beta))),
    ("brier score", r"\frac1N\sum_{t=1}^N\sum_{i=1}^R (f_{ti} - o_{ti})^2", "f", "", lambda f, o: squares(f - o) / len(f)),
    ("Weston & Watkins", r"\sum_{i=1}^n\sum_{k=1}^K (1 - y_{ik})\max(0, 1 + w_k^\top x_i - m_i)", "w", "", lambda y, W, X, m: S((1 - y) * relu(1 + X @ W.T - m[:, None]))),
    ("maximum margin", r"\sum_{i=1}^n \max_k (\Delta_{ik} + w_k^\top x_i) - \sum_{i=1}^n v_i^\top x_i", "w", "", lambda Delta, W, X, V: S(jnp.max(Delta + X @ W.T, 1)) - S(V * X)),
    ("one against all", r"\sum_{k=1}^K\sum_{i=1}^n \log(1 + \exp(-Y_{ik}\, w_k^\top x_i))", "w", "", lambda Y, W, X: S(softplus(-Y * (X @ W.T)))),
    ("perceptron", r"\sum_{i} \max(0, -y_i w^\top x_i)", "w", "", lambda y, w, X: S(relu(-y * (X @ w)))),
    ("linear discriminant", r"\sum_{k=1}^K \pi_k \log\pi_k + \sum_{i=1}^n \sum_{k=1}^K z_{ik}(\mu_k^\top \Sigma^{-1} x_i - \frac12 \mu_k^\top \Sigma^{-1}\mu_k) where \Sigma: spd(d)", "mu", "", lambda pi, z, mu, Sigma, X: S(pi * log(pi)) + S(z * (X @ inv(Sigma) @ mu.T - E("ki,ij,kj->k", mu, inv(Sigma), mu) / 2))),
    ("conditional likelihood of a field", r"\sum_{k=1}^K \lambda_k F_k - \log\sum_{y} \exp(\sum_k \lambda_k G_{yk})", "lambda", "", lambda lambda_, F, G: S(lambda_ * F) - logsumexp(G @ lambda_)),
    # mixtures and likelihoods
    ("Gaussian likelihood by the mean", r"-\frac12\sum_{n=1}^N (x_n-\mu)^\top\Sigma^{-1}(x_n-\mu)", "mu", "", lambda X, mu, Sigma: -E("ni,ij,nj->", X - mu, inv(Sigma), X - mu) / 2),
    ("Gaussian likelihood, Bishop (2.118)", r"-\frac{ND}{2}\ln(2\pi) - \frac{N}{2}\ln|\Sigma| - \frac12\sum_{n=1}^N(\mathbf{x}_n - \mu)^T\Sigma^{-1}(\mathbf{x}_n-\mu) where \Sigma: spd(D)", "Sigma", "", lambda Sigma, X, mu: -X.size / 2 * log(2 * jnp.pi) - len(X) / 2 * logdet(Sigma) - E("ni,ij,nj->", X - mu, inv(Sigma), X - mu) / 2),
    ("mixture by the means", r"\sum_{n=1}^N \log\sum_{k=1}^K \pi_k \exp\left(-\frac12 (x_n-\mu_k)^\top\Lambda(x_n-\mu_k)\right)", "mu", "", lambda pi, X, mu, Lambda: S(logsumexp(log(pi) - mixture(X, mu, Lambda) / 2, 1))),
    ("mixture with determinants", r"\sum_{n=1}^N \log\sum_{k=1}^K \pi_k |\Sigma_k|^{-1/2}\exp\left(-\frac12 (x_n-\mu_k)^\top\Sigma_k^{-1}(x_n-\mu_k)\right)", "Sigma", "", lambda pi, Sigma, X, mu: S(logsumexp(log(pi) - logdet(Sigma) / 2 - mixture(X, mu, inv(Sigma)) / 2, 1))),
    ("mixture of spheres", r"-\sum_{i=1}^n \log\left(\sum_{j=1}^k w_j \exp\left(-\frac{\|x_i - c_j\|^2}{2 s_j^2}\right)\right)", "s", "", lambda w, X, C, s: -S(logsumexp(log(w) - distances(X, C) / (2 * s**2), 1))),
    ("mixture by softmax weights", r"\sum_{i=1}^n\log\sum_{k=1}^K \frac{e^{a_k}}{\sum_l e^{a_l}} e^{-\|x_i - m_k\|^2}", "a", "", lambda a, X, M: S(logsumexp(a - logsumexp(a) - distances(X, M), 1))),
    ("expected complete likelihood", r"\sum_{n=1}^N\sum_{k=1}^K \gamma_{nk}\left(\ln\pi_k - \frac12\ln|\Sigma_k| - \frac12(x_n-\mu_k)^T\Sigma_k^{-1}(x_n-\mu_k)\right)", "Sigma", "", lambda gamma, pi, Sigma, X, mu: S(gamma * (log(pi) - logdet(Sigma) / 2 - mixture(X, mu, inv(Sigma)) / 2))),
    ("k-means, soft", r"-\frac{1}{\beta}\sum_{i=1}^n\log\sum_{k=1}^K e^{-\beta\|x_i-\mu_k\|^2}", "mu", "", lambda beta, X, mu: -S(logsumexp(-beta * distances(X, mu), 1)) / beta),
    ("k-means", r"J = \sum_{n=1}^N\sum_{k=1}^K r_{nk}\|\mathbf{x}_n - \boldsymbol\mu_k\|^2", "mu", "", lambda r, X, mu: S(r * distances(X, mu))),
    ("fuzzy c-means", r"\sum_{i=1}^n\sum_{j=1}^c u_{ij}^m \|x_i - c_j\|^2 where m: scalar", "u", "", lambda u, m, X, C: S(u**m * distances(X, C))),
    ("Bernoulli mixture", r"\sum_{n=1}^N \ln\sum_{k=1}^K \pi_k \prod_{i=1}^D \mu_{ki}^{x_{ni}}(1-\mu_{ki})^{1-x_{ni}}", "mu", "", lambda pi, mu, x: S(logsumexp(log(pi) + x @ log(mu).T + (1 - x) @ log(1 - mu).T, 1))),
    ("mixture of regressions", r"\sum_{i=1}^n \log \sum_{k=1}^K \pi_k \exp(-\frac{(y_i - \beta_k^\top x_i)^2}{2\sigma^2})", "beta", "", lambda pi, y, beta, X, sigma: S(logsumexp(log(pi) - (y[:, None] - X @ beta.T) ** 2 / (2 * sigma**2), 1))),
    ("mixture of experts", r"\sum_{i=1}^n \Big\| y_i - \sum_{k=1}^K \frac{e^{v_k^\top x_i}}{\sum_{l=1}^K e^{v_l^\top x_i}} W_k x_i\Big\|^2", "v", "", lambda Y, V, X, W: squares(Y - E("nk,kij,nj->ni", softmax(X @ V.T, 1), W, X))),
    ("Student t likelihood", r"-\frac{\nu+1}{2}\sum_{i=1}^n\log\left(1 + \frac{(x_i-\mu)^2}{\nu\sigma^2}\right)", "nu", "", lambda nu, x, mu, sigma: -(nu + 1) / 2 * S(log(1 + (x - mu) ** 2 / (nu * sigma**2)))),
    ("gamma likelihood", r"\sum_{i=1}^n \left((\alpha - 1)\log x_i - \beta x_i + \alpha\log\beta - \log\Gamma(\alpha)\right)", "alpha", "", lambda alpha, x, beta: S((alpha - 1) * log(x) - beta * x + alpha * log(beta) - gammaln(alpha))),
    ("beta likelihood", r"\sum_{i=1}^n \left[(a-1)\ln x_i + (b-1)\ln(1-x_i)\right] + n\left(\ln\Gamma(a+b) - \ln\Gamma(a) - \ln\Gamma(b)\right)", "a", "", lambda a, b, x: S((a - 1) * log(x) + (b - 1) * log(1 - x)) + len(x) * (gammaln(a + b) - gammaln(a) - gammaln(b))),
    ("Dirichlet likelihood, Minka 2000", r"N\log\Gamma(\sum_k\alpha_k) - N\sum_k\log\Gamma(\alpha_k) + N\sum_k(\alpha_k-1)\bar{p}_k where N: scalar", "alpha", "", lambda N, alpha, p_bar: N * (gammaln(S(alpha)) - S(gammaln(alpha)) + S((alpha - 1) * p_bar))),
    ("von Mises–Fisher", r"\sum_{i=1}^n \kappa\,\mu^\top x_i - n\log\frac{\sinh\kappa}{\kappa} where kappa: scalar(positive)", "kappa", "", lambda kappa, mu, X: kappa * S(X @ mu) - len(X) * log(jnp.sinh(kappa) / kappa)),
    ("factor analysis", r"-\frac{n}{2}\log|\Lambda\Lambda^\top + \Psi| - \frac12\sum_{i=1}^n x_i^\top(\Lambda\Lambda^\top+\Psi)^{-1}x_i where \Lambda: matrix(d, k), \Psi: diagonal(d)", "Lambda", "", lambda Lambda, Psi, X: -len(X) / 2 * logdet(Lambda @ Lambda.T + Psi) - E("ni,ij,nj->", X, inv(Lambda @ Lambda.T + Psi), X) / 2),
    ("probabilistic PCA", r"\sum_{n=1}^N \frac{1}{2\sigma^2}\|x_n - W z_n - \mu\|^2 + \frac12\|z_n\|^2", "W", "", lambda X, W, Z, mu, sigma: squares(X - Z @ W.T - mu) / (2 * sigma**2) + squares(Z) / 2),
    ("variational autoencoder, Kingma & Welling", r"\frac12\sum_{j=1}^J\left(1 + \log(\sigma_j^2) - \mu_j^2 - \sigma_j^2\right)", "sigma", "", lambda sigma, mu: S(1 + log(sigma**2) - mu**2 - sigma**2) / 2),
    ("evidence of a diagonal posterior", r"\sum_{i=1}^n\|x_i - D(\mu_i + s_i\odot\epsilon_i)\|^2 where x_i: vector(m), D: matrix(m, k), mu_i: vector(k), s_i: vector(k), \epsilon_i: vector(k)", "D", "", lambda X, D, mu, S, epsilon: squares(X - (mu + S * epsilon) @ D.T)),
    ("Kullback–Leibler divergence", r"D_{KL}(P\|Q) = \sum_{i} p_i\log\frac{p_i}{q_i}", "p", "", lambda p, q: S(p * log(p / q))),
    ("Jensen–Shannon divergence", r"\frac12\sum_i p_i\log\frac{2 p_i}{p_i + q_i} + \frac12\sum_i q_i\log\frac{2 q_i}{p_i+q_i}", "p", "", lambda p, q: S(p * log(2 * p / (p + q)) + q * log(2 * q / (p + q))) / 2),
    ("Rényi divergence", r"\frac{1}{\alpha-1}\log\sum_{i=1}^n \frac{p_i^\alpha}{q_i^{\alpha-1}}", "p", "", lambda p, q, alpha: log(S(p**alpha / q ** (alpha - 1))) / (alpha - 1)),
    ("Hellinger distance", r"\frac12\sum_{i=1}^k(\sqrt{p_i} - \sqrt{q_i})^2", "p", "", lambda p, q: squares(jnp.sqrt(p) - jnp.sqrt(q)) / 2),
    ("chi-squared divergence", r"\sum_i \frac{(p_i - q_i)^2}{q_i}", "q", "", lambda p, q: S((p - q) ** 2 / q)),
    ("entropy of softmax", r"-\sum_i p_i\log p_i where p_i = \frac{e^{\theta_i}}{\sum_j e^{\theta_j}}", "theta", "", lambda theta: -S(softmax(theta) * log_softmax(theta))),
    ("Sinkhorn's objective", r"\sum_{i,j} P_{ij} C_{ij} + \varepsilon\sum_{i,j} P_{ij}(\log P_{ij} - 1)", "P", "", lambda P, C, epsilon: S(P * C) + epsilon * S(P * (log(P) - 1))),
    ("dual of entropic transport", r"\sum_i f_i a_i + \sum_j g_j b_j - \varepsilon\sum_{i,j} e^{(f_i + g_j - C_{ij})/\varepsilon}", "f", "", lambda f, a, g, b, epsilon, C: f @ a + g @ b - epsilon * S(exp((f[:, None] + g - C) / epsilon))),
    ("score matching", r"\frac1N\sum_{n=1}^N \left(\frac12\|P(x_n - \mu)\|^2 - \operatorname{tr}(P)\right) where P: symmetric(d)", "P", "", lambda P, X, mu: S(S(((X - mu) @ P) ** 2, 1) / 2 - jnp.trace(P)) / len(X)),
    ("noise contrast", r"\sum_{i=1}^n \log\sigma(\theta^\top x_i - c) + \sum_{i=1}^n\log(1 - \sigma(\theta^\top y_i - c))", "c", "", lambda theta, X, c, Y: S(log(sigmoid(X @ theta - c))) + S(log(1 - sigmoid(Y @ theta - c)))),
    # pairs and kernels
    ("sum over pairs of distances", r"\sum_{i<j} \|x_i - x_j\|^2", "x", "", lambda X: of_pairs(below, lambda i, j: squares(X[i] - X[j]), len(X), len(X))),
    ("stress of multidimensional scaling", r"\sum_{i<j}\left(\|x_i - x_j\| - \delta_{ij}\right)^2 where delta: matrix(n, n)", "x", "", lambda X, delta: of_pairs(below, lambda i, j: (norm(X[i] - X[j]) - delta[i, j]) ** 2, len(X), len(X))),
    ("Sammon's mapping", r"\sum_{i<j}\frac{(d_{ij} - \|y_i - y_j\|)^2}{d_{ij}}", "y", "", lambda d, Y: of_pairs(below, lambda i, j: (d[i, j] - norm(Y[i] - Y[j])) ** 2 / d[i, j], len(Y), len(Y))),
    ("strain", r"\sum_{i,j}(b_{ij} - x_i^\top x_j)^2", "x", "", lambda b, X: squares(b - X @ X.T)),
    ("kernel ridge regression", r"\sum_{i=1}^n\Big(y_i - \sum_{j=1}^n\alpha_j K_{ij}\Big)^2 + \lambda\sum_{i,j}\alpha_i\alpha_j K_{ij}", "alpha", "", lambda y, alpha, K, lambda_: squares(y - K @ alpha) + lambda_ * alpha @ K @ alpha),
    ("dual of the support vector machine", r"\sum_{i=1}^n\alpha_i - \frac12\sum_{i=1}^n\sum_{j=1}^n y_i y_j\alpha_i\alpha_j\exp(-\gamma\|x_i-x_j\|^2)", "alpha", "", lambda alpha, y, gamma, X: S(alpha) - (y * alpha) @ exp(-gamma * distances(X, X)) @ (y * alpha) / 2),
    ("kernel by its width", r"\sum_{i,j}\alpha_i\alpha_j\exp\left(-\frac{\|x_i - x_j\|^2}{2\sigma^2}\right)", "sigma", "", lambda alpha, X, sigma: alpha @ exp(-distances(X, X) / (2 * sigma**2)) @ alpha),
    ("automatic relevance", r"\sum_{i,j} a_i a_j\exp\Big(-\frac12\sum_{k=1}^d \frac{(x_{ik}-x_{jk})^2}{\ell_k^2}\Big)", "ell", "", lambda a, x, ell: a @ exp(-distances(x / ell, x / ell) / 2) @ a),
    ("maximum mean discrepancy", r"\frac{1}{m^2}\sum_{i,j=1}^m k_{ij} - \frac{2}{mn}\sum_{i=1}^m\sum_{j=1}^n e^{-\|x_i-y_j\|^2/2} where k_{ij} = e^{-\|x_i-x_j\|^2/2}", "x", "", lambda X, Y: S(exp(-distances(X, X) / 2)) / len(X) ** 2 - 2 * S(exp(-distances(X, Y) / 2)) / (len(X) * len(Y))),
    ("energy distance", r"\frac{2}{nm}\sum_{i=1}^n\sum_{j=1}^m\|x_i-y_j\|", "x", "", lambda X, Y: 2 * S(jnp.sqrt(distances(X, Y))) / (len(X) * len(Y))),
    ("Stein variational gradient, its energy", r"\frac{1}{n}\sum_{i=1}^n\sum_{j\ne i}\log\|x_i - x_j\|", "x", "", lambda X: of_pairs(other, lambda i, j: log(norm(X[i] - X[j])), len(X), len(X)) / len(X)),
    ("kernel density", r"\sum_{i=1}^n\log\sum_{j\neq i}\exp(-\frac{(x_i-x_j)^2}{2h^2})", "h", "", lambda x, h: sum(log(sum(exp(-((x[i] - x[j]) ** 2) / (2 * h**2)) for j in range(len(x)) if j != i)) for i in range(len(x)))),
    ("polynomial kernel", r"\sum_{i=1}^n\sum_{j=1}^n\alpha_i\alpha_j(x_i^\top x_j + c)^3", "x", "", lambda alpha, X, c: alpha @ (X @ X.T + c) ** 3 @ alpha),
    ("alignment of kernels", r"\frac{\sum_{i,j=1}^n K_{ij} y_i y_j}{n\sqrt{\sum_{i,j}K_{ij}^2}}", "K", "", lambda K, y: y @ K @ y / (len(y) * jnp.sqrt(squares(K)))),
    ("Hilbert–Schmidt independence", r"\frac{1}{n^2}\sum_{i,j=1}^n K_{ij}L_{ij} - \frac{2}{n^3}\sum_{i,j,q}K_{ij}L_{iq}", "K", "", lambda K, L: S(K * L) / len(K) ** 2 - 2 * E("ij,iq->", K, L) / len(K) ** 3),
    ("neighbourhood components", r"\sum_{i}\sum_{j\ne i} y_{ij}\frac{\exp(-\|Ax_i - Ax_j\|^2)}{\sum_{k\neq i}\exp(-\|Ax_i-Ax_k\|^2)}", "A", "", lambda y, A, X: S(y * softmax(-distances(X @ A.T, X @ A.T) - jnp.diag(jnp.full(len(X), 1e9)), 1))),
    ("large margin neighbours", r"\sum_{(i,j)\in N}\|L(x_i - x_j)\|^2 + c\sum_{i,j,l} h_{ijl}", "L", "", lambda N, L, X, c, h: S(N * distances(X @ L.T, X @ L.T)) + c * S(h)),
    ("Mahalanobis metric", r"\sum_{i,j} s_{ij}(x_i-x_j)^\top M(x_i-x_j) - \log\det M where M: spd(d)", "M", "", lambda s, X, M: S(s * E("ija,ab,ijb->ij", X[:, None] - X[None], M, X[:, None] - X[None])) - logdet(M)),
    ("contrastive loss", r"\sum_{i,j} y_{ij} d_{ij}^2 + (1-y_{ij})\max(0, m - d_{ij})^2 where d_{ij} = \|x_i - z_j\|, m: scalar", "x", "", lambda y, X, Z, m: S(y * distances(X, Z) + (1 - y) * relu(m - jnp.sqrt(distances(X, Z))) ** 2)),
    ("triplet loss", r"\sum_{i=1}^N\left[\|a_i - p_i\|_2^2 - \|a_i - n_i\|_2^2 + \alpha\right]_+", "a", "", lambda A, P, n, alpha: S(relu(S((A - P) ** 2, 1) - S((A - n) ** 2, 1) + alpha))),
    ("InfoNCE", r"-\frac1N\sum_{i=1}^N\log\frac{\exp(z_i^\top u_i/\tau)}{\sum_{j=1}^N\exp(z_i^\top u_j/\tau)}", "z", "", lambda Z, U, tau: -jnp.trace(log_softmax(Z @ U.T / tau, 1)) / len(Z)),
    ("CLIP", r"-\frac{1}{2N}\sum_{i=1}^N\left(\log\frac{e^{t x_i^\top y_i}}{\sum_{j} e^{t x_i^\top y_j}} + \log\frac{e^{t x_i^\top y_i}}{\sum_j e^{t x_j^\top y_i}}\right) where t: scalar", "x", "", lambda t, X, Y: -(jnp.trace(log_softmax(t * X @ Y.T, 1)) + jnp.trace(log_softmax(t * X @ Y.T, 0))) / (2 * len(X))),
    ("alignment and uniformity", r"\log\left(\frac{1}{n^2}\sum_{i,j=1}^n e^{-2\|x_i-x_j\|^2}\right) + \frac1n\sum_i\|x_i - y_i\|^2", "x", "", lambda X, Y: log(S(exp(-2 * distances(X, X))) / len(X) ** 2) + squares(X - Y) / len(X)),
    ("Barlow twins", r"\sum_i (1 - C_{ii})^2 + \lambda\sum_i\sum_{j\neq i} C_{ij}^2", "C", "", lambda C, lambda_: squares(1 - jnp.diag(C)) + lambda_ * (squares(C) - squares(jnp.diag(C)))),
    ("stochastic neighbours, t-SNE", r"\sum_{i\ne j} p_{ij}\log\frac{p_{ij}}{q_{ij}} where q_{ij} = \frac{(1+\|y_i-y_j\|^2)^{-1}}{\sum_{k\neq l}(1+\|y_k-y_l\|^2)^{-1}}", "y", "", lambda p, Y: of_pairs(other, lambda i, j: p[i, j] * (log(p[i, j]) + log(1 + squares(Y[i] - Y[j])) + log(S(1 / (1 + distances(Y, Y))) - len(Y))), len(Y), len(Y))),
    ("elastic embedding", r"\sum_{i,j} a_{ij}\|x_i-x_j\|^2 + \lambda\sum_{i,j} b_{ij} e^{-\|x_i-x_j\|^2}", "x", "", lambda a, X, lambda_, b: S(a * distances(X, X)) + lambda_ * S(b * exp(-distances(X, X)))),
    ("locally linear embedding", r"\sum_{i=1}^n\Big\|x_i - \sum_{j=1}^n w_{ij}x_j\Big\|^2", "w", "", lambda X, w: squares(X - w @ X)),
    # factorisations and embeddings
    ("Koren's factorisation", r"\min_{p,q}\sum_{(u,i)\in\mathcal{K}}(r_{ui} - q_i^T p_u)^2 + \lambda(\|q_i\|^2 + \|p_u\|^2)", "q", "", lambda K, r, Q, P, lambda_: S(K * ((r - P @ Q.T) ** 2 + lambda_ * (S(Q**2, 1) + S(P**2, 1)[:, None])))),
    ("Koren's factorisation with biases", r"\sum_{(u,i)\in\kappa}(r_{ui} - \mu - b_u - c_i - q_i^T p_u)^2 where mu: scalar", "p", "", lambda kappa, r, mu, b, c, Q, P: S(kappa * (r - mu - b[:, None] - c - P @ Q.T) ** 2)),
    ("probabilistic matrix factorisation", r"\frac12\sum_{i=1}^N\sum_{j=1}^M I_{ij}(R_{ij} - U_i^T V_j)^2 + \frac{\lambda_U}{2}\sum_{i=1}^N\|U_i\|^2 + \frac{\lambda_V}{2}\sum_{j=1}^M\|V_j\|^2", "U", "U_i: vector(D), V_j: vector(D)", lambda I, R, U, V, lambda_U, lambda_V: S(I * (R - U @ V.T) ** 2) / 2 + lambda_U / 2 * squares(U) + lambda_V / 2 * squares(V)),
    ("implicit feedback, Hu et al. 2008", r"\sum_{u,i} c_{ui}(p_{ui} - x_u^T y_i)^2 + \lambda\left(\sum_u\|x_u\|^2 + \sum_i\|y_i\|^2\right)", "x", "", lambda c, p, X, Y, lambda_: S(c * (p - X @ Y.T) ** 2) + lambda_ * (squares(X) + squares(Y))),
    ("GloVe", r"\sum_{i,j=1}^V f_{ij}\cdot\left(w_i^T\tilde{w}_j + b_i + \tilde{b}_j - \log X_{ij}\right)^2", "w", "", lambda f, W, W_tilde, b, b_tilde, X: S(f * (W @ W_tilde.T + b[:, None] + b_tilde - log(X)) ** 2)),
    ("skip-gram with negative samples", r"\sum_{i,j} D_{ij}\log\sigma(v_i^\top u_j) + k\sum_{i,j} N_{ij}\log\sigma(-v_i^\top u_j)", "v", "", lambda D, V, U, k, N: S(D * log(sigmoid(V @ U.T))) + k * S(N * log(sigmoid(-V @ U.T)))),
    ("skip-gram with softmax", r"\sum_{t=1}^T\sum_{c=1}^V n_{tc}\log\frac{\exp(u_c^\top v_t)}{\sum_{w=1}^V\exp(u_w^\top v_t)}", "u", "", lambda n, U, v: S(n * log_softmax(v @ U.T, 1))),
    ("nonnegative factorisation, divergence", r"\sum_{i,j}\left(V_{ij}\log\frac{V_{ij}}{(WH)_{ij}} - V_{ij} + (WH)_{ij}\right)", "W", "", lambda V, W, H: S(V * log(V / (W @ H)) - V + W @ H)),
    ("nonnegative factorisation by sums", r"\sum_{i=1}^m\sum_{j=1}^n\Big(v_{ij} - \sum_{k=1}^r w_{ik}h_{kj}\Big)^2", "h", "", lambda v, w, h: squares(v - w @ h)),
    ("tensor factorisation", r"\sum_{i,j,k}\Big(T_{ijk} - \sum_{r=1}^R a_{ir}b_{jr}c_{kr}\Big)^2", "a", "", lambda T, a, b, c: squares(T - E("ir,jr,kr->ijk", a, b, c))),
    ("dictionary learning", r"\sum_{i=1}^n\frac12\|x_i - D\alpha_i\|_2^2 + \lambda\|\alpha_i\|_1", "D", "", lambda X, D, alpha, lambda_: squares(X - alpha @ D.T) / 2 + lambda_ * S(jnp.abs(alpha))),
    ("autoencoder", r"\sum_{i=1}^N\|x_i - W^\top\sigma(W x_i)\|^2", "W", "", lambda X, W: squares(X - sigmoid(X @ W.T) @ W)),
    ("principal components, Bishop (12.11)", r"J = \frac1N\sum_{n=1}^N\|x_n - U U^\top x_n\|^2", "U", "", lambda X, U: squares(X - X @ U @ U.T) / len(X)),
    ("reconstruction independent components", r"\frac{\lambda}{m}\sum_{i=1}^m\|W^T W x_i - x_i\|_2^2 + \sum_{i=1}^m\sum_{j=1}^k\log\cosh((W x_i)_j)", "W", "", lambda lambda_, W, X: lambda_ / len(X) * squares(X @ W.T @ W - X) + S(log(jnp.cosh(X @ W.T)))),
    ("independent components, likelihood", r"\sum_{i=1}^n\sum_{j=1}^d \log\cosh((W x_i)_j) - n\log|\det W|", "W", "", lambda W, X: S(log(jnp.cosh(X @ W.T))) - len(X) * log(jnp.abs(jnp.linalg.det(W)))),
    ("TransE", r"\sum_{i=1}^n\max(0, \gamma + \|h_i + r_i - t_i\| - \|h_i + r_i - s_i\|)", "r", "", lambda gamma, H, R, T, S: jnp.sum(relu(gamma + norm(H + R - T, axis=1) - norm(H + R - S, axis=1)))),
    ("DistMult", r"\sum_{i,j} y_{ij}\sum_{k=1}^d e_{ik} r_k e_{jk}", "e", "", lambda y, e, r: S(y * ((e * r) @ e.T))),
    ("RESCAL", r"\sum_{k=1}^K\|X_k - A R_k A^\top\|_F^2", "A", "", lambda X, A, R: squares(X - E("ia,kab,jb->kij", A, R, A))),
    ("Poisson embedding of a graph", r"\sum_{i<j} a_{ij}\log\lambda_{ij} - \lambda_{ij} where \lambda_{ij} = \exp(u_i^\top u_j)", "u", "", lambda a, U: of_pairs(below, lambda i, j: a[i, j] * (U[i] @ U[j]) - exp(U[i] @ U[j]), len(U), len(U))),
    ("latent semantic topic model", r"\sum_{d=1}^D\sum_{w=1}^W n_{dw}\log\sum_{z=1}^K \theta_{dz}\phi_{zw}", "theta", "", lambda n, theta, phi: S(n * log(theta @ phi))),
    ("bound of a topic model", r"\sum_{d}\sum_{w}\sum_{k} n_{dw} q_{wk}(\log\theta_{dk} + \log\phi_{kw})", "phi", "", lambda n, q, theta, phi: E("dw,wk,dk->", n, q, log(theta)) + E("dw,wk,kw->", n, q, log(phi))),
    ("LDA, update of gamma", r"\sum_{k}(\alpha_k - \gamma_k)\operatorname{digamma}(\gamma_k) + \sum_k\log\Gamma(\gamma_k)", "gamma", "", lambda alpha, gamma: S((alpha - gamma) * digamma(gamma)) + S(gammaln(gamma))),
    # with another mark, and from another index on
    ("temperature", r"-\sum_{i}\sum_{c} q_{ic}\log\frac{e^{z_{ic}/\tau}}{\sum_{c'} e^{z_{ic'}/\tau}}", "tau", "", lambda q, z, tau: -S(q * log_softmax(z / tau, 1))),
    ("multinomial naive Bayes", r"\sum_{i=1}^n\sum_{c=1}^C z_{ic}\Big(\log\pi_c + \sum_{j=1}^V x_{ij}\log\theta_{cj}\Big)", "theta", "", lambda z, pi, x, theta: S(z * (log(pi) + x @ log(theta).T))),
    ("factorisation machine, Rendle 2010", r"w_0 + \sum_{i=1}^n w_i x_i + \sum_{i=1}^n\sum_{j=i+1}^n \langle v_i, v_j\rangle x_i x_j where w_0: scalar", "v", "", lambda w_0, w, x, V: w_0 + S(w * x) + of_pairs(below, lambda i, j: V[i] @ V[j] * x[i] * x[j], len(x), len(x))),
    ("mutual information", r"\sum_{x}\sum_{y} p_{xy}\log\frac{p_{xy}}{\sum_{y'} p_{xy'}\sum_{x'} p_{x'y}}", "p", "", lambda p: S(p * log(p / (S(p, 1)[:, None] * S(p, 0))))),
)
