"""What is printed for well-known derivatives, to the letter, and that the printed text is right as a claim.

Coverage: 119 rows. An answer that reads better may replace a row's; one that reads worse is a fault.
"""

from __future__ import annotations

import pytest

import matcalc as mc
from tests.machine import sweep
from tests.tables.readable import ROWS, Row

IDS = [f"{row[0]}: {row[3]}, {row[4]}" for row in ROWS]


def names(row: Row) -> list[str]:
    several = row[3].split()
    return several if len(several) > 1 else several * row[4]


def test_there_are_enough_rows() -> None:
    assert len(ROWS) >= 110
    assert len({row[1:5] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_printed(row: Row) -> None:
    derivative = mc.derivative(row[1], *names(row), where=row[2])
    assert str(derivative) == row[5], row[6]


@sweep(2)
@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_right_as_a_claim(row: Row) -> None:
    _, text, where, wrt, order, printed, _ = row
    if " " in wrt:
        report = mc.check(text, *wrt.split(), where=where, claim=printed, trials=1)
    else:
        report = mc.check(text, wrt, where=where, claim=printed, order=order, trials=1)
    assert report, report
