"""A slice of the fuzzer for every run of the tests, and its own soundness."""

from __future__ import annotations

import random
import time
from importlib.util import find_spec

import pytest

if find_spec("torch") is None:
    pytest.importorskip("jax")

from matcalc.functions import FUNCTIONS
from tests.fuzz.__main__ import report, run
from tests.fuzz.compare import Fault, defined
from tests.fuzz.coverage import INTERNAL, OTHERWISE, functions_of
from tests.fuzz.draw import draw_case
from tests.fuzz.rows import ROWS

SECONDS = 40


def test_a_slice() -> None:
    started = time.monotonic()
    for i, case, result in run(100_000, 2024, 4):
        if isinstance(result, Fault):
            pytest.fail(report(case, result, i))
        if time.monotonic() - started > SECONDS:
            break


def test_every_function_is_drawn() -> None:
    named = functions_of(" ".join(row.text for row in ROWS if row.weight))
    assert set(FUNCTIONS) - named <= INTERNAL | OTHERWISE, sorted(set(FUNCTIONS) - named - INTERNAL - OTHERWISE)


def test_definitions_are_taken_back() -> None:
    known = set(FUNCTIONS)
    with defined():
        assert set(FUNCTIONS) > known
    assert set(FUNCTIONS) == known


def test_cases_depend_on_their_number_only() -> None:
    first, second = (draw_case(random.Random("7/3"), 4) for _ in range(2))
    assert first.text == second.text
    assert first.where == second.where
