"""What overflows or underflows on the way to a value that does not: powers beside exponentials and below fractions.

The values are judged by differences of the function as it is written, in 1,400 digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import matcalc as mc

POINTS = [s * x for x in (1e-3, 0.37, 1.0, 3.3, 9.0, 25.7, 1e5, 1e70, 2.5e78, 1e110, 4e160, 1e300) for s in (-1, 1)]

#: Value and derivatives have ten digits at all points.
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "x exp(-x^2)": lambda x: x * mpmath.exp(-x * x),
    "exp(-x^2 / 2) (x^4 - 6 x^2 + 3)": lambda x: mpmath.exp(-x * x / 2) * (x**4 - 6 * x**2 + 3),
    "exp(-abs(x)) (x^2 + 1)": lambda x: mpmath.exp(-abs(x)) * (x * x + 1),
    "sigmoid(-x^2) x^2": lambda x: x * x / (1 + mpmath.exp(x * x)),
    "log(1 + x^4)": lambda x: mpmath.log(1 + x**4),
    "log(1 + abs(x)^3)": lambda x: mpmath.log(1 + abs(x) ** 3),
    "sqrt(2 + 3 x^4) / (1 + x^2)": lambda x: mpmath.sqrt(2 + 3 * x**4) / (1 + x**2),
    "x / (1 + x^6)^(1/6)": lambda x: x / mpmath.root(1 + x**6, 6),
}


def wanted(f: Callable[[Any], Any], at: float, order: int) -> Any:
    with mpmath.workdps(1400):
        x = mpmath.mpf(at)
        h = abs(x) * mpmath.mpf(10) ** -200
        if order == 0:
            return f(x)
        return (f(x + h) - f(x - h)) / (2 * h) if order == 1 else (f(x + h) - 2 * f(x) + f(x - h)) / h**2


def agrees(value: float, right: Any) -> bool:
    """Ten digits, where the right value is a normal number."""
    if abs(right) > 1e305:
        return not np.isfinite(value)
    return bool(abs(value - right) <= 1e-10 * abs(right) + 1e-290)


@pytest.mark.filterwarnings("ignore:overflow", "ignore:underflow", "ignore:invalid")
@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("text", FUNCTIONS)
def test_values_from_small_to_huge(text: str, order: int) -> None:
    f = mc.parse(text, "x: scalar")
    function = mc.compile(mc.derivative(f, *["x"] * order) if order else f, target="numpy")
    wrong = [x for x in POINTS if not agrees(float(function(x=x)), wanted(FUNCTIONS[text], x, order))]
    assert not wrong, wrong


@pytest.mark.filterwarnings("ignore:overflow", "ignore:underflow", "ignore:invalid", "ignore:divide")
@pytest.mark.parametrize("x", [1e-300, 4e-170, 1e-160, 1e-9, 3e-4, 2e-3, 0.7])
def test_powers_below_may_be_zero_where_their_base_is_not(x: float) -> None:
    function = mc.compile("log1p(x^2) / x^2 where x: scalar", target="numpy")
    assert agrees(float(function(x=x)), wanted(lambda x: mpmath.log1p(x * x) / x**2, x, 0))


@pytest.mark.filterwarnings("ignore:overflow", "ignore:underflow")
@pytest.mark.parametrize("target", ["numpy", "scipy", "array-api"])
def test_arrays_vanish_beside_exponentials(target: Any) -> None:
    gradient = mc.compile(mc.gradient("sum(x .* exp(-x.^2))", "x"), target=target)
    x = np.array(POINTS)
    right = [float(wanted(FUNCTIONS["x exp(-x^2)"], at, 1)) for at in POINTS]
    np.testing.assert_allclose(gradient(x), right, rtol=1e-10, atol=1e-290)


def test_what_grows_stays_infinite() -> None:
    """Only what is beside a factor that is 0 is 0."""
    with np.errstate(over="ignore"):
        assert mc.compile("exp(-x) x^2 where x: scalar", target="numpy")(x=-1e300) == np.inf
        assert mc.compile("exp(-1 / x^2) x^3 where x: scalar", target="numpy")(x=1e200) == np.inf
