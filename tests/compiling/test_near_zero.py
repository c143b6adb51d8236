"""Compiled values and derivatives of functions whose terms cancel near 0, against mpmath."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from mpmath import mp

import matcalc as mc
from tests.compiling.jets import (
    DIGITS,
    SMALLEST,
    Jet,
    Reference,
    assert_close,
    cos,
    erfc,
    exp,
    expm1,
    log,
    points,
    sin,
    sqrt,
)
from tests.machine import sweep

# fmt: off
#: text of a function of the number x -> its value by jets, the signs of x, and the largest power of ten
NEAR_ZERO: dict[str, tuple[Reference, Sequence[int], float]] = {
    "(exp(x) - 1)/x":         (lambda x: expm1(x) / x,                        (1, -1), 2),
    "(1 - exp(-2 x))/(3 x)":  (lambda x: expm1(-2 * x) / (-3 * x),            (1, -1), 2),
    "sin(x)/x":               (lambda x: sin(x) / x,                          (1, -1), 6),
    "(1 - cos(x))/x^2":       (lambda x: (1 - cos(x)) / (x * x),              (1, -1), 6),
    "sinh(2 x)/x":            (lambda x: (exp(2 * x) - exp(-2 * x)) / (2 * x), (1, -1), 2),
    "log(1 + x) - x":         (lambda x: log(1 + x) - x,                      (1,),    6),
    "exp(x) - 1 - x":         (lambda x: expm1(x) - x,                        (1, -1), 2),
    "sqrt(1 + x^2) - 1":      (lambda x: sqrt(1 + x * x) - 1,                 (1, -1), 6),
    "log(x + sqrt(x^2 + 1))": (lambda x: log(x + sqrt(x * x + 1)),            (1, -1), 6),
    "log(erfc(x))":           (lambda x: log(erfc(x)),                        (1, -1), 1),
    "log(sinh(x))":           (lambda x: log(exp(x) - exp(-x)) - mp.log(2),   (1,),    2.8),
}
# fmt: on


@sweep(3)
@pytest.mark.parametrize("text", NEAR_ZERO)
def test_quotients_and_differences_near_zero(text: str) -> None:
    reference, signs, largest = NEAR_ZERO[text]
    x = points(signs, largest)
    x = x[np.abs(x) < 10.0**largest]
    with mp.workdps(2 * DIGITS):
        jets = [reference(Jet(mp.mpf(v), mp.mpf(1))) for v in x.tolist()]
        wanted = np.array([[float(j.v), float(j.d), float(j.e)] for j in jets])
    f = mc.parse(text, where="x: scalar")
    compiled = mc.compile([f, mc.gradient(f, "x"), mc.derivative(f, "x", "x")])
    with np.errstate(all="ignore"):
        found = np.array([compiled(x=v) for v in x])
    for order in range(3):
        assert_close(found[:, order], wanted[:, order], f"{text}, order {order}")


# fmt: off
#: text of a function of the number x that is regular at 0 -> its value
REMOVABLE = {
    "x/sin(x)":                 lambda x: x / mp.sin(x),
    "x/tanh(x)":                lambda x: x / mp.tanh(x),
    "x/(exp(x) - 1)":           lambda x: x / mp.expm1(x),
    "log(1 + x)/x":             lambda x: mp.log1p(x) / x,
    "(exp(x) - 1 - x)/x^2":     lambda x: (mp.expm1(x) - x) / x**2,
    "(exp(x) - 1 - x - x^2/2)/x^3": lambda x: (mp.expm1(x) - x - x**2 / 2) / x**3,
    "1/x - 1/sin(x)":           lambda x: 1 / x - 1 / mp.sin(x),
    "1/(2 x) - 1/(exp(2 x) - 1)": lambda x: 1 / (2 * x) - 1 / mp.expm1(2 * x),
    "cosh(x)/sinh(x) - 1/x":    lambda x: mp.coth(x) - 1 / x,
    "(x - sin(x))/x^3":         lambda x: (x - mp.sin(x)) / x**3,
    "(tan(x) - x)/x^3":         lambda x: (mp.tan(x) - x) / x**3,
    "(asin(x) - atan(x))/x^3":  lambda x: (mp.asin(x) - mp.atan(x)) / x**3,
    "(asinh(x) - atanh(x))/x^3": lambda x: (mp.asinh(x) - mp.atanh(x)) / x**3,
    "log(sin(x)/x)":            lambda x: mp.log(mp.sin(x) / x),
    "erf(x)/x":                 lambda x: mp.erf(x) / x,
    "(sqrt(1 + x) - 1)/x":      lambda x: (mp.sqrt(1 + x) - 1) / x,
    "(sigmoid(x) - sigmoid(-x))/x": lambda x: mp.tanh(x / 2) / x,
}
# fmt: on


# fmt: on
AROUND_ZERO = (1e-300, -1e-160, 1e-30, -1e-8, 1e-4, 1e-3, -0.01, 0.03, 0.0626, 0.1, -0.126, 0.3)


@sweep(6)
@pytest.mark.parametrize("text", REMOVABLE)
def test_series_near_zero(text: str) -> None:
    f, g = mc.parse(text, where="x: scalar"), REMOVABLE[text]
    compiled = mc.compile([f, mc.derivative(f, "x"), mc.derivative(f, "x", "x")])
    for point in AROUND_ZERO:
        with mp.workdps(2500):
            x = mp.mpf(point)
            h = abs(x) / mp.mpf(10) ** 50
            above, here, below = g(x + h), g(x), g(x - h)
            wanted = [float(v) for v in (here, (above - below) / (2 * h), (above - 2 * here + below) / h**2)]
        np.testing.assert_allclose(compiled(x=point), wanted, rtol=1e-10, atol=SMALLEST, err_msg=f"{text} at {point}")


def test_series_of_entries_beside_other_variables() -> None:
    x, y = np.array([1e-200, -1e-6, 0.01, 0.5, -2.0]), np.array([1.0, -2.0, 3.0, 0.5, 1.0])
    f = mc.parse("s^2 sum(y .* (x - sin(x)) ./ x.^3)", where="x: vector(n), y: vector(n), s: scalar")
    gradient = mc.compile(mc.derivative(f, "x"))(x=x, y=y, s=3.0)
    with mp.workdps(1500):
        slopes = [3 * mp.sin(v) / v**4 - mp.cos(v) / v**3 - 2 / v**3 for v in map(mp.mpf, x)]
        wanted = [float(9 * mp.mpf(b) * d) for b, d in zip(y, slopes, strict=True)]
    np.testing.assert_allclose(gradient, wanted, rtol=1e-10)


@pytest.mark.parametrize(
    "text", ["where(abs(x) < 1/1000, 1, exp(x)) - 1 - x", "abs(x) - x", "exp(x) - exp(y)", "x^p - x"]
)
def test_what_has_no_series_is_computed_as_it_stands(text: str) -> None:
    where = "x: scalar, y: scalar, p: scalar"
    assert "_horner" not in mc.compile(text, where=where).source
