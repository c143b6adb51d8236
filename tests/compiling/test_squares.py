"""Squared distances by products of matrices, in every form in which they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.compiling.planning.program import needed

rng = np.random.default_rng(3)


def ranks(function: Any) -> set[int]:
    return {v.rank for v in needed(function._plan)}


def distances(X: Any) -> Any:
    return np.array([[sum((p - q) ** 2 for p, q in zip(x, y, strict=True)) for y in X] for x in X])


CASES: dict[str, Callable[[Any, Any, Any], Any]] = {
    r"\sum_i v_i (\sum_j a_j e^{-\|x_i - x_j\|^2})^2": lambda D, a, v: v @ (np.exp(-D) @ a) ** 2,
    r"\sum_i (v_i - \sum_j a_j e^{-\frac12 \|x_i - x_j\|^2})^2": lambda D, a, v: ((v - np.exp(-D / 2) @ a) ** 2).sum(),
    r"\sum_{i,j} v_i a_j^2 (1 + \|x_i - x_j\|^2)^{-1}": lambda D, a, v: v @ (1 / (1 + D)) @ a**2,
}


@pytest.mark.parametrize("text", CASES)
def test_gradients_take_no_array_of_all_differences(text: str) -> None:
    """The gradient by the weights has squares of the rows of 1 x_i^T - X, which is another form of the same distances."""
    f = mc.parse(text)
    function = mc.compile([f, mc.gradient(f, "a")], target="numpy")
    assert max(ranks(function)) == 2
    X, a, v = rng.standard_normal((5, 3)), rng.standard_normal(5), rng.standard_normal(5)
    value, slope = function(X=X, a=a, v=v)
    D, by_hand = distances(X), CASES[text]
    np.testing.assert_allclose(value, by_hand(D, a, v), rtol=1e-12)
    steps = [1e-6 * e for e in np.eye(5)]
    wanted = [(by_hand(D, a + e, v) - by_hand(D, a - e, v)) / 2e-6 for e in steps]
    np.testing.assert_allclose(slope, wanted, rtol=1e-6, atol=1e-8)


def test_differences_keep_their_digits_far_from_zero() -> None:
    f = mc.parse(r"\sum_i (v_i - \sum_j a_j e^{-\|x_i - x_j\|^2})^2")
    function = mc.compile(mc.gradient(f, "a"), target="numpy")
    X, a, v = rng.standard_normal((6, 3)), rng.standard_normal(6), rng.standard_normal(6)
    X = np.round(X * 2**20) / 2**20  # the same differences
    np.testing.assert_allclose(function(X=X + 2.0**20, a=a, v=v), function(X=X, a=a, v=v), rtol=1e-9)


def test_a_point_has_no_distance_to_itself() -> None:
    """The diagonal is 0 and not what rounding leaves of it."""
    f = mc.parse(r"\sum_{i,j} w_{ij} \|x_i - x_j\|^2 e^{\|x_i - x_j\|^2}")
    function = mc.compile(f, target="numpy")
    assert function(w=np.eye(7), X=rng.standard_normal((7, 5))) == 0


def test_small_distances_below_a_root_are_sums_of_squares() -> None:
    """What is 1e-9 apart stays so: as a difference of squares it would be 0, or 1e-8."""
    f = mc.parse(r"\sum_{i,j} w_{ij} \|x_i - x_j\|")
    function = mc.compile(f, target="numpy")
    X = rng.standard_normal((3, 4))
    X[1] = X[0] + 1e-9
    w = np.zeros((3, 3))
    w[0, 1] = 1
    np.testing.assert_allclose(function(w=w, X=X), np.linalg.norm(X[1] - X[0]), rtol=1e-6)


def test_sums_of_squares_are_dot_products() -> None:
    f = mc.parse(r"\sum_{i,k} (y_{ik} - w_k^\top x_i)^2")
    function = mc.compile([f, mc.gradient(f, "W")], target="numpy")
    operations = [v.op for v in needed(function._plan)]
    assert "sum" not in operations and operations.count("dot") == 1 and operations.count("combine") <= 2
