"""Compiled values and derivatives where the written form overflows, vanishes or cancels, against mpmath.

The references are differentiated by jets of three mpmath numbers in so many digits that nothing cancels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from mpmath import mp

import matcalc as mc
from tests.compiling.jets import (
    DIGITS,
    POINTS,
    Jet,
    Reference,
    assert_close,
    exp,
    gathered,
    jet,
    log,
    normal,
    points,
    sech2,
    sigmoid,
    softplus,
    sqrt,
)
from tests.compiling.test_targets import LIBRARIES
from tests.machine import library, long, sweep

# fmt: off
#: text of a function of the number x -> its value by jets, and the signs of x
FORMS: dict[str, tuple[Reference, Sequence[int]]] = {
    "log(sigmoid(x))":             (lambda x: -softplus(-x),              (1, -1)),
    "log(1 - sigmoid(x))":         (lambda x: -softplus(x),               (1, -1)),
    "log(1/(1 + exp(-x)))":        (lambda x: -softplus(-x),              (1, -1)),
    "log(1 + exp(x))":             (softplus,                             (1, -1)),
    "log(1 + x)":                  (lambda x: log(1 + x),                 (1,)),
    "logcosh(x)":                  (lambda x: log(exp(x) + exp(-x)) - mp.log(2), (1, -1)),
    "log(cosh(x))":                (lambda x: log(exp(x) + exp(-x)) - mp.log(2), (1, -1)),
    "log((exp(x) + exp(-x))/2)":   (lambda x: log(exp(x) + exp(-x)) - mp.log(2), (1, -1)),
    "exp(x)/(1 + exp(x))":         (sigmoid,                              (1, -1)),
    "1/(1 + exp(-x))":             (sigmoid,                              (1, -1)),
    "sigmoid(x)*(1 - sigmoid(x))": (lambda x: sigmoid(x) * sigmoid(-x),   (1, -1)),
    "1 - tanh(x)^2":               (sech2,                                (1, -1)),
    "1/cosh(x)^2":                 (sech2,                                (1, -1)),
    "tanh(x)":                     (lambda x: 2 * sigmoid(2 * x) - 1,     (1, -1)),
    "log(exp(x) - 1)":             (lambda x: x + log(1 - exp(-x)),       (1,)),
    "log(expm1(x))":               (lambda x: x + log(1 - exp(-x)),       (1,)),
    "log(1 - exp(x))":             (lambda x: log(1 - exp(x)),            (-1,)),
    "1/(exp(x) - 1)":              (lambda x: 1 / (exp(x) - 1),           (1, -1)),
    "exp(x)/(exp(x) - 1)":         (lambda x: 1 / (1 - exp(-x)),          (1, -1)),
    "exp(x) - 1":                  (lambda x: exp(x) - 1,                 (1, -1)),
    "sqrt(x^2 + 9)":               (lambda x: sqrt(x * x + 9),            (1, -1)),
    "log_ndtr(x)":                 (normal,                               (1, -1)),
    "log(1/2 erfc(-x/sqrt(2)))":   (normal,                               (1, -1)),
    "-3 log(sigmoid(x)) + 2 log(1 - sigmoid(x))": (lambda x: 3 * softplus(-x) - 2 * softplus(x), (1, -1)),
    "log(1 + x^2)":                (lambda x: log(1 + x * x),             (1, -1)),
    "-5/2*log(1 + x^2/4)":         (lambda x: log(1 + x * x / 4) * mp.mpf(-2.5), (1, -1)),
    "log(x^2 + 9)":                (lambda x: log(x * x + 9),             (1, -1)),
    "x^2/(1 + x^2)":               (lambda x: x * x / (1 + x * x),        (1, -1)),
    "log(softplus(x))":            (lambda x: log(softplus(x)) if x.v > -700 else x - exp(x) * mp.mpf(0.5), (-1,)),
    "log(sinh(x)^2)":              (lambda x: 2 * log(exp(x) - exp(-x)) - 2 * mp.log(2), (1,)),
    "log(expm1(x)^2)":             (lambda x: 2 * (x + log(1 - exp(-x))), (1,)),
    "log(x^2)":                    (lambda x: 2 * log(x),                 (1,)),
    "softplus(x) - softplus(-x)":  (lambda x: x + 0,                      (1, -1)),
    "softplus(x) - relu(x)":       (lambda x: softplus(-x),               (1,)),
    "log(3 sigmoid(x + 1) - 3 sigmoid(x))": (lambda x: mp.log(3 - 3 * mp.exp(-1)) - softplus(-x - 1) - softplus(x), (1, -1)),
    "log(exp(x) + exp(3))":        (lambda x: log(exp(x) + mp.exp(3)),    (1, -1)),
}
# fmt: on


#: Those with a Gaussian, whose derivatives are no numbers where the square of x is none.
GAUSSIAN: dict[str, Reference] = {
    "gelu(x)": lambda x: x * exp(normal(x)),
    "x (1 + erf(x))": lambda x: 2 * x * exp(normal(x * mp.sqrt(2))),
    "x - x erf(x)": lambda x: 2 * x * exp(normal(-x * mp.sqrt(2))),
}


@sweep(8)
@pytest.mark.parametrize("text", FORMS)
def test_numbers(text: str) -> None:
    reference, signs = FORMS[text]
    compare(text, reference, points(signs))


@long
@pytest.mark.parametrize("text", GAUSSIAN)
def test_tails_of_the_normal_distribution(text: str) -> None:
    compare(text, GAUSSIAN[text], points((1, -1), largest=150))


@pytest.mark.parametrize("x", [20.0, -20.0, 1e10, 4e17, -3e200])
def test_what_is_beside_a_saturated_function(x: float) -> None:
    """x / tanh(x), whose slope is written x + (1 - x / tanh(x)) / tanh(x), and the difference of two sigmoids."""
    assert mc.compile(mc.derivative("x/tanh(x) where x: scalar", "x"))(x=x) == pytest.approx(np.sign(x), rel=1e-12)
    slope = mc.compile(mc.derivative("softplus(x - 1) - softplus(x) where x: scalar", "x"))(x=abs(x))
    with mp.workdps(60):
        wanted = float(mp.expm1(-1) / ((1 + mp.exp(1 - abs(x))) * (1 + mp.exp(-abs(x)))) * mp.exp(1 - abs(x)))
    assert slope == pytest.approx(wanted, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("x", [-30.0, -3.0, -1e-9, 0.5, 2.0, 13.8, 40.0, 1e6, 1e200])
def test_the_ratio_of_mills(x: float) -> None:
    with mp.workdps(DIGITS):
        wanted = float(2 * mp.exp(normal(Jet(-mp.mpf(x) * mp.sqrt(2))).v + mp.mpf(x) ** 2))
    f = mc.parse("erfc(x) exp(x^2)", "x: scalar")
    if np.isfinite(wanted):
        assert mc.compile(f)(x=x) == pytest.approx(wanted, rel=1e-12)
        assert mc.compile("exp(-x^2) / erfc(x) where x: scalar")(x=x) == pytest.approx(1 / wanted, rel=1e-12, abs=0)
        found = mc.compile(mc.derivative(f, "x"))(x=x)
        with mp.workdps(60):
            slope = 2 * mp.mpf(x) * wanted - 2 / mp.sqrt(mp.pi)
        assert found == pytest.approx(float(slope), rel=1e-7, abs=1e-12 * abs(x * wanted))


@pytest.mark.parametrize("x", [-0.05, -0.002142, 1e-11, 1e-80])
def test_logarithms_of_squares_keep_their_series(x: float) -> None:
    """log(1 + x^2) / x = x - x^3 / 2 + x^5 / 3 - …, whose second derivative is lost by cancelling near 0."""
    slope = mc.compile(mc.derivative("log(1 + x^2)/x where x: scalar", "x", "x"))(x=x)
    with mp.workdps(60):
        k = range(1, 40)
        wanted = mp.fsum((-1) ** (i + 1) * mp.mpf(x) ** (2 * i - 3) * (2 * i - 1) * (2 * i - 2) / i for i in k if i > 1)
    assert slope == pytest.approx(float(wanted), rel=1e-10, abs=0)


def compare(text: str, reference: Reference, x: np.ndarray) -> None:
    with mp.workdps(DIGITS):
        jets = [reference(Jet(mp.mpf(v), mp.mpf(1))) for v in x.tolist()]
        wanted = np.array([[float(j.v), float(j.d), float(j.e)] for j in jets])
    f = mc.parse(text, where="x: scalar")
    compiled = mc.compile([f, mc.derivative(f, "x"), mc.derivative(f, "x", "x")])
    with np.errstate(all="ignore"):
        found = np.array([compiled(x=v) for v in x])
    for order in range(3):
        assert_close(found[:, order], wanted[:, order], f"{text}, order {order}")


@pytest.mark.parametrize("y", [0.0, 1.0, 0.25])
def test_residuals_of_a_sigmoid(y: float) -> None:
    """sigmoid(x) - y is -sigmoid(-x) for y = 1, in values and in the gradient of the logistic loss."""
    x = points((1, -1))
    with mp.workdps(DIGITS):
        wanted = [
            float((1 if v > 0 else 0) - mp.mpf(y) - mp.sign(v) / (1 + mp.exp(abs(mp.mpf(v))))) for v in x.tolist()
        ]
    residual = mc.compile("sigmoid(x) - y", where="x: scalar, y: scalar")
    slope = mc.compile(mc.gradient("sum(softplus(x)) - y^T x", "x", where="x: vector(n), y: vector(n)"))
    assert_close([residual(x=v, y=y) for v in x], wanted, "residual")
    assert_close(slope(x=x, y=np.full(len(x), y)), wanted, "gradient")


#: Where every form is tried in the other libraries.
FEW = np.array([-1e300, -1e8, -800.0, -37.0, -2.9, -1e-3, -1e-9, 1e-300, 1e-12, 0.4, 3.0, 40.0, 710.0, 1e12])


LIMITS = {"log(exp(x) - 1)": FEW > 0, "log(expm1(x))": FEW > 0, "log(1 - exp(x))": FEW < 0, "log(1 + x)": FEW > -1}


#: XLA turns x / h / h into x / (h h), which overflows.
SMALLEST_OF = {"jax": 1e-299}


@long
@pytest.mark.parametrize("target", LIBRARIES)
def test_other_libraries(target: str) -> None:
    module, convert = LIBRARIES[target]
    library(module)
    for text in ["sqrt(x^2 + 4)", "(x - atan(x))/x^3", *list(FORMS)[:: 1 if target != "jax" else 3]]:
        f = mc.parse(text, where="x: scalar")
        outputs = [f, mc.derivative(f, "x"), mc.derivative(f, "x", "x")]
        ours, theirs = mc.compile(outputs), mc.compile(outputs, target=target)
        for x in FEW[LIMITS.get(text, FEW != 0)]:
            with np.errstate(all="ignore"):
                wanted, found = ours(x=x), theirs(x=convert(x))
            np.testing.assert_allclose(
                [float(v) for v in found],
                wanted,
                rtol=1e-10,
                atol=SMALLEST_OF.get(target, 1e-307),
                err_msg=f"{text} at {x}",
            )


PAIRS = {
    "sqrt(x^2 + y^2)": lambda x, y: sqrt(x * x + y * y),
    "log(exp(x) + exp(y))": lambda x, y: log(exp(x) + exp(y)),
}


@pytest.mark.parametrize("text", PAIRS)
def test_pairs_of_numbers(text: str) -> None:
    xs, ys = points((1, -1)), points((1, -1))[::-1]
    with mp.workdps(DIGITS):
        jets = [
            PAIRS[text](Jet(mp.mpf(x), mp.mpf(1)), jet(mp.mpf(y)))
            for x, y in zip(xs.tolist(), ys.tolist(), strict=True)
        ]
        wanted = np.array([[float(j.v), float(j.d), float(j.e)] for j in jets])
    f = mc.parse(text, where="x: scalar, y: scalar")
    for order in range(3):
        compiled = mc.compile(mc.derivative(f, *["x"] * order) if order else f)
        with np.errstate(all="ignore"):
            found = [compiled(x=x, y=y) for x, y in zip(xs, ys, strict=True)]
        assert_close(found, wanted[:, order], f"{text}, order {order}")


@pytest.mark.parametrize("text", ["x / sqrt(x^2 + exp(y))", "1 / sqrt(x^2 + 4 exp(2 y))", "sqrt(x^2 + exp(y) + 1)"])
def test_lengths_with_exponentials(text: str) -> None:
    """e^y is the square of e^(y/2), and so the values last where it or x^2 overflows."""
    run = mc.compile(mc.parse(text, where="x: scalar, y: scalar"))
    for x, y in ((3.0, 800.0), (1e200, 3.0), (-1e-200, -900.0), (2.0, 30.0), (1e300, 700.0)):
        with mp.workdps(DIGITS):
            square = mp.exp(mp.mpf(y)) if "4" not in text else 4 * mp.exp(2 * mp.mpf(y))
            length = mp.sqrt(mp.mpf(x) ** 2 + square + (1 if text.endswith("1)") else 0))
            wanted = float({"x": x / length, "1": 1 / length, "s": length}[text[0]])
        assert run(x=x, y=y) == pytest.approx(wanted, rel=1e-12, abs=1e-307)


#: Functions of s and t whose factors vanish or overflow, and what they are at (s, t).
JOINED = {
    "(s / t)^1000": (lambda s, t: (s / t) ** 1000, (0.1, 0.1)),
    "(s / t)^4": (lambda s, t: (s / t) ** 4, (3e-85, 1e-85)),
    "(s t)^p": (lambda s, t: (s * t) ** 700, (1e-2, 1.01e2)),
    "(s / t)^p": (lambda s, t: (s / t) ** 700, (1.01e-3, 1e-3)),
    "(s^2 / t)^(2 p)": (lambda s, t: (s * s / t) ** 1400, (0.1, 0.01001)),
    "log(s^p t)": (lambda s, t: mp.log(s) * 700 + mp.log(t), (1e-3, 2.0)),
    "log(s^1000 / t)": (lambda s, t: mp.log(s) * 1000 - mp.log(t), (1e-3, 2.0)),
}


@pytest.mark.parametrize("text", JOINED)
def test_factors_that_vanish_and_overflow(text: str) -> None:
    exact, (s, t) = JOINED[text]
    f = mc.parse(text, where="s: scalar(positive), t: scalar(positive), p: scalar")
    given = {name: {"s": s, "t": t, "p": 700.0}[name] for name in f.declarations}
    with mp.workdps(DIGITS):
        a, b, step = mp.mpf(s), mp.mpf(t), mp.mpf(10) ** -20
        up, down = 1 + step, 1 - step
        slopes = (exact(a * up, b) - exact(a * down, b)) / a, (exact(a, b * up) - exact(a, b * down)) / b
        wanted = [float(exact(a, b)), *(float(slope / (2 * step)) for slope in slopes)]
    found = [mc.compile(d)(**given) for d in (f, mc.derivative(f, "s"), mc.derivative(f, "t"))]
    np.testing.assert_allclose(found, wanted, rtol=1e-11)


def test_logarithms_of_determinants_and_products() -> None:
    s, x = 1e3 * np.eye(400), np.full(400, 1e-3)
    assert mc.compile(mc.parse("log(det(S))", where="S: spd(n)"))(s) == pytest.approx(400 * np.log(1e3))
    assert mc.compile(mc.parse("log(1 + det(S))", where="S: spd(n)"))(s) == pytest.approx(400 * np.log(1e3))
    assert mc.compile(mc.parse("log(prod(x))", where="x: vector(n, positive)"))(x) == pytest.approx(400 * np.log(1e-3))


@pytest.mark.parametrize("size", [1e-300, 1e-170, 1.0, 1e170, 1e300])
def test_lengths_of_huge_and_tiny_columns(size: float) -> None:
    """‖s x‖ = s ‖x‖, its gradient does not change with s, and its Hessian is that of x, divided by s."""
    x = np.array([3.0, -4.0, 1.5, 0.25])
    for text in ("norm(x)", "||x||", "sqrt(x^T x)", "sqrt(sum(x.^2))", "norm2(x - 0.5 x)"):
        f = mc.parse(text, where="x: vector(n)")
        value, gradient, hessian = (mc.compile(mc.derivative(f, *["x"] * k) if k else f) for k in range(3))
        np.testing.assert_allclose(value(x=size * x) / size, value(x=x), rtol=1e-14)
        np.testing.assert_allclose(gradient(x=size * x), gradient(x=x), rtol=1e-14)
        np.testing.assert_allclose(hessian(x=size * x) * size, hessian(x=x), rtol=1e-12, atol=1e-16)


def columns(rows: int, count: int = POINTS) -> np.ndarray:
    """Points with entries of all sizes, or of one size in which entries compete."""
    rng = np.random.default_rng(21)
    wild = 10.0 ** rng.uniform(-300, 300, (count // 2, rows)) * rng.choice((1, -1), (count // 2, rows))
    size = 10.0 ** rng.uniform(-8, 3, (count - count // 2, 1))
    return np.concatenate([wild, size * rng.standard_normal((count - count // 2, rows))])


COLUMNS = ["log(sum(p .* exp(x)))", "log(p^T exp(x))", "logsumexp(x + log(p))"]


@pytest.mark.parametrize("text", COLUMNS)
def test_weighted_sums_of_exponentials(text: str) -> None:
    p = np.array([0.2, 3.0, 0.7])
    f = mc.parse(text, where="x: vector(n), p: vector(n, positive)")
    compiled = [mc.compile(mc.derivative(f, *["x"] * k) if k else f) for k in range(3)]
    found, wanted = [], []
    for x in columns(3):
        with mp.workdps(60):
            wanted.append(gathered([mp.mpf(v) for v in p], [mp.mpf(v) for v in x]))
        with np.errstate(all="ignore"):
            found.append([c(x=x, p=p) for c in compiled])
    for order in range(3):
        values = [
            [[float(v) for v in row] for row in w[2]] if order == 2 else np.array(w[order], dtype=float) for w in wanted
        ]
        assert_close([row[order] for row in found], values, f"{text}, order {order}")
