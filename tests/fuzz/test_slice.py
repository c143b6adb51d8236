"""A slice of the fuzzer for every run of the tests, and its own soundness."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import pytest

from matcalc.calculus.piecewise import differential_of_where
from matcalc.checking.values.evaluate import VALUE
from matcalc.expr import block, scaled
from matcalc.functions import FUNCTIONS
from matcalc.functions.numeric.values import NUMERIC
from tests.fuzz.__main__ import report, run
from tests.fuzz.compare import Fault, Skip, defined, examine
from tests.fuzz.coverage import INTERNAL, OTHERWISE, functions_of
from tests.fuzz.draw import Case, draw_case
from tests.fuzz.rows import ROWS
from tests.machine import library, sweep

#: So many cases are compared in every run.
CASES = 400
RULES_OF = vars(sys.modules["matcalc.calculus.differential"])
CONVENTIONS_OF = vars(sys.modules["matcalc.calculus.derivative"])
UNIT = VALUE.row("unit")


@pytest.fixture(autouse=True)
def _quick_differentiator() -> None:
    """JAX would take minutes: it compiles for every new shape."""
    library("torch")


def test_a_slice() -> None:
    for i, case, result in run(CASES, 2024, 4):
        if isinstance(result, Fault):
            pytest.fail(report(case, result, i))


def _twice(rule: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: scaled(2, rule(*args))


def _drawn(case: Case, *parts: str) -> bool:
    """Whether a row with one of these in its text is drawn."""
    return any(part in tree.row.text for _, tree in case.tree.places() if tree.row for part in parts)


#: What is drawn -> whether a case has it, and a fault: where, under which name, what stands in its place.
PLANTED: dict[str, tuple[Callable[[Case], bool], dict[str, Any], str, Any]] = {
    "cases": (lambda c: _drawn(c, "where("), RULES_OF, "differential_of_where", _twice(differential_of_where)),
    "zeros of the structure": (lambda c: c.tree.keeps_zeros(), RULES_OF, "_still", lambda pattern: ()),
    "blocks": (lambda c: _drawn(c, "; "), RULES_OF, "block", _twice(block)),
    "unit vectors": (lambda c: _drawn(c, "e(1", "e(2"), VALUE.rows, "unit", lambda *args: 2 * UNIT(*args)),
    "sizes": (lambda c: _drawn(c, "{K})"), VALUE.rows, "dimension", lambda node, args, sizes: np.ones((1, 1))),
    "large values": (
        lambda c: c.at == "scaled" and _drawn(c, "sigmoid", "silu"),
        NUMERIC,
        "sigmoid",
        lambda x: np.where(np.abs(x) > 30, 0.5, 1 / (1 + np.exp(-x))),
    ),
    "conventions": (lambda c: c.structures, CONVENTIONS_OF, "independent_entries", lambda g, variable: g),
}


@sweep(3)
@pytest.mark.parametrize("drawn", PLANTED)
def test_planted_faults_are_found(drawn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the first cases that reach a place one shows that it is wrong."""
    reaches, place, name, fault = PLANTED[drawn]
    monkeypatch.setitem(place, name, fault)
    cases = (draw_case(random.Random(f"planted/{i}"), 3) for i in range(4000))
    with defined():
        assert any(_faulty(case) for case in islice(filter(reaches, cases), 60))


def _faulty(case: Case) -> bool:
    try:
        return examine(case) is not None
    except Skip:
        return False


#: What the language has, before other tests define functions of theirs.
OWN = frozenset(FUNCTIONS)


def test_every_function_is_drawn() -> None:
    named = functions_of(" ".join(row.text for row in ROWS if row.weight))
    assert OWN - named <= INTERNAL | OTHERWISE, sorted(OWN - named - INTERNAL - OTHERWISE)


def test_definitions_are_taken_back() -> None:
    known = set(FUNCTIONS)
    with defined():
        assert set(FUNCTIONS) > known
    assert set(FUNCTIONS) == known


def test_cases_depend_on_their_number_only() -> None:
    first, second = (draw_case(random.Random("7/3"), 4) for _ in range(2))
    assert first.text == second.text
    assert first.where == second.where
