"""Parts between zeros are added at their places, and arrays are laid out as those that they meet."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np

import matcalc as mc
from matcalc.compiling.planning.program import needed

rng = np.random.default_rng(5)


def compiled(text: str, *names: str) -> tuple[Any, Counter[str]]:
    f = mc.parse(text)
    function = mc.compile([f, *(mc.gradient(f, name) for name in names)], target="numpy")
    return function, Counter(v.op for v in needed(function._plan))


def slopes(value: Any, x: Any) -> Any:
    """The gradient by central differences."""
    steps = [1e-6 * e.reshape(x.shape) for e in np.eye(x.size)]
    return np.reshape([(value(x + e) - value(x - e)) / 2e-6 for e in steps], x.shape)


def test_the_gradient_by_a_path_is_added_up_in_one_array() -> None:
    text = r"\sum_{t=1}^{T-1} \|x_{t+1} - A x_t\|^2 + x_T^\top F x_T + x_1^\top F x_1"
    function, count = compiled(text, "X")
    assert count["placed"] == 1 and count["block"] == 0 and count["unit"] == 0
    X, A, F = rng.standard_normal((5, 3)), rng.standard_normal((3, 3)), rng.standard_normal((3, 3))

    def value(X: Any) -> float:
        ends = X[-1] @ F @ X[-1] + X[0] @ F @ X[0]
        return float(sum(((y - A @ x) ** 2).sum() for x, y in pairwise(X)) + ends)

    found, slope = function(X=X, A=A, F=F)
    np.testing.assert_allclose(found, value(X))
    np.testing.assert_allclose(slope, slopes(value, X), rtol=1e-6, atol=1e-7)


def test_parts_may_be_all_negative_and_overlap() -> None:
    function, _ = compiled(r"-\sum_{t=2}^{T-1} (x_{t+1} - 2 x_t + x_{t-1})^2", "x")
    x = rng.standard_normal(6)

    def value(x: Any) -> float:
        return float(-sum((x[t + 1] - 2 * x[t] + x[t - 1]) ** 2 for t in range(1, 5)))

    found, slope = function(x=x)
    np.testing.assert_allclose(found, value(x))
    np.testing.assert_allclose(slope, slopes(value, x), rtol=1e-6, atol=1e-7)


def test_products_are_laid_out_as_the_array_that_they_meet() -> None:
    """No product of the vectors is transposed, and that of the value is the one of a gradient."""
    text = r"\sum_{b=1}^N\sum_{i,j,k} T_{ijk} x_{bi} y_{bj} z_{bk}"
    f = mc.parse(text)
    function = mc.compile([f, *(mc.gradient(f, name) for name in "xy")], target="numpy")
    values = needed(function._plan)
    assert all(v.args[0].op == "input" for v in values if v.op == "permute" and v.rank > 2)
    assert sum(v.op == "matmul" for v in values) == 2 and sum(v.op == "times" and v.rank == 3 for v in values) == 2
    T, x, y, z = (rng.standard_normal(s) for s in ((2, 3, 4), (5, 2), (5, 3), (5, 4)))
    wanted = [np.einsum(s, T, x, y, z) for s in ("ijk,bi,bj,bk->",)]
    wanted += [np.einsum("ijk,bj,bk->bi", T, y, z), np.einsum("ijk,bi,bk->bj", T, x, z)]
    for one, other in zip(function(T=T, x=x, y=y, z=z), wanted, strict=True):
        np.testing.assert_allclose(one, other)


def test_numbers_of_pairs_are_multiplied_before_a_product_with_a_vector() -> None:
    """Σ_j K_ij D_ij a_j as (K ⊙ D) a: the product of three would be summed along an axis."""
    function, count = compiled(r"\sum_i (\sum_j K_{ij} D_{ij} a_j)^2", "a")
    assert count["sum"] == 0 and count["matmul"] >= 1
    K, D, a = rng.standard_normal((4, 4)), rng.standard_normal((4, 4)), rng.standard_normal(4)
    found, slope = function(K=K, D=D, a=a)
    np.testing.assert_allclose(found, ((K * D @ a) ** 2).sum())
    np.testing.assert_allclose(slope, 2 * (K * D).T @ (K * D @ a))


def test_sums_with_their_transposes_are_added_up_once() -> None:
    """A - B + A^T - B^T as (A - B) + (A - B)^T"""
    f = mc.parse("sum((tanh(A) - exp(B) + tanh(A)^T - exp(B)^T) .* C) where A: matrix(n, n)")
    function = mc.compile(f, target="numpy")
    combined = [v for v in needed(function._plan) if v.op == "combine" and v.rank == 2]
    assert [len(v.args) for v in combined] == [2, 2]
    A, B, C = (rng.standard_normal((3, 3)) for _ in range(3))
    M = np.tanh(A) - np.exp(B)
    np.testing.assert_allclose(function(A=A, B=B, C=C), ((M + M.T) * C).sum())
