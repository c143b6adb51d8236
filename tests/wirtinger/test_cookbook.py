"""The Matrix Cookbook's chapter on complex matrices, of 2012: (242)–(250) as they are printed, and (252), which is printed without an H."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from tests.wirtinger.points import partials, point

WHERE = "Z: complex matrix(n, n), Y: complex matrix(n, k), A: complex matrix(n, n), B: complex matrix(n, n), z: complex vector(n)"


def H(x: Any) -> Any:
    return np.conj(x).T


#: number, text, variable, ∂f/∂Z and ∂f/∂Z^* as formulas of the language, f in NumPy
ROWS: list[tuple[str, str, str, str, str, Callable[..., Any]]] = [
    ("before 242", "tr(Z)", "Z", "I", "zeros(n, n)", lambda Z, **_: np.trace(Z)),
    ("before 242", "tr(A Z^H)", "Z", "zeros(n, n)", "A", lambda A, Z, **_: np.trace(A @ H(Z))),
    ("242", "tr(A conj(Z))", "Z", "zeros(n, n)", "A^T", lambda A, Z, **_: np.trace(A @ np.conj(Z))),
    ("246, 247", "tr(Z Z^H)", "Z", "conj(Z)", "Z", lambda Z, **_: np.trace(Z @ H(Z))),
    ("246, 247", "tr(Z^H Z)", "Z", "conj(Z)", "Z", lambda Z, **_: np.trace(H(Z) @ Z)),
    ("249, 250", "det(Y^H A Y)", "Y", "det(Y^H A Y) ((Y^H A Y)^-1 Y^H A)^T", "det(Y^H A Y) A Y (Y^H A Y)^-1", lambda Y, A, **_: np.linalg.det(H(Y) @ A @ Y)),
]  # fmt: skip
IDS = [f"{row[0]} {row[1]}" for row in ROWS]


@pytest.mark.parametrize("number, text, name, first, second, f", ROWS, ids=IDS)
def test_rows(number: str, text: str, name: str, first: str, second: str, f: Callable[..., Any]) -> None:
    values = point()
    for spelled, said, wanted in zip((name, f"conj({name})"), (first, second), partials(f, values, name), strict=True):
        assert mc.check(text, spelled, where=WHERE, claim=said, convention="wirtinger")
        found = mc.derivative(text, spelled, where=WHERE)
        given = mc.compile(found)(**{n: values[n] for n in found.f.declarations})
        assert np.allclose(given, wanted, rtol=1e-7, atol=1e-7 * (1 + np.max(np.abs(wanted))))


@pytest.mark.parametrize("text", ["tr(Z Z^H)", "tr(A conj(Z))", "det(Z)", "tr(A Z^H)"])
def test_parts(text: str) -> None:
    """(229), (230) and (244), (245): the derivatives by the real and by the imaginary part are the sum of both, and j times their difference."""
    values = point()
    f = mc.compile(mc.parse(text, WHERE))
    names = mc.parse(text, WHERE).declarations
    by_z, by_conjugate = (
        mc.compile(mc.derivative(text, w, where=WHERE))(**{n: values[n] for n in names}) for w in ("Z", "conj(Z)")
    )
    for place in ((0, 0), (1, 2)):
        for direction, wanted in ((1, by_z + by_conjugate), (1j, 1j * (by_z - by_conjugate))):
            e = np.zeros_like(values["Z"])
            e[place] = direction * 1e-5
            moved = [f(**{n: values[n] + s * e if n == "Z" else values[n] for n in names}) for s in (1, -1)]
            assert abs((moved[0] - moved[1]) / 2e-5 - wanted[place]) < 1e-6 * (1 + abs(wanted[place]))


def test_complex_gradient() -> None:
    """(248): ∇ tr(X X^H) = 2 X"""
    assert str(mc.gradient("tr(Z Z^H)", "Z", where=WHERE)) == "2 Z"


def test_quotient_of_lengths() -> None:
    """(251): the gradient of ‖A x‖² / ‖B x‖²; (252) is printed with B B for B^H B in its first term, and refuted."""
    f = "((A z)^H (A z)) / ((B z)^H (B z))"
    right = "2 A^H A z / (z^H B^H B z) - 2 (z^H A^H A z) B^H B z / (z^H B^H B z)^2"
    printed = "2 A^H A z / (z^H B B z) - 2 (z^H A^H A z) B^H B z / (z^H B^H B z)^2"
    assert mc.check(f, "z", where=WHERE, claim=right)
    assert not mc.check(f, "z", where=WHERE, claim=printed)
