"""Sums over indices: one node for equal sums, and gradients against differences."""

from __future__ import annotations

import numpy as np
import pytest

from matcalc.calculus.adjoint import adjoint
from matcalc.calculus.differential import differential
from matcalc.checking.values.evaluate import evaluate
from matcalc.expr import (
    Dim,
    Index,
    Node,
    apply,
    at,
    dimension,
    hadamard,
    identity,
    inverse,
    matmul,
    member_of,
    multiply,
    ones,
    perturbation,
    power,
    reindex,
    substitute,
    total,
    trace,
    variable,
)

n, d = Dim.of("n"), Dim.of("d")
i, j, k = (Index(name, n) for name in "ijk")
X = variable("X", ("n", "d"))
W = variable("W", ("n", "n"))
w, mu = variable("w", ("d", 1)), variable("mu", ("d", 1))
y = variable("y", ("n", 1))
S = variable("S", ("d", "d"), ("spd",))
SIZES = {"n": 3, "d": 2}


def x(index: Index) -> Node:
    return member_of(X, index)


def number(u: Node, index: Index) -> Node:
    return member_of(u, index)


def entry(a: Node, row: Index, column: Index) -> Node:
    return matmul(at(row).T, a, at(column))


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (total([i], x(i) @ x(i).T), X.T @ X),
        (total([i], multiply(number(y, i), x(i))), X.T @ y),
        (total([i], hadamard(number(y, i), w.T @ x(i))), w.T @ X.T @ y),
        (total([i], at(i) @ at(i).T), identity(n)),
        (total([i], entry(W, i, i)), trace(W)),
        (total([i, j], entry(W, i, j)), ones(n).T @ W @ ones(n)),
        (total([i, j], hadamard(at(i).T @ at(j), entry(W, i, j))), trace(W)),
        (total([j], hadamard(entry(W, i, j), number(y, j))), at(i).T @ W @ y),
        (total([i], total([j], hadamard(entry(W, i, j), number(y, j), number(y, i)))), y.T @ W @ y),
        (total([i], w), total([j], w)),
        (total([i], apply("exp", ones(n).T @ at(i))), hadamard(dimension(n), apply("exp", ones(1)))),
        (at(i).T @ at(i), ones(1)),
        (total([i, j], x(i) - x(j)), x(i) - x(i)),
    ],
)
def test_indices_that_occur_twice_are_joined(found: Node, wanted: Node) -> None:
    assert found is wanted


@pytest.mark.parametrize("names", ["ij", "ji", "kj"])
def test_names_and_order_of_bound_indices_do_not_matter(names: str) -> None:
    a, b = (Index(name, n) for name in names)
    first = total([i], apply("log", total([j], apply("exp", hadamard(entry(W, i, j), x(i).T @ x(j))))))
    assert total([a], apply("log", total([b], apply("exp", hadamard(entry(W, a, b), x(a).T @ x(b)))))) is first


def test_a_new_index_is_not_captured() -> None:
    inner = total([j], apply("exp", entry(W, i, j)))
    (bound,) = inner.data
    renamed = reindex(inner, {i: bound})
    assert renamed.free == {bound}
    assert renamed.data != (bound,)
    assert reindex(renamed, {bound: i}) is inner


def test_what_is_put_into_a_sum_keeps_its_indices() -> None:
    inner = total([j], apply("exp", hadamard(entry(W, i, j), w.T @ mu)))
    (bound,) = inner.data
    put = substitute(inner, {w: x(bound)})
    assert put is total([k], apply("exp", hadamard(entry(W, i, k), mu.T @ x(bound))))
    assert put.free == {i, bound}


def test_what_a_sum_binds_is_not_replaced() -> None:
    inner = total([j], apply("exp", entry(W, i, j)))
    (bound,) = inner.data
    assert substitute(inner, {at(bound): at(k)}) is inner
    assert substitute(inner, {at(i): at(k)}) is reindex(inner, {i: k})


EXAMPLES = [
    total([i], power(number(y, i) - w.T @ x(i), 2)),
    total([i], (x(i) - mu).T @ inverse(S) @ (x(i) - mu)),
    total([i, j], hadamard(entry(W, i, j), (x(i) - x(j)).T @ (x(i) - x(j)))),
    total([i], apply("log", total([j], apply("exp", x(i).T @ x(j))))),
    total([i], total([j], apply("tanh", hadamard(x(j).T @ (x(j) - x(i)), number(y, j))))),
    total([i, j, k], apply("tanh", entry(W, i, j) + entry(W, j, k) + entry(W, k, i))),
]


@pytest.mark.parametrize("v", [w, mu, X, W, y], ids=repr)
@pytest.mark.parametrize("f", EXAMPLES, ids=range(len(EXAMPLES)))
def test_gradients_are_those_of_differences(f: Node, v: Node) -> None:
    rng = np.random.default_rng(7)
    values = {u.data[0]: rng.normal(size=tuple(dim.evaluate(SIZES) for dim in u.shape)) for u in (X, W, w, mu, y)}
    values["S"] = np.array([[2.0, 0.3], [0.3, 1.0]])
    dv = perturbation(v)
    found = evaluate(adjoint(differential(f, {v: dv}), dv), values, SIZES)
    for place in np.ndindex(*found.shape):
        step = np.zeros(found.shape)
        step[place] = 1e-5
        ends = [evaluate(f, {**values, v.data[0]: values[v.data[0]] + s * step}, SIZES).item() for s in (1, -1)]
        assert found[place] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-6, abs=1e-7)
