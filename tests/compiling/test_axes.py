"""The axes of derivatives are those of JAX: grad, jacobian, hessian."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from tests.machine import library, sweep

jax = library("jax")
jax.config.update("jax_enable_x64", True)
jnp = jax.numpy

ROWS: tuple[tuple[str, tuple[str, ...], Callable[..., Any], dict[str, tuple[int, ...]]], ...] = (
    ("tr(X^T A X)", ("X",), lambda A, X: jnp.trace(X.T @ A @ X), {"A": (4, 4), "X": (4, 3)}),
    ("tr(X^T A X)", ("X", "X"), lambda A, X: jnp.trace(X.T @ A @ X), {"A": (4, 4), "X": (4, 3)}),
    ("tr(X^T A X)", ("X", "A"), lambda A, X: jnp.trace(X.T @ A @ X), {"A": (4, 4), "X": (4, 3)}),
    ("A X B", ("X",), lambda A, X, B: A @ X @ B, {"A": (2, 3), "X": (3, 4), "B": (4, 5)}),
    ("A X B", ("X", "A"), lambda A, X, B: A @ X @ B, {"A": (2, 3), "X": (3, 4), "B": (4, 5)}),
    ("inv(X)", ("X",), lambda X: jnp.linalg.inv(X), {"X": (3, 3)}),
    ("inv(X)", ("X", "X"), lambda X: jnp.linalg.inv(X), {"X": (3, 3)}),
    (
        "||T - U V^T||_F^2",
        ("U", "V"),
        lambda T, U, V: jnp.sum((T - U @ V.T) ** 2),
        {"T": (4, 3), "U": (4, 2), "V": (3, 2)},
    ),
    ("tanh(A x)", ("x", "x"), lambda A, x: jnp.tanh(A @ x), {"A": (4, 3), "x": (3,)}),
    ("tanh(A x)", ("A", "x"), lambda A, x: jnp.tanh(A @ x), {"A": (4, 3), "x": (3,)}),
    ("log(det(X))", ("X", "X", "X"), lambda X: jnp.linalg.slogdet(X)[1], {"X": (3, 3)}),
    ("(a^T x)^3", ("x", "x", "x"), lambda a, x: (a @ x) ** 3, {"a": (3,), "x": (3,)}),
)


@sweep(4)
@pytest.mark.parametrize(("text", "wrt", "function", "shapes"), ROWS, ids=[f"{r[0]} by {','.join(r[1])}" for r in ROWS])
def test_axes(
    text: str, wrt: tuple[str, ...], function: Callable[..., Any], shapes: dict[str, tuple[int, ...]]
) -> None:
    rng = np.random.default_rng(5)
    values = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    if "det" in text:
        values["X"] = values["X"] @ values["X"].T + np.eye(3) + values["X"] / 4
    where = {n: f"matrix({s[0]}, {s[1]})" if len(s) == 2 else f"vector({s[0]})" for n, s in shapes.items()}
    names = list(values)
    wanted = function
    for name in wrt:
        wanted = jax.jacfwd(wanted, argnums=names.index(name))
    result = mc.compile(mc.derivative(text, *wrt, where=where))(**values)
    expected = np.asarray(wanted(*values.values()))
    assert result.shape == expected.shape
    np.testing.assert_allclose(result, expected, rtol=1e-9, atol=1e-9)
