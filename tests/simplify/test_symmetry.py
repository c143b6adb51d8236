"""Forms that show their symmetry keep the value, stay as they are, and factor on both sides only."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.expr import transpose
from matcalc.simplify import simplify

WHERE = "S: spd(n), C: symmetric(n), A: matrix(n, n), B: matrix(n, n), x: vector(n), y: vector(n), c: scalar"
SIZES = {"n": 4}


def values() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(8)
    found = {name: rng.standard_normal((4, 4)) for name in "ABCS"}
    found |= {name: rng.standard_normal((4, 1)) for name in "xy"}
    return found | {"S": found["S"] @ found["S"].T + np.eye(4), "C": found["C"] + found["C"].T, "c": np.array([[1.7]])}


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("S^-1 (C S^-1 - I)", "S^-1 C S^-1 - S^-1"),
        ("A (S - c x x^T) A^T", "A (S - c x x^T) A^T"),
        ("A^T diag(softmax(x)) (A - ones(n) softmax(x)^T A)", "A^T (diag(softmax(x)) - softmax(x) softmax(x)^T) A"),
        ("A x x^T + y x^T + x x^T A^T + x y^T", "(A x + y) x^T + x (A x + y)^T"),
        ("S^-1 C S^-1 + c S^-1 x x^T S^-1", "S^-1 (c x x^T + C) S^-1"),
        ("S (I - c x x^T S)", "S - c S x x^T S"),
        ("c C - C", "c C - C"),
    ],
)
def test_symmetric_forms(text: str, printed: str) -> None:
    f = mc.parse(text, WHERE)
    after = f.simplify()
    assert str(after) == printed
    assert transpose(after.node) is after.node
    assert simplify(after.node) is after.node
    given = {k: v for k, v in values().items() if k in f.declarations}
    assert np.allclose(evaluate(f.node, given, SIZES), evaluate(after.node, given, SIZES))


@pytest.mark.parametrize("text", ["A (B x - y) (B x - y)^T", "A S - B S", "S C - c S"])
def test_others_are_left_alone(text: str) -> None:
    node = mc.parse(text, WHERE).simplify().node
    assert transpose(node) is not node


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("(X + S)^T S (X + S)", "X: skew(n), S: symmetric(n)"),
        ("(X - S) S (X - S)^T + X S X", "X: skew(n), S: symmetric(n)"),
        ("(K X + S)^T S (K X + S)", "K: skew(n), X: matrix(n, n), S: symmetric(n)"),
    ],
)
def test_skew_factors_change_the_sign_of_a_mirror(text: str, where: str) -> None:
    for order in (1, 2):
        assert mc.check(text, "X", order=order, where=where)


def test_sums_with_very_many_orders_of_taking_out() -> None:
    """The factors of this Hessian can be taken out in more orders than could ever be compared; found by the fuzzer."""
    where = "X: matrix(k, n), s: scalar, Y: matrix(m, n), S: spd(n), B: matrix(n, m), C: matrix(m, n)"
    f = mc.parse("||logsoftmax(logsoftmax(X), 1)||_F^(s mean(Y) <S \\ B, C^T>)", where)
    assert mc.check(f, "S", order=2)
