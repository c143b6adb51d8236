"""Entrywise and scalar algebra: fractions, positive parts, softmax; the form that is printed, and its value."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.simplify import simplify

WHERE = (
    "x: vector(n), y: vector(n), z: vector(n), p: vector(n, positive), u: scalar, v: scalar, a: scalar(positive), "
    "l: scalar(positive), P: symmetric(n), S: symmetric(n), A: matrix(m, n)"
)
SIZES = {"m": 4, "n": 3}

ROWS = [
    # text, as printed
    ("v / u - (v - 1) / (u - 1)", "(u - v) / (u (u - 1))"),
    ("a x.^(a - 1) ./ (2 sqrt(x.^a))", "a sqrt(x.^a) ./ (2 x)"),
    ("u^(a + 1) v^a / (u^a v^a)^(3/2) - v", "u / sqrt(u^a v^a) - v"),
    ("3 x.^2 ./ (2 sqrt(x.^3))", "3/2 sqrt(x)"),
    ("y ./ x - (y - 1) ./ (x - 1)", "(x - y) ./ (x .* (x - 1))"),
    ("1 ./ (1 + x.^2) - 2 * (x.^2 ./ (1 + x.^2).^2)", "(1 - x.^2) ./ (1 + x.^2).^2"),
    ("step(x) .* max(x, 0)", "max(x, 0)"),
    ("2 * (step(x) .* relu(x).^2) .* y", "2 y .* relu(x).^2"),
    ("step(x).^2 .* y", "y .* step(x)"),
    ("x .* softmax(z) - (x^T softmax(z)) * softmax(z)", "softmax(z) .* (x - softmax(z)^T x)"),
    ("softmax(z) .* log(softmax(z)) - (softmax(z)^T log(softmax(z))) * softmax(z)", "softmax(z) .* (z - softmax(z)^T z)"),
    ("softmax(A) ones(n)", "ones(m)"),
    ("z^T A^T softmax(A) ones(n)", "sum(A z)"),
    ("ones(m)^T softmax(A, 1) z", "sum(z)"),
    ("softmax(z)^T ones(n) * x", "x"),
    ("I / ||x|| - x x^T / ||x||^3", "(I - x x^T / (x^T x)) / ||x||"),
    ("A x / (x^T y) - (x^T z) * A y / (x^T y)^2", "A (x - (x^T z) y / (x^T y)) / (x^T y)"),
]  # fmt: skip
#: As they are printed: the numbers go where they were typed.
PRINTED = [
    ("1/2 P S + 1/2 S P - I", "(P S + S P) / 2 - I"),
    ("I - 1/2 P S - 1/2 S P", "I - (P S + S P) / 2"),
    ("1/2 u x - 1/2 v y + z", "(u x - v y) / 2 + z"),
    ("1 / (2 pi)^(n / 2)", "1 / (2 pi)^(n / 2)"),
    ("sqrt(2 pi) * x", "sqrt(2 pi) x"),
    ("(1 + u^2 / (2 a l^2))^(-a) * x", "x / (1 + u^2 / (2 a l^2))^a"),
    ("(1 + u^2 / (2 a l^2))^(-a - 1) * x", "x / (1 + u^2 / (2 a l^2))^(a + 1)"),
    ("(3 + 3 u^2)^a / (1 + u^2)^3", None),
]
#: None of these is one of the patterns.
OTHERS = ["step(x) .* max(y, 0)", "step(x) .* max(x, y)", "step(x) ./ (2 + relu(x))", "log(softmax(z)) .* y"]


def values() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(11)
    shapes = {**dict.fromkeys("xyz", (3, 1)), **dict.fromkeys("uv", (1, 1)), "P": (3, 3), "S": (3, 3), "A": (4, 3)}
    found = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    found["u"], found["v"] = np.abs(found["u"]), np.abs(found["v"])
    symmetric = {name: found[name] + found[name].T for name in "PS"}
    return {**found, **symmetric, "p": rng.random((3, 1)), "a": np.array([[1.3]]), "l": np.array([[0.8]])}


@pytest.mark.parametrize(("text", "printed"), ROWS)
def test_form(text: str, printed: str) -> None:
    assert str(mc.parse(text, WHERE).simplify()) == printed


@pytest.mark.parametrize("text", [*(row[0] for row in ROWS), *OTHERS])
def test_value(text: str) -> None:
    node = mc.parse(text, WHERE).node
    before, after = (evaluate(n, values(), SIZES) for n in (node, simplify(node)))
    assert before.shape == after.shape
    assert np.allclose(before, after, rtol=1e-12)


@pytest.mark.parametrize(("text", "printed"), PRINTED)
def test_printed(text: str, printed: str | None) -> None:
    f = mc.parse(text, WHERE)
    assert printed is None or str(f) == printed
    for again in (str(f), f.latex()):
        read = mc.parse(again, WHERE).node
        assert np.allclose(evaluate(read, values(), SIZES), evaluate(f.node, values(), SIZES), rtol=1e-12), again
