"""Relations i != j as choices, and shares below sums: what is left out is neither computed with nor guarded."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.compiling.planning.program import needed

rng = np.random.default_rng(11)

ATTENTION = r"\sum_{i=1}^n\|\sum_{j=1}^m\frac{e^{q_i^\top k_j}}{\sum_{l=1}^m e^{q_i^\top k_l}} v_j - y_i\|^2 where q_i: vector(d), k_j: vector(d)"
NEIGHBOURS = (
    r"\sum_i\sum_{j\ne i} y_{ij}\frac{\exp(-\|x_i - x_j\|^2)}{\sum_{k\neq i}\exp(-\|x_i-x_k\|^2)} where x_i: vector(d)"
)


def compiled(text: str, *names: str) -> tuple[Any, Counter[str]]:
    """Value and gradients as one function, and how often each operation on pairs stands in its plan."""
    f = mc.parse(text)
    function = mc.compile([f, *(mc.gradient(f, name) for name in names)], target="numpy")
    return function, Counter(v.data[0] if v.op == "function" else v.op for v in needed(function._plan) if v.rank > 1)


def slopes(value: Any, x: Any) -> Any:
    """The gradient by central differences."""
    steps = [1e-6 * e.reshape(x.shape) for e in np.eye(x.size)]
    return np.reshape([(value(x + e) - value(x - e)) / 2e-6 for e in steps], x.shape)


def attention(Q: Any, K: Any, V: Any, Y: Any) -> Any:
    total = 0.0
    for q, y in zip(Q, Y, strict=True):
        u = np.array([q @ k for k in K])
        w = np.exp(u - u.max())
        total += ((w @ V / w.sum() - y) ** 2).sum()
    return total


@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_attention_is_one_softmax(scale: float) -> None:
    """Also where its exponentials overflow: they are shares of their sums below the sum over j."""
    function, count = compiled(ATTENTION, "Q", "K", "V")
    assert count["exp"] == 1
    Q, K, V, Y = (
        scale * rng.standard_normal((3, 4)),
        scale * rng.standard_normal((5, 4)),
        np.eye(5, 2),
        np.ones((3, 2)),
    )
    value, by_q, by_k, by_v = function(Q=Q, K=K, V=V, Y=Y)
    np.testing.assert_allclose(value, attention(Q, K, V, Y), rtol=1e-9)
    np.testing.assert_allclose(by_q, slopes(lambda q: attention(q, K, V, Y), Q), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(by_k, slopes(lambda k: attention(Q, k, V, Y), K), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(by_v, slopes(lambda v: attention(Q, K, v, Y), V), rtol=1e-4, atol=1e-6)


def neighbours(X: Any, y: Any) -> Any:
    total = 0.0
    for i, x in enumerate(X):
        u = np.array([-((x - z) ** 2).sum() for z in X])
        u[i] = -np.inf
        e = np.exp(u - u.max())
        total += sum(y[i, j] * e[j] for j in range(len(X)) if j != i) / e.sum()
    return total


@pytest.mark.parametrize("scale", [1.0, 40.0])
def test_neighbours_far_from_each_other_have_shares(scale: float) -> None:
    """All exponentials vanish there, which left 0 / 0."""
    function, count = compiled(NEIGHBOURS, "X")
    assert count["exp"] == 1 and count["mask"] <= 1
    X, y = scale * rng.standard_normal((5, 2)), rng.uniform(size=(5, 5))
    value, slope = function(X=X, y=y)
    np.testing.assert_allclose(value, neighbours(X, y), rtol=1e-9)
    np.testing.assert_allclose(slope, slopes(lambda x: neighbours(x, y), X), rtol=1e-4, atol=1e-6)


def test_what_vanishes_at_equal_indices_is_left_out_where_the_rest_overflows() -> None:
    """(x_i - x_j) ∞ at j = i: e^(x_i^2), or 1 / x_i^2, where no e^(x_i x_j) and no 1 / (x_i x_j) of others overflows."""
    a = np.array([2.0, 3.0])
    by_exponential = mc.compile(mc.parse(r"\sum_{i\ne j} a_i e^{x_i x_j} (x_i - x_j)"))
    np.testing.assert_allclose(by_exponential(a=a, x=np.array([30.0, -30.0])), -60 * np.exp(-900.0))
    np.testing.assert_allclose(by_exponential(a=a, x=np.array([1.0, -1.0])), -2 * np.exp(-1.0))
    by_quotient = mc.compile(mc.parse(r"\sum_{i\ne j} a_i (x_i - x_j) / (x_i x_j)"))
    np.testing.assert_allclose(by_quotient(a=a, x=np.array([1e-200, 1.0])), 1e200)


def test_slopes_of_logarithms_of_other_terms_are_those_of_the_nearest() -> None:
    """log Σ_{k≠i} e^(-|x_i - x_k|^2) is -|x_i - x_n|^2 for the nearest n, far from all."""
    f = mc.parse(r"\sum_i \log \sum_{j\ne i} \exp(-\|x_i - x_j\|^2) where x_i: vector(d)")
    X = np.array([[0.0, 0.0], [40.0, 10.0], [130.0, 20.0]])
    wanted = np.zeros_like(X)
    for i, k in ((0, 1), (1, 0), (2, 1)):
        wanted[i] -= 2 * (X[i] - X[k])
        wanted[k] += 2 * (X[i] - X[k])
    np.testing.assert_allclose(mc.compile(mc.gradient(f, "X"))(X=X), wanted, rtol=1e-12)


def test_what_is_left_out_needs_no_guard() -> None:
    """The numbers on the diagonal are written over, and no pattern of ones is there."""
    function, count = compiled(r"\sum_{i\ne j} w_{ij} / \|x_i - x_j\|^2 where x_i: vector(d)", "X")
    assert count["mask"] == 0 and count["hollow"] >= 1
    X, w = rng.standard_normal((4, 3)), rng.standard_normal((4, 4))

    def value(X: Any) -> float:
        return sum(w[i, j] / ((X[i] - X[j]) ** 2).sum() for i in range(4) for j in range(4) if i != j)

    with np.errstate(all="raise"):
        found, slope = function(X=X, w=w)
    np.testing.assert_allclose(found, value(X))
    np.testing.assert_allclose(slope, slopes(value, X), rtol=1e-5)


def test_arguments_are_not_written_over() -> None:
    function, _ = compiled(r"\sum_{i\ne j} w_{ij}^2 v_{ij}", "v")
    w, v = np.ones((3, 3)), np.ones((3, 3))
    value, slope = function(w=w, v=v)
    assert value == 6 and (w == 1).all() and (v == 1).all()
    np.testing.assert_array_equal(slope, 1 - np.eye(3))


def test_infinite_numbers_that_are_left_out_do_not_matter() -> None:
    function, _ = compiled(r"\sum_{i\ne j} w_{ij} v_{ij}")
    w = np.ones((3, 3))
    assert function(w=w + np.diag([np.inf] * 3), v=w) == (6,)


def test_weights_that_are_zero_have_shares_of_their_own() -> None:
    """The gradient by pi_k does not vanish with pi_k."""
    text = r"-\sum_n \log\sum_k \pi_k \exp(-\|x_n - \mu_k\|^2) where x_n: vector(d), mu_k: vector(d)"
    function, count = compiled(text, "pi", "mu")
    assert count["exp"] == 1
    X, mu = rng.standard_normal((4, 2)), rng.standard_normal((3, 2))
    pi = np.array([0.5, 0.0, 0.5])
    e = np.exp(-((X[:, None] - mu) ** 2).sum(2))
    value, by_pi, by_mu = function(pi=pi, X=X, mu=mu)
    np.testing.assert_allclose(value, -np.log(e @ pi).sum())
    np.testing.assert_allclose(by_pi, -(e / (e @ pi)[:, None]).sum(0))
    r = pi * e / (e @ pi)[:, None]
    np.testing.assert_allclose(by_mu, 2 * (r.sum(0)[:, None] * mu - r.T @ X), atol=1e-12)
