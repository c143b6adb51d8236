"""Derivatives by a power such as the variance sigma^2: the value is that of the chain rule, whatever the way to ask."""

from __future__ import annotations

import re

import numpy as np
import pytest

import matcalc as mc
from matcalc.api import verify
from matcalc.expr.named_powers import base_and_exponent, power_name
from matcalc.language.words.spelling import named_power

NORMAL = r"-\frac{n}{2}\log(2\pi\sigma^2) - \frac{1}{2\sigma^2}\|y - X\beta\|^2"
POINT = {"n": 7.0, "y": np.array([1.0, -2.0, 0.5]), "X": np.array([[1.0, 2.0], [0.3, 1.0], [2.0, -1.0]])}
BETA = np.array([0.7, -0.4])


def log_likelihood(variance: float) -> float:
    residual = POINT["y"] - POINT["X"] @ BETA
    return float(-7 / 2 * np.log(2 * np.pi * variance) - residual @ residual / 2 / variance)


def slope(at: float, step: float = 1e-5) -> float:
    return (log_likelihood(at + step) - log_likelihood(at - step)) / (2 * step)


def second(at: float, step: float = 1e-3) -> float:
    return (log_likelihood(at + step) - 2 * log_likelihood(at) + log_likelihood(at - step)) / step**2


@pytest.mark.parametrize(
    ("text", "wrt"),
    [
        (NORMAL, ("sigma^2",)),
        (NORMAL, (r"\sigma^2",)),
        (NORMAL, ("sigma**2",)),
        (NORMAL, ("σ²",)),
        (NORMAL.replace(r"\log(2\pi\sigma^2)", r"\left(\log(2\pi) + 2 \log \sigma\right)"), ("sigma^2",)),
        (rf"\frac{{\partial}}{{\partial\sigma^2}} \left({NORMAL}\right)", ()),
        (rf"\frac{{\partial}}{{\partial(\sigma^2)}} \left({NORMAL}\right)", ()),
        (rf"\nabla_{{\sigma^2}} \left({NORMAL}\right)", ()),
        (rf"\max_{{\sigma^2}} {NORMAL}", ()),
        (rf"L(\sigma^2) = {NORMAL}", ()),
        (rf"\ell(\beta, \sigma^2) = {NORMAL}", ("sigma^2",)),
        ("d/d(sigma^2) (-n/2 log(2 pi sigma^2) - ||y - X beta||^2 / (2 sigma^2))", ()),
        ("d/dsigma^2 (-n/2 log(2 pi s2) - r2 / (2 s2)) where s2 = sigma^2, r2 = ||y - X beta||^2", ()),
    ],
)
def test_the_first_derivative(text: str, wrt: tuple[str, ...]) -> None:
    derivative = mc.derivative(text, *wrt, where="n: scalar")
    given = {name: value for name, value in POINT.items() if name in derivative.f.declarations}
    for variance in (0.4, 1.7):
        assert np.isclose(mc.compile(derivative)(**given, beta=BETA, sigma2=variance), slope(variance), rtol=1e-6)
    assert "sigma^2 is one positive variable" in str(derivative.notes[-1])
    assert verify(derivative)


@pytest.mark.parametrize(
    ("text", "wrt"),
    [
        (NORMAL, ("sigma^2", "sigma^2")),
        (rf"\frac{{\partial^2}}{{\partial(\sigma^2)^2}} \left({NORMAL}\right)", ()),
        (rf"\frac{{\partial^2}}{{\partial\sigma^4}} \left({NORMAL}\right)", ()),
    ],
)
def test_the_second_derivative(text: str, wrt: tuple[str, ...]) -> None:
    derivative = mc.derivative(text, *wrt, where="n: scalar")
    assert np.isclose(mc.compile(derivative)(**POINT, beta=BETA, sigma2=0.9), second(0.9), rtol=1e-5)


def test_the_mixed_derivative() -> None:
    mixed = mc.derivative(rf"\frac{{\partial^2}}{{\partial\beta\,\partial\sigma^2}} \left({NORMAL}\right)")
    residual = POINT["y"] - POINT["X"] @ BETA
    expected = -POINT["X"].T @ residual / 0.9**2
    assert np.allclose(mc.compile(mixed)(**POINT, beta=BETA, **{"sigma^2": 0.9}), expected)


def test_twice_by_sigma_is_no_power() -> None:
    twice = mc.derivative(r"\frac{\partial^2}{\partial\sigma^2} \log \sigma")
    assert twice.wrt == ("sigma", "sigma") and str(twice) == "-1 / sigma^2"


def test_what_is_printed_is_read_back() -> None:
    f = mc.parse(NORMAL, where="n: scalar")
    derivative = mc.derivative(f, "sigma^2")
    assert str(derivative) == "(||y - X beta||^2 - n sigma^2) / (2 sigma^4)"
    assert mc.check(f, "sigma^2", claim=str(derivative))
    assert mc.check(f, "sigma^2", claim=f"df = {derivative.differential}")
    assert not mc.check(f, "sigma^2", claim="(||y - X beta||^2 - n sigma^2) / (2 sigma^2)")
    where = ", ".join(map(str, derivative.f.declarations.values()))
    assert "sigma^2: scalar(positive)" in where
    assert mc.derivative(NORMAL, "sigma^2", where=where).reading == derivative.reading
    assert mc.equal(mc.gradient(f, "sigma^2"), "-n / (2 sigma^2) + ||y - X beta||^2 / (2 sigma^4)")


def test_an_answer_is_an_expression_in_sigma() -> None:
    f = mc.parse("log(sigma) where sigma: scalar(positive)")
    assert mc.gradient(f, "sigma^2") * 2 * mc.parse("sigma where sigma: scalar(positive)") == mc.gradient(f, "sigma")
    assert mc.derivative(f, "sigma^2").latex() == r"\frac{1}{2 \sigma^{2}}"
    assert mc.differential(f, "sigma^2").latex() == r"\frac{\mathrm{d}(\sigma^{2})}{2 \sigma^{2}}"


def test_a_formula_is_shown_as_it_was_typed() -> None:
    steps = str(mc.explain("log(sigma) + 3 / sigma^2 + sigma^4 where sigma: scalar", "sigma^2"))
    assert "(sigma^2)^(1/2)" not in steps and "log(sigma)" in steps


def test_names_of_powers() -> None:
    assert base_and_exponent(power_name("sigma_1", 2)) == ("sigma_1", 2)
    assert base_and_exponent("sigma_2") is None
    assert [named_power(raw) for raw in (r"\sigma^{2}", "s**3", "τ²", "x", "x^n")] == [
        ("sigma", 2), ("s", 3), ("tau", 2), None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wrt", "message"),
    [
        ("x^T x", ("x^2",), "x^2 is no variable: x: vector(n) is no number"),
        ("s^2 + s", ("s^2", "s"), "s and s^2 are one variable, not two"),
        ("s^2 + s", ("t^2",), "not a variable"),
    ],
)
def test_what_is_no_power_of_a_number(text: str, wrt: tuple[str, ...], message: str) -> None:
    with pytest.raises(mc.MatcalcError, match=re.escape(message)):
        mc.derivative(text, *wrt)
