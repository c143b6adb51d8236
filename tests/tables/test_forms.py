"""Forms of matrix expressions: what is printed is exactly the row, and it is the derivative."""

from __future__ import annotations

import pytest

import matcalc as mc
from tests.tables.forms import ROWS


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_printed(row: tuple[str, str, str, str, int, str, str]) -> None:
    _, text, where, wrt, order, printed, _ = row
    assert str(mc.derivative(text, *[wrt] * order, where=where)) == printed


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_verified(row: tuple[str, str, str, str, int, str, str]) -> None:
    _, text, where, wrt, order, printed, _ = row
    claim = printed.split(", vec form ")[0].removeprefix("dF = ").removeprefix("dG = ")
    report = mc.check(text, wrt, where=where, claim=claim, order=order)
    assert report, report.summary
