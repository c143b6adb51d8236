"""What a check reports: the routes, the entry that is farthest off, the 1 x 1 case, the observed order, the seed."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.oracles.scalar_calculus import FUNCTIONS, PAIRS, SINGLE, HyperDual
from matcalc.language import limits

# --- the worst entry --------------------------------------------------------------------------

# fmt: off
#: (f, variable, claim, where, order, the entry that is wrong)
SPIKES = [
    ("x^T x", "x", "2 x + e(3, 4)", "x: vector(4)", 1, "x[3]"),
    ("tr(A X)", "X", "A^T + e(2, 3) e(1, 2)^T", "A: matrix(2, 3), X: matrix(3, 2)", 1, "X[2, 1]"),
    ("tr(A S)", "S", "sym(A) + sym(e(1, 3) e(2, 3)^T)", "S: symmetric(3), A: matrix(3, 3)", 1, "S[1, 2]"),
    ("A x", "x", "A + e(2, 3) e(1, 2)^T", "A: matrix(3, 2)", 1, "F[2], x[1]"),
    ("A X", "X", "A dX + e(2, 3) e(1, 4)^T dX e(2, 2) e(1, 2)^T", "A: matrix(3, 4), X: matrix(4, 2)", 1, "F[2, 1], X[1, 2]"),
    ("x^T A x", "x", "A + A^T + e(1, 3) e(2, 3)^T", "A: matrix(3, 3)", 2, "x[1], x[2]"),
    ("s^2", "s", "3 s", "s: scalar", 1, ""),
]
# fmt: on


@pytest.mark.parametrize(("f", "wrt", "claim", "where", "order", "place"), SPIKES)
def test_the_entry_that_is_wrong_is_named(f: str, wrt: str, claim: str, where: str, order: int, place: str) -> None:
    report = mc.check(f, wrt, claim=claim, where=where, order=order)
    assert not report and report.place == place
    assert report.worst is not None
    expected, found = report.worst
    assert (f" expected {expected:.6g} at {place}," if place else f" expected {expected:.6g},") in str(report)
    if place:
        assert abs(found - expected) == pytest.approx(1.0 if f != "tr(A S)" else 0.5)


def test_the_values_are_those_of_the_entry() -> None:
    x = np.array([1.0, 2.0, 3.0])
    report = mc.check("x^T x", "x", claim="2 x + 5 e(2, 3)", where="x: vector(3)", at={"x": x})
    assert report.place == "x[2]" and report.worst == pytest.approx((4.0, 9.0))


def test_large_derivatives_are_not_looked_at_entry_by_entry() -> None:
    report = mc.check("tr(X^T X)", "X", claim="X", where="X: matrix(20, 30)")
    assert not report and report.place == ""
    assert report.diagnosis == "off by the factor 1/2: the derivative is 2 X"


# --- the 1 x 1 case ---------------------------------------------------------------------------

# fmt: off
SCALAR = [
    ("x^T A x", "x"), ("tr(X^T A X B)", "X"), ("logdet(X)", "X"), ("log(|X|)", "X"), ("det(X)^2", "X"), ("A X^-1 B", "X"), ("A \\ x", "x"),
    ("||A x - b||", "x"), ("||X||_* + ||X||_2", "X"), ("sum(x .* log(x)) where x: vector(n, positive)", "x"), ("kl(x, q)", "x"),
    ("eigmax(S) where S: symmetric(n)", "S"), ("tr(expm(X))", "X"), ("tr(logm(S) A) where S: spd(n)", "S"), ("softmax(A x)", "x"),
    ("huber(a^T x, 1)", "x"), ("sum(gelu(A x))", "x"), ("kron(X, A)", "X"), ("X^3", "X"), ("a^b", "b"), ("norm(x, 3)", "x"),
    ("tr(triu(X) A)", "X"), ("sum(cbrt(x))", "x"), ("mean(softplus(A x) .* erf(x)) where A: matrix(n, n)", "x"), ("s^n det(X) where s: scalar", "X"),
]
# fmt: on


@pytest.mark.parametrize(("text", "name"), SCALAR)
@pytest.mark.parametrize("order", [1, 2])
def test_the_scalar_case_is_compared(text: str, name: str, order: int) -> None:
    report = mc.check(text, name, order=order)
    assert report.ok and report.scalar_case is True
    assert report.methods[-1] == "scalar calculus"


@pytest.mark.parametrize(
    "text", ["tr(K A K) where K: skew(n)", "x^T A x where A: matrix(3, 3)", "x[2]^2", "[x; 1]^T [x; 1]"]
)
def test_where_there_is_no_scalar_case(text: str) -> None:
    assert mc.check(text, "K" if "K" in text else "x").scalar_case is None


def test_a_claim_that_is_wrong_for_scalars_only_is_refuted() -> None:
    report = mc.check("x^T x", "x", claim="2 x + relu(2 - n) x", where="x: vector(n)")
    assert not report and report.scalar_case is False and report.place == "size 1 x 1"
    assert report.diagnosis == "wrong where every size is 1, and right at the other points: the derivative is 2 x"


def test_a_claim_that_is_right_for_scalars_only_is_refuted() -> None:
    report = mc.check("x^T A x", "x", claim="2 A x")
    assert not report and report.scalar_case is True
    assert not mc.check("x^T A x", "x", claim="3 A x").scalar_case


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_slopes_of_scalar_functions(name: str) -> None:
    f, h = FUNCTIONS[name], 1e-5
    x = {"acosh": 1.3, "log1mexp": -0.37}.get(name, 0.37)
    _, first, second = f(x)
    assert first == pytest.approx((f(x + h)[0] - f(x - h)[0]) / (2 * h), rel=1e-8, abs=1e-9)
    assert second == pytest.approx((f(x + h)[1] - f(x - h)[1]) / (2 * h), rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_slopes_of_scalar_functions_of_two_arguments(name: str) -> None:
    f, h = PAIRS[name], 1e-5
    x, y = (1.0, 0.6) if name == "polygamma" else (0.7, 1.6)
    both = f(HyperDual(x, 0, 0), HyperDual(y, 1, 1))
    above, below = (f(HyperDual(x), HyperDual(y + s * h)).v for s in (1, -1))
    assert both.a == both.b == pytest.approx((above - below) / (2 * h), rel=1e-7)
    assert both.c == pytest.approx((above - 2 * both.v + below) / h**2, rel=1e-3, abs=1e-4)


@pytest.mark.parametrize("name", sorted(SINGLE))
def test_slopes_of_composed_scalar_functions(name: str) -> None:
    f, h = SINGLE[name], 1e-5
    both = f(HyperDual(0.4, 1, 1))
    above, below = (f(HyperDual(0.4 + s * h)).v for s in (1, -1))
    assert both.a == pytest.approx((above - below) / (2 * h), rel=1e-8)
    assert both.c == pytest.approx((above - 2 * both.v + below) / h**2, rel=1e-3, abs=1e-4)


# --- the rest ---------------------------------------------------------------------------------


def test_the_routes_are_listed() -> None:
    assert mc.check("x^T A x", "x").methods == ("complex step", "dual numbers", "Taylor remainder", "scalar calculus")
    assert mc.check("eigmax(S) where S: symmetric(3)", "S").methods == (
        "dual numbers",
        "central differences",
        "Taylor remainder",
    )
    assert mc.check("sum(exp(x))", "x", order=2).methods[:2] == ("dual numbers", "Richardson extrapolation")


def test_observed_orders() -> None:
    assert mc.check("sum(exp(x))", "x").order_observed == pytest.approx(2, abs=0.15)
    assert mc.check("sum(exp(x))", "x", order=2).order_observed == pytest.approx(3, abs=0.15)
    assert mc.check("sum(exp(x))", "x", claim="2 exp(x)").order_observed == pytest.approx(1, abs=0.15)
    assert mc.check("a^T x", "x").order_observed == math.inf


def test_rows() -> None:
    rows = dict(mc.check("x^T A x", "x", claim="2 A x", seed=4).rows)
    assert list(rows) == ["check", "diagnosis", "Taylor", "1 x 1", "seed"]
    assert rows["seed"] == "4" and rows["1 x 1"] == "agrees with scalar calculus"
    assert rows["Taylor"].startswith("the remainder has order 1.0")
    assert dict(mc.check("x^T A x", "x", claim="A x + A^T x").rows)["note"] == "right; shorter: (A + A^T) x"
    assert [label for label, _ in mc.check("log(-x^T x)", "x").rows] == ["check"]


def test_the_report_is_json() -> None:
    data = json.loads(json.dumps(mc.check("x^T A x", "x", claim="2 A x").as_dict()))
    assert data["place"].startswith("x[") and data["methods"][0] == "complex step" and data["scalar_case"] is True


def test_limits_can_be_raised_and_lowered() -> None:
    with limits.using(computed=10):
        report = mc.check("x^T A x", "x", where="A: matrix(4, 4)")
        assert report.problem == "an array of 4 x 4 is too large for a numeric check: the limit is 10"
    assert mc.check("x^T A x", "x", where="A: matrix(4, 4)")
