"""What is said of a value from its structure alone is true of numbers, for every operator and function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.sampling import random_value
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.errors import MatcalcError
from matcalc.expr import Node
from matcalc.expr.facts import (
    is_invertible,
    is_nonnegative,
    is_orthogonal,
    is_pd,
    is_positive,
    is_psd,
    is_symmetric,
)
from matcalc.functions import FUNCTIONS
from matcalc.functions.properties import SYMMETRIC
from matcalc.language.rows.definitions import USER_DEFINED
from tests.machine import sweep

ROUNDING = 1e-9


def _is_symmetric(a: Array) -> bool:
    return a.shape[0] == a.shape[1] and np.allclose(a, a.T)


def _smallest(a: Array) -> float:
    return float(np.linalg.eigvalsh((a + a.T) / 2)[0])


#: fact -> what it says of an array
FACTS: dict[Callable[[Node], bool], Callable[[Array], bool]] = {
    is_positive: lambda a: bool((a > 0).all()),
    is_nonnegative: lambda a: bool((a >= -ROUNDING).all()),
    is_symmetric: _is_symmetric,
    is_psd: lambda a: _is_symmetric(a) and _smallest(a) > -ROUNDING * (1 + abs(a).max()),
    is_pd: lambda a: _is_symmetric(a) and _smallest(a) > 0,
    is_invertible: lambda a: a.shape[0] == a.shape[1] and np.linalg.cond(a) < 1e12,
    is_orthogonal: lambda a: np.allclose(a.T @ a, np.eye(len(a))),
}

SQUARES = {
    "S": "spd(n)", "P": "psd(n)", "T": "symmetric(n)", "Q": "orthogonal(n)", "X": "invertible(n)", "K": "skew(n)",
    "D": "diagonal(n)", "L": "lower(n)", "A": "matrix(n, n)", "M": "matrix(n, n, positive)",
}  # fmt: skip
OTHERS = {
    "x": "vector(n)",
    "p": "vector(n, positive)",
    "s": "scalar",
    "t": "scalar(positive)",
    "k": "scalar(integer)",
    "C": "matrix(m, n)",
}
DECLARED = SQUARES | OTHERS
OF_ONE = (
    "{0}", "-{0}", "{0}^T", "2 {0}", "{0}^-1", "{0}^2", "{0}^3", "{0}^-2", "{0}^k", "{0} + I", "{0} - I", "{0} .* I", "{0}.^2", "{0} ./ 3",
    "{0}^T {0}", "{0} A {0}^T", "A {0} A^T", "C {0} C^T", "x^T {0} x", "t {0}", "s {0}", "s^2 {0}", "sqrt(t) {0}", "adj({0})", "det({0})", "tr({0})",
    "logdet({0})", "diag({0})", "diag(diag({0}))", "kron({0}, {0})", "kron({0}, A)", "vec({0})", "diag(x) {0} diag(x)", "diag(p) {0} diag(p)",
    "x x^T + {0}", "[{0}, {0}]", "where({0} > 0, {0}, -{0})", "sum({0})", "{0} x", "{0} p", "abs({0})", "exp({0})", "{0}[1, 1]", "{0}[:, 1]",
)  # fmt: skip
OF_TWO = (
    "{0} + {1}",
    "{0} - {1}",
    "{0} {1}",
    "{0} .* {1}",
    "{0} {1} {0}^T",
    "kron({0}, {1})",
    "{0}^-1 {1}",
    "t {0} + s^2 {1}",
)
OF_OTHERS = (
    "x", "-x", "p", "-p", "x x^T", "p p^T", "x p^T", "diag(x)", "diag(p)", "x.^2", "p.^x", "x.^p", "p ./ (p + p.^2)", "x^T x", "x^T p", "p^T p", "s t", "s^2 + t",
    "t^s", "t - 1", "s^4 + 1", "s^3", "(t + s^2)^(1/2)", "C C^T", "C^T C", "C^T", "C C^T + I", "ones(n, n)", "ones(n)", "e(2, n)", "n", "n - 1", "gamma(t)",
    "gamma(s)", "beta(t, t)", "max(s, t)", "min(s, t)", "where(s > 0, t, t^2)", "where(s > 0, t, s)", "log(t)", "log(1 + t)", "tanh(s)", "tanh(t)", "sign(t)",
)  # fmt: skip


def texts() -> Iterator[str]:
    """Every operator of every structure, pairs of them, and every function of one argument."""
    yield from OF_OTHERS
    yield from (form.format(name) for form, name in product(OF_ONE, SQUARES))
    yield from (form.format(*pair) for form, *pair in product(OF_TWO, SQUARES, "SPTQA"))
    for row in FUNCTIONS.values():
        if len(row.parameters) == 1 and row.name not in USER_DEFINED:
            inside = (
                ("S",)
                if any(need.fact == SYMMETRIC for need in row.domain)
                else ("s", "t", "x", "p", "S", "P", "A", "M", "2 p - 1")
            )
            yield from (f"{row.name}({argument})" for argument in inside)


@cache
def values(text: str) -> tuple[Node, tuple[Array, ...]] | None:
    """The expression with its values at a few points; those outside of its domain are left out."""
    try:
        f = mc.parse(text, {name: DECLARED[name] for name in DECLARED if name in text})
    except MatcalcError:
        return None
    found = []
    for seed in range(6):
        rng, sizes = np.random.default_rng(seed), {"n": 3, "m": 4}
        given = {name: random_value(d, sizes, rng) for name, d in f.declarations.items()}
        if "k" in given:
            given["k"] = np.array([[float(seed % 3 + 1)]])
        with np.errstate(all="ignore"):
            value = evaluate(f.node, given, sizes)
        if np.isfinite(value).all():
            found.append(value)
    return (f.node, tuple(found)) if found else None


@sweep(3)
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_what_is_said_is_true(fact: Callable[[Node], bool]) -> None:
    known = {text: found for text in texts() if (found := values(text)) is not None}
    assert len(known) > 1000
    said = {text: arrays for text, (node, arrays) in known.items() if fact(node)}
    assert len(said) >= 10
    assert not [text for text, arrays in said.items() if not all(map(FACTS[fact], arrays))]


@pytest.mark.parametrize(
    ("fact", "known"),
    [
        (is_positive, ["exp(x)", "p", "p^T p", "t", "sigmoid(x)", "1 + s^2", "det(S)", "tr(S)", "eigmin(S)", "diag(S)", "softmax(x)"]),
        (is_nonnegative, ["abs(x)", "x.^2", "x^T x", "x^T P x", "eigmin(P)", "svdvals(A)", "tr(P)", "relu(x)", "norm(x)"]),
        (is_symmetric, ["T", "A + A^T", "A A^T", "x x^T", "diag(x)", "T^-1", "A T A^T", "kron(T, S)", "T .* S"]),
        (is_psd, ["P", "A A^T", "x x^T", "S + P", "diag(p)", "A P A^T", "kron(P, P)", "P .* S", "P^3", "T^2", "ones(n, n)"]),
        (is_pd, ["S", "S^-1", "S + P", "I + A A^T", "2 S", "kron(S, S)", "X S X^T", "expm(T)", "sqrtm(S)", "diag(p)"]),
        (is_invertible, ["X", "X^T", "X Q", "X^-1", "kron(X, S)", "expm(A)", "Q", "S"]),
        (is_orthogonal, ["Q", "Q^T", "Q^-1", "Q Q^T", "kron(Q, Q)", "I"]),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)  # fmt: skip
def test_what_is_plain_is_known(fact: Callable[[Node], bool], known: list[str]) -> None:
    nodes = {text: mc.parse(text, {name: DECLARED[name] for name in DECLARED if name in text}).node for text in known}
    assert not [text for text, node in nodes.items() if not fact(node)]


def test_triangles_that_have_nothing_in_common() -> None:
    """What is 0 below and 0 above the diagonal, or on it, is 0 everywhere, also beside a logarithm of these zeros."""
    f = mc.parse("tril(ones(n, n), -1) .* log(tril(ones(n, n), -1)) .* tanh(A)", where="A: upper(n)")
    values, sizes = {"A": np.triu(np.ones((3, 3)))}, {"n": 3}
    np.testing.assert_array_equal(evaluate(f.node, values, sizes), np.zeros((3, 3)))
    np.testing.assert_array_equal(mc.compile(f)(**values), np.zeros((3, 3)))
