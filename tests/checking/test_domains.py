"""Points are found where a domain is far from 0, and not where a norm vanishes."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate

FAR = [
    ("sum(acosh(x))", "x", "x: vector(n)"),
    ("sum(acosh(X))", "X", "X: matrix(m, n)"),
    ("sum(acosh(X))", "X", "X: matrix(n, n)"),
    ("sum(log(x - 2))", "x", "x: vector(n)"),
    ("sum(log(log(x)))", "x", "x: vector(n)"),
    ("sum(sqrt(x.^2 - 4))", "x", "x: vector(n)"),
    ("tr(sqrtm(A - 3 eye(n)))", "A", "A: symmetric(n)"),
    ("sum(log(x - 20))", "x", "x: vector(n)"),
    ("log(1 - norm(A)^2)", "A", "A: matrix(5, 5)"),
    ("log(s - t) + log(t - u) + log(u - 10)", "t", "s: scalar, t: scalar, u: scalar"),
    ("asin(s + 10)", "s", "s: scalar"),
]


@pytest.mark.parametrize(("text", "wrt", "where"), FAR, ids=[f"{t}, {w}" for t, _, w in FAR])
def test_far_domains(text: str, wrt: str, where: str) -> None:
    assert mc.check(text, wrt, where=where)


@pytest.mark.parametrize("seed", range(8))
def test_a_norm_that_vanishes_refutes_nothing(seed: int) -> None:
    """relu(x) is 0 at some of the points that are drawn: the norm has no derivative there."""
    assert mc.check("||relu(x)||", "x", seed=seed)
    assert mc.check("normalize(relu(x))", "x", seed=seed)
    assert not mc.check("||relu(x)||", "x", claim="relu(x)", seed=seed)


def test_a_norm_of_zeros_is_no_obstacle() -> None:
    assert mc.check("||x - x|| + x^T x", "x")


@pytest.mark.parametrize(
    "text",
    [
        r"\log|W^T S W|",
        r"\frac{|W^T A W|}{|W^T S W|}",
        r"\log|W W^T|",
        r"\sqrt{|W^T W|}",
        "log(|(Y - W B)' (Y - W B)|)",
    ],
)
def test_determinants_in_bars_are_taken_of_regular_matrices(text: str) -> None:
    """Sizes are drawn for which the matrix between the bars is no product of lower rank."""
    assert mc.check(text, "W")


@pytest.mark.parametrize("text", ["A^-1", "A^-2 + eye(n)", "x^T inv(A) x", "logm(A)", "sqrtm(A)", "signm(A) x"])
def test_what_has_no_value_is_nan(text: str) -> None:
    """At a singular matrix an expression has no value, and computing it is no failure."""
    f = mc.parse(text, where="A: matrix(n, n), x: vector(n)")
    values = {"A": np.diag([1.0, 0.0, 2.0]), "x": np.ones((3, 1))}
    assert np.isnan(evaluate(f.node, values, {"n": 3})).any()
