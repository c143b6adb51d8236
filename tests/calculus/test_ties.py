"""max and min of two expressions that are equal on an open set: one of the two derivatives counts there, and only one."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc

TIES = (
    "sum(max(x, relu(x)))", "sum(max(relu(x), x))", "sum(max(abs(x), x))", "sum(max(abs(x), relu(x)))",
    "sum(min(x, min(max(x, -1), 1)))", "sum(max(x, min(x, 1)))", "sum(max(x, x .* (x > 0)))",
    "sum(max(x, where(x > 0, x, 2 x)).^2)", "sum(min(x .* y, max(x, 0) .* y))",
    "sum(min(exp(x) .* y, min(max(exp(x), 4/5), 6/5) .* y))", "sum(max(min(x, y), x))", "sum(max(max(x, y), x).^3)",
)  # fmt: skip
SEPARATE = (
    "sum(max(x, y))",
    "sum(max(x, 0))",
    "sum(min(max(x, -1), 1))",
    "sum(max(relu(x), y))",
    "sum(max(x.^2, 1 - x))",
)


@pytest.mark.parametrize("text", TIES)
def test_derivatives_where_both_are_equal(text: str) -> None:
    f = mc.parse(text, "x: vector(n), y: vector(n)")
    gradient = mc.gradient(f, "x")
    assert mc.check(f, "x")
    value, slope = mc.compile(f), mc.compile(gradient)
    rng = np.random.default_rng(5)
    y = rng.normal(size=9)
    for x in (np.linspace(-1.9, 1.85, 9), rng.normal(size=9) / 8):
        given = {"y": y} if "y" in f.declarations else {}
        rises = [(value(x=x + e, **given) - value(x=x - e, **given)) / 2e-6 for e in 1e-6 * np.eye(9)]
        np.testing.assert_allclose(slope(x=x, **given), rises, atol=2e-6)


@pytest.mark.parametrize("text", TIES)
def test_points_where_both_are_equal_are_not_excluded(text: str) -> None:
    assert any("equal all around" in c for c in mc.derivative(text, "x").conditions)


@pytest.mark.parametrize("text", SEPARATE)
def test_others_keep_both_derivatives(text: str) -> None:
    found = mc.derivative(text, "x")
    assert "1 - step" not in str(found)
    assert not any("all around" in c for c in found.conditions)
