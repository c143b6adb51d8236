"""Functions of softmax where one entry is far above the others: gradients and Hessians entry by entry, against mpmath."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import matcalc as mc
from tests.compiling.jets import SMALLEST
from tests.machine import long

DIGITS = 1200
STEP = mp.mpf(10) ** -150
Y, B = (1.0, 0.3, 0.8), (1.5, -0.5)
A = ((1.0, 2.0, 0.5), (-1.0, 0.25, 3.0), (0.5, 1.5, -2.0))
WHERE = "X: matrix(2, 3), y: vector(3), b: vector(2), A: matrix(3, 3)"

Row = list[Any]


def soft(row: Row) -> Row:
    e = [mp.exp(v - max(row)) for v in row]
    return [v / mp.fsum(e) for v in e]


def mean(row: Row, y: Any) -> Any:
    return mp.fsum(p * v for p, v in zip(soft(row), y, strict=True))


def quadratic(row: Row) -> Any:
    p = soft(row)
    return mp.fsum(p[i] * A[i][j] * p[j] for i, j in product(range(3), repeat=2))


def entropy(row: Row) -> Any:
    return -mp.fsum(p * mp.log(p) for p in soft(row))


def whole_sum(x: list[Row]) -> Any:
    p = soft([*x[0], *x[1]])
    return mp.fsum(p[3 * i + j] ** 2 * Y[j] for i, j in product(range(2), range(3)))


# fmt: off
FUNCTIONS: dict[str, Callable[[list[Row]], Any]] = {
    "log(softmax(X[1, :]) y)":                lambda x: mp.log(mean(x[0], Y)),
    "softmax(X[1, :]) A softmax(X[1, :])^T":  lambda x: quadratic(x[0]),
    "b^T softmax(X, 2) y":                    lambda x: B[0] * mean(x[0], Y) + B[1] * mean(x[1], Y),
    "sum(log(softmax(X, 2) y))":              lambda x: mp.log(mean(x[0], Y)) + mp.log(mean(x[1], Y)),
    "||softmax(X, 2) y - b||^2":              lambda x: mp.fsum((mean(r, Y) - c) ** 2 for r, c in zip(x, B, strict=True)),
    "-sum(softmax(X, 2) .* logsoftmax(X, 2))": lambda x: entropy(x[0]) + entropy(x[1]),
    "sum(softmax(X^T, 1)^T y)^2":             lambda x: (mean(x[0], Y) + mean(x[1], Y)) ** 2,
    "sum(softmax_all(X).^2 y)":               whole_sum,
    "logsumexp(X) + b^T softmax(X, 2) y":     lambda x: max(*x[0], *x[1]) + mp.log(mp.fsum(mp.exp(v - max(*x[0], *x[1])) for v in [*x[0], *x[1]]))
                                              + B[0] * mean(x[0], Y) + B[1] * mean(x[1], Y),
}
# fmt: on
POINTS = (
    ((0.3, -0.4, 1.1), (0.1, 0.2, -0.3)),
    ((40.0, 0.0, -1.0), (0.5, 1.0, 41.0)),
    ((1.0, 300.0, 2.0), (250.0, 0.0, -1.0)),
    ((-0.5, 0.0, 36.5), (0.0, 36.0, 34.0)),
)


def differences(f: Callable[[list[Row]], Any], x: np.ndarray, order: int) -> np.ndarray:
    """Every entry of a derivative by central differences in many digits."""
    found = np.zeros(x.shape * order)
    for steps in product(np.ndindex(x.shape), repeat=order):
        total = mp.mpf(0)
        for signs in product((1, -1), repeat=order):
            at = [[mp.mpf(float(v)) for v in row] for row in x]
            for sign, (i, j) in zip(signs, steps, strict=True):
                at[i][j] += sign * STEP
            total += int(np.prod(signs)) * f(at)
        found[sum(steps, ())] = float(total / (2 * STEP) ** order)
    return found


@long
@pytest.mark.parametrize("text", FUNCTIONS)
def test_derivatives(text: str) -> None:
    given = {"y": np.array(Y), "b": np.array(B), "A": np.array(A)}
    f = mc.parse(text, where=WHERE)
    used = {name: value for name, value in given.items() if name in f.declarations}
    compiled = [mc.compile(mc.derivative(f, *["X"] * order), checks=False) for order in (1, 2)]
    for point in POINTS:
        x = np.array(point)
        for order, run in enumerate(compiled if point in POINTS[1:3] else compiled[:1], 1):
            with mp.workdps(DIGITS):
                wanted = differences(FUNCTIONS[text], x, order)
            np.testing.assert_allclose(run(X=x, **used), wanted, rtol=1e-10, atol=SMALLEST, err_msg=f"{text} {order}")


@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_batch_is_each_row_alone(order: int) -> None:
    """What stands beside the batch, and what belongs to it: both y."""
    f = mc.parse("log(softmax(x)^T (y .* y)) + entropy(softmax(x))", where="x: vector(n), y: vector(n)")
    d = mc.derivative(f, *["x"] * order)
    x = np.array([p[0] for p in POINTS])
    y = np.array([Y, Y[::-1], Y, Y])
    one = mc.compile(d)
    np.testing.assert_allclose(
        mc.compile(d, batch="x")(x=x, y=y[0]), [one(x=r, y=y[0]) for r in x], rtol=1e-11, atol=1e-300
    )
    both = [one(x=r, y=s) for r, s in zip(x, y, strict=True)]
    np.testing.assert_allclose(mc.compile(d, batch=["x", "y"])(x=x, y=y), both, rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize("order", [3, 4])
def test_higher_orders_are_differences_of_lower_ones(order: int) -> None:
    """The third derivative by one function along three directions, the fourth as it is printed."""
    f = mc.parse("(softmax(x)^T y)^2", where="x: vector(3), y: vector(3)")
    run = mc.compile(mc.derivative(f, *["x"] * order))
    below = mc.compile(mc.derivative(f, *["x"] * (order - 1)))
    x, y, h = np.array([0.3, -0.4, 1.1]), np.array(Y), 1e-5
    steps = [(below(x=x + e, y=y) - below(x=x - e, y=y)) / (2 * h) for e in h * np.eye(3)]
    np.testing.assert_allclose(run(x=x, y=y), np.stack(steps, axis=-1), rtol=1e-6, atol=1e-9)
