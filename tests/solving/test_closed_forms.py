"""Each closed form is what a person would write, and differences of the Lagrangian vanish at it."""

from __future__ import annotations

import pytest

import matcalc as mc
from tests.machine import sweep
from tests.solving.closed_forms import ROWS
from tests.solving.textbook import is_stationary


@sweep(3)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("f", "names", "constraints", "where", "shown", "kind"), ROWS, ids=[row[0] for row in ROWS])
def test_closed_form(f: str, names: str, constraints: list[str], where: str, shown: str, kind: str) -> None:
    unknowns = names.split()
    found = mc.solve(f, *unknowns, subject_to=constraints, where=where or None)
    assert "; ".join(f"{n} = {v}" for n, v in found.shown.items() if n in unknowns) == shown
    assert found.kind == kind
    whole = found.lagrangian if found.lagrangian is not None else mc.parse(f, where or None)
    assert is_stationary(whole, found.solutions, list(found.solutions))
