"""Directional derivatives of any order from values alone.

Complex step [Squire & Trapp 1998] where the function is analytic, else central differences with Richardson
extrapolation [Ridders 1982]; for higher orders Richardson around a complex step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from matcalc.checking.values.evaluate import Array

__all__ = ["complex_step", "directional", "remainder_order", "richardson"]

Function = Callable[[Array], Array]

COMPLEX_STEP = 1e-30
FIRST_STEP = 0.05
LEVELS = 8


def complex_step(g: Callable[[complex], Array]) -> Array:
    """Im g(i h) / h: the derivative of an analytic g at 0, without cancellation."""
    return np.asarray(np.imag(g(1j * COMPLEX_STEP)) / COMPLEX_STEP)


def richardson(g: Callable[[float], Array], first_step: float = FIRST_STEP) -> tuple[Array, float]:
    """(g'(0), estimated error): central differences at halved steps, extrapolated to step 0."""
    table: list[Array] = []
    best: Array | None = None
    error = np.inf
    step = first_step
    for level in range(LEVELS):
        row = [(g(step) - g(-step)) / (2 * step)]
        for k in range(level):
            factor = 4.0 ** (k + 1)
            row.append((factor * row[k] - table[k]) / (factor - 1))
        for k in range(1, level + 1):
            change = max(_size(row[k] - row[k - 1]), _size(row[k] - table[k - 1]))
            if np.isfinite(change) and change < error:
                error, best = change, row[k]
        if best is None:
            best = row[0]
        table = row
        step /= 2
    assert best is not None
    return best, float(error)


def _size(x: Array) -> float:
    return float(np.max(np.abs(x))) if np.size(x) else 0.0


def directional(g: Callable[[Sequence[complex]], Array], order: int, analytic: bool) -> tuple[Array, float, str]:
    """(∂^k g / ∂t_1 … ∂t_k at 0, estimated error, method) for a function g of k real numbers."""
    if order == 1:
        if analytic:
            value = complex_step(lambda t: g([t]))
            if np.all(np.isfinite(value)):
                return value, 1e-14 * _size(value), "complex step"
        value, error = richardson(lambda t: g([t]))
        return value, error, "central differences with Richardson extrapolation"

    inner_errors: list[float] = []

    def inner(t: float) -> Array:
        value, error, _ = directional(lambda rest: g([*rest, t]), order - 1, analytic)
        inner_errors.append(error)
        return value

    value, error = richardson(inner, FIRST_STEP if order == 2 else 2 * FIRST_STEP)
    inside = "complex step" if analytic else "central differences"
    return value, error, f"{inside} and Richardson extrapolation"


def remainder_order(remainder: Callable[[float], float], scale: float) -> float:
    """The slope of log remainder against log step, over the steps where rounding does not dominate."""
    steps = [0.1 * 2.0**-k for k in range(10)]
    sizes = [remainder(h) for h in steps]
    floor = 1e-11 * max(scale, 1e-3)
    useful = [(h, r) for h, r in zip(steps, sizes, strict=True) if np.isfinite(r) and r > floor]
    if len(useful) < 3:
        return np.inf
    logs = np.log(np.array(useful[-5:]))
    return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])
