"""Each planted fault has its place in the code, so that a run by hand plants what it says."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import matcalc
from tests.mutation.faults import FAULTS, TESTS, Fault

ROOT = Path(matcalc.__file__).parent


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_the_place_of_a_fault_is_there_once(fault: Fault) -> None:
    planted = fault.planted((ROOT / fault.module).read_text(encoding="utf-8"))
    ast.parse(planted)


def test_faults_are_spread_over_all_packages_that_have_tests() -> None:
    assert len(FAULTS) >= 40
    assert {fault.package for fault in FAULTS} == set(TESTS)
