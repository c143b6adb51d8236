"""Decimals stay as they were typed: they are not scaled out of roots and sums, and a constant of the user's keeps its name."""

from __future__ import annotations

import pytest

import matcalc as mc

BATCH = "np.sum(G * (X - X.mean(axis=0)) / np.sqrt(((X - X.mean(axis=0))**2).mean(axis=0) + 1e-5))"
WRITTEN = [
    ("sqrt(x + 0.00001) where x: scalar", "x", "0.5 / sqrt(x + 0.00001)"),
    ("sqrt(x + 0.5) where x: scalar", "x", "0.5 / sqrt(x + 0.5)"),
    ("sum(y ./ sqrt(x.^2 + 1e-5))", "x", "-x .* y ./ (x.^2 + 0.00001).^1.5"),
    ("1 / (s + 1e-8) where s: scalar", "s", "-1 / (s + 1e-8)^2"),
    ("1 / (s + eps) where eps = 1e-8; s: scalar", "s", "-1 / (s + eps)^2\nwhere eps = 1e-8"),
    ("k x^T x where k = 2", "x", "4 x"),
    ("sqrt(4 x + 2) where x: scalar", "x", "sqrt(2) / sqrt(2 x + 1)"),
    (
        "eps = 1e-8\ncos = np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b) + eps)\nloss = 1 - cos",
        "a",
        "(cos ||b|| a / ||a|| - b) / (||a|| ||b|| + eps)\nwhere eps = 1e-8\n      cos = a^T b / (||a|| ||b|| + eps)",
    ),
]


@pytest.mark.parametrize(("text", "variable", "written"), WRITTEN)
def test_a_decimal_stays_where_it_was_typed(text: str, variable: str, written: str) -> None:
    assert str(mc.derivative(text, variable)) == written


@pytest.mark.parametrize(("text", "variable", "written"), WRITTEN)
def test_what_is_written_is_true(text: str, variable: str, written: str) -> None:
    derivative = mc.derivative(text, variable)
    for claim in (written, derivative.latex(), str(derivative.differential)):
        assert mc.check(text, variable, claim=claim, trials=1), claim


def test_a_root_in_every_term_takes_in_that_of_the_number() -> None:
    written = str(mc.derivative(BATCH, "X"))
    assert "sqrt(0.00001)" not in written
    assert "100000" not in written
    assert "0.00001 + (X^T M_1).^2 ones(m) / m" in written


def test_small_numbers_in_latex() -> None:
    assert r"10^{-8}" in mc.latex(mc.derivative("1 / (s + 1e-8) where s: scalar", "s"))
