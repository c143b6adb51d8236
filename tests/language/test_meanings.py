"""Texts that people type and paste mean here what they mean to their authors: no row of `meanings.txt` is misread."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.language.meanings import SEEDS, Row, is_worse, meant, outcome, row_of, rows
from tests.machine import sweep

ROWS = list(rows())


@sweep(16)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.text[:60])
def test_text_means_what_its_author_means(row: Row) -> None:
    found = outcome(row)
    assert not is_worse(row, found), f"{found.state}: {found.why}"


def test_every_text_stands_once() -> None:
    twice = [text for text, number in Counter(row.text for row in ROWS).items() if number > 1]
    assert not twice


@sweep(3)
@pytest.mark.parametrize("row", [row for row in ROWS if row.meanings], ids=lambda row: row.text[:60])
def test_every_meaning_has_values(row: Row) -> None:
    for meaning in row.meanings:
        assert any(meant(row, meaning, seed) is not None for seed in SEEDS)


@pytest.mark.parametrize(
    "text, variable, meaning, names",
    [
        ("x^T A x", "x", "x @ A @ x / 2", "x(n) A(n,n)"),
        ("A x", "x", "A * x", "A(n,n) x()"),
        ("x^T x", "x", "x @ x * np", "x(n) np()"),
        ("a + b", "a", "a", "a()"),
        ("a b", "b", "a * b or a + b", "a() b()"),
    ],
)
def test_a_misreading_is_seen(text: str, variable: str, meaning: str, names: str) -> None:
    """The oracle itself: other values, shapes and names, and a silent choice."""
    assert outcome(row_of(text, f"right | by {variable} | {meaning} | {names}")).state == "misread"
    assert outcome(row_of(text, "none")).state == "misread"
