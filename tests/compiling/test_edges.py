"""Compiled numbers at the edges: what NumPy and SciPy give, never an exception of Python and never a complex number."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
import scipy.special as special

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate

NUMBERS = [
    0.0,
    -0.0,
    np.inf,
    -np.inf,
    np.nan,
    1e300,
    -1e300,
    1e-300,
    5e-324,
    -1.0,
    -2.5,
    0.5,
    2.0,
    710.0,
    -745.0,
    3,
    -3,
    171,
]

VALUES: dict[str, Callable[[Any], Any]] = {
    "abs": np.abs, "acos": np.arccos, "acosh": np.arccosh, "asin": np.arcsin, "asinh": np.arcsinh, "atan": np.arctan,
    "atanh": np.arctanh, "cbrt": np.cbrt, "cos": np.cos, "cosh": np.cosh, "digamma": special.digamma, "erf": special.erf,
    "erfc": special.erfc, "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1, "gamma": special.gamma, "lgamma": special.gammaln,
    "log": np.log, "log10": np.log10, "log1p": np.log1p, "log2": np.log2, "relu": lambda x: np.maximum(x, 0), "sigmoid": special.expit,
    "sign": np.sign, "sin": np.sin, "sinh": np.sinh, "softplus": lambda x: np.logaddexp(0, x), "sqrt": np.sqrt, "tan": np.tan, "tanh": np.tanh,
}  # fmt: skip

#: Of two numbers, of a vector.
OF_TWO = [
    "x / y",
    "x^y",
    "max(x, y)",
    "huber(x, y)",
    "x log(y)",
    "where(x > 0, log(x), y)",
    "beta(x, y)",
    "x^(1/3) y^-2",
]
OF_ARRAYS = [
    "logsumexp(x)",
    "softmax(x)",
    "max(x)",
    "entropy(x)",
    "normalize(x)",
    "norm1(x)",
    "norm(x, 3)",
    "norm_inf(x)",
    "prod(x)",
    "x.^-1",
]
ARRAYS = [
    [0, 0, 0],
    [0.0, -0.0, 1],
    [np.inf, 1, 2],
    [-np.inf, np.inf, 2],
    [np.nan, 1, 2],
    [1e300, 1e300, 1],
    [1e-300, 0, 1],
    [-1, -2, -3],
    [1, 1, 1],
]

PSEUDOINVERSES: dict[str, Callable[[Any], Any]] = {
    "pinv(x)": np.linalg.pinv,
    "pinv(x^T)": lambda x: np.linalg.pinv(x.T),
    "pinv(-2 x)": lambda x: np.linalg.pinv(-2 * x),
    "pinv(x[1])": lambda x: np.linalg.pinv(x[:1]),
    "x pinv(x)": lambda x: x @ np.linalg.pinv(x),
    "pinv(x) x": lambda x: np.linalg.pinv(x) @ x,
    "pinv(pinv(x))": lambda x: x,
    "pinv(kron(x, [1; 2]))": lambda x: np.linalg.pinv(np.kron(x, [[1], [2]])),
}
VECTORS = [[0.0, 0.0, 0.0], [1.0, 2.0, -3.0], [0.0, 2.0, 0.0], [1e-200, 2e-200, 0.0], [1e200, 2e200, 0.0]]


def runs(text: str, where: str, *wrt: str) -> list[Any]:
    """The value, and every first and second derivative, as functions."""
    f = mc.parse(text, where)
    orders = [(), *((w,) for w in wrt), *product(wrt, repeat=2)]
    return [mc.compile(mc.derivative(f, *names) if names else f) for names in orders]


def is_real(run: Any, **arguments: Any) -> bool:
    with np.errstate(all="ignore"):
        return np.asarray(run(**arguments)).dtype.kind == "f"


@pytest.mark.parametrize("name", VALUES)
def test_functions_of_a_number(name: str) -> None:
    value, *derivatives = runs(f"{name}(x)", "x: scalar", "x")
    for x in NUMBERS:
        assert all(is_real(run, x=x) for run in (value, *derivatives)), x
        if name == "lgamma" and x in (-np.inf, 5e-324):
            continue  # inf and 744.4, in SciPy -inf and inf
        with np.errstate(all="ignore"):
            found, wanted = float(value(x=x)), float(VALUES[name](np.float64(x)))
        assert np.isclose(found, wanted, rtol=1e-12, atol=1e-300, equal_nan=True), f"{x}: {found}, not {wanted}"


@pytest.mark.parametrize("text", OF_TWO)
def test_functions_of_two_numbers(text: str) -> None:
    for run, x, y in product(runs(text, "x: scalar, y: scalar", "x", "y"), NUMBERS, NUMBERS):
        assert is_real(run, x=x, y=y), (x, y)


@pytest.mark.parametrize("text", OF_ARRAYS)
def test_functions_of_a_vector(text: str) -> None:
    for run, x in product(runs(text, "x: vector(n)", "x"), ARRAYS):
        assert is_real(run, x=np.array(x)), x


def test_beta_has_its_sign_where_arguments_are_negative() -> None:
    a, b = np.random.default_rng(2).uniform(-6, 6, (2, 500))
    f = mc.parse("beta(a, b)", "a: vector(n), b: vector(n)")
    for found in (mc.compile(f)(a=a, b=b), evaluate(f.node, {"a": a[:, None], "b": b[:, None]}, {"n": 500})[:, 0]):
        np.testing.assert_allclose(found, special.beta(a, b), rtol=1e-9)
    positive = mc.compile("beta(a, b)", where="a: scalar(positive), b: scalar(positive)")
    assert "floor" not in positive.source
    assert positive(a=0.5, b=2.5) == pytest.approx(special.beta(0.5, 2.5))


@pytest.mark.parametrize("text", PSEUDOINVERSES)
@pytest.mark.parametrize("x", VECTORS, ids=str)
def test_pseudoinverses_of_vectors_are_those_of_linear_algebra(text: str, x: list[float]) -> None:
    found = mc.compile(mc.parse(text, "x: vector(3)"))(x=np.array(x))
    wanted = PSEUDOINVERSES[text](np.array(x)[:, None])
    assert np.allclose(found.ravel(), wanted.ravel(), rtol=1e-14, atol=0)


def test_the_derivative_of_a_pseudoinverse_keeps_its_condition() -> None:
    for text in ("pinv(x)", "x pinv(x)", "pinv(x) y", "pinv(x[1])"):
        where = "x: vector(3), y: vector(3)"
        assert mc.derivative(text, "x", where=where).conditions == (("x[1] != 0",) if "[" in text else ("x != 0",))
        assert mc.check(text, "x", where=where, order=2)
    assert mc.derivative("pinv(x) y", "y", where="x: vector(n), y: vector(n)").conditions == ()


def test_the_pseudoinverse_of_a_vector_is_that_fraction_where_the_vector_is_not_0() -> None:
    found = mc.equal("pinv(x) x", "1", "x: vector(n)")
    assert found.verdict == "proved"
    assert "x != 0" in found.reason
    assert "!=" not in mc.equal("pinv(x)", "pinv(x)", "x: vector(n)").reason
