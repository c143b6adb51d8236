"""Fréchet derivatives in a direction that commutes with X are ordinary derivatives."""

from __future__ import annotations

import pytest

import matcalc as mc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tr(expm(X))", "expm(X)^T"),
        ("tr(logm(X))", "X^-T"),
        ("tr(X^10)", "10 (X^9)^T"),
        ("tr(X^p)", "p (X^(p - 1))^T"),
        ("tr(X expm(X))", "(I + X^T) expm(X)^T"),
        ("tr(X^2 expm(X))", "(expm(X) X (2 I + X))^T"),
        ("tr(X^10 X)", "11 (X^10)^T"),
        ("2 a tr(expm(X))", "2 a expm(X)^T"),
        ("tr(A expm(X))", "frechet_expm(X^T, A^T)"),
    ],
)
def test_gradients(text: str, expected: str) -> None:
    assert str(mc.gradient(text, "X")) == expected
    assert mc.check(text, "X")


def test_entropy_of_a_state() -> None:
    assert str(mc.gradient("tr(S logm(S))", "S", where="S: spd(n)")) == "I + logm(S)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tr(logm(t X))", ["n / t", "-n / t^2", "2 n / t^3", "-6 n / t^4"]),
        ("tr(A expm(t X))", ["tr(A X expm(t X))", "tr(A X^2 expm(t X))", "tr(A X^3 expm(t X))"]),
        ("tr(A sinm(t X))", ["tr(A X cosm(t X))", "-tr(A X^2 sinm(t X))", "-tr(A X^3 cosm(t X))"]),
    ],
)
def test_higher_derivatives_along_one_direction(text: str, expected: list[str]) -> None:
    where = "t: scalar, X: matrix(n, n), A: matrix(n, n)"
    for order, wanted in enumerate(expected, 1):
        found = mc.derivative(text, *["t"] * order, where=where).expr
        assert found is not None
        assert mc.equal(found, wanted, where=where), f"order {order}: {found}"
