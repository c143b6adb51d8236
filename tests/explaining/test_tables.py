"""The derivations of every derivative in the books' tables: each line equals the one before."""

from __future__ import annotations

import pytest

import matcalc as mc
from tests.explaining.lines import check_lines
from tests.tables import cookbook, magnus

FIRST = [
    *(("MC", *row[:4]) for row in (*cookbook.CHAPTER_2, *cookbook.INDEPENDENT, *cookbook.LATER)),
    *(("M&N", *row[:4]) for row in (*magnus.GRADIENTS, *magnus.JACOBIANS)),
]
SECOND = [("M&N", *row[:4]) for row in magnus.HESSIANS]


@pytest.mark.parametrize(("book", "number", "text", "name", "where"), FIRST)
def test_first_derivatives(book: str, number: str, text: str, name: str, where: str) -> None:
    check_lines(mc.parse(text, where), name, 1, "brief")


@pytest.mark.parametrize(("book", "number", "text", "name", "where"), SECOND)
def test_second_derivatives(book: str, number: str, text: str, name: str, where: str) -> None:
    check_lines(mc.parse(text, where), name, 2, "brief")
