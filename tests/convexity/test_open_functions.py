"""Functions that nobody defined: what is asked of them, and that it suffices for functions of which it is true."""

from __future__ import annotations

import pytest

import matcalc as mc
from tests.convexity.segments import Segments, holds

#: word -> functions of which it is true
EXAMPLES = {
    "convex and nondecreasing": ["exp", "softplus", "relu"],
    "convex and nonincreasing": ["exp(-{})", "relu(1 - {})"],
    "concave and nondecreasing": ["-exp(-{})", "min({}, 1)"],
    "concave and nonincreasing": ["-exp", "-relu"],
    "convex": ["exp", "{}^2", "abs", "relu(1 - {})", "x0^2 - 3 {}"],
    "concave": ["-{}^2", "min({}, 1)", "-abs"],
}


@pytest.mark.parametrize(
    ("text", "wrt", "verdict", "asked"),
    [
        ("g(||x||^2)", "x", "convex", "convex and nondecreasing"),
        ("g(a^T x + b)", "x", "convex", "convex"),
        ("sum(g(A x))", "x", "convex", "convex"),
        ("-sum(g(A x))", "x", "convex", "concave"),
        ("g(log(s)) where s: scalar(positive)", "s", "convex", "convex and nonincreasing"),
        ("-g(max(x))", "x", "convex", "concave and nonincreasing"),
        ("||x||^2 - g(norm2(x))", "x", "convex", "concave and nonincreasing"),
        ("exp(g(s)) where s: scalar", "s", "convex", "convex"),
    ],
)
def test_what_is_asked_suffices(text: str, wrt: str, verdict: str, asked: str) -> None:
    where = "" if "g: function" in text else (", g: function" if " where " in text else " where g: function")
    answer = mc.curvature(text + where, wrt)
    assert (answer.verdict, answer.conditions) == (verdict, (f"g is {asked}",))


@pytest.mark.parametrize("asked", ["convex and nondecreasing", "convex and nonincreasing"])
def test_it_is_true_of_functions(asked: str) -> None:
    """With functions in place of g that meet what is asked, values lie below the chord."""
    inner = {"convex and nondecreasing": "||x||^2", "convex and nonincreasing": "min(x)"}[asked]
    assert mc.curvature(f"g({inner}) where g: function", "x").conditions == (f"g is {asked}",)
    for given in EXAMPLES[asked]:
        text = given.replace("{}", inner) if "{}" in given else f"{given}({inner})"
        f = mc.parse(text)
        line = mc.convexity.Line(text, "is convex", "as was asked")
        assert holds(line, Segments(f, ["x"]), 6), text


def test_contradictions_are_no_conditions() -> None:
    """g(x) - g(-x) would ask for a g that is convex and concave."""
    answer = mc.curvature("g(x) - g(-x) where g: function, x: scalar", "x")
    assert answer.verdict == "neither" and not answer.conditions
    assert "g" not in answer.counterexample["a"] and "for some g" in str(answer)
