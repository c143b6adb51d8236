"""A slice of the random sums over indices for every run of the tests."""

from __future__ import annotations

import pytest

from tests.fuzz.families import Sum, compared, drawn
from tests.machine import sweep


@sweep(2)
@pytest.mark.parametrize("number", range(20))
def test_values_and_gradients_are_those_of_the_loops(number: int) -> None:
    case = drawn(f"0/{number}")
    assert not compared(case, number), case.text


def test_another_meaning_is_found() -> None:
    case = drawn("0/0")
    assert "value" in compared(Sum(case.text, lambda a, p: case.value(a, p) + 1e-3), 0)
