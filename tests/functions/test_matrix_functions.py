"""Sine, cosine and sign of a matrix: values against SciPy, derivatives against differences, code in every target."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg

import matcalc as mc
from tests.compiling.test_targets import LIBRARIES
from tests.machine import library, long

A = np.array([[0.4, -1.2, 0.3], [0.9, 2.1, -0.5], [0.2, 0.7, -1.5]])
B = np.array([[1.0, 0.5, -2.0], [0.3, -0.7, 0.8], [1.1, 0.0, 0.6]])


@pytest.mark.parametrize("name", ["sinm", "cosm", "signm"])
def test_values_and_derivatives(name: str) -> None:
    value = mc.compile(f"{name}(X)", where="X: matrix(n, n)")
    np.testing.assert_allclose(value(A), getattr(scipy.linalg, name)(A), rtol=1e-12, atol=1e-13)
    text = f"tr(B {name}(X))"
    gradient = mc.compile(mc.gradient(text, "X", where="X: matrix(n, n), B: matrix(n, n)"))
    hessian = mc.compile(mc.hessian(text, "X", where="X: matrix(n, n), B: matrix(n, n)"))
    e, h = np.arange(9.0).reshape(3, 3) / 9, 1e-5
    slope = (gradient(X=A + h * e, B=B) - gradient(X=A - h * e, B=B)) / (2 * h)
    np.testing.assert_allclose(np.tensordot(hessian(X=A, B=B), e, 2), slope, rtol=1e-6, atol=1e-7)
    step = np.trace(B @ (getattr(scipy.linalg, name)(A + h * e) - getattr(scipy.linalg, name)(A - h * e))) / (2 * h)
    assert np.sum(gradient(X=A, B=B) * e) == pytest.approx(step, rel=1e-7, abs=1e-8)


@long
@pytest.mark.parametrize("target", [*LIBRARIES, "julia", "matlab", "latex"])
def test_targets(target: str) -> None:
    for name in ("sinm", "cosm", "signm"):
        f = mc.parse(f"tr(B {name}(X))", where="X: matrix(n, n), B: matrix(n, n)")
        outputs = [f, mc.gradient(f, "X"), mc.hessian(f, "X")]
        compiled = mc.compile(outputs, target=target)
        if target not in LIBRARIES:
            assert compiled.source
            continue
        module, convert = LIBRARIES[target]
        library(module)
        for wanted, found in zip(mc.compile(outputs)(X=A, B=B), compiled(X=convert(A), B=convert(B)), strict=True):
            np.testing.assert_allclose(np.asarray(found), wanted, rtol=1e-9, atol=1e-10, err_msg=name)


#: function of numbers -> the same of complex eigenvalues
NUMBERS = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tan": np.tan, "sinh": np.sinh, "cosh": np.cosh,
    "tanh": np.tanh, "expm1": np.expm1, "exp2": np.exp2, "log1p": np.log1p, "log2": np.log2, "log10": np.log10, "ln": np.log,
    "cbrt": lambda z: z ** (1 / 3), "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "softplus": lambda z: np.log(1 + np.exp(z)),
    "silu": lambda z: z / (1 + np.exp(-z)), "logcosh": lambda z: np.log(np.cosh(z)), "asinh": np.arcsinh,
    "acosh": lambda z: np.arccosh(z), "atanh": np.arctanh, "abs": lambda z: z * np.sign(z.real), "sign": lambda z: np.sign(z.real) + 0j,
    "relu": lambda z: z * (z.real > 0),
}  # fmt: skip
#: Where a function is real: eigenvalues above 1, inside the unit circle, on both sides of the imaginary axis.
PLACES = {"acosh": np.eye(3) * 5, "atanh": np.zeros((3, 3)), "abs": -np.eye(3), "sign": -np.eye(3), "relu": -np.eye(3)}


@pytest.mark.parametrize("name", NUMBERS)
def test_functions_of_numbers(name: str) -> None:
    """funm(X, g) is V g(Λ) V^-1, and its derivatives are right."""
    x = (A / 4 if name == "atanh" else A) + PLACES.get(name, 3 * np.eye(3))
    values, vectors = np.linalg.eig(x.astype(complex))
    wanted = (vectors * NUMBERS[name](values)) @ np.linalg.inv(vectors)
    found = mc.compile(f"funm(X, {name})", where="X: matrix(n, n)")(X=x)
    np.testing.assert_allclose(found, wanted.real, rtol=1e-10, atol=1e-11)
    for order in (1, 2):
        assert mc.check(f"tr(B funm(X, {name}))", "X", order=order, trials=1)


def test_the_gradient_of_a_trace_is_the_function_of_the_derivative() -> None:
    """tr(g(X)) has the gradient g'(X)^T [Higham 2008, 3.2]."""
    for name, wanted in (
        ("sin", "cosm(X)^T"),
        ("cos", "-sinm(X)^T"),
        ("sinh", "coshm(X)^T"),
        ("log1p", "(I + X^T)^-1"),
    ):
        f = mc.parse(f"tr(funm(X, {name}))", where="X: matrix(n, n)")
        assert mc.gradient(f, "X") == mc.parse(wanted, where="X: matrix(n, n)")
    gradient = mc.gradient("tr(funm(S, g))", "S", where="S: symmetric(n)")
    assert str(gradient) == "eigvecs(S) diag(g'(eigvals(S))) eigvecs(S)^T"


@pytest.mark.parametrize("text", ["tr(funm(S, erf))", "tr(B funm(S, g))", "sum(funm(S, gelu))"])
def test_any_function_of_a_symmetric_matrix(text: str) -> None:
    where = "S: symmetric(n), B: matrix(n, n)" if "B" in text else "S: symmetric(n)"
    assert mc.check(text, "S", where=where, trials=1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("funm(A)", "name of a function"),
        ("funm(A, 3)", "name of a function"),
        ("funm(A, pow)", "no function of one number"),
        ("funm(A, tr)", "no function of one number"),
        ("funm(A, f) where f: vector(n)", "declared as an array"),
        ("funm(A B, erf)", "symmetric"),
    ],
)
def test_what_is_no_matrix_function(text: str, message: str) -> None:
    with pytest.raises(mc.MatcalcError, match=message):
        mc.parse(text)


def test_matrix_functions_in_latex() -> None:
    for typed, plain in (
        (r"\operatorname{funm}(A, \sin)", "sinm(A)"),
        (r"\operatorname{funm}\left(A^2, \operatorname{sigmoid}\right)", "sigmoidm(A^2)"),
        (r"\operatorname{funm}(A, \tanh)", "tanhm(A)"),
    ):
        assert mc.parse(typed) == mc.parse(plain)
