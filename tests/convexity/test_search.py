"""Counterexamples: replayed by compiled code, which shares nothing with the evaluator that the search uses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matcalc as mc

FUNCTIONS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "functions.json").read_text(encoding="utf-8"))
NEITHER = [entry for entry in FUNCTIONS if entry["truth"] == "neither" and not entry["condition"]]


def gap(f: mc.Expr, wrt: list[str], example: Mapping[str, Any]) -> float:
    """How far the value between lies above the chord, relative to the values."""
    fn = mc.compile(f)
    a, b, w = example["a"], example["b"], example["weight"]
    assert set(a) == set(b) == set(f.declarations)
    assert all(np.array_equal(a[n], b[n]) for n in a if n not in wrt)
    middle = {n: (1 - w) * a[n] + w * b[n] if n in wrt else a[n] for n in a}
    ends = [float(fn(**x)) for x in (a, b)]
    value = float(fn(**middle))
    return (value - (1 - w) * ends[0] - w * ends[1]) / max(1.0, abs(value), *map(abs, ends))


@pytest.mark.parametrize("entry", NEITHER, ids=lambda e: e["id"])
def test_what_is_neither_is_refuted_on_both_sides(entry: dict[str, Any]) -> None:
    f = mc.parse(entry["expr"], entry["where"] or None)
    answer = mc.curvature(f, *entry["wrt"])
    assert answer.verdict == "neither"
    assert answer.counterexample is not None and answer.against_concave is not None
    assert gap(f, entry["wrt"], answer.counterexample) > 1e-7
    assert gap(f, entry["wrt"], answer.against_concave) < -1e-7


@pytest.mark.parametrize(
    ("text", "wrt"),
    [
        ("x^3 where x: scalar", "x"),
        ("sin(x) where x: scalar", "x"),
        ("x^T A y", "x y"),
        ("det(X) where X: matrix(n, n)", "X"),
        ("||x - y||^2 - 0.5 ||x||^2", "x y"),
        ("exp(-x^T x / 100)", "x"),
        ("tr(A^T X B X)", "X"),
        ("x^(3/2) / y where x: scalar(positive), y: scalar(positive)", "x y"),
        ("(x y)^(2/3) where x: scalar(positive), y: scalar(positive)", "x y"),
        ("x log(y / x) + y^2 / x where x: scalar(positive), y: scalar(positive)", "x y"),
        ("y log(x) where x: scalar(positive), y: scalar(positive)", "x y"),
        ("log(sum(exp(x)) - 1) where x: vector(n)", "x"),
        ("tr(S^3) where S: symmetric(n)", "S"),
        ("det(S)^(2/3) where S: spd(2)", "S"),
        ("x^2 + 3 x y + y^2 where x: scalar, y: scalar", "x y"),
        ("inverse_mills(x^2) where x: scalar", "x"),
        ("logdet(S + C) - logdet(S + P) where S: spd(n), C: spd(n), P: spd(n)", "S"),
        ("logdet(S + C) - logdet(S) where S: spd(n), C: symmetric(n)", "S"),
        ("prod(x) where x: vector(3, positive)", "x"),
    ],
)
def test_refuted(text: str, wrt: str) -> None:
    f = mc.parse(text)
    answer = mc.curvature(f, *wrt.split())
    assert answer.verdict == "neither"
    assert gap(f, wrt.split(), answer.counterexample or {}) > 1e-7


def test_numbers_have_few_digits() -> None:
    answer = mc.curvature("x y where x: scalar, y: scalar", "x", "y")
    example = answer.counterexample
    assert example is not None
    assert all(float(v) == round(float(v), 2) for side in ("a", "b") for v in example[side].values())
    assert str(answer).startswith("neither convex nor concave in x and y\nnot convex: at 0.5 a + 0.5 b")


def test_no_segment_refutes_what_is_convex() -> None:
    """Nearly singular, far and sparse segments of convex functions stay inside of rounding."""
    from matcalc.checking import Subject
    from matcalc.convexity.search import segments

    for text, name in (
        ("tr(S^-1) where S: spd(n)", "S"),
        ("exp(||A x - b||^2 / 9)", "x"),
        ("-logdet(S) where S: spd(4)", "S"),
    ):
        f = mc.parse(text)
        assert segments(Subject(f.node, f.declarations, f.tree), [name]).above is None
