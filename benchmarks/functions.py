"""The functions of the benchmark: each in matcalc's language, in terms of a library's operations, and by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["CASES", "Case"]

Arrays = dict[str, Any]
Function = Callable[..., Any]
rng = np.random.default_rng(0)


@dataclass(frozen=True)
class Case:
    """One row: a scalar function (or, for the inverse, an array), its variable, and the best code we can write by hand.

    Attributes:
        data: arguments for a size.
        value: the function in terms of a library's ``sum tanh softplus slogdet inv trace logsumexp``.
        sympy: the function in SymPy's matrix expressions, where they can say it; vectors are columns.
        sizes: of the gradient; those of the Hessian are ``hessian_sizes``.
    """

    name: str
    text: str
    variable: str
    data: Callable[[int], Arrays]
    value: Function
    gradient: Function
    hessian: Function
    sizes: tuple[int, ...]
    hessian_sizes: tuple[int, ...]
    sympy: Function | None = None


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


# fmt: off
CASES = (
    Case("quad", "x^T A x where A: matrix(n, n), x: vector(n)", "x",
         lambda n: {"A": normal(n, n), "x": normal(n)},
         lambda o, A, x: x @ A @ x,
         lambda A, x: A @ x + x @ A,
         lambda A, x: A + A.T,
         (5, 100, 1000), (5, 100, 1000), lambda o, A, x: x.T * A * x),
    Case("ridge", "||A x - b||^2 + s ||x||^2 where A: matrix(m, n), x: vector(n), b: vector(m), s: scalar", "x",
         lambda n: {"A": normal(4 * n, n), "x": normal(n), "b": normal(4 * n), "s": 0.3},
         lambda o, A, x, b, s: o.sum((A @ x - b) ** 2) + s * o.sum(x * x),
         lambda A, x, b, s: 2 * (A.T @ (A @ x - b) + s * x),
         lambda A, x, b, s: 2 * (A.T @ A + s * np.eye(len(x))),
         (5, 100, 1000), (5, 50, 300), lambda o, A, x, b, s: (A * x - b).T * (A * x - b) + s * x.T * x),
    Case("logistic", "sum(softplus(-(y .* (A x)))) where A: matrix(m, n), x: vector(n), y: vector(m)", "x",
         lambda n: {"A": normal(4 * n, n), "x": normal(n) / n, "y": np.sign(normal(4 * n))},
         lambda o, A, x, y: o.sum(o.softplus(-y * (A @ x))),
         logistic_gradient, logistic_hessian,
         (5, 100, 1000), (5, 50, 300)),
    Case("factorisation", "||T - U V^T||_F^2 where T: matrix(m, n), U: matrix(m, k), V: matrix(n, k)", "U",
         lambda n: {"T": normal(n, n), "U": normal(n, max(n // 10, 2)), "V": normal(n, max(n // 10, 2))},
         lambda o, T, U, V: o.sum((T - U @ V.T) ** 2),
         lambda T, U, V: 2 * (U @ (V.T @ V) - T @ V),
         factorisation_hessian,
         (10, 100, 1000), (10, 30, 100), lambda o, T, U, V: o.Trace((T - U * V.T).T * (T - U * V.T))),
    Case("precision", "tr(S P) - logdet(P) where P: spd(n), S: symmetric(n)", "P",
         lambda n: {"P": spd(n), "S": spd(n)},
         lambda o, P, S: o.sum(S * P) - o.slogdet((P + P.T) / 2)[1],
         lambda P, S: S - np.linalg.inv(P),
         lambda P, S: -precision_hessian(P, S),
         (5, 50, 300), (5, 15, 40)),
    Case("logsumexp", "logsumexp(A x) where A: matrix(m, n), x: vector(n)", "x",
         lambda n: {"A": normal(4 * n, n), "x": normal(n)},
         lambda o, A, x: o.logsumexp(A @ x),
         lambda A, x: A.T @ softmax(A @ x),
         logsumexp_hessian,
         (5, 100, 1000), (5, 50, 300)),
    Case("net", "||W2 tanh(W1 X) - Y||_F^2 where W2: matrix(q, p), W1: matrix(p, n), X: matrix(n, k), Y: matrix(q, k)", "W1",
         lambda n: {"W2": normal(n, n), "W1": normal(n, n) / n, "X": normal(n, n), "Y": normal(n, n)},
         lambda o, W2, W1, X, Y: o.sum((W2 @ o.tanh(W1 @ X) - Y) ** 2),
         net_gradient, net_hessian,
         (5, 100, 500), (5, 15, 30)),
    Case("d inv(X)", "X^-1 where X: matrix(n, n)", "X",
         lambda n: {"X": spd(n)},
         lambda o, X: o.inv(X),
         inverse_jacobian, inverse_jacobian,
         (5, 15, 40), ()),
    Case("tr(A inv(X) B)", "tr(A X^-1 B) where A: matrix(n, n), X: matrix(n, n), B: matrix(n, n)", "X",
         lambda n: {"A": normal(n, n), "X": spd(n), "B": normal(n, n)},
         lambda o, A, X, B: o.trace(A @ o.inv(X) @ B),
         trace_inverse_gradient, trace_inverse_hessian,
         (5, 50, 300), (5, 15, 40), lambda o, A, X, B: o.Trace(A * X.I * B)),
)
# fmt: on
