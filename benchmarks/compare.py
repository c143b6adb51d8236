"""Compiled derivatives beside hand-written NumPy and jitted JAX, as ratios of medians in one single-threaded run.

    python benchmarks/compare.py            the whole table, in Markdown
    python benchmarks/compare.py quad net   some rows

Every number is a time divided by that of the hand-written code: below 1 is faster. ``±`` is half the distance between
the quartiles of our own times, as a ratio to their median. Results are compared with the hand-written code before anything is timed.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import argparse
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

import matcalc as mc

Arrays = dict[str, Any]
Function = Callable[..., Any]
rng = np.random.default_rng(0)


@dataclass(frozen=True)
class Case:
    """One row: a scalar function (or, for the inverse, an array), its variable, and the best code we can write by hand.

    Attributes:
        data: arguments for a size.
        jax: the function in terms of ``jax.numpy``, of the arguments in the order of ``data``.
        sizes: of the gradient; those of the Hessian are ``hessian_sizes``.
    """

    name: str
    text: str
    variable: str
    data: Callable[[int], Arrays]
    jax: Function
    gradient: Function
    hessian: Function
    sizes: tuple[int, ...]
    hessian_sizes: tuple[int, ...]


def normal(*shape: int) -> Any:
    return rng.standard_normal(shape)


def spd(n: int) -> Any:
    x = normal(n, n)
    return x @ x.T / n + np.eye(n)


def _sigmoid(u: Any) -> Any:
    return 1 / (1 + np.exp(-u))


def logistic_gradient(A: Any, x: Any, y: Any) -> Any:
    return -(A.T @ (y * _sigmoid(-y * (A @ x))))


def logistic_hessian(A: Any, x: Any, y: Any) -> Any:
    p = _sigmoid(y * (A @ x))
    return (A.T * (p * (1 - p) * y**2)) @ A


def softmax(u: Any) -> Any:
    e = np.exp(u - u.max())
    return e / e.sum()


def logsumexp_hessian(A: Any, x: Any) -> Any:
    p = softmax(A @ x)
    g = A.T @ p
    return (A.T * p) @ A - np.outer(g, g)


def factorisation_hessian(T: Any, U: Any, V: Any) -> Any:
    (m, k), G = U.shape, 2 * V.T @ V
    H = np.zeros((m, k, m, k))
    np.einsum("akal->akl", H)[...] = G
    return H


def precision_hessian(P: Any, S: Any) -> Any:
    Q = np.linalg.inv(P)
    n = len(P)
    H = np.outer(Q, -0.5 * Q).reshape(n, n, n, n)
    return H.transpose(0, 2, 1, 3) + H.transpose(0, 2, 3, 1)


def net_gradient(W2: Any, W1: Any, X: Any, Y: Any) -> Any:
    Z = np.tanh(W1 @ X)
    return (2 * W2.T @ (W2 @ Z - Y) * (1 - Z * Z)) @ X.T


def net_hessian(W2: Any, W1: Any, X: Any, Y: Any) -> Any:
    Z = np.tanh(W1 @ X)
    D = 1 - Z * Z
    (p, n), k = W1.shape, X.shape[1]
    G = 2 * (W2.T @ W2)
    left = (D[:, None, :] * X[None, :, :]).reshape(p * n, k)
    H = (left @ left.T).reshape(p, n, p, n) * G[:, None, :, None]
    curvature = -4 * (W2.T @ (W2 @ Z - Y)) * Z * D
    np.einsum("aiaj->aij", H)[...] += (curvature[:, None, :] * X) @ X.T
    return H


def inverse_jacobian(X: Any) -> Any:
    Q = np.linalg.inv(X)
    return (-Q)[:, None, :, None] * Q.T[None, :, None, :]


def trace_inverse_gradient(A: Any, X: Any, B: Any) -> Any:
    Q = np.linalg.inv(X)
    return -(Q @ (B @ A) @ Q).T


def trace_inverse_hessian(A: Any, X: Any, B: Any) -> Any:
    Q = np.linalg.inv(X)
    M = Q @ B @ A @ Q
    H = M.T[:, None, None, :] * Q[None, :, :, None]
    H += Q.T[:, None, None, :] * M[None, :, :, None]
    return H


def _jnp() -> Any:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    return jnp


# fmt: off
CASES = (
    Case("quad", "x^T A x where A: matrix(n, n), x: vector(n)", "x",
         lambda n: {"A": normal(n, n), "x": normal(n)},
         lambda A, x: x @ A @ x,
         lambda A, x: A @ x + x @ A,
         lambda A, x: A + A.T,
         (5, 100, 1000), (5, 100, 1000)),
    Case("ridge", "||A x - b||^2 + s ||x||^2 where A: matrix(m, n), x: vector(n), b: vector(m), s: scalar", "x",
         lambda n: {"A": normal(4 * n, n), "x": normal(n), "b": normal(4 * n), "s": 0.3},
         lambda A, x, b, s: _jnp().sum((A @ x - b) ** 2) + s * _jnp().sum(x * x),
         lambda A, x, b, s: 2 * (A.T @ (A @ x - b) + s * x),
         lambda A, x, b, s: 2 * (A.T @ A + s * np.eye(len(x))),
         (5, 100, 1000), (5, 50, 300)),
    Case("logistic", "sum(softplus(-(y .* (A x)))) where A: matrix(m, n), x: vector(n), y: vector(m)", "x",
         lambda n: {"A": normal(4 * n, n), "x": normal(n) / n, "y": np.sign(normal(4 * n))},
         lambda A, x, y: _jnp().sum(_jnp().logaddexp(0, -y * (A @ x))),
         logistic_gradient, logistic_hessian,
         (5, 100, 1000), (5, 50, 300)),
    Case("factorisation", "||T - U V^T||_F^2 where T: matrix(m, n), U: matrix(m, k), V: matrix(n, k)", "U",
         lambda n: {"T": normal(n, n), "U": normal(n, max(n // 10, 2)), "V": normal(n, max(n // 10, 2))},
         lambda T, U, V: _jnp().sum((T - U @ V.T) ** 2),
         lambda T, U, V: 2 * (U @ (V.T @ V) - T @ V),
         factorisation_hessian,
         (10, 100, 1000), (10, 30, 100)),
    Case("precision", "tr(S P) - logdet(P) where P: spd(n), S: symmetric(n)", "P",
         lambda n: {"P": spd(n), "S": spd(n)},
         lambda P, S: _jnp().sum(S * P) - _jnp().linalg.slogdet((P + P.T) / 2)[1],
         lambda P, S: S - np.linalg.inv(P),
         lambda P, S: -precision_hessian(P, S),
         (5, 50, 300), (5, 15, 40)),
    Case("logsumexp", "logsumexp(A x) where A: matrix(m, n), x: vector(n)", "x",
         lambda n: {"A": normal(4 * n, n), "x": normal(n)},
         lambda A, x: __import__("jax").nn.logsumexp(A @ x),
         lambda A, x: A.T @ softmax(A @ x),
         logsumexp_hessian,
         (5, 100, 1000), (5, 50, 300)),
    Case("net", "||W2 tanh(W1 X) - Y||_F^2 where W2: matrix(q, p), W1: matrix(p, n), X: matrix(n, k), Y: matrix(q, k)", "W1",
         lambda n: {"W2": normal(n, n), "W1": normal(n, n) / n, "X": normal(n, n), "Y": normal(n, n)},
         lambda W2, W1, X, Y: _jnp().sum((W2 @ _jnp().tanh(W1 @ X) - Y) ** 2),
         net_gradient, net_hessian,
         (5, 100, 500), (5, 15, 30)),
    Case("d inv(X)", "X^-1 where X: matrix(n, n)", "X",
         lambda n: {"X": spd(n)},
         lambda X: _jnp().linalg.inv(X),
         inverse_jacobian, inverse_jacobian,
         (5, 15, 40), ()),
    Case("tr(A inv(X) B)", "tr(A X^-1 B) where A: matrix(n, n), X: matrix(n, n), B: matrix(n, n)", "X",
         lambda n: {"A": normal(n, n), "X": spd(n), "B": normal(n, n)},
         lambda A, X, B: _jnp().trace(A @ _jnp().linalg.inv(X) @ B),
         trace_inverse_gradient, trace_inverse_hessian,
         (5, 50, 300), (5, 15, 40)),
)
# fmt: on


def timed(call: Callable[[], Any], budget: float) -> list[float]:
    """Times of single calls, after one call to warm up."""
    call()
    started = time.perf_counter()
    call()
    once = time.perf_counter() - started
    inner = max(1, int(2e-4 / max(once, 1e-7)))
    rounds = max(5, min(200, int(budget / max(once * inner, 1e-7))))
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(inner):
            call()
        times.append((time.perf_counter() - started) / inner)
    return times


def jitted(case: Case, order: int, data: Arrays) -> Callable[[], Any]:
    import jax

    _jnp()
    place = list(data).index(case.variable)
    if order == 2:
        derivative = jax.hessian(case.jax, argnums=place)
    elif case.name == "d inv(X)":
        derivative = jax.jacobian(case.jax, argnums=place)
    else:
        derivative = jax.grad(case.jax, argnums=place)
    function = jax.jit(derivative)
    arrays = [jax.numpy.asarray(x) for x in data.values()]
    return lambda: function(*arrays).block_until_ready()


@dataclass(frozen=True)
class Result:
    """Seconds of the hand-written code, and ratios to it."""

    case: str
    what: str
    size: int
    hand: float
    ours: float
    spread: float
    jax: float | None
    derivation: float
    compilation: float


def measure(case: Case, order: int, size: int, budget: float, with_jax: bool) -> Result:
    """One cell of the table; the results have to agree first."""
    data = case.data(size)
    started = time.perf_counter()
    derivative = mc.derivative(case.text, *[case.variable] * order)
    derived = time.perf_counter()
    fn = mc.compile(derivative)
    compiled = time.perf_counter()
    hand = case.gradient if order == 1 else case.hessian
    wanted = hand(**data)
    np.testing.assert_allclose(fn(**data), wanted, rtol=1e-6, atol=1e-6 * float(np.abs(wanted).max()))
    by_hand = statistics.median(timed(lambda: hand(**data), budget))
    times = timed(lambda: fn(**data), budget)
    quartiles = statistics.quantiles(times, n=4)
    jax_time = statistics.median(timed(jitted(case, order, data), budget)) if with_jax else None
    return Result(
        case.name,
        "gradient" if order == 1 else "Hessian",
        size,
        by_hand,
        statistics.median(times) / by_hand,
        (quartiles[2] - quartiles[0]) / 2 / statistics.median(times),
        jax_time / by_hand if jax_time is not None else None,
        derived - started,
        compiled - derived,
    )


def table(results: Iterable[Result]) -> str:
    """Markdown, with geometric means at the end."""
    rows = list(results)
    lines = [
        "| function | derivative | n | hand-written | matcalc | ± | JAX | derivation | compilation |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for r in rows:
        jax = f"{r.jax:.2f}" if r.jax is not None else ""
        lines.append(
            f"| {r.case} | {r.what} | {r.size} | {r.hand * 1e6:,.1f} µs | {r.ours:.2f} | {r.spread:.2f} | {jax} "
            f"| {r.derivation * 1e3:.0f} ms | {r.compilation * 1e3:.0f} ms |"
        )
    for what in dict.fromkeys(r.what for r in rows):
        ours = statistics.geometric_mean(r.ours for r in rows if r.what == what)
        peers = [r.jax for r in rows if r.what == what and r.jax is not None]
        mean = f"{statistics.geometric_mean(peers):.2f}" if peers else ""
        lines.append(f"| **geometric mean** | {what} | | | {ours:.2f} | | {mean} | | |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("cases", nargs="*", help="names of rows")
    parser.add_argument("--budget", type=float, default=0.2, help="seconds for each measurement")
    parser.add_argument("--no-jax", action="store_true")
    options = parser.parse_args()
    chosen = [c for c in CASES if not options.cases or c.name in options.cases]
    results = []
    for case in chosen:
        for order, sizes in ((1, case.sizes), (2, case.hessian_sizes)):
            results += [measure(case, order, n, options.budget, not options.no_jax) for n in sizes]
    print(table(results))


if __name__ == "__main__":
    main()
