"""Every Python target gives what NumPy gives, and its source is formatted code."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.errors import UnsupportedError
from tests.compiling.cases import CASES
from tests.compiling.test_values import arguments, called, point_of
from tests.machine import library, long, sweep


def _strict(x: Any) -> Any:
    import array_api_strict

    return array_api_strict.asarray(np.asarray(x, dtype=float))


def _jax(x: Any) -> Any:
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax.numpy.asarray(x)


def _torch(x: Any) -> Any:
    import torch

    return torch.as_tensor(np.asarray(x, dtype=float))


LIBRARIES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "array-api": ("array_api_strict", _strict),
    "jax": ("jax", _jax),
    "torch": ("torch", _torch),
}


#: JAX is slow to start each operation: it gets every fourth case.
PAIRS = [(t, c) for t in LIBRARIES for c in (CASES[1::4] if t == "jax" else CASES)]


@sweep(15)
@pytest.mark.parametrize(("target", "case"), PAIRS, ids=[f"{t}-{c[0][:40]}" for t, c in PAIRS])
def test_same_as_numpy(target: str, case: tuple[str, str]) -> None:
    text, name = case
    module, convert = LIBRARIES[target]
    library(module)
    f = mc.parse(text)
    outputs = [f, mc.derivative(f, name), mc.derivative(f, name, name)]
    point = point_of(f)
    size = np.prod([dim.evaluate(point.sizes) for dim in outputs[-1].shape])
    if size > 30_000:
        outputs.pop()
    wanted = called(mc.compile(outputs), f, point)
    try:
        fn = mc.compile(outputs, target=target)
    except UnsupportedError as reason:
        pytest.skip(str(reason))
    sizes = {n: point.sizes[n] for n in fn.parameters if n in point.sizes and n not in f.declarations}
    given = {n: convert(x) for n, x in arguments(f, point).items()}
    context = importlib.import_module("jax").disable_jit() if target == "jax" else nullcontext()
    with context:
        results = fn(**given, **sizes)
    for result, expected in zip(results, wanted, strict=True):
        assert tuple(result.shape) == np.shape(expected)
        np.testing.assert_allclose(np.asarray(result), expected, rtol=1e-7, atol=1e-7)


@long
@pytest.mark.parametrize("exponent", [3, 0, 1, -2, 6])
@pytest.mark.parametrize("target", ["numpy", *LIBRARIES])
def test_powers_whose_exponent_is_an_argument(target: str, exponent: int) -> None:
    """Beside those of a power with the number: JAX's jit does not know the exponent either."""
    module, convert = LIBRARIES.get(target, ("numpy", np.asarray))
    library(module)
    where = " where A: matrix(n, n), X: matrix(n, n), p: scalar(integer)"
    f, plain = mc.parse("tr(A X^p)" + where), mc.parse(f"tr(A X^({exponent})) + 0 tr(X)" + where)
    fn = mc.compile([f, mc.derivative(f, "X"), mc.derivative(f, "X", "X")], target=target)
    wanted = mc.compile([plain, *(mc.derivative(plain, *["X"] * k) for k in (1, 2) if exponent)])
    A, X = np.random.default_rng(5).standard_normal((2, 3, 3))
    results = fn(A=convert(A), X=convert(X), p=convert(float(exponent)))
    for result, expected in zip(results, [*wanted(A=A, X=X), 0.0, 0.0], strict=False):
        np.testing.assert_allclose(np.asarray(result), expected, rtol=1e-9, atol=1e-12)


#: functions of a size, with their values for n = 3
OF_A_SIZE = [
    ("digamma(n / 2)", 0.03648997397857652),
    ("trigamma(n)", np.pi**2 / 6 - 1.25),
    ("polygamma(2, n)", -0.15411380631918857),
    ("lgamma(n)", np.log(2)),
    ("huber(n, 2)", 4.0),
    ("max(n, 2)", 3.0),
    ("erf(n)", 0.9999779095030014),
]


@pytest.mark.parametrize("target", ["numpy", *LIBRARIES])
@pytest.mark.parametrize(("factor", "value"), OF_A_SIZE)
def test_functions_of_a_size(factor: str, value: float, target: str) -> None:
    module, convert = LIBRARIES.get(target, ("numpy", np.asarray))
    library(module)
    fn = mc.compile(f"{factor} x where x: vector(n)", target=target)
    result = fn(x=convert([1.0, 2.0, 3.0]))
    np.testing.assert_allclose(np.asarray(result), value * np.array([1.0, 2.0, 3.0]), rtol=1e-6)


#: Functions whose stable forms have derivatives with many short terms.
LONG_SUMS = (
    ("log(1 + x) - x where x: scalar", "x"),
    ("sum(log(1 + x) - x) where x: vector(n)", "x"),
    ("sum((1 - cos(x)) ./ x.^2)", "x"),
)


@long
@pytest.mark.parametrize("target", ["numpy", *LIBRARIES])
def test_source_is_formatted(target: str, tmp_path: Any) -> None:
    ruff = importlib.util.find_spec("ruff")
    if ruff is None:
        pytest.skip("ruff is not installed")
    sized = (f"{factor} + {factor} tr(X) where X: matrix(n, n)" for factor, _ in OF_A_SIZE)
    for number, (text, name) in enumerate((*CASES, *LONG_SUMS, *((text, "X") for text in sized))):
        f = mc.parse(text)
        try:
            source = mc.compile([f, mc.derivative(f, name), mc.derivative(f, name, name)], target=target).source
        except UnsupportedError:
            continue
        (tmp_path / f"case_{number}.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert result.returncode == 0, result.stdout
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E9,F,I", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert result.returncode == 0, result.stdout


@long
@pytest.mark.parametrize("target", ["torch", "jax"])
@pytest.mark.parametrize("text", ["tr(C expm(A .* A))", "sum(min(A, 1/4) .* max(A, C))"])
def test_third_derivatives_in_other_libraries(target: str, text: str) -> None:
    """Fréchet derivatives in several directions, and extrema beside numbers."""
    module, convert = LIBRARIES[target]
    library(module)
    rng = np.random.default_rng(1)
    values = {"A": rng.standard_normal((3, 3)), "C": rng.standard_normal((3, 3))}
    for order in (1, 2, 3):
        derivative = mc.derivative(text, *["A"] * order, where="A: matrix(n, n), C: matrix(n, n)")
        wanted = mc.compile(derivative)(**values)
        with importlib.import_module("jax").disable_jit() if target == "jax" else nullcontext():
            found = mc.compile(derivative, target=target)(**{n: convert(v) for n, v in values.items()})
        np.testing.assert_allclose(np.asarray(found), wanted, rtol=1e-7, atol=1e-7)
