"""Quotients of exponentials and sigmoids of both signs: the form that is printed, and its value."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.simplify import simplify

WHERE = "A: matrix(m, n), x: vector(n), y: vector(n), s: scalar, t: scalar"
SIZES = {"m": 4, "n": 3}

ROWS = [
    # text, as printed
    ("y .* sigmoid(-x) + (y - 1) .* sigmoid(x)", "y - sigmoid(x)"),
    ("s sigmoid(-t) + (s - 1) sigmoid(t)", "s - sigmoid(t)"),
    ("sigmoid(x) - sigmoid(-x)", "2 sigmoid(x) - 1"),
    ("A (sigmoid(-x) - sigmoid(x))", "A (1 - 2 sigmoid(x))"),
    ("x^T sigmoid(y) + x^T sigmoid(-y)", "sum(x)"),
    ("A^T (A exp(x)) / sum(exp(x))", "A^T A softmax(x)"),
    ("y^T exp(x) / sum(exp(x))", "softmax(x)^T y"),
    ("diag(exp(x)) / sum(exp(x))", "diag(softmax(x))"),
    ("exp(x) ./ (exp(x) + exp(y))", "sigmoid(x - y)"),
    ("exp(s) / (exp(s) + exp(t))", "sigmoid(s - t)"),
    ("exp(x + y) ./ (exp(x) + exp(y)).^2", "sigmoid(x - y) .* sigmoid(y - x)"),
    ("exp(2 x) ./ (exp(x) + exp(y)).^2", "sigmoid(x - y).^2"),
    ("(exp(x) - exp(-x)) ./ (exp(x) + exp(-x))", "tanh(x)"),
    ("(exp(s) - exp(-s))^2 / (exp(s) + exp(-s))^2", "tanh(s)^2"),
]
#: None of these is one of the patterns.
OTHERS = [
    "exp(x) ./ (exp(x) - exp(y))",
    "exp(x) ./ (exp(x) + 2 exp(y))",
    "exp(x) / sum(exp(y))",
    "exp(x) / sum(exp(x))^2",
    "sigmoid(x) .* sigmoid(-x)",
    "(exp(x) - exp(-y)) ./ (exp(x) + exp(-y))",
]


def values() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(7)
    shapes = {"A": (4, 3), "x": (3, 1), "y": (3, 1), "s": (1, 1), "t": (1, 1)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


@pytest.mark.parametrize(("text", "printed"), ROWS)
def test_form(text: str, printed: str) -> None:
    assert str(mc.parse(text, WHERE).simplify()) == printed


@pytest.mark.parametrize("text", [*(row[0] for row in ROWS), *OTHERS])
def test_value(text: str) -> None:
    node = mc.parse(text, WHERE).node
    before, after = (evaluate(n, values(), SIZES) for n in (node, simplify(node)))
    assert before.shape == after.shape
    assert np.allclose(before, after, rtol=1e-12)
