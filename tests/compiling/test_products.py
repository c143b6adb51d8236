"""Passes over matrix products: values, how many products are left, and operations at sizes that no machine times."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.compiling.passes.signs import is_nonnegative
from matcalc.compiling.planning.program import Program, needed
from matcalc.expr import Dim
from tests.compiling.test_values import called, expected_derivative, point_of
from tests.machine import sweep

SIZES = {"m": 3000, "n": 1000, "k": 10}
N = SIZES["n"]
RNN = "tanh(W tanh(W tanh(W x)))"

# fmt: off
#: expression, declarations, variables of gradients, of a Hessian, operations in n^3, counts of operators
ROWS: tuple[tuple[str, str, tuple[str, ...], str, float, dict[str, int]], ...] = (
    # half of the operations of X^T (w .* X), which are 2 m n^2
    ("sum(exp(X w))",                 "X: matrix(m, n), w: vector(n)", (), "w",                          3.1, {"matmul": 2}),
    ("sum(softplus(X w)) - y^T X w",  "X: matrix(m, n), w: vector(n), y: vector(m)", (), "w",            3.1, {"matmul": 2}),
    ("-sum(log(b - X w))",            "X: matrix(m, n), w: vector(n), b: vector(m)", (), "w",            3.1, {"matmul": 2}),
    ("sum(softplus(diag(X M X^T)))",  "X: matrix(m, n), M: spd(n)", ("M",), "",                          9.2, {}),
    # sums of outer products are one product of matrices
    (f"||{RNN} - y||^2",              "W: matrix(n, n), x: vector(n), y: vector(n)", ("W",), "",         0.02, {"outer": 0, "stack": 2}),
    ("(m^T w)/sqrt(w^T S w)",         "w: vector(n), m: vector(n), S: spd(n)", (), "w",                  0.02, {"stack": 2}),
    ("(w^T S w)/(w^T w)",             "w: vector(n), S: symmetric(n)", (), "w",                          0.03, {"stack": 2}),
    ("||X^5 a - b||^2",               "X: matrix(n, n), a: vector(n), b: vector(n)", ("X",), "",         0.04, {"stack": 2}),
    # what value and gradient share
    ("tr(F^T L F)",                   "F: matrix(n, k), L: symmetric(n)", ("F",), "",                    0.03, {"matmul": 1}),
    ("tr(F^T L F diag(d))",           "F: matrix(n, k), L: symmetric(n), d: vector(k)", ("F", "d"), "",  0.03, {}),
    ("tr(F^T A F C)",                 "F: matrix(n, k), A: matrix(n, n), C: matrix(k, k)", ("F",), "",   0.05, {}),
    ("||M .* (U V^T - T)||_F^2",      "U: matrix(m, k), V: matrix(n, k), T: matrix(m, n), M: matrix(m, n)", ("U", "V"), "", 0.24, {"power": 0, "times": 2}),
    # powers by halves
    ("tr(A X^8)",                     "A: matrix(n, n), X: matrix(n, n)", ("X",), "",                    18.2, {"matpow": 0, "matmul": 9}),
    ("tr(A X^7)",                     "A: matrix(n, n), X: matrix(n, n)", ("X",), "",                    24.2, {"matpow": 0}),
    ("tr(X^6)",                       "X: matrix(n, n)", ("X",), "",                                     8.2, {}),
    ("tr(A X^2) + tr(B X^4)",         "A: matrix(n, n), B: matrix(n, n), X: matrix(n, n)", ("X",), "",   16.2, {}),
)
# fmt: on


def compiled(text: str, where: str, names: tuple[str, ...], hessian: str) -> tuple[mc.Expr, list[Any], Any]:
    f = mc.parse(text, where=where)
    outputs: list[Any] = [mc.hessian(f, hessian)] if hessian else [f, *(mc.gradient(f, name) for name in names)]
    return f, outputs, mc.compile(outputs)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} by {', '.join((*row[2], row[3]))}")
def test_values_and_operations(row: tuple[str, str, tuple[str, ...], str, float, dict[str, int]]) -> None:
    text, where, names, hessian, most, counts = row
    f, outputs, function = compiled(text, where, names, hessian)
    point = point_of(f)
    for found, output in zip(called(function, f, point), outputs, strict=True):
        by_direction = isinstance(output, mc.Derivative) and output.reading.directions
        wanted = (
            expected_derivative(output, point) if by_direction else evaluate(output.node, point.values, point.sizes)
        )
        np.testing.assert_allclose(found, np.reshape(wanted, np.shape(found)), rtol=1e-8, atol=1e-8)
    assert function.flops(**SIZES) <= most * N**3
    there = Counter(v.op for v in needed(function._plan))
    assert {op: there[op] for op in counts} == counts


def test_outer_products_with_a_column_in_common_are_one() -> None:
    function = mc.compile(
        mc.parse("u v^T - u w^T + u u^T", where="u: vector(n), v: vector(n), w: vector(n)"), target="numpy"
    )
    u, v, w = (np.arange(1.0, 4.0) + k for k in range(3))
    np.testing.assert_allclose(function(u=u, v=v, w=w), np.outer(u, v - w + u))
    assert Counter(x.op for x in needed(function._plan))["stack"] == 0


def test_weights_of_any_sign_have_no_root() -> None:
    function = mc.compile(mc.parse("X^T diag(w) X", where="X: matrix(m, n), w: vector(m)"))
    X, w = np.ones((2, 1)), np.array([1.0, -3.0])
    np.testing.assert_allclose(function(X=X, w=w), [[-2.0]])


def test_squares_stay_squares() -> None:
    """||L X||^2 is no product with the gradient: it is never negative."""
    f = mc.parse("||L X||_F^2", where="L: matrix(n, n), X: matrix(n, m)")
    function = mc.compile([f, mc.gradient(f, "L")])
    L = np.array([[1.0, 1.0], [0.0, 0.0]])
    X = np.array([[1.0, 2.0], [-1.0 - 1e-9, -2.0 - 1e-9]])
    np.testing.assert_allclose(function(L=L, X=X)[0], 2e-18, rtol=1e-6)


def test_signs() -> None:
    program = Program()
    x = program.input("x", (Dim.of("n"),))
    square, root = program.times(x, x), program.function("exp", x)
    assert is_nonnegative(program, square) and is_nonnegative(program, program.divide(square, root))
    assert not is_nonnegative(program, x) and not is_nonnegative(program, program.times(x, root))
    assert not is_nonnegative(program, program.combine([(square, 1), (root, -1)]))


STACKS = ("logdet(F)", "det(F)", "tr(inv(F))", "tr(F^T F) - 2*logdet(F) + logdet(F)^2", "x^T inv(F) x")


@sweep(3)
@pytest.mark.parametrize("target", ["scipy", "numpy", "array-api", "jax", "torch"])
@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("text", STACKS)
def test_stacks_of_small_matrices(text: str, size: int, target: str) -> None:
    """Value, gradient and Hessian of a stack in closed forms, against those of one matrix after the other by LAPACK."""
    if target == "torch":
        pytest.importorskip("torch")
    where = f"F: matrix({size}, {size})" + (f", x: vector({size})" if "x" in text else "")
    f = mc.parse(text, where=where)
    outputs = [f, mc.gradient(f, "F"), mc.hessian(f, "F")]
    stacked, single = mc.compile(outputs, batch="F", target=target), mc.compile(outputs, target="numpy")
    rng = np.random.default_rng(size)
    F, x = rng.standard_normal((4, size, size)), rng.standard_normal(size)
    others = {"x": x} if "x" in single.parameters else {}
    given = {"F": F, **others}
    if target == "torch":
        import torch

        given = {name: torch.tensor(value) for name, value in given.items()}
    elif target == "jax":
        import jax.numpy as jnp

        given = {name: jnp.asarray(value) for name, value in given.items()}
    assert "cofactors" in stacked.source and ("linalg.inv" not in stacked.source or text.startswith("det"))
    for k, found in enumerate(stacked(**given)):
        wanted = np.stack([np.asarray(single(F=one, **others)[k]) for one in F])
        np.testing.assert_allclose(
            np.asarray(found), wanted, rtol=1e-4 if target == "jax" else 1e-9, atol=1e-4 if target == "jax" else 1e-9
        )


def test_a_singular_matrix_in_a_stack_is_told() -> None:
    function = mc.compile(mc.parse("inv(F)", where="F: matrix(2, 2)"), batch="F")
    with pytest.raises(np.linalg.LinAlgError):
        function(F=np.stack([np.eye(2), np.ones((2, 2))]))


def test_functions_of_symmetric_matrices_by_eigenvectors_that_are_there() -> None:
    for name in ("expm", "logm", "sqrtm"):
        f = mc.parse(f"sum(eigvals(S)) + tr(A {name}(S))", where="S: spd(n), A: matrix(n, n)")
        point = point_of(f)
        function = mc.compile(f)
        assert function.source.count("= _eigh(") == 1 and "kernels" not in function.source  # defined, and called once
        np.testing.assert_allclose(called(function, f, point), evaluate(f.node, point.values, point.sizes).item())
