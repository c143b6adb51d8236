"""Reductions along the rows and columns have the values of their definitions, written out entry by entry."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

import matcalc as mc

X = np.array([[0.3, -1.2, 2.5, 0.7], [1.1, 0.4, -0.6, 2.0], [-0.9, 3.1, 0.2, 1.6]])
Column = list[float]


def _softmax(v: Column) -> Column:
    total = sum(map(math.exp, v))
    return [math.exp(x) / total for x in v]


def _cumulative(step: Callable[[float, float], float]) -> Callable[[Column], Column]:
    def run(v: Column) -> Column:
        found = v[:1]
        for x in v[1:]:
            found.append(step(found[-1], x))
        return found

    return run


def _mean(v: Column) -> float:
    return sum(v) / len(v)


def _variance(v: Column) -> float:
    return sum((x - _mean(v)) ** 2 for x in v) / len(v)


#: function -> the number that it makes of a list
NUMBERS: dict[str, Callable[[Column], float]] = {
    "sum": sum,
    "mean": _mean,
    "prod": math.prod,
    "logsumexp": lambda v: math.log(sum(map(math.exp, v))),
    "max": max,
    "min": min,
    "var": _variance,
    "std": lambda v: math.sqrt(_variance(v)),
    "norm": lambda v: math.sqrt(sum(x * x for x in v)),
}
#: function -> the list that it makes of a list
LISTS: dict[str, Callable[[Column], Column]] = {
    "softmax": _softmax,
    "logsoftmax": lambda v: [math.log(x) for x in _softmax(v)],
    "cumsum": _cumulative(lambda a, b: a + b),
    "cumprod": _cumulative(lambda a, b: a * b),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_along_an_axis(name: str) -> None:
    f = NUMBERS[name]
    down = [[f(list(column)) for column in X.T]]
    along = [[f(list(row))] for row in X]
    for axis, wanted in ((1, down), (2, along)):
        found = mc.compile(f"{name}(X, axis={axis})", where="X: matrix(m, n)")(X=X)
        np.testing.assert_allclose(np.reshape(found, np.shape(wanted)), wanted, rtol=1e-12)


@pytest.mark.parametrize("name", LISTS)
def test_lists_along_an_axis(name: str) -> None:
    f = LISTS[name]
    down = np.array([f(list(column)) for column in X.T]).T
    along = np.array([f(list(row)) for row in X])
    for axis, wanted in ((1, down), (2, along)):
        found = mc.compile(f"{name}(X, axis={axis})", where="X: matrix(m, n)")(X=X)
        np.testing.assert_allclose(found, wanted, rtol=1e-12)
        assert mc.check(f"sum({name}(X, axis={axis}) .* A)", "X", where="X: matrix(m, n)", trials=1)


@pytest.mark.parametrize("name", [*NUMBERS, *LISTS])
def test_the_oracle_has_the_same_values(name: str) -> None:
    """The numeric check evaluates what was typed, by values of its own."""
    from matcalc.checking.values.reference import reference_value

    for axis in (1, 2):
        f = mc.parse(f"{name}(X, axis={axis})", where="X: matrix(m, n)")
        assert f.tree is not None
        wanted = np.asarray(mc.compile(f)(X=X)).reshape([d.evaluate({"m": 3, "n": 4}) for d in f.node.shape])
        np.testing.assert_allclose(reference_value(f.tree, {"X": X}, {"m": 3, "n": 4}), wanted, rtol=1e-12)
