"""Verdicts on functions whose curvature is known, and the truth of every line of their certificates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import matcalc as mc
from tests.convexity.segments import Segments, holds
from tests.machine import sweep

FUNCTIONS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "functions.json").read_text(encoding="utf-8"))
#: Positive truths for which no proof is found.
UNPROVED: set[str] = set()

every = pytest.mark.parametrize("entry", FUNCTIONS, ids=lambda e: e["id"])


def judged(entry: dict[str, Any]) -> mc.api.Curvature:
    return mc.curvature(entry["expr"], *entry["wrt"], where=entry["where"] or None)


@sweep(3)
@every
def test_verdicts_are_true(entry: dict[str, Any]) -> None:
    """A condition may stand where the truth has one; nothing is said that is not so."""
    answer = judged(entry)
    if answer.conditions:
        assert entry["condition"]
    else:
        assert answer.verdict in (entry["truth"], "undecided")


def test_most_are_proved() -> None:
    positive = [entry for entry in FUNCTIONS if entry["truth"] != "neither"]
    left = {entry["id"] for entry in positive if judged(entry).verdict == "undecided"}
    assert left == UNPROVED


@sweep(5)
@every
def test_every_line_is_true_on_segments(entry: dict[str, Any]) -> None:
    """By the evaluator of what is typed: each line is read again as it is printed."""
    answer = judged(entry)
    f = mc.parse(entry["expr"], entry["where"] or None)
    for line in answer.certificate:
        on = Segments(f, entry["wrt"], (*answer.conditions, *line.conditions))
        assert line.rule, line
        assert holds(line, on), str(line)


@sweep(5)
@every
def test_second_differentials_are_those_of_the_function(entry: dict[str, Any]) -> None:
    """By differences of the function as it was typed."""
    answer = judged(entry)
    f = mc.parse(entry["expr"], entry["where"] or None)
    on = Segments(f, entry["wrt"], answer.conditions)
    forms = (
        line for line in answer.certificate if not line.claim.startswith("is ")
    )  # what is said of f itself is not one
    for line in (line for line in forms if line.rule.startswith("the second differential")):
        values, _, sizes = next(on.ends(3))
        second = on.value(line.expression, values, sizes).item()
        steps = on.others(line.expression, values)
        h = 1e-4
        near = [{n: v + k * h * steps.get(f"d{n}", 0.0) for n, v in values.items()} for k in (-1, 0, 1)]
        low, here, high = (on.value(entry["expr"], v, sizes).item() for v in near)
        assert abs((low - 2 * here + high) / h**2 - second) < 1e-4 * (1 + abs(second))


@pytest.mark.parametrize(
    ("text", "wrt", "verdict", "conditions"),
    [
        ("x^T A x", "x", "convex", ["A + A^T is psd"]),
        ("x^T S x where S: symmetric(n)", "x", "convex", ["S is psd"]),
        ("x^T diag(d) x", "x", "convex", ["no entry of d is negative"]),
        ("c^T exp(x)", "x", "convex", ["no entry of c is negative"]),
        ("x^2 / y where x: scalar, y: scalar", "x y", "convex", ["y > 0"]),
        ("sum(abs(x).^p) where p: scalar", "x", "convex", ["p >= 1"]),
        ("-logdet(A) where A: spd(n)", "A", "convex", []),
        ("eigmax(A + diag(x)) where A: symmetric(n)", "x", "convex", []),
        ("tr(A X B) where X: spd(n)", "X", "affine", []),
        ("norm_nuc(A X B - C)", "X", "convex", []),
        ("a^T x / (1 + b^T b)", "x", "affine", []),
        ("kl(p, q) where p: vector(n, positive), q: vector(n, positive)", "p q", "convex", []),
        ("tr(S logm(S)) where S: spd(n)", "S", "convex", []),
        ("tr(S^2 expm(S)) where S: psd(n)", "S", "convex", []),
        ("tr(logm(S) sqrtm(S)^-1) where S: spd(n)", "S", "neither", []),
        ("x y + x^2 + y^2 where x: scalar, y: scalar", "x y", "convex", []),
        ("||x||^2 + x^T y + ||y||^2", "x y", "convex", []),
        ("c x^2 + x y + y^2 / c where x: scalar, y: scalar, c: scalar(positive)", "x y", "convex", []),
        ("x^2 y^2 + x^4 + y^4 where x: scalar, y: scalar", "x y", "convex", []),
        ("logdet(S + C) - logdet(S) where S: spd(n), C: psd(n)", "S", "convex", []),
        ("-x log2(x) - (1-x) log2(1-x) where x: scalar", "x", "concave", []),
        ("sum(y .* log(y ./ (A x))) where A: matrix(m,n), y: vector(m, positive)", "x", "convex", []),
        ("n log(sigma^2) + x^T x / sigma^2", "sigma^2", "neither", []),
        ("y log(1 + exp(x/y)) where x: scalar, y: scalar(positive)", "x y", "convex", []),
        ("y log(sum(exp(x/y))) where x: vector(n), y: scalar(positive)", "x y", "convex", []),
        ("y sqrt(1 + x^T x / y^2) where x: vector(n), y: scalar(positive)", "x y", "convex", []),
        ("y norm_nuc(X/y - C) where y: scalar(positive)", "X y", "convex", []),
        ("y tr(expm(S/y)) where S: symmetric(n), y: scalar(positive)", "S y", "convex", []),
        ("y exp(-x^2 / y^2) where x: scalar, y: scalar(positive)", "x y", "neither", []),
        ("sum(p .* exp(x ./ p)) where x: vector(n), p: vector(n, positive)", "x p", "convex", []),
        ("sqrt(x^T diag(a) x) + sum(1 ./ p) where x: vector(n), p: vector(n, positive)", "x p", "neither", []),
        ("p^T log(p) - p^T log(q) where p: vector(n, positive), q: vector(n, positive)", "p q", "convex", []),
        ("x log(x) - x log(y) - x + y where x: scalar(positive), y: scalar(positive)", "x y", "convex", []),
        ("p^T log(q) - p^T log(p) where p: vector(n, positive), q: vector(n, positive)", "p q", "concave", []),
        ("log(cosh(x)) where x: scalar", "x", "convex", []),
        ("prod(x)^(1/3) where x: vector(3, positive)", "x", "concave", []),
        ("prod(x)^(1/n) where x: vector(n, positive)", "x", "concave", []),
        ("prod(x)^(1/3) where x: vector(4, positive)", "x", "neither", []),
        ("1 / prod(x) where x: vector(n, positive)", "x", "convex", []),
        ("x^2 / (1 - x) where x: scalar", "x", "convex", ["1 - x > 0"]),
        ("-1 / x where x: scalar", "x", "convex", ["x < 0"]),
        ("x^T x / sigma^2 - log(sigma^2)", "sigma^2", "convex", []),
        ("n / sum(1 ./ x) where x: vector(n, positive)", "x", "concave", []),
        ("sum(x.^(1/2))^2 where x: vector(n, positive)", "x", "concave", []),
        ("sum(x.^(1/2))^3 where x: vector(n, positive)", "x", "neither", []),
    ],
)
def test_conditions(text: str, wrt: str, verdict: str, conditions: list[str]) -> None:
    answer = mc.curvature(text, *wrt.split())
    assert (answer.verdict, list(answer.conditions)) == (verdict, conditions)


@pytest.mark.parametrize(
    "text",
    [
        "1/x^2 where x: scalar",
        "x^(-2) + x^2 where x: scalar",
        "-sqrt(abs(x)) where x: scalar",
        "log(x^2) where x: scalar",
        "(x^2 - 1)^(3/2) where x: scalar",
        "-log(x^2 - 1) where x: scalar",
        "-logdet(X) where X: symmetric(n)",
        "tr(X^-1) where X: symmetric(n)",
        "tr(X^T A X) where X: orthogonal(n), A: psd(n)",
        "floor(x) where x: scalar",
        "1 / (1 - x^T x)",
        "x^T A x + 1 / (x^T x)",
        "where(x > 0, x^2, 0) where x: scalar",
        "1 / relu(x) where x: scalar",
        "gamma(x) where x: scalar",
        "x^(1/y) z^(1/(1+y)) where x: scalar(positive), y: scalar(positive), z: scalar(positive)",
        "tan(x) where x: scalar(positive)",
        "x^T x / (1 + x^T x)",
    ],
)
def test_holes_and_kinks_are_no_proofs(text: str) -> None:
    f = mc.parse(text)
    names = ["X"] if "X" in f.declarations else [n for n in ("x", "y", "z") if n in f.declarations]
    answer = mc.curvature(f, *names)
    assert answer.verdict in ("neither", "undecided")


def test_what_is_no_number_has_no_curvature() -> None:
    with pytest.raises(mc.MatcalcError, match="curvature is that of a number"):
        mc.curvature("A x", "x")


def test_shown_in_every_form() -> None:
    answer = mc.curvature("||A x - b||^2 / (c^T x + d)", "x")
    assert answer.steps.splitlines()[0] == "convex in x where c^T x + d > 0"
    assert answer.latex().startswith("\\begin{align*}") and r"\lVert A x - b \rVert" in answer.latex()
    assert json.loads(json.dumps(answer.as_dict()))["conditions"] == ["c^T x + d > 0"]
    assert bool(answer) and not mc.curvature("-x^T x", "x")
