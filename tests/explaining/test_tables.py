"""The derivations of every derivative in the books' tables, and of a sample of practice: each line equals the one before."""

from __future__ import annotations

import pytest

import matcalc as mc
from tests.explaining.lines import check_lines
from tests.machine import sweep
from tests.tables import cookbook, magnus
from tests.tables.rows import rows_of

FIRST = [
    *(("MC", *row[:4]) for row in (*cookbook.CHAPTER_2, *cookbook.INDEPENDENT, *cookbook.LATER)),
    *(("M&N", *row[:4]) for row in (*magnus.GRADIENTS, *magnus.JACOBIANS)),
]
SECOND = [("M&N", *row[:4]) for row in magnus.HESSIANS]


@sweep(6)
@pytest.mark.parametrize(("book", "number", "text", "name", "where"), FIRST)
def test_first_derivatives(book: str, number: str, text: str, name: str, where: str) -> None:
    check_lines(mc.parse(text, where), name, 1, "brief")


@sweep(2)
@pytest.mark.parametrize(("book", "number", "text", "name", "where"), SECOND)
def test_second_derivatives(book: str, number: str, text: str, name: str, where: str) -> None:
    check_lines(mc.parse(text, where), name, 2, "brief")


#: Every seventh row; the others were checked in the same way, and take their time.
PRACTICE = rows_of("practice", "ROWS")[::7]


@sweep(8)
@pytest.mark.parametrize("row", PRACTICE, ids=[row[0] for row in PRACTICE])
@pytest.mark.parametrize("detail", ["brief", "full"])
def test_practice(row: tuple[str, ...], detail: str) -> None:
    _, text, name, where = row
    check_lines(mc.parse(text, where), name, 1, detail)
