"""Signs of sums of t^n exp(k t), beside their values; what rows say of logarithms, beside second differences of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.convexity.by_derivatives.exponentials import sign_of_exponentials
from matcalc.expr import variable
from matcalc.functions import FUNCTIONS
from matcalc.functions.properties import Interval
from matcalc.functions.table import Function

SUMS = [
    ("exp(t) + exp(-t) - 2", "", 1),
    ("exp(2 t) - 4 exp(t) + 4", "", 1),
    ("exp(2 t) - 4 exp(t) + 3", "", 0),
    ("exp(t) - 1 - t", "", 1),
    ("exp(t) - 1 - t - t^2/2", "", 0),
    ("exp(t) - 1 - t - t^2/2", "positive", 1),
    ("exp(t) - 1 - t - t^2", "positive", 0),
    ("t cosh(t) - sinh(t)", "positive", 1),
    ("t cosh(t) - sinh(t)", "", 0),
    ("(t - tanh(t)) / t^3", "", 1),
    ("(tanh(t) - t) / t^2", "positive", -1),
    ("exp(t/2) - exp(t/3)", "positive", 1),
    ("exp(t/2) - exp(t/3)", "", 0),
    ("sigmoid(t) - 1/2 - t/4", "positive", -1),
    ("t^2 - 2 t + 1", "", 1),
    ("log(t) + exp(t)", "positive", 0),
]


@pytest.mark.parametrize(("text", "tag", "sign"), SUMS)
def test_signs(text: str, tag: str, sign: int) -> None:
    where = f"t: scalar({tag})" if tag else "t: scalar"
    node = mc.parse(text, where).node
    t = variable("t", (1, 1), (tag,) if tag else ())
    assert sign_of_exponentials(node, t) == sign
    places = [s * x for x in np.geomspace(0.01, 20, 300) for s in ((1,) if tag else (1, -1))]
    values = [evaluate(node, {"t": np.array([[x]])}, {}).item() for x in places]
    assert not sign or all(sign * v >= -1e-9 * (1 + abs(v)) for v in values)
    assert sign or "log" in text or (min(values) < -1e-9 and max(values) > 1e-9)


LOGARITHMS = [row for row in FUNCTIONS.values() if any(row.logarithm.values())]


@pytest.mark.parametrize("row", LOGARITHMS, ids=lambda row: row.name)
def test_a_row_is_right_about_logarithms(row: Function) -> None:
    """Second differences of log f along random directions have the sign that the row says."""
    rng = np.random.default_rng(0)
    ((name, pieces),) = row.logarithm.items()
    x = mc.parse(f"{row.name}(v)", "v: vector(n)")
    for place, word in pieces:
        assert isinstance(place, Interval) and word in ("convex", "concave") and name == row.parameters[0]
        for _ in range(200):
            low, high = max(place.low, -4), min(place.high, 4)
            a, b = (rng.uniform(low, high, (3, 1)) for _ in range(2))
            ends = [np.log(evaluate(x.node, {"v": v}, {"n": 3})) for v in (a, (a + b) / 2, b)]
            bend = ends[0] + ends[2] - 2 * ends[1]
            assert np.isfinite(bend).all() and ((bend if word == "convex" else -bend) >= -1e-9).all()


@pytest.mark.parametrize("row", [r for r in FUNCTIONS.values() if r.reciprocal], ids=lambda row: row.name)
def test_a_row_is_right_about_its_reciprocal(row: Function) -> None:
    product = mc.parse(f"{row.name}(x) {row.reciprocal}(x)", "x: scalar").node
    assert all(math.isclose(evaluate(product, {"x": np.array([[x]])}, {}).item(), 1) for x in (0.3, 1.1, -0.7))


def test_a_condition_that_cannot_hold_is_no_answer() -> None:
    answer = mc.curvature("1 / (-x^T B x - 1)", "x", where="B: spd(n)")
    assert not any("< 0" in c for c in answer.conditions)


@pytest.mark.parametrize(
    ("text", "where", "strict"),
    [
        ("sqrt(1 + x^T x)", "x: vector(n)", True),
        ("sqrt(k + x^T x)", "x: vector(n), k: scalar(positive)", True),
        ("sqrt(k^2 + x^T x)", "x: vector(n), k: scalar", False),
        ("sqrt(1 + ||A x||^2)", "A: matrix(m, n)", False),
        ("(1 + sum(x.^4))^(1/4)", "x: vector(n)", True),
        ("(1 + sum(abs(x)))", "x: vector(n)", False),
    ],
)
def test_a_norm_with_a_constant_is_strictly_convex(text: str, where: str, strict: bool) -> None:
    answer = mc.curvature(text, "x", where=where)
    assert answer.verdict == "convex" and answer.strict is strict
