"""Differentials are functions, too: they are differentiated, checked, explained and compared, dX being a variable."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc

# fmt: off
CASES = (
    # the differential of,  by,  then by,  gradient
    ("x^T A x",             "x", "x",      "(A + A^T) dx"),
    ("x^T A x",             "x", "dx",     "(A + A^T) x"),
    ("x^T A x",             "x", "A",      "x dx^T + dx x^T"),
    ("sum(exp(x))",         "x", "x",      "dx .* exp(x)"),
    ("logdet(X)",           "X", "X",      "-X^-T dX^T X^-T"),
    ("tr(S^2)",             "S", "S",      "2 dS"),
)
# fmt: on


@pytest.mark.parametrize(("text", "first", "second", "gradient"), CASES)
def test_gradients_of_differentials(text: str, first: str, second: str, gradient: str) -> None:
    df = mc.differential(text, first, where={"S": "symmetric(n)"} if "S" in text else None)
    assert str(mc.gradient(df, second)) == gradient
    assert mc.check(df, second)
    assert mc.check(df, second, claim=gradient)
    last = str(mc.explain(df, second).steps[-1]).partition(" = ")[2]
    assert mc.check(df, second, claim=last)


def test_a_second_direction_has_a_name_of_its_own() -> None:
    df = mc.differential("X X", "X")
    assert str(mc.jacobian(df, "X")) == "dF = dX_1 dX + dX dX_1, vec form I ⊗ dX + dX^T ⊗ I"
    d = mc.derivative(mc.differential("x^T A x", "x"), "x")
    assert str(d.differential) == "dx_1^T (A + A^T) dx"


def test_it_runs() -> None:
    run = mc.compile(mc.gradient(mc.differential("x^T A x", "x"), "x"))
    a, dx = np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([1.0, -1.0])
    np.testing.assert_allclose(run(A=a, dx=dx), (a + a.T) @ dx)


def test_differentials_are_compared() -> None:
    assert mc.equal(mc.differential("x^T A x", "x"), mc.differential("tr(x x^T A)", "x"))
    assert mc.equal(mc.differential("x^T A x", "x"), "x^T A dx").verdict == "refuted"
