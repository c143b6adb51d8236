"""Random products with a minus in front and sums in many places: the printed text has the value, whoever took the sign in."""

from __future__ import annotations

import random

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.printing import text
from tests.machine import sweep

WHERE = "x: vector(n), y: vector(n), A: matrix(n, n), B: matrix(n, n), S: symmetric(n), s: scalar"
SIZES = {"n": 3}

#: Kind -> leaves, and products in which every hole is filled by an expression of its kind.
GRAMMAR: dict[str, tuple[list[str], list[str]]] = {
    "v": (["x", "y", "(x - y)", "(1 - x)", "(x - mean(x))"],
          ["({m} {v})", "({v} .* {v})", "diag({m})", "({s} * {v})", "({v} ./ (2 + (x - y).^2))", "(-{v})"]),
    "m": (["A", "(A - B)", "(B - A)^T", "S", "(S - I)"],
          ["({m} {m})", "diag({v})", "tril({m})", "triu({m})", "({v} {v}^T)", "({m} .* {m})", "({m} - {m})", "({m})^T"]),
    "s": (["s", "(1 - s)"],
          ["({v}^T {v})", "tr({m})", "sum({v})", "({v}^T {m} {v})", "({s} / {s})", "({s})^3", "sum({m})"]),
}  # fmt: skip


def drawn(rng: random.Random, kind: str, depth: int) -> str:
    leaves, products = GRAMMAR[kind]
    if depth == 0:
        return rng.choice(leaves)
    template = rng.choice(products)
    for hole in "vms":
        while "{" + hole + "}" in template:
            template = template.replace("{" + hole + "}", drawn(rng, hole, depth - 1), 1)
    return template


def values() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    found = {n: rng.standard_normal((3, 1)) for n in "xy"} | {n: rng.standard_normal((3, 3)) for n in "ABS"}
    return {**found, "S": found["S"] + found["S"].T, "s": np.array([[0.3]])}


@sweep(2)
@pytest.mark.parametrize("seed", range(6))
def test_printed_text_has_the_value(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        kind, depth = rng.choice("vms"), rng.choice([1, 2, 3])
        first, second = drawn(rng, kind, depth), drawn(rng, kind, depth)
        f = mc.parse(rng.choice([f"-{first}", f"{first} - {second}", f"-{first} - {second}"]), WHERE)
        before = evaluate(f.node, values(), SIZES)
        printed = text(f.node)
        after = evaluate(mc.parse(printed, WHERE).node, values(), SIZES)
        assert np.allclose(before, after, rtol=1e-8, atol=1e-9 * (1 + np.abs(before).max())), printed
