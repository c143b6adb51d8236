"""Derivatives of products of entries are polynomials: they have values where entries are 0, as many as there may be."""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
import pytest

import matcalc as mc
from tests.machine import sweep

#: f, its variable, the products of which f is the sum as lists of places
CASES = (
    ("prod(x)", "x: vector(4)", [[(0,), (1,), (2,), (3,)]]),
    ("prod(X)", "X: matrix(2, 2)", [list(product(range(2), repeat=2))]),
    ("sum(prod(X, 2))", "X: matrix(2, 3)", [[(i, j) for j in range(3)] for i in range(2)]),
    ("sum(prod(X, 1))", "X: matrix(3, 2)", [[(i, j) for i in range(3)] for j in range(2)]),
    ("sum(cumprod(x))", "x: vector(4)", [[(i,) for i in range(k + 1)] for k in range(4)]),
    ("sum(cumprod(X, 1))", "X: matrix(2, 2)", [[(i, j) for i in range(k + 1)] for k in range(2) for j in range(2)]),
    ("sum(cumprod(X, 2))", "X: matrix(2, 3)", [[(i, j) for j in range(k + 1)] for k in range(3) for i in range(2)]),
)
POINTS = {0: (), 1: (1,), 2: (0, 2), 3: (0, 1, 3)}


def derivative(places: list[list[tuple[int, ...]]], x: np.ndarray, order: int) -> np.ndarray:
    """Entry by entry: what is differentiated leaves the product, and nothing leaves it twice."""
    result = np.zeros(x.shape * order)
    for steps in product(np.ndindex(x.shape), repeat=order):
        for group in places:
            if len(set(steps)) == order and set(steps) <= set(group):
                result[sum(steps, ())] += prod(x[i] for i in group if i not in steps)
    return result


@sweep(2)
@pytest.mark.parametrize(("f", "where", "places"), CASES, ids=[row[0] for row in CASES])
@pytest.mark.parametrize("zeros", POINTS)
@pytest.mark.parametrize("target", ["numpy", "array-api"])
def test_every_order(f: str, where: str, places: list[list[tuple[int, ...]]], zeros: int, target: str) -> None:
    name, shape = where[0], tuple(map(int, where[where.index("(") + 1 : -1].split(",")))
    x = np.arange(1.0, prod(shape) + 1).reshape(shape) / 2
    x.flat[list(POINTS[zeros])] = 0
    for order in (1, 2, 3):
        run = mc.compile(mc.derivative(f, *[name] * order, where=where), target=target)
        assert np.allclose(run(x), derivative(places, x, order), rtol=1e-13, atol=0), order


def test_what_is_printed_divides_and_says_where_that_fails() -> None:
    hessian = mc.hessian("prod(x)", "x")
    assert not hessian.conditions
    assert hessian.continued == "where an entry of x is 0: by continuity"
    assert mc.gradient("prod(x)", "x") == mc.parse("prod_others(x)") and mc.derivative("prod(x)", "x").continued is None
    assert mc.hessian("log(prod(x))", "x").continued is None
    for f in ("prod(x .* x)", "prod(3 x .* y)", "prod(pi x)", "cumprod(x)", "sum(cumprod(log2(x) .* x))"):
        derivative = mc.derivative(f, "x", "x")
        assert not derivative.conditions or "log" in f
        assert derivative.continued == f"where an entry of {'log(x)' if 'log' in f else 'x'} is 0: by continuity"
    assert mc.derivative("cumprod(x)", "x").continued == "where an entry of x is 0: by continuity"
    assert mc.check("prod(A x)", "x", order=2)
    assert mc.check("sum(prod(X, 2))", "X", order=3)


def test_products_of_what_underflows() -> None:
    """softplus and its slope are 0 at -800 in floating point, and so is every product with them."""
    where = "X: matrix(2, 3), Y: matrix(2, 3)"
    run = mc.compile(mc.derivative("cumprod(softplus(X - Y), 2)", "Y", where=where))
    assert np.abs(run(np.zeros((2, 3)), np.full((2, 3), 800.0))).max() < 1e-300


def test_logarithms_of_probabilities_that_are_1() -> None:
    second = mc.compile(mc.derivative("prod(logsoftmax(A, 1), 2)", "A", "A", where="A: matrix(2, 2)"))
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        assert np.isfinite(second(np.array([[1e3, 0.0], [0.0, 1e3]]))).all()
        assert np.isfinite(second(np.array([[1e20, 1.0], [1.0, 1.0]]))).all()
