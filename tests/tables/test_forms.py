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


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_differentials_are_read_back(row: tuple[str, str, str, str, int, str, str]) -> None:
    _, text, where, wrt, _, _, _ = row
    report = mc.check(text, wrt, where=where, claim=str(mc.derivative(text, wrt, where=where).differential))
    assert report, report.summary


@pytest.mark.parametrize(
    ("text", "where", "wrt", "printed"),
    [
        ("(y - X w)^T diag(v) (y - X w)", "X: matrix(n, k), w: vector(k), y: vector(n), v: vector(n)", "w", "2 (v .* (X w - y))^T X dw"),
        ("||F - R||^2", "F: matrix(m, n), R: matrix(m, n)", "F", "2 tr((F - R)^T dF)"),
        ("-x^T log(x)", "x: vector(n, positive)", "x", "-(1 + log(x))^T dx"),
        ("(||x - y|| - c)^2", "x: vector(n), y: vector(n), c: scalar", "x", "2 (||x - y|| - c) (x - y)^T dx / ||x - y||"),
        ("tr(X^k)", "X: matrix(n, n), k: scalar(integer)", "X", "k tr(X^(k - 1) dX)"),
        ("tr(sqrtm(S))", "S: spd(n)", "S", "tr(sqrtm(S)^-1 dS) / 2"),
        ("-1/2 logdet(S) - 1/2 x^T S^-1 x", "S: spd(n), x: vector(n)", "S", "tr((S^-1 x x^T S^-1 - S^-1) dS) / 2"),
    ],
)  # fmt: skip
def test_differentials(text: str, where: str, wrt: str, printed: str) -> None:
    assert str(mc.derivative(text, wrt, where=where).differential) == printed
