"""What a person derives by hand: questions of users, and the shortest known form of each answer, in any spelling.

A row: title, function, declarations, variable, order, the form by hand, source. It need not be what is printed: how much longer
that is, is measured by `benchmarks/readability.py`.
"""

from __future__ import annotations

__all__ = ["ROWS"]

Row = tuple[str, str, str, str, int, str, str]

_REG = "X: matrix(n, d), y: vector(n), w: vector(d)"
_GAUSS = "S: spd(d), T: spd(d), m: vector(d), mu: vector(d)"
_NET = "V: matrix(k, h), W: matrix(h, d), x: vector(d), y: vector(k), b: vector(h)"
_LQR = "x: vector(n), u: vector(m), A: matrix(n, n), B: matrix(n, m), R: spd(m), P: symmetric(n), K: matrix(m, n)"
_KALMAN = "x: vector(n), P: symmetric(n), H: matrix(m, n), R: symmetric(m), z: vector(m), K: matrix(n, m)"
_PORTFOLIO = "w: vector(n), mu: vector(n), S: spd(n), g: scalar, r: scalar"

# fmt: off
ROWS: tuple[Row, ...] = (
    # losses
    ("ridge", "1/2 ||y - X w||^2 + l/2 ||w||^2", _REG + ", l: scalar", "w", 1, "X^T (X w - y) + l w", "Hoerl & Kennard 1970"),
    ("logistic loss of labels", "sum(log(1 + exp(-y .* (X w))))", _REG, "w", 1, "-X^T (y .* sigmoid(-y .* (X w)))", "Hastie et al. 4.4"),
    ("cross entropy, twice", "-sum(y .* log(sigmoid(X w)) + (1 - y) .* log(1 - sigmoid(X w)))", _REG, "w", 2, "X^T diag(sigmoid(X w) .* sigmoid(-X w)) X", "Bishop (4.97)"),
    ("Huber", "sum(huber(y - X w, c))", _REG + ", c: scalar(positive)", "w", 1, "-X^T min(max(y - X w, -c), c)", "Huber 1964"),
    ("Poisson regression", "sum(y .* (X w) - exp(X w))", _REG, "w", 1, "X^T (y - exp(X w))", "McCullagh & Nelder"),
    ("softplus loss of rows", "sum(log(sum(exp(Z), 2)))", "Z: matrix(n, k)", "Z", 1, "softmax(Z)", "Bishop 4.3"),
    ("Geman & McClure", "sum((r ./ s).^2 ./ (1 + (r ./ s).^2))", "r: vector(n), s: vector(n, positive)", "r", 1, "2 r .* s.^2 ./ (s.^2 + r.^2).^2", "Geman & McClure 1985"),
    # factorisations
    ("factorisation by the left", "||X - W H||_F^2", "X: matrix(m, n), W: matrix(m, k), H: matrix(k, n)", "W", 1, "2 (W H - X) H^T", "Lee & Seung 1999"),
    ("divergence of factors", "sum(X .* log(X ./ (W H)) - X + W H)", "X: matrix(m, n, positive), W: matrix(m, k, positive), H: matrix(k, n, positive)", "W", 1, "(1 - X ./ (W H)) H^T", "Lee & Seung 1999"),
    ("Itakura-Saito of factors", "sum(X ./ (W H) - log(X ./ (W H)) - 1)", "X: matrix(m, n, positive), W: matrix(m, k, positive), H: matrix(k, n, positive)", "H", 1, "W^T ((W H - X) ./ (W H).^2)", "Févotte et al. 2009"),
    ("matrix completion", "||M .* (R - U V^T)||_F^2", "M: matrix(m, n), R: matrix(m, n), U: matrix(m, k), V: matrix(n, k)", "U", 1, "2 (M.^2 .* (U V^T - R)) V", "Koren et al. 2009"),
    # likelihoods
    ("Gaussian by the mean, of rows", "-1/2 tr(S^-1 (X - ones(n) mu^T)^T (X - ones(n) mu^T))", "S: spd(d), X: matrix(n, d), mu: vector(d)", "mu", 1, "S^-1 (X^T ones(n) - n mu)", "Bishop (2.122)"),
    ("Gaussian by the precision", "n/2*logdet(P) - 1/2 tr(P C)", "P: spd(d), C: symmetric(d)", "P", 1, "(n P^-1 - C) / 2", "graphical lasso"),
    ("Gaussian by the deviation", "-(x - mu)^2/(2 s^2) - log(s)", "x: scalar, mu: scalar, s: scalar(positive)", "s", 1, "(x - mu)^2 / s^3 - 1 / s", "well known"),
    ("Gaussian by the variance", "-(x - mu)^2/(2 v) - 1/2 log(v)", "x: scalar, mu: scalar, v: scalar(positive)", "v", 1, "((x - mu)^2 - v) / (2 v^2)", "well known"),
    ("gamma by the shape", "a log(b) - lgamma(a) + (a - 1) log(x) - b x", "a: scalar(positive), b: scalar(positive), x: scalar(positive)", "a", 1, "log(b) + log(x) - digamma(a)", "well known"),
    ("Dirichlet", "lgamma(sum(a)) - sum(lgamma(a)) + (a - 1)^T log(x)", "a: vector(k, positive), x: vector(k, positive)", "a", 1, "digamma(sum(a)) - digamma(a) + log(x)", "Minka 2000"),
    ("profile of a variance", "sum(log(1 + p ./ s)) + n*log(s)", "p: vector(n, positive), s: scalar(positive)", "s", 1, "(n - sum(p ./ (p + s))) / s", "random effects"),
    # divergences, information geometry
    ("KL by the covariance", "1/2 (tr(T^-1 S) + (m - mu)^T T^-1 (m - mu) - d + logdet(T) - logdet(S))", _GAUSS, "S", 1, "(T^-1 - S^-1) / 2", "Gaussian KL"),
    ("KL by the other covariance", "1/2 (tr(T^-1 S) + (m - mu)^T T^-1 (m - mu) - d + logdet(T) - logdet(S))", _GAUSS, "T", 1, "1/2 (T^-1 - T^-1 (S + (m - mu) (m - mu)^T) T^-1)", "Gaussian KL"),
    ("KL by the mean", "1/2 (tr(T^-1 S) + (m - mu)^T T^-1 (m - mu) - d + logdet(T) - logdet(S))", _GAUSS, "m", 1, "T^-1 (m - mu)", "Gaussian KL"),
    ("KL of a diagonal posterior", "1/2 sum(mu.^2 + s.^2 - log(s.^2) - 1)", "mu: vector(d), s: vector(d, positive)", "s", 1, "s - 1 ./ s", "Kingma & Welling"),
    ("relative entropy", "sum(p .* log(p ./ q))", "p: vector(n, positive), q: vector(n, positive)", "p", 1, "log(p ./ q) + 1", "Kullback & Leibler"),
    ("Fisher information of softmax", "kl(q, softmax(z))", "z: vector(n), q: vector(n, positive)", "z", 2, "sum(q) (diag(softmax(z)) - softmax(z) softmax(z)^T)", "Amari"),
    ("quantum relative entropy", "tr(A (logm(A) - logm(B)))", "A: spd(n), B: spd(n)", "A", 1, "logm(A) - logm(B) + I", "Umegaki"),
    ("Stein loss", "tr(A B^-1) - logdet(A B^-1) - n", "A: spd(n), B: spd(n)", "B", 1, "B^-1 - B^-1 A B^-1", "James & Stein"),
    # control
    ("quadratic regulator", "u^T R u + (A x + B u)^T P (A x + B u)", _LQR, "u", 1, "2 R u + 2 B^T P (A x + B u)", "Anderson & Moore"),
    ("quadratic regulator, twice", "u^T R u + (A x + B u)^T P (A x + B u)", _LQR, "u", 2, "2 (R + B^T P B)", "Anderson & Moore"),
    ("policy gradient of a regulator", "x^T K^T R K x + x^T (A - B K)^T P (A - B K) x", _LQR, "K", 1, "2 (R K - B^T P (A - B K)) x x^T", "Fazel et al. 2018"),
    ("closed loop", "(A - B K)^T P (A - B K)", _LQR, "P", 1, "(A - B K)^T dP (A - B K)", "Lyapunov"),
    ("Riccati step", "A^T P A - A^T P B (R + B^T P B)^-1 B^T P A", _LQR, "P", 1, "A^T (I - P B (R + B^T P B)^-1 B^T) dP (I - B (R + B^T P B)^-1 B^T P) A", "Anderson & Moore"),
    # filters
    ("Joseph form", "(I - K H) P (I - K H)^T + K R K^T", _KALMAN, "P", 1, "(I - K H) dP (I - K H)^T", "Joseph"),
    ("optimal gain", "tr((I - K H) P (I - K H)^T + K R K^T)", _KALMAN, "K", 1, "2 (K R - (I - K H) P H^T)", "Gelb 1974"),
    ("posterior covariance", "P - P H^T (H P H^T + R)^-1 H P", _KALMAN, "P", 1, "(I - P H^T (H P H^T + R)^-1 H) dP (I - H^T (H P H^T + R)^-1 H P)", "Kalman 1960"),
    ("innovation", "(z - H x)^T (H P H^T + R)^-1 (z - H x)", _KALMAN, "x", 1, "-2 H^T (H P H^T + R)^-1 (z - H x)", "Harvey 1989"),
    ("perspective camera", "[x[1] / x[3]; x[2] / x[3]]", "x: vector(3)", "x", 1, "[1 / x[3], 0, -x[1] / x[3]^2; 0, 1 / x[3], -x[2] / x[3]^2]", "extended Kalman filter"),
    ("range and bearing", "[sqrt(x[1]^2 + x[2]^2); atan(x[2] / x[1])]", "x: vector(2)", "x", 1, "[x[1] / sqrt(x[1]^2 + x[2]^2), x[2] / sqrt(x[1]^2 + x[2]^2); -x[2] / (x[1]^2 + x[2]^2), x[1] / (x[1]^2 + x[2]^2)]", "Thrun et al. 2005"),
    ("Lotka and Volterra", "[a x[1] - b x[1] x[2]; c x[1] x[2] - d x[2]]", "x: vector(2), a: scalar, b: scalar, c: scalar, d: scalar", "x", 1, "[a - b x[2], -b x[1]; c x[2], c x[1] - d]", "Lotka 1925"),
    # portfolios
    ("mean and variance", "w^T mu - g/2*w^T S w", _PORTFOLIO, "w", 1, "mu - g S w", "Markowitz 1952"),
    ("Sharpe ratio", "(w^T mu - r) / sqrt(w^T S w)", _PORTFOLIO, "w", 1, "(mu - (mu^T w - r) S w / (w^T S w)) / sqrt(w^T S w)", "Sharpe 1966"),
    ("risk contributions", "w .* (S w) / sqrt(w^T S w)", _PORTFOLIO, "w", 1, "(diag(w) S + diag(S w) (I - w w^T S / (w^T S w))) / sqrt(w^T S w)", "Maillard et al. 2010"),
    # nets
    ("first layer", "1/2 ||V relu(W x + b) - y||^2", _NET, "W", 1, "(step(W x + b) .* (V^T (V relu(W x + b) - y))) x^T", "Rumelhart et al."),
    ("bias", "1/2 ||V tanh(W x + b) - y||^2", _NET, "b", 1, "(1 - tanh(W x + b).^2) .* (V^T (V tanh(W x + b) - y))", "Rumelhart et al."),
    ("logits of a net", "logsumexp(V tanh(W x)) - y^T V tanh(W x)", _NET, "V", 1, "(softmax(V tanh(W x)) - y) tanh(W x)^T", "Goodfellow et al. 6"),
    ("bias of a batch", "1/2 ||tanh(X W + ones(n) b^T) - Y||^2", "X: matrix(n, d), W: matrix(d, h), b: vector(h), Y: matrix(n, h)", "b", 1, "((tanh(X W + ones(n) b^T) - Y) .* (1 - tanh(X W + ones(n) b^T).^2))^T ones(n)", "Rumelhart et al."),
    ("gated unit", "v^T (silu(W x) .* (U x))", "v: vector(h), W: matrix(h, d), U: matrix(h, d), x: vector(d)", "U", 1, "(v .* silu(W x)) x^T", "Shazeer 2020"),
    ("attention by values", "tr(G^T softmax(Q K^T / sqrt(d)) V)", "Q: matrix(n, d), K: matrix(m, d), V: matrix(m, p), G: matrix(n, p)", "V", 1, "softmax(Q K^T / sqrt(d))^T G", "Vaswani et al. 2017"),
    ("temperature", "softmax(z / T)", "z: vector(k), T: scalar(positive)", "T", 1, "softmax(z / T) .* (softmax(z / T)^T z - z) / T^2", "Hinton et al. 2015"),
    # kernels
    ("evidence by the noise", "-1/2 y^T (K + s I)^-1 y - 1/2 logdet(K + s I)", "y: vector(n), K: spd(n), s: scalar(positive)", "s", 1, "(y^T (K + s I)^-2 y - tr((K + s I)^-1)) / 2", "Rasmussen & Williams 5.4"),
    ("evidence by the kernel", "-1/2 y^T K^-1 y - 1/2 logdet(K)", "y: vector(n), K: spd(n)", "K", 1, "(K^-1 y y^T K^-1 - K^-1) / 2", "Rasmussen & Williams 5.4"),
    ("length scale", "exp(-||x - y||^2 / (2 l^2))", "x: vector(n), y: vector(n), l: scalar(positive)", "l", 1, "||x - y||^2 exp(-||x - y||^2 / (2 l^2)) / l^3", "Rasmussen & Williams 4.2"),
    ("polynomial kernel", "(x^T y + c)^p", "x: vector(n), y: vector(n), c: scalar, p: scalar", "x", 1, "p (x^T y + c)^(p - 1) y", "Schölkopf & Smola"),
    # ratios, norms, invariants
    ("generalised Rayleigh quotient", "x^T A x / (x^T B x)", "A: symmetric(n), B: spd(n), x: vector(n)", "x", 1, "2 (A x - (x^T A x) B x / (x^T B x)) / (x^T B x)", "Golub & Van Loan 8"),
    ("discriminant analysis", "logdet(W^T A W) - logdet(W^T B W)", "A: spd(n), B: spd(n), W: matrix(n, k)", "W", 1, "2 (A W (W^T A W)^-1 - B W (W^T B W)^-1)", "Fukunaga 10"),
    ("capacity", "logdet(I + S^-1 X W^-1 X^T)", "S: spd(m), W: spd(n), X: matrix(m, n)", "X", 1, "2 (S + X W^-1 X^T)^-1 X W^-1", "Telatar 1999"),
    ("quartic", "||x||^4", "x: vector(n)", "x", 2, "8 x x^T + 4 ||x||^2 I", "well known"),
    ("cone", "sqrt(x^T A x + c)", "x: vector(n), A: symmetric(n), c: scalar(positive)", "x", 2, "(A - A x x^T A / (x^T A x + c)) / sqrt(x^T A x + c)", "well known"),
    ("pencil", "det(a D - C B)", "a: scalar, D: matrix(n, n), C: matrix(n, m), B: matrix(m, n)", "a", 1, "det(a D - C B) tr((a D - C B)^-1 D)", "Jacobi"),
    ("growth", "v*s / (k + s)", "v: scalar, k: scalar, s: scalar", "s", 1, "k v / (k + s)^2", "Michaelis & Menten"),
    ("ridge with numbers", "0.5*||A x - b||^2 + 0.1*||x||^2", "A: matrix(m, n), b: vector(m), x: vector(n)", "x", 1, "A^T (A x - b) + 0.2 x", "decimals as typed"),
    ("Rosenbrock", "(1 - x[1])^2 + 100*(x[2] - x[1]^2)^2", "x: vector(2)", "x", 1, "[2 (x[1] - 1) - 400 x[1] (x[2] - x[1]^2); 200 (x[2] - x[1]^2)]", "Rosenbrock 1960"),
    ("spectral gap", "sqrt(tr(S^2))", "S: symmetric(n)", "S", 1, "S / ||S||_F", "well known"),
)
# fmt: on
