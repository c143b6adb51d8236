"""Code for sums over indices: values and gradients are those of the interpreter, which takes one index after the other."""

from __future__ import annotations

import pytest

from matcalc.expr import variables
from tests.compiling.nests import EXAMPLES, arrays, assert_computes, gradients, nest


@pytest.mark.parametrize("name", EXAMPLES)
def test_values_and_gradients(name: str) -> None:
    f = EXAMPLES[name]
    assert_computes([f, *gradients(f)], arrays(f, 7))


@pytest.mark.parametrize("start", range(0, 500, 25))
def test_random_nests(start: int) -> None:
    for seed in range(start, start + 25):
        f = nest(seed)
        if variables(f):
            derivatives = gradients(f)[:2] if f.is_scalar and not f.free else []
            assert_computes([f, *derivatives], arrays(f, seed))
