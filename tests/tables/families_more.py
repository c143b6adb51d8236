"""Sums over time, graphs, groups and particles as papers and programs write them, each with its value in JAX.

Rows as in `families.py`; the last ones are in plain text.
"""

# ruff: noqa: E741
from __future__ import annotations

import jax
import jax.numpy as jnp
from jax.scipy.special import gammaln, logsumexp

from tests.tables.families import Row, below, distances, logdet, of_pairs, other, squares

__all__ = ["ROWS"]

E, S, exp, log, relu, tanh, sigmoid, softplus = (
    jnp.einsum, jnp.sum, jnp.exp, jnp.log, jax.nn.relu, jnp.tanh, jax.nn.sigmoid, jax.nn.softplus,
)  # fmt: skip
log_softmax, softmax, inv, norm = jax.nn.log_softmax, jax.nn.softmax, jnp.linalg.inv, jnp.linalg.norm


def form(x, Q, y=None):  # type: ignore[no-untyped-def]
    """sum_t x_t^T Q y_t."""
    return E("ti,ij,tj->", x, Q, x if y is None else y)


# fmt: off
ROWS: tuple[Row, ...] = (
    # control and filters
    ("linear-quadratic regulator", r"\sum_{t=0}^{T-1}(x_t^\top Q x_t + u_t^\top R u_t) + x_T^\top Q_f x_T", "x", "", lambda X, Q, U, R, Q_f: form(X[:-1], Q) + form(U, R) + X[-1] @ Q_f @ X[-1]),
    ("regulator with cross terms", r"\frac12\sum_{k=0}^{N-1}\left(x_k^T Q x_k + u_k^T R u_k + 2 x_k^T S u_k\right)", "u", "x_k: vector(n), u_k: vector(m)", lambda X, Q, U, R, S: (form(X, Q) + form(U, R) + 2 * form(X, S, U)) / 2),
    ("dynamics as a penalty", r"\sum_{t=1}^{T-1}\|x_{t+1} - A x_t - B u_t\|_2^2", "A", "", lambda X, A, B, U: squares(X[1:] - X[:-1] @ A.T - U @ B.T)),
    ("dynamics as a penalty, by the states", r"\frac{\rho}{2}\sum_{t=0}^{T-1}\|x_{t+1} - A x_t - B u_t\|_2^2 + \sum_{t=0}^{T}\|x_t - r_t\|^2", "x", "", lambda rho, X, A, B, U, R: rho / 2 * squares(X[1:] - X[:-1] @ A.T - U @ B.T) + squares(X - R)),
    ("Lagrangian of a control problem", r"\sum_{t=0}^{T-1}\left(\frac12 x_t^\top Q x_t + \frac12 u_t^\top R u_t + \lambda_{t+1}^\top(A x_t + B u_t - x_{t+1})\right)", "x", "", lambda X, Q, U, R, lambda_, A, B: form(X[:-1], Q) / 2 + form(U, R) / 2 + S(lambda_ * (X[:-1] @ A.T + U @ B.T - X[1:]))),
    ("tracking, predictive control", r"\sum_{k=1}^{N}\|y_k - z_k\|_Q^2 + \sum_{k=1}^{N}\|u_k - u_{k-1}\|_S^2", "u", "", lambda Y, Z, Q, U, S: form(Y - Z, Q) + form(U[1:] - U[:-1], S)),
    ("trajectory of least jerk", r"\sum_{t=1}^{T-3}\|x_{t+3} - 3x_{t+2} + 3x_{t+1} - x_t\|^2", "x", "", lambda X: squares(X[3:] - 3 * X[2:-1] + 3 * X[1:-2] - X[:-3])),
    ("Hodrick & Prescott 1997", r"\sum_{t=1}^T (y_t - \tau_t)^2 + \lambda\sum_{t=2}^{T-1}[(\tau_{t+1} - \tau_t) - (\tau_t - \tau_{t-1})]^2", r"\tau", "", lambda y, tau, lambda_: squares(y - tau) + lambda_ * squares(tau[2:] - 2 * tau[1:-1] + tau[:-2])),
    ("Kalman smoothing", r"\sum_{t=1}^T (y_t - C x_t)^\top R^{-1}(y_t - C x_t) + \sum_{t=1}^{T-1}(x_{t+1} - A x_t)^\top Q^{-1}(x_{t+1} - A x_t)", "x", "", lambda Y, C, X, R, A, Q: form(Y - X @ C.T, inv(R)) + form(X[1:] - X[:-1] @ A.T, inv(Q))),
    ("linear Gaussian model, by the noise", r"-\frac{T-1}{2}\log|Q| - \frac12\sum_{t=2}^T (x_t - A x_{t-1})^T Q^{-1}(x_t - A x_{t-1}) where Q: spd(n)", "Q", "", lambda Q, X, A: -(len(X) - 1) / 2 * logdet(Q) - form(X[1:] - X[:-1] @ A.T, inv(Q)) / 2),
    ("bundle adjustment, affine", r"\sum_{i}\sum_{j} v_{ij}\|x_{ij}\|^2", "v", "x_{ij}: scalar", lambda v, x: S(v * x**2)),
    ("cameras and points", r"\sum_{i=1}^m\sum_{j=1}^n \|A_i p_j - q_{i}\|^2", "p", "", lambda A, P, Q: S((E("iab,jb->ija", A, P) - Q[:, None]) ** 2)),
    ("pose graph", r"\sum_{(i,j)\in E}\|x_j - x_i - z_{ij}\|^2 where x_i: scalar", "x", "", lambda E, x, z: S(E * (x - x[:, None] - z) ** 2)),
    ("Wahba's problem", r"\frac12\sum_{k=1}^N a_k\|w_k - R v_k\|^2", "R", "", lambda a, W, R, V: S(a * S((W - V @ R.T) ** 2, 1)) / 2),
    ("Procrustes", r"\sum_{i=1}^n\|s R p_i + t - q_i\|^2 where t: vector(d)", "R", "", lambda s, R, P, t, Q: squares(s * P @ R.T + t - Q)),
    ("policy gradient", r"\frac1N\sum_{i=1}^N\sum_{t=1}^T A_{it}\log p_{it}", "p", "", lambda A, p: S(A * log(p)) / len(A)),
    ("discounted return", r"\sum_{t=0}^{T-1}\gamma^t r_t", "gamma", "", lambda gamma, r: sum(gamma**t * r[t] for t in range(len(r)))),
    ("temporal differences", r"\frac12\sum_{t=0}^{T-1}\left(r_t + \gamma\,\theta^\top\phi_{t+1} - \theta^\top\phi_t\right)^2", "theta", "", lambda r, gamma, theta, phi: squares(r + gamma * phi[1:] @ theta - phi[:-1] @ theta) / 2),
    ("maximum entropy policy", r"\sum_a \pi_a Q_a - \alpha\sum_a\pi_a\log\pi_a", "pi", "", lambda pi, Q, alpha: S(pi * Q) - alpha * S(pi * log(pi))),
    ("soft value", r"\tau\log\sum_a\exp(Q_a/\tau)", "tau", "Q_a: scalar", lambda tau, Q: tau * logsumexp(Q / tau)),
    ("linear programming barrier", r"t\,c^\top x - \sum_{i=1}^m\log(b_i - a_i^\top x)", "x", "", lambda t, c, x, b, A: t * c @ x - S(log(b - A @ x))),
    ("augmented Lagrangian", r"\sum_{i=1}^m\lambda_i(a_i^T x - b_i) + \frac{\rho}{2}\sum_{i=1}^m(a_i^T x - b_i)^2", "x", "", lambda lambda_, A, x, b, rho: lambda_ @ (A @ x - b) + rho / 2 * squares(A @ x - b)),
    ("consensus", r"\sum_{i=1}^N\left(y_i^\top(x_i - z) + \frac{\rho}{2}\|x_i - z\|_2^2\right) where z: vector(n)", "z", "", lambda Y, X, z, rho: S(Y * (X - z)) + rho / 2 * squares(X - z)),
    # time series
    ("autoregression", r"\sum_{t=2}^T (y_t - c - \phi y_{t-1})^2", r"\phi", "", lambda y, c, phi: squares(y[1:] - c - phi * y[:-1])),
    ("autoregression of order two", r"\frac{1}{2\sigma^2}\sum_{t=3}^T (y_t - \phi_1 y_{t-1} - \phi_2 y_{t-2})^2 where \phi_1: scalar, \phi_2: scalar", r"\phi_1", "", lambda sigma, y, phi_1, phi_2: squares(y[2:] - phi_1 * y[1:-1] - phi_2 * y[:-2]) / (2 * sigma**2)),
    ("vector autoregression", r"\sum_{t=2}^T\|y_t - \nu - A y_{t-1}\|_2^2", "A", "", lambda Y, nu, A: squares(Y[1:] - nu - Y[:-1] @ A.T)),
    ("total variation", r"\frac12\sum_{i=1}^n(x_i - y_i)^2 + \lambda\sum_{i=1}^{n-1}\sqrt{(x_{i+1}-x_i)^2 + \epsilon}", "x", "", lambda x, y, lambda_, epsilon: squares(x - y) / 2 + lambda_ * S(jnp.sqrt((x[1:] - x[:-1]) ** 2 + epsilon))),
    ("stochastic volatility", r"-\frac12\sum_{t=1}^T\left(h_t + y_t^2 e^{-h_t}\right) - \frac{1}{2\sigma^2}\sum_{t=2}^T(h_t - \phi h_{t-1})^2", "h", "", lambda h, y, sigma, phi: -S(h + y**2 * exp(-h)) / 2 - squares(h[1:] - phi * h[:-1]) / (2 * sigma**2)),
    ("heteroscedastic likelihood", r"-\frac12\sum_{t=1}^T\left(\log\sigma_t^2 + \frac{y_t^2}{\sigma_t^2}\right)", "sigma", "", lambda sigma, y: -S(log(sigma**2) + y**2 / sigma**2) / 2),
    ("exponential smoothing by hand", r"\sum_{t=1}^{T}\left(y_t - \sum_{s=1}^{t-1}\theta^{s} y_{s}\right)^2", "theta", "", lambda y, theta: sum((y[t] - sum(theta ** (s + 1) * y[s] for s in range(t))) ** 2 for t in range(len(y)))),
    ("convolution", r"\sum_{t=1}^{T}\Big(y_t - \sum_{k=1}^{T} K_{tk}u_k\Big)^2", "u", "", lambda y, K, u: squares(y - K @ u)),
    ("periodogram", r"\Big(\sum_{t=1}^T x_t\cos(\omega t)\Big)^2 + \Big(\sum_{t=1}^T x_t\sin(\omega t)\Big)^2", "omega", "", lambda x, omega: sum(x[t] * jnp.cos(omega * (t + 1)) for t in range(len(x))) ** 2 + sum(x[t] * jnp.sin(omega * (t + 1)) for t in range(len(x))) ** 2),
    ("Markov chain", r"\sum_{i,j} n_{ij}\log p_{ij} where p_{ij} = \frac{e^{\theta_{ij}}}{\sum_k e^{\theta_{ik}}}", "theta", "", lambda n, theta: S(n * log_softmax(theta, 1))),
    ("hidden states, expected likelihood", r"\sum_{t=2}^T\sum_{i=1}^K\sum_{j=1}^K \xi_{ij} g_{t-1,i}\, g_{tj}", "g", "", lambda xi, g: E("ij,ti,tj->", xi, g[:-1], g[1:])),
    ("linear chain, Lafferty et al. 2001", r"\sum_{t=1}^T\theta^\top f_t - \log\sum_{y=1}^Y\exp(\theta^\top F_y)", "theta", "f_t: vector(d), F_y: vector(d)", lambda theta, F, F_all: S(F @ theta) - logsumexp(F_all @ theta)),
    # graphs
    ("smoothness on a graph", r"\frac12\sum_{i,j} w_{ij}(f_i - f_j)^2", "f", "", lambda w, f: S(w * (f[:, None] - f) ** 2) / 2),
    ("Laplacian eigenmaps", r"\sum_{i,j} W_{ij}\|y_i - y_j\|^2", "y", "", lambda W, Y: S(W * distances(Y, Y))),
    ("label propagation, Zhou et al. 2004", r"\frac12\left(\sum_{i,j=1}^n W_{ij}\Big\|\frac{F_i}{\sqrt{d_i}} - \frac{F_j}{\sqrt{d_j}}\Big\|^2 + \mu\sum_{i=1}^n\|F_i - Y_i\|^2\right)", "F", "F_i: vector(c), Y_i: vector(c), mu: scalar", lambda W, F, d, mu, Y: (S(W * distances(F / jnp.sqrt(d)[:, None], F / jnp.sqrt(d)[:, None])) + mu * squares(F - Y)) / 2),
    ("modularity", r"\frac{1}{2m}\sum_{i,j}\left(A_{ij} - \frac{k_i k_j}{2m}\right) s_i^\top s_j where m: scalar", "s", "", lambda m, A, k, S: jnp.sum((A - jnp.outer(k, k) / (2 * m)) * (S @ S.T)) / (2 * m)),
    ("stochastic block model", r"\sum_{i<j}\left(a_{ij}\log\sigma(z_i^\top B z_j) + (1-a_{ij})\log\sigma(-z_i^\top B z_j)\right)", "B", "", lambda a, Z, B: of_pairs(below, lambda i, j: a[i, j] * log(sigmoid(Z[i] @ B @ Z[j])) + (1 - a[i, j]) * log(sigmoid(-Z[i] @ B @ Z[j])), len(Z), len(Z))),
    ("latent space model", r"\sum_{i\neq j}\left[a_{ij}(\alpha - \|z_i - z_j\|^2) - \log(1 + e^{\alpha - \|z_i-z_j\|^2})\right]", "z", "", lambda a, alpha, Z: of_pairs(other, lambda i, j: a[i, j] * (alpha - squares(Z[i] - Z[j])) - softplus(alpha - squares(Z[i] - Z[j])), len(Z), len(Z))),
    ("springs", r"\sum_{(i,j)\in E}\frac{k_{ij}}{2}\left(\|p_i - p_j\| - \ell_{ij}\right)^2", "k", "", lambda E, k, P, ell: of_pairs(lambda i, j: True, lambda i, j: E[i, j] * k[i, j] / 2 * (norm(P[i] - P[j]) - ell[i, j]) ** 2, len(P), len(P))),
    ("maximum cut, relaxed", r"\frac14\sum_{i,j} w_{ij}(1 - x_i x_j)", "x", "", lambda w, x: S(w * (1 - jnp.outer(x, x))) / 4),
    ("rotor model", r"-\sum_{i<j} J_{ij}\cos(\theta_i - \theta_j)", "theta", "", lambda J, theta: -of_pairs(below, lambda i, j: J[i, j] * jnp.cos(theta[i] - theta[j]), len(theta), len(theta))),
    ("graph convolution", r"\sum_{i}\Big\|y_i - \sum_j a_{ij} W h_j\Big\|^2", "W", "", lambda Y, a, W, H: squares(Y - a @ H @ W.T)),
    # ranking and preferences
    ("Bradley–Terry", r"\sum_{i,j} w_{ij}\left(\beta_i - \log(e^{\beta_i} + e^{\beta_j})\right)", "beta", "", lambda w, beta: S(w * (beta[:, None] - jnp.logaddexp(beta[:, None], beta)))),
    ("Bradley–Terry by strengths", r"\sum_{i=1}^n\sum_{j\ne i} w_{ij}\log\frac{p_i}{p_i+p_j}", "p", "", lambda w, p: of_pairs(other, lambda i, j: w[i, j] * log(p[i] / (p[i] + p[j])), len(p), len(p))),
    ("RankNet, Burges et al. 2005", r"\sum_{(i,j)\in P}\log\left(1 + e^{-\sigma(s_i - s_j)}\right) where sigma: scalar", "s", "", lambda P, sigma, s: S(P * log(1 + exp(-sigma * (s[:, None] - s))))),
    ("ListNet, Cao et al. 2007", r"-\sum_{j=1}^n \frac{e^{y_j}}{\sum_k e^{y_k}}\log\frac{e^{z_j}}{\sum_k e^{z_k}}", "z", "", lambda y, z: -S(softmax(y) * log_softmax(z))),
    ("personalised ranking, Rendle et al. 2009", r"\sum_{u,i,j} D_{uij}\log\sigma(x_u^\top y_i - x_u^\top y_j)", "x", "", lambda D, X, Y: S(D * log(sigmoid((X @ Y.T)[:, :, None] - (X @ Y.T)[:, None])))),
    ("item response", r"\sum_{i=1}^N\sum_{j=1}^J y_{ij} a_j(\theta_i - b_j) - \log(1 + e^{a_j(\theta_i - b_j)})", "theta", "", lambda y, a, theta, b: S(y * a * (theta[:, None] - b) - softplus(a * (theta[:, None] - b)))),
    ("preferences of a reward model", r"-\sum_{i=1}^N\log\sigma(w^\top(c_i - r_i))", "w", "", lambda w, C, R: -S(log(sigmoid((C - R) @ w)))),
    # economics, panels, survival
    ("fixed effects", r"\sum_{i=1}^N\sum_{t=1}^T (y_{it} - \alpha_i - x_{it}\beta)^2 where beta: scalar", "alpha", "", lambda y, alpha, x, beta: squares(y - alpha[:, None] - x * beta)),
    ("effects of units and of time", r"\sum_{i=1}^N\sum_{t=1}^T (y_{it} - \alpha_i - \lambda_t)^2", "lambda", "", lambda y, alpha, lambda_: squares(y - alpha[:, None] - lambda_)),
    ("within transformation", r"\sum_{i=1}^N\sum_{t=1}^T (y_{it} - \bar{y}_i - \beta(x_{it} - \bar{x}_i))^2 where \beta: scalar, \bar{y}_i = \frac1T\sum_{s=1}^T y_{is}, \bar{x}_i = \frac1T\sum_{s=1}^T x_{is}", "beta", "", lambda y, x, beta: squares(y - y.mean(1, keepdims=True) - beta * (x - x.mean(1, keepdims=True)))),
    ("interactive effects, Bai 2009", r"\sum_{i=1}^N\sum_{t=1}^T (Y_{it} - \lambda_i^\top F_t)^2", "F", "F_t: vector(r)", lambda Y, lambda_, F: squares(Y - lambda_ @ F.T)),
    ("method of moments", r"\Big(\frac1n\sum_{i=1}^n z_i(y_i - x_i^\top\beta)\Big)^\top W\Big(\frac1n\sum_{i=1}^n z_i(y_i - x_i^\top\beta)\Big)", "beta", "z_i: vector(l)", lambda Z, y, X, beta, W: (Z.T @ (y - X @ beta)) @ W @ (Z.T @ (y - X @ beta)) / len(y) ** 2),
    ("logit demand", r"\sum_{i=1}^N\sum_{j=1}^J d_{ij}\log\frac{\exp(\delta_j + \beta p_{ij})}{\sum_{k=1}^J\exp(\delta_k + \beta p_{ik})} where beta: scalar", "delta", "", lambda d, delta, beta, p: S(d * log_softmax(delta + beta * p, 1))),
    ("constant elasticity", r"\left(\sum_{i=1}^n a_i x_i^{\rho}\right)^{1/\rho}", "x", "", lambda a, x, rho: S(a * x**rho) ** (1 / rho)),
    ("Cobb–Douglas", r"A\prod_{i=1}^n x_i^{\alpha_i} where A: scalar", "x", "", lambda A, x, alpha: A * jnp.prod(x**alpha)),
    ("portfolio", r"\sum_{i=1}^n\sum_{j=1}^n w_i w_j\sigma_{ij} - \lambda\sum_{i=1}^n w_i\mu_i", "w", "", lambda w, sigma, lambda_, mu: w @ sigma @ w - lambda_ * w @ mu),
    ("risk parity", r"\sum_{i=1}^n\sum_{j=1}^n\left(w_i(\Sigma w)_i - w_j(\Sigma w)_j\right)^2", "w", "", lambda w, Sigma: S(((w * (Sigma @ w))[:, None] - w * (Sigma @ w)) ** 2)),
    ("growth of wealth", r"\frac1T\sum_{t=1}^T\log\Big(\sum_{i=1}^n w_i r_{ti}\Big)", "w", "", lambda w, r: S(log(r @ w)) / len(r)),
    ("Cox's partial likelihood", r"\sum_{i=1}^n\delta_i\left(x_i^\top\beta - \log\sum_{j=1}^n R_{ij} e^{x_j^\top\beta}\right)", "beta", "", lambda delta, X, beta, R: S(delta * (X @ beta - log(R @ exp(X @ beta))))),
    ("Weibull survival", r"\sum_{i=1}^n d_i\cdot\left[\log k + (k-1)\log t_i - k\log\lambda\right] - (t_i/\lambda)^k where k: scalar, lambda: scalar", "k", "", lambda d, k, t, lambda_: S(d * (log(k) + (k - 1) * log(t) - k * log(lambda_)) - (t / lambda_) ** k)),
    ("exponential survival", r"\sum_{i=1}^n\left(\delta_i x_i^\top\beta - t_i e^{x_i^\top\beta}\right)", "beta", "", lambda delta, X, beta, t: S(delta * (X @ beta) - t * exp(X @ beta))),
    ("random intercepts", r"\sum_{i=1}^n\sum_{j=1}^m\frac{(y_{ij} - \mu - b_i)^2}{2\sigma^2} + \sum_{i=1}^n\frac{b_i^2}{2\tau^2} where mu: scalar", "b", "", lambda y, mu, b, sigma, tau: squares(y - mu - b[:, None]) / (2 * sigma**2) + squares(b) / (2 * tau**2)),
    ("capture and recapture", r"\sum_{i=1}^n\log\left(\binom{m}{x_i}\right) where m: scalar", "m", "", lambda m, x: S(gammaln(m + 1) - gammaln(x + 1) - gammaln(m - x + 1))),
    ("contingency table", r"2\sum_{i,j} O_{ij}\log\frac{O_{ij}}{E_{ij}}", "E", "", lambda O, E: 2 * S(O * log(O / E))),
    # attention and nets
    ("attention of one query", r"\sum_{i=1}^n\frac{\exp(q^\top k_i/\sqrt d)}{\sum_{j=1}^n\exp(q^\top k_j/\sqrt d)} c^\top v_i where q: vector(d), k_i: vector(d)", "q", "", lambda q, K, c, V: softmax(K @ q / jnp.sqrt(len(q))) @ V @ c),
    ("attention of all", r"\sum_{i=1}^n\Big\| y_i - \sum_{j=1}^n\frac{e^{q_i^\top k_j}}{\sum_{l=1}^n e^{q_i^\top k_l}} v_j\Big\|^2", "k", "q_i: vector(d), k_j: vector(d)", lambda Y, Q, K, V: squares(Y - softmax(Q @ K.T, 1) @ V)),
    ("causal attention", r"\sum_{i=1}^n\sum_{j\le i} a_{ij} v_j^\top w_i", "v", "", lambda a, V, W: of_pairs(lambda i, j: j <= i, lambda i, j: a[i, j] * (V[j] @ W[i]), len(V), len(V))),
    ("linear attention", r"\sum_{i=1}^n g_i^\top\sum_{j=1}^n v_j k_j^\top q_i", "k", "q_i: vector(d), k_j: vector(d), v_j: vector(m)", lambda G, Q, K, V: S(G * ((Q @ K.T) @ V))),
    ("batch normalisation", r"\sum_{i=1}^n c_i\frac{x_i - m}{\sqrt{v + \epsilon}} where m = \frac1n\sum_{j=1}^n x_j, v = \frac1n\sum_{j=1}^n (x_j - m)^2", "x", "", lambda c, x, epsilon: S(c * (x - x.mean()) / jnp.sqrt(x.var() + epsilon))),
    ("softmax layer, Nielsen", r"-\sum_j y_j\ln\frac{e^{z_j}}{\sum_k e^{z_k}}", "z", "", lambda y, z: -S(y * log_softmax(z))),
    ("quadratic cost, Nielsen", r"C = \frac{1}{2n}\sum_{x}\sum_j (y_{xj} - a_{xj})^2 where n: scalar", "a", "", lambda n, y, a: squares(y - a) / (2 * n)),
    ("gated mixture", r"\sum_{i=1}^n\left(y_i - \sum_{k=1}^K\sigma(u_k^\top x_i)\, w_k^\top x_i\right)^2", "u", "", lambda y, U, X, W: squares(y - S(sigmoid(X @ U.T) * (X @ W.T), 1))),
    ("contrast of a Boltzmann machine", r"-\sum_{i,j} v_i W_{ij} h_j - \sum_i a_i v_i - \sum_j b_j h_j", "W", "", lambda v, W, h, a, b: -v @ W @ h - a @ v - b @ h),
    ("free energy of a Boltzmann machine", r"-\sum_{i=1}^n a_i v_i - \sum_{j=1}^m\log\left(1 + e^{b_j + \sum_{i=1}^n v_i W_{ij}}\right)", "W", "", lambda a, v, b, W: -a @ v - S(softplus(b + v @ W))),
    ("modern Hopfield net", r"-\frac1\beta\log\sum_{i=1}^N\exp(\beta x_i^\top\xi) + \frac12\xi^\top\xi where beta: scalar, \xi: vector(d)", r"\xi", "", lambda beta, X, xi: -logsumexp(beta * X @ xi) / beta + squares(xi) / 2),
    ("weights of importance", r"\frac{\sum_{i=1}^n w_i f_i}{\sum_{i=1}^n w_i} where w_i = e^{\theta^\top x_i}", "theta", "", lambda f, theta, X: S(softmax(X @ theta) * f)),
    ("bilinear layer", r"\sum_{k=1}^K c_k\tanh(x^\top W_k y + b_k)", "W", "", lambda c, x, W, y, b: c @ tanh(E("a,kab,b->k", x, W, y) + b)),
    # physics and chemistry
    ("Coulomb energy", r"\sum_{i<j}\frac{q_i q_j}{\|r_i - r_j\|}", "r", "", lambda q, R: of_pairs(below, lambda i, j: q[i] * q[j] / norm(R[i] - R[j]), len(R), len(R))),
    ("Lennard-Jones", r"4\varepsilon\sum_{i<j}\left[\left(\frac{\sigma}{r_{ij}}\right)^{12} - \left(\frac{\sigma}{r_{ij}}\right)^6\right] where r_{ij} = \|x_i - x_j\|, sigma: scalar", "x", "", lambda epsilon, sigma, X: 4 * epsilon * of_pairs(below, lambda i, j: (sigma / norm(X[i] - X[j])) ** 12 - (sigma / norm(X[i] - X[j])) ** 6, len(X), len(X))),
    ("gravity", r"-G\sum_{i=1}^N\sum_{j=1}^{i-1}\frac{m_i m_j}{\|x_i - x_j\|} where G: scalar", "x", "", lambda G, m, X: -G * of_pairs(lambda i, j: j < i, lambda i, j: m[i] * m[j] / norm(X[i] - X[j]), len(X), len(X))),
    ("Morse potential", r"\sum_{i<j} D_e\left(1 - e^{-a(\|x_i-x_j\| - r_e)}\right)^2 where D_e: scalar, r_e: scalar, a: scalar", "x", "", lambda D_e, a, X, r_e: D_e * of_pairs(below, lambda i, j: (1 - exp(-a * (norm(X[i] - X[j]) - r_e))) ** 2, len(X), len(X))),
    ("Ising energy", r"-\sum_{i<j} J_{ij}s_i s_j - \sum_i h_i s_i", "s", "", lambda J, s, h: -of_pairs(below, lambda i, j: J[i, j] * s[i] * s[j], len(s), len(s)) - h @ s),
    ("mean field", r"\sum_i\log(2\cosh(\beta h_i)) - \frac{\beta}{2}\sum_{i,j} J_{ij} m_i m_j where \beta: scalar", "m", "", lambda beta, h, J, m: S(log(2 * jnp.cosh(beta * h))) - beta / 2 * m @ J @ m),
    ("free energy", r"-\frac{1}{\beta}\log\sum_{n} e^{-\beta E_n} where beta: scalar", "beta", "", lambda beta, E: -logsumexp(-beta * E) / beta),
    ("entropy of a partition", r"-\sum_i\frac{e^{-\beta E_i}}{Z}\log\frac{e^{-\beta E_i}}{Z} where Z = \sum_j e^{-\beta E_j}, beta: scalar", "beta", "", lambda beta, E: -S(softmax(-beta * E) * log_softmax(-beta * E))),
    ("kinetic energy", r"\frac12\sum_{i=1}^N m_i\|v_i\|^2", "v", "", lambda m, V: S(m * S(V**2, 1)) / 2),
    ("chain of springs", r"\sum_{i=1}^{N}\frac{p_i^2}{2m} + \sum_{i=1}^{N-1}\left(\frac12(q_{i+1}-q_i)^2 + \frac{\alpha}{3}(q_{i+1}-q_i)^3\right) where m: scalar", "q", "", lambda p, m, q, alpha: S(p**2) / (2 * m) + S((q[1:] - q[:-1]) ** 2 / 2 + alpha / 3 * (q[1:] - q[:-1]) ** 3)),
    ("Rosenbrock", r"\sum_{i=1}^{n-1}\left[100(x_{i+1} - x_i^2)^2 + (1-x_i)^2\right]", "x", "", lambda x: S(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)),
    ("Rastrigin", r"10 n + \sum_{i=1}^n\left[x_i^2 - 10\cos(2\pi x_i)\right]", "x", "", lambda x: 10 * len(x) + S(x**2 - 10 * jnp.cos(2 * jnp.pi * x))),
    ("Griewank", r"1 + \frac{1}{4000}\sum_{i=1}^n x_i^2 - \prod_{i=1}^n\cos\left(\frac{x_i}{\sqrt i}\right)", "x", "", lambda x: 1 + squares(x) / 4000 - jnp.prod(jnp.cos(x / jnp.sqrt(jnp.arange(1, len(x) + 1))))),
    ("Ackley", r"-20\exp\left(-0.2\sqrt{\frac1d\sum_{i=1}^d x_i^2}\right) - \exp\left(\frac1d\sum_{i=1}^d\cos(2\pi x_i)\right)", "x", "", lambda x: -20 * exp(-0.2 * jnp.sqrt(squares(x) / len(x))) - exp(S(jnp.cos(2 * jnp.pi * x)) / len(x))),
    ("Styblinski–Tang", r"\frac12\sum_{i=1}^d (x_i^4 - 16x_i^2 + 5x_i)", "x", "", lambda x: S(x**4 - 16 * x**2 + 5 * x) / 2),
    ("product of factors", r"\sum_{i=1}^n\prod_{j=1}^m (1 + a_{ij} x_j)", "x", "", lambda a, x: S(jnp.prod(1 + a * x, 1))),
    ("smooth largest", r"\frac1\beta\log\sum_{i=1}^m e^{\beta(a_i^\top x + b_i)} where beta: scalar", "x", "", lambda beta, A, x, b: logsumexp(beta * (A @ x + b)) / beta),
    ("discrepancy of moments", r"\sum_{k=1}^K\Big(\sum_{i=1}^n w_i x_i^k - m_k\Big)^2", "x", "", lambda w, x, m: sum((S(w * x ** (k + 1)) - m[k]) ** 2 for k in range(len(m)))),
    ("Fermat–Weber point", r"\sum_{i=1}^m w_i\|x - a_i\|_2", "x", "", lambda w, x, A: S(w * norm(x - A, axis=1))),
    ("barycentre of covariances", r"\sum_{k=1}^K w_k\left(\operatorname{tr}(P^{-1} S_k) + \log\det P\right) where P: spd(d), S_k: matrix(d, d)", "P", "", lambda w, P, S: jnp.sum(w * (E("ij,kji->k", inv(P), S) + logdet(P)))),
    ("D-optimal design", r"\log\det\Big(\sum_{i=1}^N\lambda_i v_i v_i^\top\Big)", "lambda", "", lambda lambda_, V: logdet(E("i,ia,ib->ab", lambda_, V, V))),
    ("several congruences", r"\sum_{k=1}^K\|Y_k - A_k X B_k\|_F^2", "X", "Y_k: matrix(a, b), A_k: matrix(a, c), B_k: matrix(e, b), X: matrix(c, e), k: index(K)", lambda Y, A, X, B: squares(Y - E("kac,ce,keb->kab", A, X, B))),
    ("product of traces", r"\sum_{i=1}^m y_i\operatorname{tr}(A_i X) where A_i: matrix(n, n)", "X", "", lambda y, A, X: E("i,iab,ba->", y, A, X)),
    # in plain text
    ("plain: least squares", "sum_{i=1}^n (y_i - w^T x_i)^2", "x", "", lambda y, w, X: squares(y - X @ w)),
    ("plain: logistic", "sum_{i=1}^n log(1 + exp(-y_i * w^T x_i)) + lambda/2 ||w||^2", "w", "", lambda y, w, X, lambda_: S(log(1 + exp(-y * (X @ w)))) + lambda_ / 2 * squares(w)),
    ("plain: k-means", "sum_{i=1}^n sum_{k=1}^K r_ik ||x_i - mu_k||^2", "x", "", lambda r, X, mu: S(r * distances(X, mu))),
    ("plain: regulator", "sum_{t=1}^{T-1} ||x_{t+1} - A x_t - B u_t||^2 + sum_{t=1}^{T-1} u_t^T R u_t", "u", "", lambda X, A, B, U, R: squares(X[1:] - X[:-1] @ A.T - U @ B.T) + form(U, R)),
    ("plain: repulsion", "sum_{i<j} 1/||x_i - x_j||", "x", "", lambda X: of_pairs(below, lambda i, j: 1 / norm(X[i] - X[j]), len(X), len(X))),
    ("plain: all but one", "sum_i sum_{j != i} exp(-(x_i - x_j)^2)", "x", "", lambda x: of_pairs(other, lambda i, j: exp(-((x[i] - x[j]) ** 2)), len(x), len(x))),
    ("plain: entries", "sum_{i=1}^n sum_{j=1}^m A[i,j] * x[i] * y[j]", "A", "", lambda A, x, y: x @ A @ y),
    ("plain: entropy", "-sum_i p_i log(p_i)", "p", "", lambda p: -S(p * log(p))),
    ("plain: product", "prod_{i=1}^n (1 + a_i x)", "a", "x: scalar", lambda a, x: jnp.prod(1 + a * x)),
    ("plain: mean", "mean_i log(1 + exp(-y_i x_i^T w))", "w", "", lambda y, X, w: jnp.mean(log(1 + exp(-y * (X @ w))))),
    ("plain: largest", "max_i (a_i^T x - b_i) + sum_i (a_i^T x)^2", "x", "", lambda A, x, b: jnp.max(A @ x - b) + squares(A @ x)),
    ("plain: Unicode", "∑_i ‖x_i − A z_i‖² + λ ∑_i |z_i|²", "z", "z_i: vector(k)", lambda X, A, Z, lambda_: squares(X - Z @ A.T) + lambda_ * squares(Z)),
    ("plain: smoothing", "sum_{i=1}^n (y_i - x_i)^2 + lambda * sum_{i=2}^{n-1} (x_{i-1} - 2 x_i + x_{i+1})^2", "x", "", lambda y, x, lambda_: squares(y - x) + lambda_ * squares(x[:-2] - 2 * x[1:-1] + x[2:])),
    ("plain: discount", "sum_{t=0}^{T-1} gamma^t * log(1 + r_t^2)", "r", "", lambda gamma, r: sum(gamma**t * log(1 + r[t] ** 2) for t in range(len(r)))),
    ("plain: matrices of a family", "sum_{k=1}^K log det(A_k^T A_k) where A_k: matrix(m, d)", "A", "", lambda A: S(logdet(E("kab,kac->kbc", A, A)))),
    ("plain: matrices times vectors", "sum_{k=1}^K ||A_k x_k - b_k||^2", "A", "A_k: matrix(m, d)", lambda A, X, B: squares(E("kab,kb->ka", A, X) - B)),
    ("plain: softmax", "-sum_i sum_k y_ik log(exp(z_ik) / sum_j exp(z_ij))", "z", "", lambda y, z: -S(y * log_softmax(z, 1))),
    ("plain: definitions", "sum_i e_i^2 + c sum_i |e_i| where e_i = y_i - x_i^T w - b", "w", "b: scalar", lambda y, X, w, b, c: squares(y - X @ w - b) + c * S(jnp.abs(y - X @ w - b))),
    ("plain: three indices", "sum_{i,j,k} T_ijk x_i y_j z_k", "y", "", lambda T, x, y, z: E("ijk,i,j,k->", T, x, y, z)),
    ("plain: declared", "sum_i (y_i - w^T x_i - b)^2 where x_i: vector(d), i: index(N)", "b", "", lambda y, w, X, b: squares(y - X @ w - b)),
    ("plain: triangle", "sum_{i=1}^n sum_{j=1}^i a_i b_j^2", "b", "", lambda a, b: of_pairs(lambda i, j: j <= i, lambda i, j: a[i] * b[j] ** 2, len(a), len(a))),
    ("plain: ends", "(x_1 - a)^2 + (x_n - b)^2 + sum_{i=1}^{n-1} (x_{i+1} - x_i)^2", "x", "a: scalar, b: scalar", lambda x, a, b: (x[0] - a) ** 2 + (x[-1] - b) ** 2 + squares(x[1:] - x[:-1])),
    # from another index on, and over pairs
    ("Hawkes process", r"\sum_{i=1}^n\log\left(\mu + \alpha\sum_{j<i} e^{-\beta(t_i-t_j)}\right) - \mu T where \mu: scalar, T: scalar", "beta", "", lambda mu, alpha, beta, t, T: sum(log(mu + alpha * sum(exp(-beta * (t[i] - t[j])) for j in range(i))) for i in range(len(t))) - mu * T),
    ("Plackett–Luce", r"\sum_{i=1}^n\left(\theta_i - \log\sum_{j=i}^n e^{\theta_j}\right)", "theta", "", lambda theta: sum(theta[i] - logsumexp(theta[i:]) for i in range(len(theta)))),
    ("Vandermonde", r"\prod_{i<j}(x_j - x_i)", "x", "", lambda x: jnp.prod(jnp.stack([x[j] - x[i] for i in range(len(x)) for j in range(i + 1, len(x))]))),
    ("largest of affine functions", r"\max_{i=1,\dots,m}(a_i^\top x + b_i)", "x", "", lambda A, x, b: jnp.max(A @ x + b)),
    # in plain text once more
    ("plain: mixture", "sum_n log sum_k pi_k exp(-||x_n - mu_k||^2 / (2 s^2))", "pi", "", lambda pi, X, mu, s: S(log(exp(-distances(X, mu) / (2 * s**2)) @ pi))),
    ("plain: smallest", "sum_i min_k ||x_i - c_k||^2", "c", "", lambda X, C: S(jnp.min(distances(X, C), 1))),
    ("plain: factorisation", "sum_{(i,j) in Omega} (r_ij - u_i^T v_j)^2", "v", "", lambda Omega, r, U, V: S(Omega * (r - U @ V.T) ** 2)),
    ("plain: Unicode mixture", "∑_{i=1}^n log ∑_{k=1}^K π_k exp(−½ (x_i − μ_k)²)", "mu", "", lambda pi, x, mu: S(log(exp(-((x[:, None] - mu) ** 2) / 2) @ pi))),
    ("plain: indicator", "sum_{i,j} [i < j] a_i b_j", "a", "", lambda a, b: of_pairs(below, lambda i, j: a[i] * b[j], len(a), len(b))),
)
