"""The page of solved problems: it shows the rows of the tests, and is not built where one has no solution."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.machine import library
from tests.solving.closed_forms import ROWS

library("sphinx")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "extensions"))

from solved import _row, _table, problems, solved


def test_the_rows_are_those_of_the_tests() -> None:
    assert problems() == [row[:4] for row in ROWS] and len(ROWS) >= 40


def test_a_row_shows_problem_solution_kind_and_conditions() -> None:
    row = _row(("||A x - b||^2", "x", ["C x = d"], ""))
    assert row[0] == "||A x - b||^2\ns.t. C x = d" and row[1].startswith("x = ") and row[2] == "minimum"
    table = _table([row])
    assert "s.t. C x = d" in table.astext()


def test_what_is_not_solved_stops_the_build() -> None:
    with pytest.raises(ValueError, match="is not solved"):
        solved(("logsumexp(x) - a^T x + ||x||^2 / 2", "x", [], ""))
