"""Equations in powers, exponentials and logarithms: the root put back with numbers."""

from __future__ import annotations

import math

import pytest

import matcalc as mc

ROOTS = [
    ("x^a = b", "x", "b^(1 / a)"),
    ("a^x = b", "x", "log(b) / log(a)"),
    ("log(x) + log(x + 1) = a", "x", "(sqrt(1 + 4 exp(a)) - 1) / 2"),
    ("2 log(x) + log(a) = b", "x", ""),
    ("sigmoid(x) = a / (a + b)", "x", ""),
    ("log(1 + exp(x)) = a", "x", ""),
    ("c x^a - b x^(a + 1) = 0", "x", "c / b"),
    ("exp(2 x) + exp(x) = a", "x", "log((sqrt(1 + 4 a) - 1) / 2)"),
]
DATA = {"a": 1.7, "b": 2.3, "c": 0.6}


@pytest.mark.parametrize(("equation", "unknown", "shown"), ROOTS)
def test_a_root_solves_its_equation(equation: str, unknown: str, shown: str) -> None:
    where = "x: scalar(positive), " + ", ".join(
        f"{n}: scalar(positive)" for n in DATA if n in equation.replace("exp", "")
    )
    where = where.replace("c: scalar(positive)", "") if "c x" not in equation else where
    found = mc.solve(equation, unknown, where=where.rstrip(", "))
    assert found.verdict == "solved" and (not shown or str(found.solutions[unknown]) == shown)
    x = float(
        mc.compile(found.solutions[unknown])(
            **{n: v for n, v in DATA.items() if n in found.solutions[unknown].declarations}
        )
    )
    names = {"log": math.log, "exp": math.exp, "sigmoid": lambda t: 1 / (1 + math.exp(-t)), **DATA, "x": x}
    left, right = (
        eval(
            side.replace("^", "**")
            .replace("c x", "c * x")
            .replace("b x", "b * x")
            .replace("2 l", "2 * l")
            .replace("2 x", "2 * x"),
            names,
        )
        for side in equation.split("=")
    )
    assert left == pytest.approx(right)
