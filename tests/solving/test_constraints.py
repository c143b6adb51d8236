"""Constraints: the conditions of Karush, Kuhn and Tucker with their signs, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

import matcalc as mc


def test_multipliers_of_a_maximum_are_not_negative() -> None:
    """The dual values of a linear program, which SciPy finds, meet the stationarity that is printed."""
    text = "max_x c^T x s.t. A x <= b, x >= 0"
    found = mc.solve(text)
    assert found.equation.splitlines()[0] == "c + mu_2 - A^T mu_1 = 0"
    c, A, b = np.array([3.0, 2.0]), np.array([[1.0, 1.0], [1.0, 3.0]]), np.array([4.0, 6.0])
    program = linprog(-c, A_ub=A, b_ub=b, bounds=(0, None))
    data = {"A": A, "b": b, "c": c, "x": program.x}
    data |= {"mu_1": -program.ineqlin.marginals, "mu_2": program.lower.marginals}
    assert min(data["mu_1"].min(), data["mu_2"].min()) >= 0
    slope = mc.compile(mc.gradient(found.lagrangian, "x"))(**data)
    np.testing.assert_allclose(slope, 0, atol=1e-9)


def test_multipliers_of_a_minimum_are_not_negative() -> None:
    found = mc.solve("||x - a||^2", "x", subject_to="x >= 0")
    a = np.array([1.0, -2.0])
    data = {"a": a, "x": np.maximum(a, 0), "mu": 2 * np.maximum(-a, 0)}
    np.testing.assert_allclose(mc.compile(mc.gradient(found.lagrangian, "x"))(**data), 0, atol=1e-12)


BAD = (
    ("C y = d", "the constraint does not hold x"),
    ("x", "a constraint is an equation or an inequality"),
    ("x =", "a side is missing"),
    ("<= x", "a side is missing"),
    ("0 <= x <= 1", "a constraint has one sign"),
)


@pytest.mark.parametrize(("constraint", "said"), BAD)
def test_what_is_no_constraint(constraint: str, said: str) -> None:
    with pytest.raises(mc.MatcalcError) as error:
        mc.solve("||A x - b||^2", "x", subject_to=constraint)
    assert said in str(error.value)
