"""Functions of practice: value and derivatives against JAX, and the engine's own check.

Coverage: 220 rows, each by value, gradient, and Hessian in a random direction. Third derivatives and mixed second ones
by every pair of variables take minutes: `python -m tests.tables.test_practice` runs them all, the suite a part of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from tests.machine import library, long, sweep

jax = library("jax")

from tests.fuzz.draw import Variable  # noqa: E402
from tests.fuzz.points import drawn_point, projected  # noqa: E402
from tests.tables.practice import ROWS  # noqa: E402

SIZES = {"m": 4, "n": 5, "d": 3, "k": 2, "p": 3, "q": 2, "l": 3, "t": 6}
TOLERANCE = 1e-8
#: Rows whose higher derivatives are compared in every run; that of subspaces once made traces rotate for ever.
SAMPLE = [*ROWS[::22], *(row for row in ROWS if "subspace" in row[0])]


def test_there_are_enough_rows() -> None:
    assert len(ROWS) >= 220


@sweep(80)
@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_against_jax(row: tuple) -> None:  # type: ignore[type-arg]
    _, text, wrt, where, value = row
    f = mc.parse(text, where)
    shapes = {n: d.shape for n, d in f.declarations.items()}
    rng = np.random.default_rng(3)
    variables, arrays = drawn(f, rng)
    flat = {n: _python(a, shapes[n]) for n, a in arrays.items()}

    def g(x: object) -> object:
        return value(**{**flat, wrt: x})

    assert np.isclose(evaluate(f.node, arrays, SIZES).item(), float(g(flat[wrt])), rtol=1e-10)
    gradient = jax.grad(g)
    e = projected(variables[wrt].kind, rng.standard_normal(arrays[wrt].shape))
    first = _column(np.asarray(gradient(flat[wrt])), arrays[wrt].shape)
    second = jax.jvp(gradient, (flat[wrt],), (_python(e, shapes[wrt]),))[1]
    second = _column(np.asarray(second), arrays[wrt].shape)
    close(evaluate(mc.gradient(f, wrt).node, arrays, SIZES), projected(variables[wrt].kind, first))
    reading = mc.hessian(f, wrt).reading
    if reading.directions:
        found = evaluate(reading.operator, arrays, SIZES, dict.fromkeys(reading.directions, e))
    else:
        found = evaluate(reading.operator, arrays, SIZES) * e
    close(found, projected(variables[wrt].kind, second))


@long
@pytest.mark.parametrize("row", SAMPLE, ids=[row[0] for row in SAMPLE])
def test_higher_orders_against_jax(row: tuple) -> None:  # type: ignore[type-arg]
    _, text, wrt, where, _ = row
    f = mc.parse(text, where)
    orders_agree(row, f, (wrt, wrt, wrt))
    for other in f.declarations:
        if other != wrt:
            orders_agree(row, f, (wrt, other))


def orders_agree(row: tuple, f: mc.Expr, names: tuple[str, ...]) -> None:  # type: ignore[type-arg]
    """The derivative by these variables in random directions, of which the first is left open: the gradient's axis."""
    value = row[-1]
    shapes = {n: d.shape for n, d in f.declarations.items()}
    rng = np.random.default_rng(4)
    variables, arrays = drawn(f, rng)
    steps = {k: projected(variables[n].kind, rng.standard_normal(arrays[n].shape)) for k, n in enumerate(names)}
    place = next((k for k, n in enumerate(names) if arrays[n].size > 1), 0)

    def along(g: Callable[..., Any], name: str, step: np.ndarray) -> Callable[..., Any]:
        def moved(**values: Any) -> Any:
            return jax.jvp(lambda x: g(**{**values, name: x}), (values[name],), (_python(step, shapes[name]),))[1]

        return moved

    def g(**values: Any) -> Any:
        return jax.grad(lambda x: value(**{**values, names[place]: x}))(values[names[place]])

    for k, name in enumerate(names):
        if k != place:
            g = along(g, name, steps[k])
    found = np.asarray(g(**{n: _python(a, shapes[n]) for n, a in arrays.items()}))
    wanted = projected(variables[names[place]].kind, _column(found, arrays[names[place]].shape))
    reading = mc.derivative(f, *names).reading
    others = [k for k in range(len(names)) if k != place]
    moving = [steps[k] for k in others if not reading.wrt[k].is_scalar]
    factor = np.prod([steps[k].item() for k in others if reading.wrt[k].is_scalar])
    directions = dict(zip(reading.directions, moving, strict=True))
    close(evaluate(reading.operator, arrays, SIZES, directions) * factor, wanted, 1e-7)


def drawn(f: mc.Expr, rng: np.random.Generator) -> tuple[dict[str, Variable], dict[str, np.ndarray]]:
    """The variables as the fuzzer has them, and a value of each."""
    variables = {n: Variable(n, _kind(d), ("m", "n")) for n, d in f.declarations.items()}
    sizes = {n: tuple(size.evaluate(SIZES) for size in d.shape) for n, d in f.declarations.items()}
    return variables, drawn_point({n: v.kind for n, v in variables.items()}, sizes, "plain", rng)


@sweep(3)
@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_by_differences(row: tuple) -> None:  # type: ignore[type-arg]
    _, text, wrt, where, _ = row
    assert mc.check(text, wrt, where=where, trials=1)


def close(found: np.ndarray, wanted: np.ndarray, tolerance: float = TOLERANCE) -> None:
    scale = max(1.0, float(np.max(np.abs(wanted))))
    assert found.shape == wanted.shape
    assert float(np.max(np.abs(found - wanted))) <= tolerance * scale


def _kind(d: object) -> str:
    positive = "positive" in d.assumptions  # type: ignore[attr-defined]
    return "positive" if positive else "matrix" if d.kind in ("scalar", "vector", "matrix") else d.kind  # type: ignore[attr-defined]


def _python(a: np.ndarray, shape: tuple) -> np.ndarray:  # type: ignore[type-arg]
    rows, cols = shape
    return a.reshape(()) if rows.is_one and cols.is_one else a[:, 0] if cols.is_one else a


def _column(a: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return a.reshape(shape)


def main() -> None:
    """Third derivatives and mixed second ones of every row."""
    right = wrong = 0
    for row in ROWS:
        f = mc.parse(row[1], row[3])
        for names in [(row[2],) * 3, *((row[2], other) for other in f.declarations if other != row[2])]:
            try:
                orders_agree(row, f, names)
                right += 1
            except AssertionError as error:
                wrong += 1
                print(row[0], names, error)
    print(f"{len(ROWS)} rows: {right} derivatives agree, {wrong} do not")


if __name__ == "__main__":
    main()
