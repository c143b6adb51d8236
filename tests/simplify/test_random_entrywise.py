"""Random entrywise and scalar algebra of sigmoids, exponentials, softmax, means, fractions: simplification keeps the value."""

from __future__ import annotations

import random

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.printing import text
from matcalc.simplify import simplify

WHERE = "x: vector(n), y: vector(n, positive), D: symmetric(n), s: scalar, p: scalar(positive)"
SIZES = {"n": 3}

#: Kind -> leaves, and operations in which every hole is filled by an expression of its kind.
GRAMMAR: dict[str, tuple[list[str], list[str]]] = {
    "v": (["x", "y", "sigmoid(x)", "sigmoid(-x)", "softmax(x)", "exp(x)", "exp(-x)", "(exp(x) - exp(-x))", "(x - mean(x))",
           "step(x)", "max(x, 0)", "relu(x)", "log(softmax(x))", "(1 - sigmoid(x))", "tanh(x)", "(1 + x.^2)", "ones(n)", "D x"],
          ["({v} + {s} * {v})", "({v} - {v})", "({v} .* {v})", "({s} * {v})", "({v} ./ y)", "({v} ./ (1 + x.^2))",
           "({v} ./ (exp(x) + exp(-x)))", "({v} ./ (exp(x) + exp(y)))", "({v} ./ (p + y))"]),
    "s": (["s", "p", "2", "1/2", "sum(x)", "(1 / sum(exp(x)))", "(1 / ||x||)", "(x^T x)", "(1 / p)", "mean(x)", "sigmoid(s)",
           "sigmoid(-s)", "(1 - s)", "sqrt(2 pi)", "n", "sqrt(n)", "(1 / sqrt(n))", "(1 / (1 + p))", "(1 + s^2 / p)", "p^s"],
          ["({v}^T {v})", "sum({v})", "({s} - {s} * {s})", "({s} / p)", "({s} {s})", "(s / {s})"]),
}  # fmt: skip


def drawn(rng: random.Random, kind: str, depth: int) -> str:
    leaves, operations = GRAMMAR[kind]
    if depth == 0:
        return rng.choice(leaves)
    template = rng.choice(operations)
    for hole in "vs":
        while "{" + hole + "}" in template:
            template = template.replace("{" + hole + "}", drawn(rng, hole, rng.randrange(depth)), 1)
    return template


def values() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(8)
    d = rng.standard_normal((3, 3))
    return {"x": rng.standard_normal((3, 1)), "y": rng.random((3, 1)) + 0.2, "D": d + d.T, "s": np.array([[0.4]]),
            "p": np.array([[1.2]])}  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_value_is_kept_and_printed(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(40):
        typed = drawn(rng, rng.choice("vs"), 3)
        try:
            f = mc.parse(typed, WHERE)
            short = simplify(f.node)
        except mc.MatcalcError:  # a denominator that is 0, such as sum(x - mean(x))
            continue
        before = evaluate(f.node, values(), SIZES)
        for node in (short, mc.parse(text(short), WHERE).node):
            after = evaluate(node, values(), SIZES)
            assert after.shape == before.shape
            assert np.allclose(before, after, rtol=1e-7, atol=1e-9 * (1 + np.abs(before).max())), typed
