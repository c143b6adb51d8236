"""Relations inside of nested functions: what they leave out needs no value in compiled gradients, whatever it rounds to."""

from __future__ import annotations

from collections.abc import Callable
from math import atan, cos, cosh, erf, exp, log, sin, sqrt, tanh
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.compiling import program_after
from tests.machine import sweep

Array = Any
Body = Callable[[float], float]
Outer = Callable[[float], float]


def _d(X: Array, i: int, j: int) -> float:
    return float(np.linalg.norm(X[j] - X[i]))


def _nested(
    outer: Outer, inner: Outer, left: Callable[[int, int], bool], body: Body, skip: bool
) -> Callable[[Array], float]:
    """Σ_i outer(Σ_j inner([left] body(d_ij))); ``skip`` leaves out all of the inner term."""

    def value(X: Array) -> float:
        n = len(X)
        return sum(
            outer(sum(inner(body(_d(X, i, j)) if left(i, j) else 0.0) for j in range(n) if left(i, j) or not skip))
            for i in range(n)
        )

    return value


def _same(x: float) -> float:
    return x


def _apart(i: int, j: int) -> bool:
    return i != j


def _less(i: int, j: int) -> bool:
    return i < j


# fmt: off
#: A sum with a relation in it -> the same by loops.
NESTS: dict[str, Callable[[Array], float]] = {
    "sum_i log(sum_j exp([i != j] tanh(log(||x_j - x_i||^2))))": _nested(log, exp, _apart, lambda d: tanh(log(d**2)), False),
    "sum_i sin(sum_{j != i} tanh(1/||x_j - x_i||))":             _nested(sin, _same, _apart, lambda d: tanh(1 / d), True),
    "sum_i log(sum_{j != i} exp(-log(||x_j - x_i||)^2))":        _nested(log, exp, _apart, lambda d: -log(d) ** 2, True),
    "sum_i log(1 + sum_{j != i} atan(1/||x_j - x_i||^2))":       _nested(lambda s: log(1 + s), atan, _apart, lambda d: d**-2, True),
    "sum_i log(sum_j cosh([i != j] tanh(log(||x_j - x_i||^2))))": _nested(log, cosh, _apart, lambda d: tanh(log(d**2)), False),
    "sum_i log(sum_j exp([i < j] sigmoid(log(||x_j - x_i||))))": _nested(log, exp, _less, lambda d: d / (1 + d), False),
    "sum_i sum_j cos([i != j] tanh(log(||x_j - x_i||)))":        _nested(_same, cos, _apart, lambda d: tanh(log(d)), False),
    "sum_i log(sum_j exp([i != j] sin(log(||x_j - x_i||))))":    _nested(log, exp, _apart, lambda d: sin(log(d)), False),
    "sum_i log(sum_j cosh([i != j] erf(1/||x_j - x_i||)))":     _nested(log, cosh, _apart, lambda d: erf(1 / d), False),
    "sum_i log(sum_j exp([i != j] sqrt(log(1 + 1/||x_j - x_i||^2))))": _nested(log, exp, _apart, lambda d: sqrt(log(1 + d**-2)), False),
}
# fmt: on


def _slopes(f: Callable[[Array], float], X: Array) -> Array:
    """Central differences."""
    found = np.zeros_like(X)
    for k in np.ndindex(X.shape):
        step = np.zeros_like(X)
        step[k] = 1e-5
        found[k] = (f(X + step) - f(X - step)) / 2e-5
    return found


@sweep(2)
@pytest.mark.parametrize("text", NESTS)
def test_values_and_gradients_beside_what_is_left_out(text: str) -> None:
    """||x_i - x_i||^2 comes out as 0 for small whole numbers, and as a number on either side of it for others."""
    value, gradient = mc.compile(text), mc.compile(mc.gradient(text, "x"))
    for seed in range(4):
        X = np.random.default_rng(seed).normal(size=(5, 3)) * 1.3
        for points in (X, np.round(4 * X)):
            np.testing.assert_allclose(value(X=points), NESTS[text](points), rtol=1e-9)
            np.testing.assert_allclose(gradient(X=points), _slopes(NESTS[text], points), rtol=1e-5, atol=1e-7)


def test_arguments_that_are_positive_stay_as_they_are() -> None:
    text = "sum_i log(sum_j exp([i != j] tanh(log(1 + ||x_j - x_i||^2))))"
    before, after = (program_after(mc.derivative(text, "x"), stage) for stage in ("choose", "mask"))
    assert after.count("= where(") <= before.count("= where(")


def test_what_a_relation_does_not_leave_out_is_not_replaced() -> None:
    function = mc.compile("sum_{i,j} log(abs(y_i - y_j)) + sum_{i != j} tanh(log(abs(y_i - y_j)))")
    assert function(y=np.array([1.0, 2.0, 4.0])) == -np.inf


def _of_pairs(y: Array, w: Array) -> Any:
    return sum(np.log(a + b) for a in y for b in y if a > 0 < b)


def _made(target: str) -> Callable[[Array], Any]:
    """What makes an array of the library of a target."""
    match target:
        case "torch":
            return pytest.importorskip("torch").tensor
        case "array-api":
            return pytest.importorskip("array_api_strict").asarray
        case "jax":
            pytest.importorskip("jax").config.update("jax_enable_x64", True)
    return np.asarray


@pytest.mark.parametrize("target", ["numpy", "jax", "torch", "array-api"])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sum_{i: y_i > 0} log(y_i)", lambda y, w: sum(log(a) for a in y if a > 0)),
        (r"\sum_{i: y_i > 0} w_i / y_i", lambda y, w: sum(b / a for a, b in zip(y, w, strict=True) if a > 0)),
        (r"\sum_{i: y_i > 1} \log \log y_i", lambda y, w: sum(log(log(a)) for a in y if a > 1)),
        ("sum_{i: y_i > 0} sum_{j: y_j > 0} log(y_i + y_j)", _of_pairs),
        ("sum_i sum_{j: y_j >= w_i} sqrt(y_j - w_i)", lambda y, w: sum(sqrt(a - b) for a in y for b in w if a >= b)),
        ("sum((y > 0) .* log(y)) where y: vector(n)", lambda y, w: sum(log(a) for a in y if a > 0)),
    ],
)
def test_terms_that_a_condition_leaves_out_need_no_value(
    text: str, value: Callable[[Array, Array], Any], target: str
) -> None:
    """Value, and gradient by differences of the terms that are there: entries left out have the slope 0."""
    y, w = np.array([2.5, -1.0, 0.25, 3.0]), np.array([1.5, 0.5, 1.0, 2.0])
    f = mc.parse(text)
    function, make = mc.compile([f, mc.gradient(f, "y")], target=target), _made(target)
    given = {name: make(a) for name, a in (("y", y), ("w", w)) if name in function.parameters}
    found, slope = map(np.asarray, function(**given))
    assert np.isclose(found, value(y, w))
    wanted = [(value(y + e, w) - value(y - e, w)) / 2e-6 for e in 1e-6 * np.eye(4)]
    assert np.allclose(slope, wanted, rtol=1e-5)
    assert mc.check(f, "y")
