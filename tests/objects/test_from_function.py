"""Functions that are written with NumPy as formulas: their values and slopes are those of the function itself."""

from __future__ import annotations

from inspect import signature
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.errors import MatcalcError, ShapeError
from tests.machine import library, sweep
from tests.objects.losses import KINDS, LOSSES, Loss

SIZES = {"m": 5, "n": 3, "k": 2}


def array(kind: str, rng: np.random.Generator) -> Any:
    """A random value of a kind."""
    name, _, rest = kind.rstrip(")").partition("(")
    shape = [SIZES[word] for word in rest.replace(" ", "").split(",") if word in SIZES]
    if name == "spd":
        x = rng.standard_normal((shape[0], shape[0]))
        return x @ x.T + np.eye(shape[0])
    return abs(rng.standard_normal(shape)) + 0.3 if "positive" in rest else rng.standard_normal(shape)


def case(loss: Loss) -> tuple[mc.Expr, dict[str, Any]]:
    names = [p.name for p in signature(loss).parameters.values() if p.default is p.empty]
    f = mc.from_function(loss, **{name: KINDS[name] for name in names})
    rng = np.random.default_rng(4)
    return f, {name: array(KINDS[name], rng) for name in names}


@sweep(3)
@pytest.mark.parametrize(("name", "loss"), LOSSES, ids=[name for name, _ in LOSSES])
def test_values_and_slopes_are_those_of_the_function(name: str, loss: Loss) -> None:
    """The function on arrays of numbers judges the formula's code, and its central differences the gradients."""
    library("scipy")
    f, values = case(loss)
    wrt = [n for n in values if n in f.declarations]
    gradients = [mc.gradient(f, n) for n in wrt]
    value, *slopes = mc.compile([f, *gradients])(**values, **_sizes(f, values))
    assert np.allclose(value, loss(**values), rtol=1e-9)
    for n, slope in zip(wrt, slopes, strict=True):
        step = 1e-6 * _direction(KINDS[n], np.asarray(values[n]))
        moved = loss(**{**values, n: values[n] + step}) - loss(**{**values, n: values[n] - step})
        assert np.allclose(np.sum(slope * 2 * step), moved, rtol=1e-4, atol=1e-11), (name, n)


def _sizes(f: mc.Expr, values: dict[str, Any]) -> dict[str, int]:
    needed = mc.compile(f).parameters
    return {n: s for n, s in SIZES.items() if n in needed and n not in values}


def _direction(kind: str, value: Any) -> Any:
    d = np.random.default_rng(8).standard_normal(value.shape)
    return (d + d.T) / 2 if kind.startswith("spd") else d


def test_there_are_enough() -> None:
    assert len(LOSSES) >= 150


def test_formulas_are_readable() -> None:
    f = mc.from_function(lambda X, w, y: np.mean((X @ w - y) ** 2) + 0.1 * np.sum(np.abs(w)), **_kinds("Xwy"))
    assert str(mc.gradient(f, "w")) == "2 X^T (X w - y) / m + 0.1 sign(w)"
    f = mc.from_function(lambda S: np.linalg.slogdet(2 * np.pi * S)[1] / np.sqrt(2), **_kinds("S"))
    assert "pi" in str(f) and "sqrt(2)" in str(f)
    assert mc.check(f, "S")


def _kinds(names: str) -> dict[str, str]:
    return {name: KINDS[name] for name in names}


def test_functions_are_called_as_they_stand() -> None:
    """Defaults and numbers stay numbers, several results are several formulas, helpers and closures see formulas."""
    power = 3

    def both(w: Any, c: float = 2.0) -> Any:
        return c * np.sum(w**power), np.mean(w)

    first, second = mc.from_function(both, w="vector(n)")
    assert str(first) == "2 sum(w.^3)" and str(second) == "mean(w)"
    assert str(mc.from_function(both, w="vector(n)", c=5)[0]) == "5 sum(w.^3)"


