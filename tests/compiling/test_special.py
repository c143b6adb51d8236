"""Special functions in generated code, also left of zero, against the standard library and their recurrence."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

import matcalc as mc
from tests.compiling.test_targets import LIBRARIES
from tests.machine import library

POINTS = np.array([-33.7, -7.25, -2.5, -0.5, -1e-3, 1e-3, 0.3, 0.5, 1.0, 2.0, 2.5, 3.1, 8.0, 12.5, 25.0, 150.3])


def values(text: str, target: str, x: np.ndarray) -> np.ndarray:
    if target == "numpy":
        return np.asarray(mc.compile(text, where="x: vector(n)")(x=x))
    module, convert = LIBRARIES[target]
    library(module)
    return np.asarray(mc.compile(text, target=target, where="x: vector(n)")(x=convert(x)))


@pytest.mark.parametrize("target", ["numpy", *LIBRARIES])
@pytest.mark.parametrize("name", ["erf", "erfc", "gamma", "lgamma"])
def test_like_the_standard_library(name: str, target: str) -> None:
    function: Callable[[float], float] = getattr(math, name)
    wanted = [function(v) for v in POINTS]
    rtol, atol = (3e-12, 0.0) if name == "gamma" else (1e-11, 1e-13)
    np.testing.assert_allclose(values(f"{name}(x)", target, POINTS), wanted, rtol=rtol, atol=atol)


@pytest.mark.parametrize("target", ["numpy", *LIBRARIES])
@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_polygamma_recurrence(k: int, target: str) -> None:
    """ψ_k(x) = ψ_k(x + N) - (-1)^k k! Σ 1 / (x + j)^(k+1) [DLMF 5.15.5], from far right of zero."""
    text = ("digamma(x)", "trigamma(x)", "polygamma(2, x)", "polygamma(3, x)")[k]
    steps = np.arange(60)
    total = (1 / (POINTS[:, None] + steps) ** (k + 1)).sum(axis=1)
    wanted = values(text, target, POINTS + 60) - (-1) ** k * math.factorial(k) * total
    np.testing.assert_allclose(values(text, target, POINTS), wanted, rtol=1e-9)


@pytest.mark.parametrize("target", ["numpy", *LIBRARIES])
def test_digamma_is_the_slope_of_lgamma(target: str) -> None:
    h = 1e-5
    slope = [(math.lgamma(v + h) - math.lgamma(v - h)) / (2 * h) for v in POINTS[[0, 1, 2, 3, 6, 9, 14]]]
    np.testing.assert_allclose(values("digamma(x)", target, POINTS[[0, 1, 2, 3, 6, 9, 14]]), slope, rtol=1e-5)
