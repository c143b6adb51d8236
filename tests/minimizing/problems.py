"""Problems with their least value from another route: a solver for that problem alone, or a dual problem.

A row makes data and says what is asked; ``known`` computes the optimum without anything of this package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import brentq, nnls

__all__ = ["PROBLEMS", "Problem"]

Data = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """A question to `minimize`, the data of a size, and the optimum; by ``gap`` a lower bound at what was found."""

    name: str
    f: str
    wrt: str | list[str]
    data: Callable[[int], Data]
    known: Callable[[Data, Any], float]
    where: str = ""
    subject_to: tuple[str, ...] = ()
    bounds: Any = None
    start: Callable[[Data], Any] = field(default=lambda data: None)


def _regression(size: int) -> Data:
    rng = np.random.default_rng(size)
    A = rng.standard_normal((4 * size, size))
    return {"A": A, "b": A @ np.maximum(rng.standard_normal(size), 0) + 0.3 * rng.standard_normal(4 * size)}


def _by_active_set(data: Data, x: Any) -> float:
    """SciPy's solver for non-negative least squares [Lawson & Hanson 1974]."""
    return float(nnls(data["A"], data["b"])[1] ** 2)


def _classes(size: int) -> Data:
    rng = np.random.default_rng(size + 1)
    X = rng.standard_normal((4 * size, size))
    y = (X[:, 0] + 0.5 * rng.standard_normal(4 * size) > 0) * 1.0
    return {"X": X, "y": y, "k": 2.0}


def _logistic_dual(data: Data, x: Any) -> float:
    """The dual value at the scaled residuals: no f is below it [Koh, Kim & Boyd 2007]."""
    X, y, k = data["X"], data["y"], data["k"]
    w = x["u"] - x["v"]
    residual = 1 / (1 + np.exp(-(X @ w))) - y
    residual = residual * min(1.0, k / np.abs(X.T @ residual).max())
    share = np.clip(residual + y, 1e-300, 1 - 1e-16)
    return float(-np.sum(share * np.log(share) + (1 - share) * np.log1p(-share)))


def _machine(size: int) -> Data:
    rng = np.random.default_rng(size + 2)
    X = rng.standard_normal((2 * size, size))
    y = np.sign(X[:, 0] + rng.standard_normal(2 * size))
    return {"Q": (X @ X.T + 0.1 * np.eye(2 * size)) * np.outer(y, y), "y": y}


def _margin(data: Data, x: Any) -> float:
    """The Lagrange dual at the multiplier that balances it best: the primal value of the support vector machine."""
    Q, y = data["Q"], data["y"]
    slopes = 1 - Q @ x

    def bound(shift: float) -> float:
        return float(-x @ Q @ x / 2 - np.sum(np.maximum(slopes + shift * y, 0)))

    return max(bound(s) for s in [0.0, *(-slopes / y)])


def _assets(size: int) -> Data:
    rng = np.random.default_rng(size + 3)
    R = rng.standard_normal((3 * size, size))
    m = rng.random(size)
    return {"S": R.T @ R / (3 * size), "m": m, "r": float(np.quantile(m, 0.7))}


def _frontier(data: Data, x: Any) -> float:
    """The dual bound with the multipliers by least squares at the positive weights; the largest of several."""
    S, m, r = data["S"], data["m"], data["r"]
    held = x > 1e-9
    rows = np.stack([np.ones(held.sum()), m[held]], axis=1)
    a, b = np.linalg.lstsq(rows, 2 * (S @ x)[held], rcond=None)[0]
    b = max(b, 0.0)
    a = float(np.min(2 * S @ x - b * m))  # so that no entry of the reduced gradient is negative
    return float(-x @ S @ x + a + b * r)


def _elastic(size: int) -> Data:
    return {**_regression(size), "k": 3.0, "l": 0.5}


def _by_coordinates(data: Data, x: Any) -> float:
    """Coordinate descent with soft thresholds [Friedman, Hastie & Tibshirani 2010]."""
    A, b, k, ridge = (data[n] for n in "Abkl")
    w = np.zeros(A.shape[1])
    sizes = np.sum(A * A, axis=0)
    for _ in range(2000):
        for j in range(len(w)):
            pull = A[:, j] @ (b - A @ w) + sizes[j] * w[j]
            w[j] = np.sign(pull) * max(abs(pull) - k, 0) / (sizes[j] + ridge)
    return float(np.sum((A @ w - b) ** 2) / 2 + k * np.abs(w).sum() + ridge * w @ w / 2)


def _product(size: int) -> Data:
    rng = np.random.default_rng(size + 4)
    return {"X": rng.random((2 * size, 3)) @ rng.random((3, size))}


def _covariance(size: int) -> Data:
    rng = np.random.default_rng(size + 5)
    R = rng.standard_normal((3 * size, size))
    return {"C": R.T @ R / size, "c": 2.0 * size}


def _by_eigenvalues(data: Data, x: Any) -> float:
    """Both matrices share their eigenvectors: numbers s with log s + c / s, and one multiplier for their sum."""
    c = np.linalg.eigvalsh(data["C"])

    def values(t: float) -> Any:
        """1/s - c/s^2 + t = 0, the root that is a minimum"""
        return 2 * c / (1 + np.sqrt(1 + 4 * t * c))

    t = brentq(lambda t: values(t).sum() - data["c"], -1 / (4 * c.max()) + 1e-12, 1e6, xtol=1e-14)
    s = values(t)
    return float(np.sum(np.log(s) + c / s))


PROBLEMS = (
    Problem("non-negative least squares", "||A x - b||^2", "x", _regression, _by_active_set, bounds=(0, None)),
    Problem(
        "L1 logistic regression",
        "sum(log(1 + exp(X (u - v)))) - y^T X (u - v) + k (sum(u) + sum(v))",
        ["u", "v"],
        _classes,
        _logistic_dual,
        "X: matrix(m, n), k: scalar(positive)",
        ("u >= 0", "v >= 0"),
    ),
    Problem(
        "dual of a support vector machine",
        "x^T Q x / 2 - sum(x)",
        "x",
        _machine,
        _margin,
        "Q: spd(n), y: vector(n)",
        ("y^T x = 0",),
        (0, 1),
    ),
    Problem(
        "portfolio",
        "w^T S w",
        "w",
        _assets,
        _frontier,
        "S: spd(n), m: vector(n), r: scalar",
        ("sum(w) = 1", "m^T w >= r", "w >= 0"),
    ),
    Problem(
        "elastic net",
        "||A (u - v) - b||^2 / 2 + k (sum(u) + sum(v)) + l ||u - v||^2 / 2",
        ["u", "v"],
        _elastic,
        _by_coordinates,
        "A: matrix(m, n), k: scalar(positive), l: scalar(positive)",
        ("u >= 0", "v >= 0"),
    ),
    Problem(
        "non-negative factorisation",
        "||X - U V||_F^2",
        ["U", "V"],
        lambda size: {**_product(size), "k": 3},
        lambda data, x: 0.0,
        "U: matrix(m, k)",
        ("U >= 0", "V >= 0"),
    ),
    Problem(
        "covariance with a given trace",
        "logdet(S) + tr(S^-1 C)",
        "S",
        _covariance,
        _by_eigenvalues,
        "S: spd(n), C: spd(n), c: scalar(positive)",
        ("tr(S) = c",),
    ),
)
