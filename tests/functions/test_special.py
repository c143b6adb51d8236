"""Error functions, the gamma family and stable elementary functions on the whole real line, against mpmath and SciPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import matcalc as mc
from matcalc.functions.numeric.values import NUMERIC
from tests.machine import long, sweep

rng = np.random.default_rng(3)
#: Near and far, large and tiny, on both sides.
POINTS = np.concatenate(
    [
        rng.uniform(-5, 5, 40),
        rng.uniform(-60, 60, 20),
        rng.uniform(-900, 900, 15),
        *(sign * 10.0 ** rng.uniform(low, high, 10) for sign in (1, -1) for low, high in ((-12, 0), (0, 6))),
        [0.5, 1.0, 2.0, -0.5, -1.5, 30.0],
    ]
)
Real = Callable[[Any], Any]

# fmt: off
#: function -> (its value to many digits, the least argument)
FUNCTIONS: dict[str, tuple[Real, float]] = {
    "erf":      (mpmath.erf,                                -np.inf),
    "erfc":     (mpmath.erfc,                               -np.inf),
    "lgamma":   (lambda x: mpmath.log(abs(mpmath.gamma(x))), -1e3),
    "gamma":    (mpmath.gamma,                              -170.0),
    "digamma":  (lambda x: mpmath.psi(0, x),                -np.inf),
    "trigamma": (lambda x: mpmath.psi(1, x),                -np.inf),
    "log1p":    (mpmath.log1p,                              -1.0),
    "expm1":    (mpmath.expm1,                              -np.inf),
    "sigmoid":  (lambda x: 1 / (1 + mpmath.exp(-x)),        -np.inf),
    "softplus": (lambda x: mpmath.log1p(mpmath.exp(x)),     -np.inf),
    "cbrt":     (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), -np.inf),
    "tanh":     (mpmath.tanh,                               -np.inf),
    "asinh":    (mpmath.asinh,                              -np.inf),
    "logcosh":  (lambda x: mpmath.log(mpmath.cosh(x)),      -np.inf),
    "log_ndtr": (lambda x: mpmath.log(mpmath.erfc(-x / mpmath.sqrt(2)) / 2), -np.inf),
    "inverse_mills": (lambda x: mpmath.npdf(x) / (mpmath.erfc(-x / mpmath.sqrt(2)) / 2), -np.inf),
    "bose":     (lambda x: 1 / mpmath.expm1(x),             -np.inf),
    "acosh":    (mpmath.acosh,                              1.0),
}
# fmt: on
#: Relative errors, of the value or of the argument: near a zero or a pole the rounding of x is all there is.
ACCURACY = 1e-14


def errors(found: np.ndarray[Any, Any], x: np.ndarray[Any, Any], exact: Real) -> list[tuple[float, float]]:
    """(error, argument) wherever the exact value is a normal double."""
    result = []
    with mpmath.workdps(40):
        for value, argument in zip(found.ravel().tolist(), map(mpmath.mpf, x.tolist()), strict=True):
            wanted = exact(argument)
            if not mpmath.mpf("1e-300") < abs(wanted) < mpmath.mpf("1e300"):
                continue
            sensitivity = abs(exact(argument * (1 + mpmath.mpf("1e-15"))) - wanted) / mpmath.mpf("1e-15")
            result.append((float(abs(value - wanted) / max(abs(wanted), sensitivity)), float(argument)))
    return result


@sweep(2)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_real_arguments(name: str) -> None:
    exact, least = FUNCTIONS[name]
    x = POINTS[least < POINTS]
    with np.errstate(all="ignore"):
        found = NUMERIC[name](x[:, None])
    error, argument = max(errors(found, x, exact))
    assert error < ACCURACY, argument


@long
@pytest.mark.parametrize("k", [0, 1, 2, 3, 7, 12])
def test_polygamma(k: int) -> None:
    x = POINTS[np.abs(POINTS - np.round(POINTS)) > 1e-7]
    found = NUMERIC["polygamma"](np.array([[float(k)]]), x[:, None])
    error, argument = max(errors(found, x, lambda z: mpmath.psi(k, z)))
    assert error < ACCURACY, argument


@pytest.mark.parametrize(
    ("name", "x", "value"),
    [
        ("lgamma", [0.0, -3.0, 1e306, np.inf, np.nan], [np.inf, np.inf, np.inf, np.inf, np.nan]),
        ("digamma", [0.0, -1.0, np.inf, 1e300, np.nan], [-np.inf, np.nan, np.inf, np.log(1e300), np.nan]),
        ("trigamma", [0.0, -1.0, np.inf, 1e300, 1e-200], [np.inf, np.inf, 0.0, 1e-300, np.inf]),
        ("sigmoid", [-np.inf, -800.0, 0.0, 800.0, np.inf], [0.0, 0.0, 0.5, 1.0, 1.0]),
        ("softplus", [-np.inf, -800.0, 0.0, 800.0, np.inf], [0.0, 0.0, np.log(2), 800.0, np.inf]),
    ],
)
def test_poles_and_infinities(name: str, x: list[float], value: list[float]) -> None:
    np.testing.assert_allclose(NUMERIC[name](np.array(x)[:, None]).ravel(), value, rtol=1e-15)


def test_an_order_that_is_no_whole_number_has_no_value() -> None:
    for k in (0.5, -1.0, 171.0, np.nan):
        assert np.isnan(NUMERIC["polygamma"](np.array([[k]]), np.ones((2, 1)))).all()


SMOOTH = ["erf", "erfc", "lgamma", "digamma", "trigamma", "sigmoid", "softplus", "log1p", "expm1", "tanh"]


@pytest.mark.parametrize("name", SMOOTH)
def test_the_complex_step_finds_the_slope(name: str) -> None:
    x = np.array(
        [0.3, 0.49, 0.51, 1.4, 5.0, 20.0] + ([0.0, -0.3] if name not in ("lgamma", "digamma", "trigamma") else [-0.3])
    )
    found = NUMERIC[name](x[:, None] + 1e-30j).imag.ravel() / 1e-30
    with mpmath.workdps(30):
        wanted = [float(mpmath.diff(FUNCTIONS[name][0], z)) for z in x]
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-18)


@pytest.mark.parametrize("x", [-0.5, -3.7, -25.3, 0.4])
@pytest.mark.parametrize("name", ["lgamma", "digamma", "trigamma"])
def test_derivatives_left_of_zero_are_verified(name: str, x: float) -> None:
    for order in (1, 2):
        assert mc.check(f"{name}(x)", "x", order=order, where="x: scalar", at={"x": x})


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "silu", "gelu", "erf", "tanh", "expm1", "log1p", "asinh"])
def test_derivatives_at_zero_are_verified(name: str) -> None:
    for order in (1, 2):
        report = mc.check(f"{name}(x)", "x", order=order, where="x: scalar", at={"x": 0.0})
        assert report, report
