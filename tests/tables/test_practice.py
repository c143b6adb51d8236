"""Functions of practice: value, gradient and Hessian against JAX, and the engine's own check.

Coverage: 170 rows, each by value, gradient, and Hessian in a random direction.
"""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.evaluate import evaluate

jax = pytest.importorskip("jax")

from tests.fuzz.draw import Variable, _value, projected  # noqa: E402
from tests.tables.practice import ROWS  # noqa: E402

SIZES = {"m": 4, "n": 5, "d": 3, "k": 2, "p": 3, "q": 2, "l": 3, "t": 6}
TOLERANCE = 1e-8


def test_there_are_enough_rows() -> None:
    assert len(ROWS) >= 170


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_against_jax(row: tuple) -> None:  # type: ignore[type-arg]
    _, text, wrt, where, value = row
    f = mc.parse(text, where)
    shapes = {n: d.shape for n, d in f.declarations.items()}
    rng = np.random.default_rng(3)
    variables = {n: Variable(n, _kind(d), ("m", "n")) for n, d in f.declarations.items()}
    arrays = {n: _value(variables[n], tuple(d.evaluate(SIZES) for d in shapes[n]), rng) for n in variables}
    flat = {n: _python(a, shapes[n]) for n, a in arrays.items()}

    def g(x: object) -> object:
        return value(**{**flat, wrt: x})

    assert np.isclose(evaluate(f.node, arrays, SIZES).item(), float(g(flat[wrt])), rtol=1e-10)
    gradient = jax.grad(g)
    e = projected(variables[wrt], rng.standard_normal(arrays[wrt].shape))
    first = _column(np.asarray(gradient(flat[wrt])), arrays[wrt].shape)
    second = jax.jvp(gradient, (flat[wrt],), (_python(e, shapes[wrt]),))[1]
    second = _column(np.asarray(second), arrays[wrt].shape)
    close(evaluate(mc.gradient(f, wrt).node, arrays, SIZES), projected(variables[wrt], first))
    reading = mc.hessian(f, wrt).reading
    if reading.directions:
        found = evaluate(reading.operator, arrays, SIZES, dict.fromkeys(reading.directions, e))
    else:
        found = evaluate(reading.operator, arrays, SIZES) * e
    close(found, projected(variables[wrt], second))


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_by_differences(row: tuple) -> None:  # type: ignore[type-arg]
    _, text, wrt, where, _ = row
    assert mc.check(text, wrt, where=where, trials=1)


def close(found: np.ndarray, wanted: np.ndarray) -> None:
    scale = max(1.0, float(np.max(np.abs(wanted))))
    assert found.shape == wanted.shape
    assert float(np.max(np.abs(found - wanted))) <= TOLERANCE * scale


def _kind(d: object) -> str:
    positive = "positive" in d.assumptions  # type: ignore[attr-defined]
    return "positive" if positive else "matrix" if d.kind in ("scalar", "vector", "matrix") else d.kind  # type: ignore[attr-defined]


def _python(a: np.ndarray, shape: tuple) -> np.ndarray:  # type: ignore[type-arg]
    rows, cols = shape
    return a.reshape(()) if rows.is_one and cols.is_one else a[:, 0] if cols.is_one else a


def _column(a: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return a.reshape(shape)
