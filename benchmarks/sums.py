"""Code for sums over indices beside hand-written NumPy and jitted JAX: value and gradients in one call.

    python benchmarks/sums.py              all workloads, in Markdown
    python benchmarks/sums.py mixture NCA  some of them

The figures are ratios of processor times to those of the hand-written code in the same rounds, as in `compare.py`: below 1 is
faster. Results are compared with the hand-written code before anything is timed; `largest` is the largest array of the plan, by its axes.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import compare  # sets the number of threads before NumPy is loaded
import numpy as np

import matcalc as mc

Arrays = dict[str, Any]
rng = np.random.default_rng(0)


@dataclass(frozen=True)
class Sum:
    """A workload: the text, the variables of its gradients, data for a size, and the value with these gradients by hand."""

    name: str
    text: str
    wrt: tuple[str, ...]
    data: Callable[[int], Arrays]
    hand: Callable[..., tuple[Any, ...]]
    jax: Callable[..., Any]
    sizes: tuple[int, ...] = (30, 300)


def normal(*shape: int) -> Any:
    return rng.standard_normal(shape)


def positive(*shape: int) -> Any:
    return rng.uniform(0.5, 1.5, shape)


def definite(n: int) -> Any:
    a = normal(n, n)
    return a @ a.T / n + np.eye(n)


# --- by hand --------------------------------------------------------------------------------------------


def squared_distances(X: Any, Y: Any) -> Any:
    return (X * X).sum(1)[:, None] + (Y * Y).sum(1) - 2 * X @ Y.T


def mixture(pi: Any, X: Any, mu: Any, P: Any) -> tuple[Any, ...]:
    """-sum_n log sum_k pi_k |P|^(1/2) exp(-(x_n - mu_k)^T P (x_n - mu_k) / 2) and gradients by pi, mu and P."""
    L = np.linalg.cholesky(P)
    quadratic = squared_distances(X @ L, mu @ L)
    logs = np.log(pi) - quadratic / 2
    top = logs.max(1, keepdims=True)
    e = np.exp(logs - top)
    total = e.sum(1, keepdims=True)
    r = e / total
    counts = r.sum(0)
    weighted = r.T @ X
    value = -((top + np.log(total)).sum() + len(X) * np.log(np.diag(L)).sum())
    scatter = (X.T @ X) - weighted.T @ mu - mu.T @ weighted + (mu.T * counts) @ mu
    by_p = (scatter - len(X) * np.linalg.inv(P)) / 2
    return value, -counts / pi, (counts[:, None] * mu - weighted) @ P, by_p


def nca(A: Any, X: Any, y: Any) -> tuple[Any, ...]:
    Z = X @ A.T
    u = -squared_distances(Z, Z)
    np.fill_diagonal(u, -np.inf)
    e = np.exp(u - u.max(1, keepdims=True))
    q = e / e.sum(1, keepdims=True)
    hits = q * y
    p = hits.sum(1)
    G = hits - q * p[:, None]
    G = G + G.T
    return p.sum(), -2 * ((G.sum(1)[:, None] * Z - G @ Z).T @ X)


def tsne(p: Any, Y: Any) -> tuple[Any, ...]:
    q = 1 / (1 + squared_distances(Y, Y))
    np.fill_diagonal(q, 0)
    Z = q.sum()
    np.fill_diagonal(q, 1)
    value = -(p * np.log(q)).sum() + p.sum() * np.log(Z)
    np.fill_diagonal(q, 0)
    G = (p + p.T) * q - 2 * p.sum() / Z * q * q
    return value, 2 * (G.sum(1)[:, None] * Y - G @ Y)


def factorisation(Omega: Any, r: Any, U: Any, V: Any, lambda_: Any) -> tuple[Any, ...]:
    e = r - U @ V.T
    G = Omega * e
    value = (G * e).sum() + lambda_ * ((U * U).sum() + (V * V).sum())
    return value, 2 * (lambda_ * U - G @ V), 2 * (lambda_ * V - G.T @ U)


def bradley_terry(w: Any, beta: Any) -> tuple[Any, ...]:
    d = beta[:, None] - beta
    e = np.exp(-np.abs(d))
    value = (w * (np.minimum(d, 0) - np.log1p(e))).sum()
    G = w * np.where(d > 0, e, 1) / (1 + e)
    return value, G.sum(1) - G.sum(0)


def regulator(X: Any, Q: Any, U: Any, R: Any, F: Any, A: Any, B: Any, rho: Any) -> tuple[Any, ...]:
    e = X[1:] - X[:-1] @ A.T - U @ B.T
    XQ, UR, e2 = X[:-1] @ Q, U @ R, 2 * rho * e
    last = F @ X[-1]
    value = (XQ * X[:-1]).sum() + (UR * U).sum() + X[-1] @ last + rho * (e * e).sum()
    G = np.empty_like(X)
    G[:-1] = XQ + X[:-1] @ Q.T - e2 @ A
    G[-1] = last + F.T @ X[-1]
    G[1:] += e2
    return value, G, UR + U @ R.T - e2 @ B


def tasks(Y: Any, W: Any, X: Any, w_0: Any, lambda_: Any) -> tuple[Any, ...]:
    e, d = Y - X @ W.T, W - w_0
    value = (e * e).sum() + lambda_ * (d * d).sum()
    return value, 2 * (lambda_ * d - e.T @ X), -2 * lambda_ * d.sum(0)


def kernel_machine(y: Any, alpha: Any, gamma: Any, X: Any, lambda_: Any) -> tuple[Any, ...]:
    D = squared_distances(X, X)
    K = np.exp(-gamma * D)
    Ka = K @ alpha
    e = y - Ka
    v = lambda_ * alpha - 2 * e
    by_gamma = -(v @ ((K * D) @ alpha))
    return e @ e + lambda_ * alpha @ Ka, K @ (2 * lambda_ * alpha - 2 * e), by_gamma


def laplacian(w: Any, F: Any) -> tuple[Any, ...]:
    s = w + w.T
    G = s.sum(1)[:, None] * F - s @ F
    return (G * F).sum(), 2 * G


def bilinear(T: Any, X: Any, Y: Any, Z: Any) -> tuple[Any, ...]:
    n, m, k = T.shape
    TZ = (T.reshape(n * m, k) @ Z.T).reshape(n, m, len(Z))
    by_x = np.matmul(TZ.transpose(2, 0, 1), Y[:, :, None])[..., 0]
    by_y = np.matmul(X[:, None], TZ.transpose(2, 0, 1))[:, 0]
    return (by_x * X).sum(), by_x, by_y


def attention(Q: Any, K: Any, V: Any, Y: Any) -> tuple[Any, ...]:
    u = Q @ K.T
    e = np.exp(u - u.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    d = p @ V - Y
    G = 2 * d @ V.T
    S = p * (G - (G * p).sum(1, keepdims=True))
    return (d * d).sum(), S @ K, S.T @ Q, 2 * p.T @ d


def softmax_regression(t: Any, W: Any, X: Any) -> tuple[Any, ...]:
    u = X @ W.T
    u -= u.max(1, keepdims=True)
    e = np.exp(u)
    s = e.sum(1, keepdims=True)
    p = e / s * t.sum(1, keepdims=True) - t
    return -(t * (u - np.log(s))).sum(), p.T @ X


# --- in JAX ---------------------------------------------------------------------------------------------


def in_jax() -> dict[str, Callable[..., Any]]:
    """The values as one writes them in JAX."""
    import jax
    import jax.numpy as jnp
    from jax.nn import log_sigmoid, log_softmax, logsumexp, softmax

    jax.config.update("jax_enable_x64", True)

    def d2(X: Any, Y: Any) -> Any:
        return (X * X).sum(1)[:, None] + (Y * Y).sum(1) - 2 * X @ Y.T

    def mixture(pi: Any, X: Any, mu: Any, P: Any) -> Any:
        L = jnp.linalg.cholesky((P + P.T) / 2)
        return -(logsumexp(jnp.log(pi) - d2(X @ L, mu @ L) / 2, 1).sum() + len(X) * jnp.log(jnp.diag(L)).sum())

    def nca(A: Any, X: Any, y: Any) -> Any:
        Z = X @ A.T
        return (y * softmax(jnp.where(jnp.eye(len(X)) > 0, -jnp.inf, -d2(Z, Z)), 1)).sum()

    def tsne(p: Any, Y: Any) -> Any:
        D = 1 + d2(Y, Y)
        Z = (1 / D).sum() - len(Y)
        return (p * jnp.log(D)).sum() + p.sum() * jnp.log(Z)

    def regulator(X: Any, Q: Any, U: Any, R: Any, F: Any, A: Any, B: Any, rho: Any) -> Any:
        e = X[1:] - X[:-1] @ A.T - U @ B.T
        return ((X[:-1] @ Q) * X[:-1]).sum() + ((U @ R) * U).sum() + X[-1] @ F @ X[-1] + rho * (e * e).sum()

    def kernel_machine(y: Any, alpha: Any, gamma: Any, X: Any, lambda_: Any) -> Any:
        Ka = jnp.exp(-gamma * d2(X, X)) @ alpha
        return ((y - Ka) ** 2).sum() + lambda_ * alpha @ Ka

    return {
        "mixture": mixture,
        "NCA": nca,
        "t-SNE": tsne,
        "factorisation": lambda Omega, r, U, V, lambda_: (
            (Omega * (r - U @ V.T) ** 2).sum() + lambda_ * ((U * U).sum() + (V * V).sum())
        ),
        "Bradley-Terry": lambda w, beta: (w * log_sigmoid(beta[:, None] - beta)).sum(),
        "regulator": regulator,
        "tasks": lambda Y, W, X, w_0, lambda_: ((Y - X @ W.T) ** 2).sum() + lambda_ * ((W - w_0) ** 2).sum(),
        "kernel machine": kernel_machine,
        "Laplacian": lambda w, F: (w * d2(F, F)).sum(),
        "bilinear forms": lambda T, X, Y, Z: jnp.einsum("ijk,bi,bj,bk->", T, X, Y, Z),
        "attention": lambda Q, K, V, Y: ((softmax(Q @ K.T, 1) @ V - Y) ** 2).sum(),
        "softmax regression": lambda t, W, X: -(t * log_softmax(X @ W.T, 1)).sum(),
    }


def of(name: str) -> Callable[..., Any]:
    return in_jax()[name]


# fmt: off
SUMS = (
    Sum("mixture", r"-\sum_{n=1}^N \log\sum_{k=1}^K \pi_k |P|^{1/2}\exp(-\frac12 (x_n-\mu_k)^\top P (x_n-\mu_k)) where P: spd(d)", ("pi", "mu", "P"),
        lambda n: {"pi": positive(10), "X": normal(10 * n, 8), "mu": normal(10, 8), "P": definite(8)}, mixture, lambda: of("mixture")),
    Sum("NCA", r"\sum_i\sum_{j\ne i} y_{ij}\frac{\exp(-\|Ax_i - Ax_j\|^2)}{\sum_{k\neq i}\exp(-\|Ax_i-Ax_k\|^2)} where A: matrix(k, d)", ("A",),
        lambda n: {"A": normal(5, 20) / 5, "X": normal(n, 20), "y": 1.0 * (normal(n, n) > 0) * (1 - np.eye(n))}, nca, lambda: of("NCA")),
    Sum("t-SNE", r"\sum_{i,j} p_{ij}\log(1+\|y_i-y_j\|^2) + \sum_{i,j} p_{ij}\log\sum_{k\neq l}(1+\|y_k-y_l\|^2)^{-1}", ("y",),
        lambda n: {"p": positive(n, n) * (1 - np.eye(n)) / n**2, "Y": normal(n, 2)}, tsne, lambda: of("t-SNE")),
    Sum("factorisation", r"\sum_{(i,j)\in\Omega}(r_{ij} - u_i^\top v_j)^2 + \lambda(\sum_i\|u_i\|^2 + \sum_j\|v_j\|^2)", ("u", "v"),
        lambda n: {"Omega": 1.0 * (normal(n, 2 * n) > 0), "r": normal(n, 2 * n), "U": normal(n, 10), "V": normal(2 * n, 10), "lambda_": np.array(0.1)}, factorisation, lambda: of("factorisation")),
    Sum("Bradley-Terry", r"\sum_{i,j} w_{ij}\log\sigma(\beta_i - \beta_j)", ("beta",),
        lambda n: {"w": positive(n, n), "beta": normal(n)}, bradley_terry, lambda: of("Bradley-Terry")),
    Sum("regulator", r"\sum_{t=0}^{T-1}(x_t^\top Q x_t + u_t^\top R u_t) + x_T^\top F x_T + \rho\sum_{t=0}^{T-1}\|x_{t+1} - A x_t - B u_t\|^2", ("x", "u"),
        lambda n: {"X": normal(n + 1, 12), "Q": normal(12, 12), "U": normal(n, 4), "R": normal(4, 4), "F": normal(12, 12), "A": normal(12, 12), "B": normal(12, 4), "rho": np.array(2.0)}, regulator, lambda: of("regulator")),
    Sum("tasks", r"\sum_{k=1}^K\sum_{i=1}^n (y_{ik} - w_k^\top x_i)^2 + \lambda\sum_{k=1}^K\|w_k - w_0\|^2 where w_0: vector(d)", ("w", "w_0"),
        lambda n: {"y": normal(10 * n, 6), "W": normal(6, 12), "X": normal(10 * n, 12), "w_0": normal(12), "lambda_": np.array(0.3)},
        lambda y, W, X, w_0, lambda_: tasks(y, W, X, w_0, lambda_), lambda: lambda y, W, X, w_0, lambda_: of("tasks")(y, W, X, w_0, lambda_)),
    Sum("kernel machine", r"\sum_{i=1}^n(y_i - \sum_{j=1}^n\alpha_j e^{-\gamma\|x_i-x_j\|^2})^2 + \lambda\sum_{i,j}\alpha_i\alpha_j e^{-\gamma\|x_i-x_j\|^2}", ("alpha", "gamma"),
        lambda n: {"y": normal(n), "alpha": normal(n), "gamma": np.array(0.1), "X": normal(n, 8), "lambda_": np.array(0.3)}, kernel_machine, lambda: of("kernel machine")),
    Sum("Laplacian", r"\sum_{i,j} w_{ij}\|f_i - f_j\|^2", ("f",),
        lambda n: {"w": positive(n, n), "F": normal(n, 6)}, laplacian, lambda: of("Laplacian")),
    Sum("bilinear forms", r"\sum_{b=1}^N\sum_{i,j,k} T_{ijk} x_{bi} y_{bj} z_{bk}", ("x", "y"),
        lambda n: {"T": normal(10, 12, 8), "x": normal(n, 10), "y": normal(n, 12), "z": normal(n, 8)},
        lambda T, x, y, z: bilinear(T, x, y, z), lambda: lambda T, x, y, z: of("bilinear forms")(T, x, y, z)),
    Sum("attention", r"\sum_{i=1}^n\|\sum_{j=1}^m\frac{e^{q_i^\top k_j}}{\sum_{l=1}^m e^{q_i^\top k_l}} v_j - y_i\|^2 where q_i: vector(d), k_j: vector(d)", ("q", "k", "v"),
        lambda n: {"Q": normal(n, 16) / 4, "K": normal(n + 5, 16), "V": normal(n + 5, 8), "Y": normal(n, 8)}, attention, lambda: of("attention")),
    Sum("softmax regression", r"-\sum_{n=1}^N\sum_{k=1}^K t_{nk}\log\frac{\exp(w_k^\top x_n)}{\sum_j\exp(w_j^\top x_n)}", ("w",),
        lambda n: {"t": positive(10 * n, 8), "W": normal(8, 20), "X": normal(10 * n, 20)}, softmax_regression, lambda: of("softmax regression")),
)
# fmt: on


def measured(case: Sum, size: int, budget: float, with_jax: bool) -> str:
    """A line of the table: the time by hand, and ratios to it."""
    data = case.data(size)
    f = mc.parse(case.text)
    names = [next(n for n in f.declarations if n.casefold() == w.casefold()) for w in case.wrt]
    function = mc.compile([f, *(mc.gradient(f, n) for n in names)], target="numpy")
    calls: dict[str, Callable[[], Any]] = {"hand": lambda: case.hand(**data), "matcalc": lambda: function(**data)}
    for found, wanted in zip(calls["matcalc"](), calls["hand"](), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-8 * np.abs(wanted).max(), err_msg=case.name)
    if with_jax:
        calls["JAX"] = jitted(case, names, data)
    times = compare.rounds(calls, budget)
    ratios = [
        statistics.median(t / h for t, h in zip(times[c], times["hand"], strict=True)) for c in calls if c != "hand"
    ]
    by_hand = f"{statistics.median(times['hand']) * 1e6:,.0f} µs"
    return f"| {case.name} | {size} | {by_hand} | {' | '.join(map(compare.shown, ratios))} | {largest(function)} |"


def jitted(case: Sum, names: list[str], data: Arrays) -> Callable[[], Any]:
    import jax

    value = case.jax()
    places = [list(data).index(n) for n in names]
    keys = list(data)
    function = jax.jit(jax.value_and_grad(lambda *a: value(**dict(zip(keys, a, strict=True))), argnums=tuple(places)))
    arrays = [jax.numpy.asarray(x) for x in data.values()]
    return lambda: jax.block_until_ready(function(*arrays))


def largest(function: Any) -> int:
    """The axes of the largest array of the plan."""
    from matcalc.compiling.planning.program import needed

    return max(value.rank for value in needed(function._plan))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("cases", nargs="*", help="names of workloads")
    parser.add_argument("--budget", type=float, default=0.2, help="seconds for each measurement")
    parser.add_argument("--no-jax", action="store_true", help="without JAX")
    options = parser.parse_args()
    print("| sum | size | by hand | matcalc |" + ("" if options.no_jax else " JAX |") + " largest |")
    print("|---|--:|--:|--:|" + ("" if options.no_jax else "--:|") + "--:|")
    for case in SUMS:
        if not options.cases or case.name in options.cases:
            for size in case.sizes:
                print(measured(case, size, options.budget, not options.no_jax), flush=True)


if __name__ == "__main__":
    main()
