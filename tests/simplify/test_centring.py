"""Centred columns: what is orthogonal to 1 is left out, squares stay squares about the mean."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.simplify import simplify

WHERE = "x: vector(n), y: vector(n), A: matrix(n, n), s: scalar"
SIZES = {"n": 4}

ROWS = [
    # text, as printed
    ("sum(x - mean(x))", "0"),
    ("(x - mean(x))^T (y - mean(y))", "x^T (y - mean(y))"),
    ("(x - mean(x))^T (A y + s)", "(x - mean(x))^T A y"),
    ("(x - mean(x))^T (I - ones(n, n) / n)", "(x - mean(x))^T"),
    ("(x - mean(x))^T (x - mean(x))", "||x - mean(x)||^2"),
    ("x^T x - sum(x)^2 / n", "||x - mean(x)||^2"),
    ("s y^T y - s sum(y)^2 / n", "s ||y - mean(y)||^2"),
    ("sum(s * (x - mean(x)) + y)", "sum(y)"),
    ("sqrt(n) x - sum(x) / sqrt(n)", "sqrt(n) (x - mean(x))"),
]
#: None of these is one of the patterns.
OTHERS = [
    "sum(x - mean(y))",
    "(x - mean(y))^T (y - mean(y))",
    "x^T x - sum(x)^2",
    "x^T x - 2 sum(x)^2 / n",
    "x^T y - sum(x)^2 / n",
    "(x - sum(x))^T (y - s)",
    "(x - mean(x))^T A (y - mean(y))",
]


@pytest.mark.parametrize(("text", "printed"), ROWS)
def test_form(text: str, printed: str) -> None:
    assert str(mc.parse(text, WHERE).simplify()) == printed


@pytest.mark.parametrize("text", [*(row[0] for row in ROWS), *OTHERS])
def test_value(text: str) -> None:
    rng = np.random.default_rng(3)
    shapes = {"x": (4, 1), "y": (4, 1), "A": (4, 4), "s": (1, 1)}
    values = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    node = mc.parse(text, WHERE).node
    before, after = (evaluate(n, values, SIZES) for n in (node, simplify(node)))
    assert before.shape == after.shape
    assert np.allclose(before, after, rtol=1e-12, atol=1e-12)
