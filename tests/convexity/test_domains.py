"""Domains as they were typed, and the declarations that would help."""

from __future__ import annotations

import pytest

import matcalc as mc


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exp(log(x^2)) where x: scalar", "x != 0"),
        ("x^2 / x where x: scalar", "x != 0"),
        ("x^T x + 1 / (a^T x) - 1 / (a^T x)", "a^T x != 0"),
        ("tr(X X^-1 X^T)", "X is invertible"),
    ],
)
def test_what_was_typed_has_a_hole(text: str, said: str) -> None:
    """What it equals is convex, but not defined on a convex set."""
    answer = mc.curvature(text, "X" if "X" in text else "x")
    assert answer.verdict == "undecided"
    assert [said in str(note) for note in answer.notes] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "log(x) + x^2 - log(x) where x: scalar",
        "log(x)/x + x^2 - log(x)/x where x: scalar",
        "exp(log(x)) where x: scalar",
        "x^2 / x where x: scalar(positive)",
        "tr(X X^-1 X) where X: spd(n)",
        "sqrt(x)^4 where x: scalar",
        "x^3 y / (x y) where x: scalar(positive), y: scalar",
    ],
)
def test_what_was_typed_has_a_convex_domain(text: str) -> None:
    answer = mc.curvature(text, "X" if "X" in text else "x")
    assert answer.verdict in ("convex", "affine") and not answer.notes


@pytest.mark.parametrize(
    ("text", "wrt", "said"),
    [
        ("-logdet(X)", "X", "declared X: spd(n), it is convex"),
        ("-logdet(X) where X: symmetric(n)", "X", "declared X: spd(n), it is convex"),
        ("tr(X^-1)", "X", "declared X: spd(n), it is convex"),
        ("x^3 where x: scalar", "x", "declared x: scalar(positive), it is convex"),
        ("sum(x.^3)", "x", "declared x: vector(n, positive), it is convex"),
        ("sin(x) where x: scalar", "x", ""),
        ("x^T x", "x", ""),
    ],
)
def test_declarations_that_help(text: str, wrt: str, said: str) -> None:
    """And what is said of them is true."""
    found = [note.message for note in mc.curvature(text, wrt).notes if note.code == "declare"]
    assert found == ([said] if said else [])
    if said:
        declared = mc.curvature(text.split(" where ")[0], wrt, where=said.removeprefix("declared ").split(", it is")[0])
        assert declared.verdict == "convex"
