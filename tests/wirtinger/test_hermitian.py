"""Gradients by hermitian variables, within the hermitian matrices: against differences along hermitian directions in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from tests.wirtinger.points import WHERE, N, point


def adjoint(x: Any) -> Any:
    return np.conj(x).T


#: text, variable, the gradient as it is printed, the function in NumPy
ROWS: list[tuple[str, str, str, Callable[..., Any]]] = [
    ("z^H R z", "R", "z z^H", lambda R, z, **_: np.conj(z) @ R @ z),
    ("logdet(R)", "R", "R^-1", lambda R, **_: np.linalg.slogdet(R)[1]),
    ("tr(R^2)", "R", "2 R", lambda R, **_: np.trace(R @ R)),
    ("re(tr(A R))", "R", "(A + A^H) / 2", lambda A, R, **_: np.trace(A @ R).real),
    ("logdet(I + Y^H R Y)", "R", "Y (I + Y^H R Y)^-1 Y^H", lambda Y, R, **_: np.linalg.slogdet(np.eye(2) + adjoint(Y) @ R @ Y)[1]),
    ("abs(z^H S z)^2", "S", "2 (z^H S z) z z^H", lambda z, S, **_: abs(np.conj(z) @ S @ z) ** 2),
    ("tr(inv(R) S)", "R", "-R^-1 S R^-1", lambda R, S, **_: np.trace(np.linalg.solve(R, S))),
    ("||A - S||_F^2", "S", "2 S - A - A^H", lambda A, S, **_: np.sum(np.abs(A - S) ** 2)),
]  # fmt: skip


@pytest.mark.parametrize("text, name, shown, f", ROWS, ids=[row[0] for row in ROWS])
def test_gradient(text: str, name: str, shown: str, f: Callable[..., Any]) -> None:
    found = mc.derivative(text, name, where=WHERE)
    assert str(found) == shown
    values, rng = point(), np.random.default_rng(1)
    gradient = mc.compile(found)(**{n: values[n] for n in found.f.declarations})
    assert np.allclose(gradient, adjoint(gradient))
    for _ in range(4):
        e = rng.standard_normal((N, N)) + 1j * rng.standard_normal((N, N))
        e = e + adjoint(e)
        one, two = (
            f(**{**values, name: values[name] + h * e}) - f(**{**values, name: values[name] - h * e})
            for h in (1e-3, 2e-3)
        )
        assert np.allclose(np.trace(adjoint(gradient) @ e), (8 * one - two) / 12e-3, rtol=1e-7)
    assert mc.check(text, name, where=WHERE)
    assert mc.check(text, name, where=WHERE, claim=shown)
    assert not mc.check(text, name, where=WHERE, claim=f"2 ({shown})")