@pytest.mark.parametrize(
    ("loss", "names", "said"),
    [
        (lambda w: np.sum(w) if np.sum(w) > 0 else 0, "w", "truth is not known"),
        (lambda w: sum(float(v) for v in w), "w", "taken apart"),
        (lambda w: np.fft.fft(w), "w", "no formula"),
        (lambda w: np.sort(w), "w", "no formula"),
        (lambda w: w + np.array([1.0, 2.0]), "w", "array of numbers"),
        (lambda X, w: X + w[:2] @ X, "Xw", "shapes"),
        (lambda X, y: X + y, "Xy", "different shapes"),
        (lambda w, missing: w, "w", "missing is not declared"),
        (lambda w: w[::2], "w", "step 1"),
        (lambda w: w[0, 1], "w", "axes"),
        (lambda w: float(np.sum(w)), "w", "no value yet"),
        (lambda w: None, "w", "returns nothing"),
    ],
)
def test_what_has_no_formula_says_why(loss: Any, names: str, said: str) -> None:
    with pytest.raises(MatcalcError, match=said):
        mc.from_function(loss, **_kinds(names))


def test_symbols_are_combined_by_python_and_numpy() -> None:
    X, w, y, S = mc.symbols("X: matrix(m, n), w: vector(n), y: vector(m), S: spd(n)")
    assert np.tanh(X @ w) == mc.parse("tanh(X w)", "X: matrix(m, n), w: vector(n)")
    assert np.linalg.slogdet(S)[1] == mc.logdet(S) == mc.parse("logdet(S)", "S: spd(n)")
    assert str(np.sum(X, axis=0)) == "X^T ones(m)" and str(mc.sum(X, 1)) == "ones(m)^T X"
    assert str(X[0, 1]) == "X[1, 2]" and str(X[:, 0]) == "X[:, 1]" and str(w[-1]) == "w[n]" and str(w[1:]) == "w[2:n]"
    assert str(np.where(w > 0, w, 0)) == "where(w > 0, w, 0)"
    assert mc.check(np.linalg.norm(X @ w - y), w)
    assert mc.tr(X.T @ X) == mc.parse("tr(X^T X)", "X: matrix(m, n)") and mc.solve is not None
    with pytest.raises(MatcalcError):
        np.ones(3) + w
    with pytest.raises(ShapeError):
        mc.tr(X)
    with pytest.raises(TypeError):
        list(w)


def test_names_of_modules_stay_out_of_completion() -> None:
    assert {"tr", "logdet", "gradient", "symbols"} <= set(dir(mc)) and not {"calculus", "printing", "expr"} & set(
        dir(mc)
    )
    with pytest.raises(AttributeError):
        mc.no_such_function  # noqa: B018


def test_subs() -> None:
    f = mc.parse("||A x - b||^2", "A: matrix(m, n), x: vector(n), b: vector(m)")
    B, y = mc.symbols("B: matrix(n, k), y: vector(k)")
    assert f.subs(x=B @ y) == mc.parse(
        "||A B y - b||^2", "A: matrix(m, n), B: matrix(n, k), y: vector(k), b: vector(m)"
    )
    assert f.subs(n=3, m="p").declarations["A"].dims == mc.symbols("A: matrix(p, 3)").declarations["A"].dims
    assert mc.compile(f.subs({"n": 2}))(A=np.eye(2), x=np.ones(2), b=np.zeros(2)) == 2
    for wrong in ({"x": y}, {"z": 1}, {"m": y}):
        with pytest.raises(MatcalcError):
            f.subs(wrong)


def test_a_wrong_axis_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: sums along the other axis, and the comparison with NumPy fails."""
    from matcalc.objects.arrays import functions

    true = functions.FUNCTIONS["sum"]
    monkeypatch.setitem(
        functions.FUNCTIONS, "sum", lambda a, axis=None, **k: true(a, None if axis is None else 1 - axis, **k)
    )
    with pytest.raises((AssertionError, ShapeError)):
        test_values_and_slopes_are_those_of_the_function("by columns", lambda X: np.sum(np.sum(X, axis=0) ** 2))


def test_a_residual_net_is_built_in_a_loop() -> None:
    def net(X: Any, W: Any) -> Any:
        for _ in range(30):
            X = X + np.tanh(X @ W) / 30
        return np.sum(X**2)

    f = mc.from_function(net, X="matrix(m, n)", W="matrix(n, n)")
    rng = np.random.default_rng(0)
    X, W = rng.standard_normal((3, 2)), rng.standard_normal((2, 2))
    assert np.allclose(mc.compile(f)(X=X, W=W), net(X, W))
