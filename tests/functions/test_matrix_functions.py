"""Sine, cosine and sign of a matrix: values against SciPy, derivatives against differences, code in every target."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
import scipy.linalg

import matcalc as mc
from tests.compiling.test_targets import LIBRARIES

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
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
        for wanted, found in zip(mc.compile(outputs)(X=A, B=B), compiled(X=convert(A), B=convert(B)), strict=True):
            np.testing.assert_allclose(np.asarray(found), wanted, rtol=1e-9, atol=1e-10, err_msg=name)
