"""Compiled values and derivatives against the reference semantics, at random points."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.calculus import array_axes
from matcalc.checking import Subject
from matcalc.checking.sampling import Point, project_numeric
from matcalc.checking.subject import sample
from matcalc.checking.values.evaluate import evaluate
from matcalc.compiling import CompiledFunction
from tests.compiling.cases import CASES
from tests.machine import sweep

Arrays = Mapping[str, Any]


def point_of(f: mc.Expr) -> Point:
    """A point in the domain of f, sizes pairwise distinct."""
    rng = np.random.default_rng(7)
    point, _, _ = next(sample(Subject(f.node, f.declarations, f.tree), rng, 1))
    return point


def arguments(f: mc.Expr, point: Point) -> dict[str, Any]:
    """The values as a user passes them: numbers, vectors with one axis, matrices."""
    return {name: point.values[name].reshape(sized(d.node, point)) for name, d in f.declarations.items()}


def called(fn: CompiledFunction, f: mc.Expr, point: Point) -> Any:
    """The result at the point; sizes that no argument shows are given, too."""
    sizes = {name: point.sizes[name] for name in fn.parameters if name in point.sizes and name not in f.declarations}
    return fn(**arguments(f, point), **sizes)


def sized(node: Any, point: Point) -> tuple[int, ...]:
    return tuple(d.evaluate(point.sizes) for d in array_axes(node.shape))


def expected_derivative(d: mc.Derivative, point: Point) -> np.ndarray:
    """Column by column from the operator, one basis direction at a time."""
    reading = d.reading
    shape = tuple(dim.evaluate(point.sizes) for dim in reading.shape)
    sides = [tuple(dim.evaluate(point.sizes) for dim in x.shape) for x in reading.directions]
    variables = [v for v in reading.wrt if not v.is_scalar][-len(sides) :] if sides else []
    columns = []
    for places in product(*(product(range(m), range(n)) for m, n in sides)):
        directions = {}
        for x, v, side, place in zip(reading.directions, variables, sides, places, strict=True):
            unit = np.zeros(side)
            unit[place] = 1
            directions[x] = project_numeric(v, unit)
        columns.append(evaluate(reading.operator, point.values, point.sizes, directions))
    stacked = np.stack(columns, axis=-1) if sides else columns[0]
    return stacked.reshape(shape)


@pytest.mark.parametrize(("text", "name"), CASES, ids=[c[0][:40] for c in CASES])
def test_values(text: str, name: str) -> None:
    f = mc.parse(text)
    point = point_of(f)
    result = called(mc.compile(f), f, point)
    assert np.shape(result) == tuple(d.evaluate(point.sizes) for d in f.shape)
    wanted = evaluate(f.node, point.values, point.sizes).reshape(np.shape(result))
    np.testing.assert_allclose(result, wanted, rtol=1e-9, atol=1e-9)


@sweep(4)
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(("text", "name"), CASES, ids=[c[0][:40] for c in CASES])
def test_derivatives(text: str, name: str, order: int) -> None:
    f = mc.parse(text)
    d = mc.derivative(f, *[name] * order)
    point = point_of(f)
    if np.prod([dim.evaluate(point.sizes) for dim in d.shape]) > 30_000:
        pytest.skip("too many entries for the slow reference")
    result = called(mc.compile(d), f, point)
    assert np.shape(result) == tuple(dim.evaluate(point.sizes) for dim in d.shape)
    np.testing.assert_allclose(result, expected_derivative(d, point), rtol=1e-8, atol=1e-8)
