"""Given values and claims in Python for variables of size 1, rows and columns: an axis of one entry may be there or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import matcalc as mc

ONE_ENTRY = [2.0, np.array(2.0), np.array([2.0]), np.array([[2.0]]), [2.0]]


@pytest.mark.parametrize("kind", ["scalar", "vector(1)", "matrix(1, 1)", "spd(1)", "vector(n)", "matrix(m, n)"])
@pytest.mark.parametrize("value", ONE_ENTRY, ids=repr)
def test_one_entry_in_any_shape(kind: str, value: Any) -> None:
    assert mc.check("sum(x)^3", "x", where=f"x: {kind}", at={"x": value})


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("vector(3)", (3,)),
        ("vector(3)", (3, 1)),
        ("matrix(1, 3)", (3,)),
        ("matrix(1, n)", (1, 3)),
        ("matrix(1, n)", (3,)),
    ],
)
def test_rows_and_columns(kind: str, shape: tuple[int, ...]) -> None:
    assert mc.check("sum(x .* x)", "x", where=f"x: {kind}", at={"x": np.ones(shape)})


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("vector(3)", np.ones((1, 3)), "is 1 x 3, and the declaration is x: vector"),
        ("vector(3)", 1.0, "is 1 x 1, and the declaration is x: vector"),
        ("scalar", np.ones(3), "is 3 x 1, and the declaration is x: scalar$"),
        ("vector(n)", "abc", "no array of real numbers"),
        ("vector(n)", [1, "b"], "no array of real numbers"),
        ("scalar", 1j, "no array of real numbers"),
    ],
)
def test_what_does_not_fit(kind: str, value: Any, message: str) -> None:
    with pytest.raises(mc.MatcalcError, match=message):
        mc.check("sum(x .* x)", "x", where=f"x: {kind}", at={"x": value})


# fmt: off
CLAIMS: list[tuple[str, Callable[..., Any]]] = [
    ("scalar",       lambda x: 2 * x),
    ("scalar",       lambda x: np.array([2 * x])),
    ("vector(1)",    lambda x: 2 * x),
    ("vector(1)",    lambda x: 2 * x[0]),
    ("matrix(1, 1)", lambda x: 2 * x),
    ("matrix(1, 1)", lambda x: 2 * x[0, 0]),
    ("vector(n)",    lambda x: 2 * x.sum() * np.ones((len(x), 1))),
    ("matrix(1, n)", lambda x: 2 * x.sum() * np.ones(x.shape[1])),
]
# fmt: on


@pytest.mark.parametrize(("kind", "claim"), CLAIMS)
def test_claims_in_python(kind: str, claim: Callable[..., Any]) -> None:
    assert mc.check("sum(x)^2", "x", where=f"x: {kind}", claim=claim)


@pytest.mark.parametrize("text", ["det(X)", "det(X)^2", "tr(adj(X) B)", "det(X) tr(X B)", "det(A X B)"])
@pytest.mark.parametrize(
    "x",
    [
        [[1.0, 2, 3], [2, 4, 6], [1, 0, 1]],
        [[1.0, 2, 3], [2, 4, 6], [3, 6, 9]],
        [[1.0, 2, 3], [2, 4, 6], [1, 0, 1 + 1e-13]],
    ],
)
def test_determinants_at_singular_matrices(text: str, x: list[list[float]]) -> None:
    assert mc.check(text, "X", where="X: matrix(n, n), B: matrix(n, n)", at={"X": x})
    assert mc.check(text, "X", "X", where="X: matrix(n, n), B: matrix(n, n)", at={"X": x})


def test_claims_about_determinants_at_singular_matrices() -> None:
    x = [[1.0, 2], [2, 4]]
    for claim, right in (("det(X) X^-T", True), ("adj(X)^T", True), ("det(X) X^-1", False)):
        assert bool(mc.check("det(X)", "X", claim=claim, at={"X": x if right else [[1.0, 2], [3, 6]]})) is right
