"""Answers beside what a person derives by hand: the form by hand is right, and what is printed is not longer.

Coverage: 60 questions of users on losses, factorisations, likelihoods, divergences, control, filters, portfolios, nets, kernels.
"""

from __future__ import annotations

import pytest

import matcalc as mc
from benchmarks.readability import form_of
from tests.tables.by_hand import ROWS, Row
from tests.tables.test_books import length

#: Rows whose printed form is longer: 4 (2 x x^T + (x^T x) I) shows that 4 is common, 8 x x^T + 4 ||x||^2 I does not.
LONGER = frozenset({"quartic"})
IDS = [row[0] for row in ROWS]


def test_there_are_enough_rows() -> None:
    assert len(ROWS) >= 60
    assert len(set(IDS)) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_by_hand(row: Row) -> None:
    title, text, where, wrt, order, known, _ = row
    report = mc.check(text, wrt, where=where, claim=known, order=order, trials=1)
    assert report, report
    printed = form_of(mc.derivative(text, *[wrt] * order, where=where), known)
    assert (length(printed) <= length(known)) == (title not in LONGER), printed
