"""Code for sums over indices: values and gradients are those of the interpreter, which takes one index after the other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import matcalc as mc
from matcalc.compiling.compiler import compile_outputs
from matcalc.compiling.planning.program import needed
from matcalc.expr import variables
from matcalc.objects.expressions import Expr
from tests.compiling.nests import EXAMPLES, arrays, assert_computes, gradients, nest
from tests.machine import sweep


@pytest.mark.parametrize("name", EXAMPLES)
def test_values_and_gradients(name: str) -> None:
    f = EXAMPLES[name]
    assert_computes([f, *gradients(f)], arrays(f, 7))


@pytest.mark.parametrize(
    "name", ["mixture", "Laplacian", "neighbours", "kernel", "t-SNE", "factorisation", "Bradley–Terry"]
)
def test_no_array_is_larger_than_needed(name: str) -> None:
    """Two axes are enough for numbers of pairs: x_i - x_j for all i and j would have three."""
    f = EXAMPLES[name]
    function = compile_outputs([Expr(node) for node in (f, *gradients(f))], single=False)
    assert max(value.rank for value in needed(function._plan)) == 2


@pytest.mark.parametrize("name", ["kernel", "t-SNE"])
def test_differences_keep_their_digits_far_from_zero(name: str) -> None:
    f = EXAMPLES[name]
    function = compile_outputs([Expr(node) for node in (f, *gradients(f))], single=False)
    values = arrays(f, 7)
    near, far = function(**values), function(**(values | {"X": values["X"] + 2.0**20}))
    for a, b in zip(near, far, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_logarithms_of_sums_of_exponentials_neither_overflow_nor_vanish() -> None:
    values = arrays(EXAMPLES["mixture"], 7)
    values = values | {name: 1e3 * values[name] for name in ("X", "M")}
    found = []
    for name in ("mixture", "densities"):
        f = EXAMPLES[name]
        by_name = sorted(zip(map(repr, variables(f)), gradients(f), strict=True))
        function = compile_outputs([Expr(node) for node in (f, *(g for _, g in by_name))], single=False)
        found.append(function(**values | {"p": values["p"][:, 0]}))
    for one, other in zip(*found, strict=True):
        assert np.isfinite(one).all()
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_weights_with_indices_that_the_exponents_lack() -> None:
    """log sum_{j>=i} e^(z_j) and its shares, whose largest entries differ for each i."""
    f = mc.parse("sum_i y_i log sum_{j>=i} exp(z_j)")
    z, y = np.array([3.0, -1.0, 8.0, 0.5, -2.0]), np.array([1.0, 2.0, 0.5, -1.0, 3.0])
    logs = np.array([np.logaddexp.reduce(z[i:]) for i in range(5)])
    shares = [sum(y[i] * np.exp(z[j] - logs[i]) for i in range(j + 1)) for j in range(5)]
    value, by_z = mc.compile([f, mc.gradient(f, "z")], target="numpy")(y=y, z=z)
    np.testing.assert_allclose(value, y @ logs)
    np.testing.assert_allclose(by_z, shares)


def test_what_belongs_to_some_steps_is_put_between_zeros_and_not_multiplied() -> None:
    """The gradient of ||x_{t+1} - A x_t||^2 by all x has a part for the first steps and one for the last ones."""
    f = mc.parse("sum_{t=1}^{T-1} ||x_{t+1} - A x_t||^2")
    function = mc.compile(mc.gradient(f, "X"), target="numpy")
    operations = [value.op for value in needed(function._plan)]
    assert "selector" not in operations and operations.count("placed") == 1
    assert mc.check(f, "X")
    X, A = np.arange(12.0).reshape(4, 3) ** 2, np.arange(9.0).reshape(3, 3)
    e = X[1:] - X[:-1] @ A.T
    wanted = np.vstack([-2 * e @ A, np.zeros(3)]) + np.vstack([np.zeros(3), 2 * e])
    np.testing.assert_allclose(function(X=X, A=A), wanted)


def test_what_differs_in_the_names_of_indices_is_computed_once() -> None:
    _, by_strengths = gradients(EXAMPLES["Bradley–Terry"])
    source = compile_outputs([Expr(by_strengths)]).source
    assert source.count("np.exp(") == 1


@sweep(8)
@pytest.mark.parametrize("start", range(0, 500, 25))
def test_random_nests(start: int) -> None:
    for seed in range(start, start + 25):
        f = nest(seed)
        if variables(f):
            derivatives = gradients(f)[:2] if f.is_scalar and not f.free else []
            assert_computes([f, *derivatives], arrays(f, seed))


@pytest.mark.parametrize("shift", [0.0, 800.0, -900.0])
@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("sum_i y_i log sum_{j>=i} exp(z_j)", lambda i, j, t: j >= i),
        (r"\sum_i y_i \log \sum_{j \le i} e^{z_j}", lambda i, j, t: j <= i),
        (r"\sum_i y_i \log \sum_{j: t_j \ge t_i} \exp(z_j)", lambda i, j, t: t[j] >= t[i]),
    ],
)
def test_slopes_of_sums_of_some_exponentials_do_not_overflow(
    text: str, holds: Callable[..., bool], shift: float
) -> None:
    """They do not change where the same number is added to all exponents."""
    y, t, z = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 2.0, 4.0]), np.array([0.3, -1.0, 2.0, 0.5])
    kept = np.array([[holds(i, j, t) for j in range(4)] for i in range(4)]) * np.exp(z)
    wanted = (y / kept.sum(axis=1)) @ kept
    function = mc.compile(mc.gradient(text, "z"), target="numpy")
    found = function(**{n: a for n, a in (("y", y), ("t", t), ("z", z + shift)) if n in function.parameters})
    assert np.allclose(found, wanted)
