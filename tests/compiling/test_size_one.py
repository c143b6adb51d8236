"""Functions of matrices of the written size 1 are functions of numbers, in code as well."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc

FUNCTIONS = (
    "expm logm sqrtm chol eigvals eigmax eigmin eigvecs svdvals norm_nuc norm_spec inv det logdet adj pinv".split()
)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_a_number(name: str) -> None:
    """With the values of the symbolic size n = 1."""
    for order in range(3):
        values = []
        for where in ("X: spd(1)", "X: spd(n)"):
            f = mc.parse(f"sum({name}(X))", where)
            compiled = mc.compile(mc.derivative(f, *["X"] * order) if order else f)
            values.append(np.ravel(compiled(X=2.0 if where == "X: spd(1)" else np.array([[2.0]]))))
        assert np.allclose(*values)
    assert mc.check(f"sum({name}(X))", "X", where="X: matrix(1, 1)")
