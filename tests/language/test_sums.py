"""Formulas with indices: their names, ranges and derivatives; `sums.txt` has one to a row."""

from __future__ import annotations

from pathlib import Path

import pytest

import matcalc as mc
from matcalc.errors import MatcalcError

LINES = [
    line for line in Path(__file__).with_name("sums.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"
]
ROWS = [
    (text, *columns.strip().removeprefix("by ").split(" | "))
    for text, columns in zip(LINES[::2], LINES[1::2], strict=True)
]


@pytest.mark.parametrize(("text", "variable", "names"), ROWS, ids=[row[0][:60] for row in ROWS])
def test_names_and_ranges_are_read_and_the_derivative_is_right(text: str, variable: str, names: str) -> None:
    f = mc.parse(text)
    assert "; ".join(map(str, f.declarations.values())) == names
    report = mc.check(text, variable)
    assert report, str(report)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (r"\sum_{j \ne i} x_j", "the index i is not bound"),
        (r"\sum_i x", "the index i does not occur in the sum"),
        (r"\log \sum_i e^{x_i} - x_k", "no sum binds k"),
        (r"\sum_i x_i \log x_i + y - x_i", "stands outside of the sum over i"),
        (r"z_i = \sum_j W_{ij} x_j", "depends on the index j in a way that is not known"),
        (r"\sum_{i=1}^m \sum_{j=1}^{n_i} A_{ij}", "depends on another index"),
        (r"\sum_{i: y_i = 1} x_i", "a sum over"),
    ],
)
def test_indices_that_are_not_bound_are_errors(text: str, message: str) -> None:
    with pytest.raises(MatcalcError, match=message):
        mc.parse(text)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("sum_i x_i x_i^T", "X^T X"),
        (r"\sum_i y_i x_i", r"X^\top y"),
        (r"\sum_i \|x_i - \mu\|^2", r"\|X - \mathbf{1}\mu^\top\|_F^2"),
        (r"\sum_i\sum_j a_i b_j", r"\sum_j\sum_i a_i b_j"),
        (r"\sum_{i,j} A_{ij} x_i x_j", r"x^\top A x"),
    ],
)
def test_sums_are_equal_to_matrix_expressions(left: str, right: str) -> None:
    assert mc.equal(left, right).verdict == "proved"
