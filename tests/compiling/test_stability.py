"""Compiled values and derivatives where the written form overflows, vanishes or cancels, against mpmath.

The references are differentiated by jets of three mpmath numbers in so many digits that nothing cancels.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import matcalc as mc
from tests.compiling.test_targets import LIBRARIES

DIGITS = 700
POINTS = 200
#: What is smaller than this is no normal double.
SMALLEST = 2.3e-308


@dataclass(frozen=True)
class Jet:
    """A value with its first and second derivative."""

    v: Any
    d: Any = 0
    e: Any = 0

    def through(self, f: Any, f1: Any, f2: Any) -> Jet:
        return Jet(f, f1 * self.d, f2 * self.d**2 + f1 * self.e)

    def __add__(self, other: Any) -> Jet:
        o = jet(other)
        return Jet(self.v + o.v, self.d + o.d, self.e + o.e)

    def __mul__(self, other: Any) -> Jet:
        o = jet(other)
        return Jet(self.v * o.v, self.d * o.v + self.v * o.d, self.e * o.v + 2 * self.d * o.d + self.v * o.e)

    def __neg__(self) -> Jet:
        return self * -1

    def __sub__(self, other: Any) -> Jet:
        return self + jet(other) * -1

    def __rsub__(self, other: Any) -> Jet:
        return jet(other) - self

    def __truediv__(self, other: Any) -> Jet:
        y = jet(other)
        return self * y.through(1 / y.v, -1 / y.v**2, 2 / y.v**3)

    def __rtruediv__(self, other: Any) -> Jet:
        return jet(other) / self

    __radd__, __rmul__ = __add__, __mul__


def jet(x: Any) -> Jet:
    return x if isinstance(x, Jet) else Jet(mp.mpf(x))


def exp(x: Jet) -> Jet:
    return x.through(*[mp.exp(x.v)] * 3)


def log(x: Jet) -> Jet:
    return x.through(mp.log(x.v), 1 / x.v, -1 / x.v**2)


def sqrt(x: Jet) -> Jet:
    r = mp.sqrt(x.v)
    return x.through(r, 1 / (2 * r), -1 / (4 * r**3))


def erfc(x: Jet) -> Jet:
    g = -2 / mp.sqrt(mp.pi) * mp.exp(-(x.v**2))
    return x.through(mp.erfc(x.v), g, -2 * x.v * g)


def cos(x: Jet) -> Jet:
    return x.through(mp.cos(x.v), -mp.sin(x.v), -mp.cos(x.v))


def softplus(x: Jet) -> Jet:
    return log(1 + exp(x))


def sigmoid(x: Jet) -> Jet:
    return 1 / (1 + exp(-x))


def sech2(x: Jet) -> Jet:
    return 4 * exp(-2 * x) / ((1 + exp(-2 * x)) * (1 + exp(-2 * x)))


def ndtr(x: Jet) -> Jet:
    return erfc(x * (-1 / mp.sqrt(2))) * mp.mpf("0.5")


def normal(x: Jet) -> Jet:
    """log Φ(x); far left by the continued fraction [DLMF 7.9.1], far right 0 to all digits of a double."""
    if abs(x.v) < 100:
        return log(ndtr(x))
    if x.v > 0:
        return x * 0
    u, fraction = x * (-1 / mp.sqrt(2)), jet(0)
    for k in range(80, 0, -1):
        fraction = (mp.mpf(k) / 2) / (u + fraction)
    return -(u * u) - log((u + fraction) * (2 * mp.sqrt(mp.pi)))


Reference = Callable[[Jet], Jet]

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
    "log(exp(x) + exp(3))":        (lambda x: log(exp(x) + mp.exp(3)),    (1, -1)),
}
# fmt: on


def points(signs: Sequence[int], largest: float = 300) -> np.ndarray:
    """Magnitudes from 1e-300 to 10^largest, half of them between 1e-3 and 1e3 where most happens."""
    rng = np.random.default_rng(20)
    half = POINTS // 2
    size = 10.0 ** np.concatenate([rng.uniform(-300, largest, half), rng.uniform(-3, 3, POINTS - half)])
    return size * rng.choice(signs, POINTS)


def assert_close(found: Any, wanted: Any, label: str) -> None:
    found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    overflows = np.isinf(wanted)
    assert np.array_equal(found[overflows], wanted[overflows]), label
    np.testing.assert_allclose(found[~overflows], wanted[~overflows], rtol=1e-10, atol=SMALLEST, err_msg=label)


@pytest.mark.parametrize("text", FORMS)
def test_numbers(text: str) -> None:
    reference, signs = FORMS[text]
    x = points(signs)
    with mp.workdps(DIGITS):
        jets = [reference(Jet(mp.mpf(v), mp.mpf(1))) for v in x.tolist()]
        wanted = np.array([[float(j.v), float(j.d), float(j.e)] for j in jets])
    f = mc.parse(text, where="x: scalar")
    compiled = mc.compile([f, mc.derivative(f, "x"), mc.derivative(f, "x", "x")])
    with np.errstate(all="ignore"):
        found = np.array([compiled(x=v) for v in x])
    for order in range(3):
        assert_close(found[:, order], wanted[:, order], f"{text}, order {order}")


def expm1(x: Jet) -> Jet:
    return exp(x) - 1


def sin(x: Jet) -> Jet:
    return x.through(mp.sin(x.v), mp.cos(x.v), -mp.sin(x.v))


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
AROUND_ZERO = (1e-300, -1e-160, 1e-30, -1e-8, 1e-4, 1e-3, -0.01, 0.03, 0.0626, 0.1, -0.126, 0.3)


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


def test_entropies_where_one_entry_is_far_above_the_others() -> None:
    f = mc.parse("entropy(softmax(x))", where="x: vector(n)")
    value, gradient = mc.compile(f), mc.compile(mc.gradient(f, "x"))
    for x in ([40.0, 0.0, -40.0], [1e-8, 2e-8, -1e-8], [-700.0, -705.0, -600.0], [5.0, 5.0, 5.0], [1e5, 1e5, 0.0]):
        with mp.workdps(60):
            lines = [mp.exp(mp.mpf(v)) for v in x]
            p = [v / mp.fsum(lines) for v in lines]
            wanted = -mp.fsum(v * mp.log(v) for v in p)
            slope = [float(-v * (mp.log(v) + wanted)) for v in p]
        np.testing.assert_allclose(value(x=np.array(x)), float(wanted), rtol=1e-10)
        np.testing.assert_allclose(gradient(x=np.array(x)), slope, rtol=1e-7, atol=1e-17)


def deviations_under_softmax(x: Sequence[float], y: Sequence[Any]) -> tuple[Any, list[Any], list[list[Any]]]:
    """p^T y with its gradient p_i c_i and its Hessian δ_ij p_i c_i - p_i p_j (c_i + c_j), for c = y - p^T y and a fixed y."""
    e = [mp.exp(mp.mpf(v) - max(x)) for v in x]
    p = [v / mp.fsum(e) for v in e]
    mean = mp.fsum(a * b for a, b in zip(p, y, strict=True))
    c = [v - mean for v in y]
    n = range(len(x))
    hessian = [[(i == j) * p[i] * c[i] - p[i] * p[j] * (c[i] + c[j]) for j in n] for i in n]
    return mean, [a * b for a, b in zip(p, c, strict=True)], hessian


DOMINATED = [
    (800.0, 0.0, -3.0),
    (0.0, 40.0, 1.0),
    (20.0, 1.0, 2.0),
    (0.3, -0.4, 1.1),
    (300.0, 200.0, 100.0),
    (-800.0, 0.0, 3.0),
]


@pytest.mark.parametrize("x", DOMINATED)
def test_means_under_a_softmax_where_one_entry_dominates(x: tuple[float, ...]) -> None:
    """softmax(x)^T y and the entropy of softmax(x), -(p^T x - log Σ e^x): gradients and Hessians entry by entry."""
    y = (1.0, -2.0, 0.5)
    linear, entropy = (
        mc.parse(t, where="x: vector(n), y: vector(n)") for t in ("y^T softmax(x)", "entropy(softmax(x))")
    )
    with mp.workdps(1000):
        mean, slope, curvature = deviations_under_softmax(x, [mp.mpf(v) for v in y])
        logs = [mp.mpf(v) - gathered([1] * 3, [mp.mpf(w) for w in x])[0] for v in x]
        minus_entropy, minus_slope, second = deviations_under_softmax(x, logs)
        covariance = gathered([1] * 3, [mp.mpf(v) for v in x])[2]
        n = range(3)
        minus_second = [[second[i][j] + covariance[i][j] for j in n] for i in n]
        wanted = [
            mean,
            slope,
            curvature,
            -minus_entropy,
            [-v for v in minus_slope],
            [[-v for v in r] for r in minus_second],
        ]
        arrays = [np.array(w, dtype=float) for w in wanted]
    given = {"x": np.array(x), "y": np.array(y)}
    found = [
        mc.compile(mc.derivative(f, *["x"] * k) if k else f)(
            **{"x": given["x"]} | ({"y": given["y"]} if f is linear else {})
        )
        for f in (linear, entropy)
        for k in range(3)
    ]
    for a, b in zip(found, arrays, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=SMALLEST)


@pytest.mark.parametrize("order", [1, 2])
def test_means_under_a_softmax_of_a_batch(order: int) -> None:
    """A number of each column beside the one array y."""
    d = mc.derivative("softmax(x)^T y", *["x"] * order, where="x: vector(n), y: vector(n)")
    x, y = np.array(DOMINATED), np.array([1.0, -2.0, 0.5])
    one, batch = mc.compile(d), mc.compile(d, batch="x")
    np.testing.assert_allclose(batch(x=x, y=y), [one(x=row, y=y) for row in x], rtol=1e-12, atol=0)


def test_sums_of_exponentials_written_out() -> None:
    """The derivative of exp(x[1]) / (exp(x[1]) + …) holds exp(x[1] + x[2]) / (…)^2, which overflow alone."""
    f = mc.parse("exp(x[1]) / (exp(x[1]) + exp(x[2]) + exp(x[3]))", where="x: vector(3)")
    plain = mc.compile([mc.gradient("softmax(x)[1]", "x", where="x: vector(3)")])
    written = mc.compile([mc.gradient(f, "x")])
    for shift in (0.0, 800.0, -900.0):
        x = np.array([0.3, -0.4, 1.1]) + shift
        np.testing.assert_allclose(written(x=x)[0], plain(x=x)[0], rtol=1e-11)


#: Where every form is tried in the other libraries.
FEW = np.array([-1e300, -1e8, -800.0, -37.0, -2.9, -1e-3, -1e-9, 1e-300, 1e-12, 0.4, 3.0, 40.0, 710.0, 1e12])
LIMITS = {"log(exp(x) - 1)": FEW > 0, "log(expm1(x))": FEW > 0, "log(1 - exp(x))": FEW < 0, "log(1 + x)": FEW > -1}


@pytest.mark.parametrize("target", LIBRARIES)
def test_other_libraries(target: str) -> None:
    module, convert = LIBRARIES[target]
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed")
    for text in ["sqrt(x^2 + 4)", "(x - atan(x))/x^3", *list(FORMS)[:: 1 if target != "jax" else 3]]:
        f = mc.parse(text, where="x: scalar")
        outputs = [f, mc.derivative(f, "x"), mc.derivative(f, "x", "x")]
        ours, theirs = mc.compile(outputs), mc.compile(outputs, target=target)
        for x in FEW[LIMITS.get(text, FEW != 0)]:
            with np.errstate(all="ignore"):
                wanted, found = ours(x=x), theirs(x=convert(x))
            np.testing.assert_allclose(
                [float(v) for v in found], wanted, rtol=1e-10, atol=1e-307, err_msg=f"{text} at {x}"
            )


def test_rows_and_entropies() -> None:
    """Row-wise log-sum-exp at 1000, the softmax of each row, its entropy and the cross entropy of labels."""
    z = np.array([[1000.0, 1001.0, 998.5], [-2000.0, -1000.0, 3.0]])
    with mp.workdps(60):
        rows = [gathered([1] * 3, [mp.mpf(v) for v in row]) for row in z]
        total = float(mp.fsum(r[0] for r in rows))
        soft = np.array([[float(v) for v in r[1]] for r in rows])
    for text in ("sum(log(sum(exp(Z), 2)))", "sum(log(exp(Z) ones(n)))", "sum(log(sum(exp(Z'), 1)))"):
        f = mc.parse(text, where="Z: matrix(m, n)")
        assert mc.compile(f)(Z=z) == pytest.approx(total, rel=1e-14)
        np.testing.assert_allclose(mc.compile(mc.derivative(f, "Z"))(Z=z), soft, rtol=1e-12, atol=SMALLEST)
    for text in ("diag(1 ./ (exp(Z) ones(n))) exp(Z)", "exp(Z) ./ (sum(exp(Z), 2) ones(n)^T)"):
        f = mc.parse(text, where="Z: matrix(m, n)")
        np.testing.assert_allclose(mc.compile(f)(Z=z), soft, rtol=1e-12, atol=SMALLEST)
        assert np.isfinite(mc.compile(mc.derivative(f, "Z"))(Z=z)).all()
    for text in ("entropy(softmax(Z))", "-sum(softmax(Z) .* log(softmax(Z)))"):
        assert np.isfinite(mc.compile(text, where="Z: matrix(m, n)")(Z=z))
        assert np.isfinite(mc.compile(mc.derivative(text, "Z", "Z", where="Z: matrix(m, n)"))(Z=z)).all()


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
PLAIN_AND_HUGE = [(0.3, -0.4), (-0.7, 0.2), (-2.0, -3.0), (720.0, -1.0), (720.0, 721.0), (-800.0, -799.0)]


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


# --- columns -------------------------------------------------------------------------------------


def gathered(weights: Sequence[Any], u: Sequence[Any]) -> tuple[Any, list[Any], list[list[Any]]]:
    """log Σ p e^u, and its derivatives by u, with the large digits of mpmath."""
    e = [p * mp.exp(x) for p, x in zip(weights, u, strict=True)]
    total = mp.fsum(e)
    g = [x / total for x in e]
    # g_i (1 - g_i) as g_i Σ g_j, since 1 - g_i may have no digit left
    others = [mp.fsum(y for j, y in enumerate(g) if j != i) for i in range(len(g))]
    h = [[x * others[i] if i == j else -x * y for j, y in enumerate(g)] for i, x in enumerate(g)]
    return mp.log(total), g, h


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
