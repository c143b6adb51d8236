"""Equations: what is printed, and the solutions put into both sides as they were typed, by compiled code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matcalc as mc

# fmt: off
#: left side, right side, unknown, declarations, what is printed
EQUATIONS = (
    ("X^3", "A", "X", "X: spd(n), A: spd(n)", "X = expm(logm(A) / 3)"),
    ("2 X^4 - B", "A", "X", "X: spd(n), A: spd(n), B: spd(n)", "X = expm(logm((A + B) / 2) / 4)"),
    ("X^-2", "A", "X", "X: spd(n), A: spd(n)", "X = sqrtm(A^-1)"),
    ("exp(2 t) + exp(t)", "a", "t", "t: scalar, a: scalar(positive)", "t = log((sqrt(1 + 4 a) - 1) / 2)"),
    ("exp(2 x) - a .* exp(x)", "b", "x", "x: vector(n), a: vector(n), b: vector(n, positive)", "x = log((sqrt(a.^2 + 4 b) + a) / 2)"),
    ("exp(3 t + 1) - a exp(1 - 3 t)", "0", "t", "t: scalar, a: scalar(positive)", "t = log(a) / 6"),
    ("x^4 + x^2", "a", "x", "x: scalar, a: scalar(positive)", "x = sqrt(1/2) sqrt(sqrt(1 + 4 a) - 1)"),
    ("X^2 + B X + X B", "C", "X", "B: symmetric(n), C: spd(n), X: symmetric(n)", "X = sqrtm(B^2 + C) - B"),
    ("X M X + X", "Q", "X", "M: spd(n), Q: spd(n), X: spd(n)", "X = sqrtm(M)^-1 sqrtm(1/4 sqrtm(M) (4 Q + M^-1) sqrtm(M)) sqrtm(M)^-1 - M^-1 / 2"),
    ("Q + X P + P X - X P X", "0", "X", "P: spd(n), Q: spd(n), X: spd(n)", "X = I + sqrtm(P)^-1 sqrtm(sqrtm(P) (P + Q) sqrtm(P)) sqrtm(P)^-1"),
)
# fmt: on


def _drawn(declared: Any, rng: np.random.Generator) -> Any:
    value = rng.standard_normal(tuple(3 for _ in declared.axes))
    if declared.kind == "spd":
        return value @ value.T + np.eye(3)
    if declared.kind == "symmetric":
        return (value + value.T) / 2
    return np.abs(value) + 0.5 if "positive" in declared.assumptions else value


@pytest.mark.parametrize(("left", "right", "x", "where", "shown"), EQUATIONS)
def test_both_sides_agree(left: str, right: str, x: str, where: str, shown: str) -> None:
    found = mc.solve(f"{left} = {right}", x, where=where)
    assert str(found) == shown
    residual = mc.parse(left if right == "0" else f"({left}) - ({right})", where)
    rng = np.random.default_rng(2)
    for _ in range(3):
        data = {n: _drawn(d, rng) for n, d in residual.declarations.items() if n != x}
        for one in (found, *found.others):
            value = mc.compile(one.solutions[x])(
                **{n: v for n, v in data.items() if n in one.solutions[x].declarations}
            )
            if np.all(np.isfinite(value)):
                np.testing.assert_allclose(mc.compile(residual)(**data, **{x: value}), 0, atol=1e-9)


def test_a_general_riccati_equation_has_no_closed_form() -> None:
    """Its square cannot be completed where A B^-1 is not symmetric: no solution is shown."""
    found = mc.solve("A^T X + X A - X B X + Q = 0", "X", where="A: matrix(n,n), B: spd(n), Q: spd(n), X: spd(n)")
    assert not found and found.verdict == "no closed form"


def test_a_linear_function_under_linear_constraints() -> None:
    found = mc.solve("c^T x", "x", subject_to="A x = b")
    assert not found and found.reason.startswith("the function and its constraints are linear in x")


def test_definitions_hold_in_constraints() -> None:
    """Names that the text defines mean the same there, also through another definition."""
    found = mc.solve("||x||^2 where s = sum(b), t = 2 s, b: vector(m)", "x", subject_to="sum(x) = t")
    code = mc.compile(found.solutions["x"])
    sizes = {name: 3 for name in code.parameters if name != "b"}
    assert code(b=np.array([1.0, 2.0]), **sizes).sum() == pytest.approx(6.0)
