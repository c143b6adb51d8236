"""Canonical forms keep the value of what was typed: transposes and multiples of every function of arrays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking import Subject
from matcalc.checking.subject import sample
from matcalc.checking.values.evaluate import evaluate
from matcalc.errors import MatcalcError
from matcalc.expr import transpose
from matcalc.functions import FUNCTIONS

ARGUMENTS = ("S", "A", "C", "x", "v")
DECLARED = {"S": "spd(n)", "A": "matrix(n, n)", "C": "matrix(m, n)", "x": "vector(n)", "v": "vector(n, positive)"}


def calls() -> Iterator[str]:
    """Every function of the table of one or two arrays, with those that it takes."""
    for row in FUNCTIONS.values():
        if row.kind == "call" and len(row.parameters) in (1, 2):
            for name in ARGUMENTS:
                arguments = ", ".join([name] * len(row.parameters))
                try:
                    mc.parse(f"{row.name}({arguments})", DECLARED)
                except MatcalcError:
                    continue
                yield f"{row.name}({arguments})"
                break


@pytest.mark.parametrize("call", list(calls()))
def test_a_transpose_is_the_transpose(call: str) -> None:
    """Also where the constructor takes it for another call, its negative or itself."""
    f = mc.parse(call, DECLARED)
    turned = transpose(f.node)
    points = list(islice(sample(Subject(f.node, f.declarations, f.tree), np.random.default_rng(3), 2), 2))
    assert points
    for point, _, value in points:
        np.testing.assert_allclose(evaluate(turned, point.values, point.sizes), value.T, atol=1e-8, rtol=1e-8)
