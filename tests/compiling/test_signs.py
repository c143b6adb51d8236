"""Quotients and powers whose parts may be negative, overflow or vanish, against mpmath."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import matcalc as mc
from tests.compiling.jets import DIGITS
from tests.machine import sweep

# fmt: off
#: text of a quotient of numbers x and y, of which parts may be negative -> its value
WITH_SIGNS = {
    "exp(x)/(exp(x) + y)":                        lambda x, y: mp.exp(x) / (mp.exp(x) + y),
    "exp(x)/(exp(x) - exp(y))":                   lambda x, y: 1 / (1 - mp.exp(y - x)),
    "1/(exp(x) - exp(y))^2":                      lambda x, y: 1 / (mp.exp(x) - mp.exp(y)) ** 2,
    "(x exp(x) - y exp(y))^2/(exp(x) + exp(y))^2": lambda x, y: ((x * mp.exp(x) - y * mp.exp(y)) / (mp.exp(x) + mp.exp(y))) ** 2,
    "(x exp(x) + y exp(y))/(exp(x) - y exp(y))":  lambda x, y: (x + y * mp.exp(y - x)) / (1 - y * mp.exp(y - x)),
    "(x + sigmoid(x))/(y + sigmoid(y))":          lambda x, y: (x + 1 / (1 + mp.exp(-x))) / (y + 1 / (1 + mp.exp(-y))),
    "hypot(x, sigmoid(x + y))":                   lambda x, y: mp.hypot(x, 1 / (1 + mp.exp(-x - y))),
    "(sinh(x) + y)/(cosh(x) + y)":                lambda x, y: (mp.sinh(x) + y) / (mp.cosh(x) + y),
    "cosh(x)/(sinh(x) + expm1(y))":               lambda x, y: mp.cosh(x) / (mp.sinh(x) + mp.exp(y) - 1),
}
# fmt: on


# fmt: on
PLAIN_AND_HUGE = [(0.3, -0.4), (-0.7, 0.2), (-2.0, -3.0), (720.0, -1.0), (720.0, 721.0), (-800.0, -799.0)]


@sweep(2)
@pytest.mark.parametrize("text", WITH_SIGNS)
def test_quotients_with_signs(text: str) -> None:
    """Logarithms of what may be negative have no place in them."""
    f, g = mc.parse(text, where="x: scalar, y: scalar"), WITH_SIGNS[text]
    compiled = mc.compile([f, mc.derivative(f, "x"), mc.derivative(f, "x", "y")])
    for a, b in PLAIN_AND_HUGE:
        with mp.workdps(2 * DIGITS):
            x, y, h = mp.mpf(a), mp.mpf(b), mp.mpf(10) ** -150
            slope = (g(x + h, y) - g(x - h, y)) / (2 * h)
            mixed = sum(i * j * g(x + i * h, y + j * h) for i in (1, -1) for j in (1, -1)) / (4 * h * h)
            wanted = [float(v) for v in (g(x, y), slope, mixed)]
        with np.errstate(all="ignore"):
            found = compiled(x=a, y=b)
        np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-300, err_msg=f"{text} at {a}, {b}")


@pytest.mark.parametrize("shift", [0.0, 800.0, -800.0])
def test_quotients_of_weighted_sums_with_signs(shift: float) -> None:
    """(w^T e^x) / (v^T e^x) and its derivatives do not change with a number that is added to x."""
    f = mc.parse("(w^T exp(x)) / (v^T exp(x))", where="w: vector(n), v: vector(n), x: vector(n)")
    x, w, v = np.array([0.3, -0.4, 1.1]), np.array([1.0, -3.0, 0.5]), np.array([-2.0, 1.0, 0.1])
    e = np.exp(x)
    a, b = w @ e, v @ e
    gradient = w * e / b - a * v * e / b**2
    value, slope, hessian = (mc.compile(mc.derivative(f, *["x"] * k) if k else f) for k in range(3))
    with np.errstate(all="ignore"):
        at = {"x": x + shift, "w": w, "v": v}
        np.testing.assert_allclose(value(**at), a / b, rtol=1e-12)
        np.testing.assert_allclose(slope(**at), gradient, rtol=1e-12)
        np.testing.assert_allclose(hessian(**at).sum(axis=0), np.zeros(3), atol=1e-13)


@pytest.mark.parametrize("wrt", ["A", "p"])
def test_roots_of_powers_that_vanish(wrt: str) -> None:
    """(x^p)^(1/2) has derivatives where x^p is smaller than any number of the machine."""
    x, p, k = 0.0135, 220.0, np.log(0.0135) / 2
    first = {"A": p / 2 * x ** (p / 2 - 1), "p": k * x ** (p / 2)}[wrt]
    second = {"A": p / 2 * (p / 2 - 1) * x ** (p / 2 - 2), "p": k**2 * x ** (p / 2)}[wrt]
    f = mc.parse("sum(sqrt(A.^p))", where="A: diagonal(n), p: scalar")
    for order, wanted in ((1, first), (2, second)):
        found = mc.compile(mc.derivative(f, *[wrt] * order))(A=np.array([[x]]), p=p)
        np.testing.assert_allclose(np.ravel(found), [wanted], atol=1e-190)


#: Quotients of sums of exponentials that may be negative: they have no logarithm.
SIGNED: dict[str, Callable[[Any, Any], Any]] = {
    "acosh(2 + exp(sin(s)))": lambda s, a: mp.acosh(2 + mp.exp(mp.sin(s))),
    "sin(s) exp(cos(s)) / sqrt(1 + exp(2 s))": lambda s, a: mp.sin(s) * mp.exp(mp.cos(s)) / mp.sqrt(1 + mp.exp(2 * s)),
    "(exp(s) - 3 exp(2 s) + 1) / (1 + exp(s))^3": lambda s, a: (mp.exp(s) - 3 * mp.exp(2 * s) + 1) / (1 + mp.exp(s)) ** 3,
    "(a exp(s) - exp(2 s)) / (exp(s) - a exp(3 s) + 2)": lambda s, a: (a * mp.exp(s) - mp.exp(2 * s))
    / (mp.exp(s) - a * mp.exp(3 * s) + 2),
}  # fmt: skip


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("text", SIGNED)
def test_sums_of_exponentials_of_either_sign(text: str, order: int) -> None:
    f = mc.parse(text, "s: scalar, a: scalar")
    compiled = mc.compile(mc.derivative(f, *["s"] * order) if order else f)
    given = {"a": -0.75} if "a" in f.declarations else {}
    with mp.workdps(40):
        for s in (-3.0, -0.4, 0.0, 0.3, 1.7, 3.1):
            exact = float(mp.diff(lambda t: SIGNED[text](t, mp.mpf(-0.75)), s, order))
            assert compiled(s=s, **given) == pytest.approx(exact, rel=1e-9, abs=1e-9)
