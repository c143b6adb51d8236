"""How convex a function is: strictly, strongly with its constant, and what is neither but log-concave or quasi-convex."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.convexity import Line
from tests.convexity.segments import Segments, holds

#: (function, variables, what is said); the least eigenvalue of the second derivative is the constant.
KINDS = [
    ("||x||^2", "x", "strongly convex in x with constant 2"),
    ("||A x - b||^2", "x", "convex in x"),
    ("||A x - b||^2 + lambda ||x||^2 where lambda: scalar(positive)", "x", "strongly convex in x with constant 2 lambda"),
    ("x^T A x where A: spd(n)", "x", "strongly convex in x with constant 2 eigmin(A)"),
    ("x^T A x where A: psd(n)", "x", "convex in x"),
    ("-x^T A x where A: spd(n)", "x", "strongly concave in x with constant 2 eigmin(A)"),
    ("1/2 x^T P x + q^T x where P: spd(n)", "x", "strongly convex in x with constant eigmin(P)"),
    ("-logdet(S) where S: spd(n)", "S", "strictly convex in S"),
    ("-logdet(A^T S A + C) where S: spd(n), A: matrix(n, n), C: spd(n)", "S", "convex in S"),
    ("tr(S^-1) where S: spd(n)", "S", "strictly convex in S"),
    ("tr(P S^-1) where S: spd(n), P: psd(n)", "S", "convex in S"),
    ("tr(S logm(S)) where S: spd(n)", "S", "strictly convex in S"),
    ("exp(x) where x: scalar", "x", "strictly convex in x"),
    ("exp(a^T x)", "x", "convex in x"),
    ("sum(exp(x))", "x", "strictly convex in x"),
    ("sum(exp(A x))", "x", "convex in x"),
    ("sum(exp(A x)) where A: spd(n)", "x", "strictly convex in x"),
    ("log(sum(exp(x)))", "x", "convex in x"),
    ("log(sum(exp(A x))) + mu/2 ||x||^2 where mu: scalar(positive)", "x", "strongly convex in x with constant mu"),
    ("norm2(x)", "x", "convex in x"),
    ("norm2(x)^3", "x", "strictly convex in x"),
    ("norm1(x)^2", "x", "convex in x"),
    ("sum(x.^4)", "x", "strictly convex in x"),
    ("x^4 where x: scalar", "x", "strictly convex in x"),
    ("x^4 + x^2 where x: scalar", "x", "strongly convex in x with constant 2"),
    ("x^2 + sin(x) where x: scalar", "x", "strongly convex in x with constant 1"),
    ("c x^4 where x: scalar, c: scalar(positive)", "x", "strictly convex in x"),
    ("abs(c) x^4 where x: scalar, c: scalar", "x", "convex in x"),
    ("1/x where x: scalar(positive)", "x", "strictly convex in x"),
    ("sqrt(x) where x: scalar(positive)", "x", "strictly concave in x"),
    ("-sum(x .* log(x)) where x: vector(n, positive)", "x", "strictly concave in x"),
    ("kl(p, q) where p: vector(n, positive), q: vector(n, positive)", "p q", "convex in p and q"),
    ("||x||^2 + 3 ||y||^2", "x y", "strongly convex in x and y with constant 2"),
    ("||x - y||^2", "x y", "convex in x and y"),
    ("||x||^2 + exp(a^T y)", "x y", "convex in x and y"),
    ("x^2 / y where x: scalar, y: scalar(positive)", "x y", "convex in x and y"),
    ("||X||_F^2", "X", "strongly convex in X with constant 2"),
    ("tr(X^T A X) where A: spd(n)", "X", "strongly convex in X with constant 2 eigmin(A)"),
    ("tr(X)^2", "X", "convex in X"),
    ("||Q x||^2 where Q: orthogonal(n)", "x", "strongly convex in x with constant 2"),
    ("||x/s||^2 where s: scalar(positive)", "x", "strongly convex in x with constant 2 / s^2"),
    ("max(x) + ||x||^2", "x", "strongly convex in x with constant 2"),
    ("exp(||x||^2)", "x", "strictly convex in x"),
    ("huber(x, 1) where x: scalar", "x", "convex in x"),
    ("abs(c)^T x.^4", "x", "convex in x"),
    ("(abs(c)^T x.^4)^2", "x", "convex in x"),
    ("(c^T x.^4)^2 where c: vector(n, positive), x: vector(n)", "x", "strictly convex in x"),
    ("2^x where x: scalar", "x", "strictly convex in x"),
    ("eigmax(X) where X: symmetric(n)", "X", "convex in X"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "said"), KINDS)
def test_strict_and_strong(text: str, wrt: str, said: str) -> None:
    """As in the books, and true on segments."""
    answer = mc.curvature(text, *wrt.split())
    assert answer.title == said
    on = Segments(mc.parse(text), wrt.split())
    assert all(holds(line, on) for line in answer.certificate)
    assert answer.strict == (said.split()[0] in ("strictly", "strongly"))


@pytest.mark.parametrize("text", ["norm2(x)", "log(sum(exp(x)))", "||x||^2 / 2", "exp(a^T x)"])
def test_lines_that_say_too_much_are_seen(text: str) -> None:
    """The replay refutes a constant that is too large."""
    on = Segments(mc.parse(text), ["x"])
    line = Line(str(mc.parse(text)), "is strongly convex with constant 3", "claimed")
    assert not holds(line, on, 12)


#: (function, variables, what it is instead of convex or concave, conditions)
INSTEAD = [
    ("exp(-x^2) where x: scalar", "x", "log-concave", []),
    ("exp(-x^T P x / 2) where P: psd(n)", "x", "log-concave", []),
    ("prod(x) where x: vector(n, positive)", "x", "log-concave", []),
    ("x y where x: scalar(positive), y: scalar(positive)", "x y", "log-concave", []),
    ("det(S) where S: spd(n)", "S", "log-concave", []),
    ("x exp(-x) where x: scalar(positive)", "x", "log-concave", []),
    ("(a^T x + b) / (c^T x + d)", "x", "quasi-convex quasi-concave", ["c^T x + d > 0"]),
    ("x^T x / (1 + x^T x)", "x", "quasi-convex", []),
    ("-log(1 + x^T x)", "x", "quasi-concave", []),
    ("sqrt(abs(x)) where x: scalar", "x", "quasi-convex", []),
    ("x^3 where x: scalar", "x", "quasi-convex quasi-concave", []),
    ("sigmoid(a^T x)", "x", "log-concave quasi-convex", []),
    ("max(log(1 + x^T x), sqrt(abs(a^T x)))", "x", "quasi-convex", []),
    ("atan(x/y) where x: scalar, y: scalar(positive)", "x y", "quasi-convex quasi-concave", []),
    ("sin(x) where x: scalar", "x", "", []),
    ("1/x^2 where x: scalar", "x", "", []),
    ("x^3 - x where x: scalar", "x", "", []),
    ("x y where x: scalar, y: scalar", "x y", "", []),
    ("(a^T x) (b^T x)", "x", "", []),
    ("abs(x) - abs(y) where x: scalar, y: scalar", "x y", "", []),
]


@pytest.mark.parametrize(("text", "wrt", "kinds", "conditions"), INSTEAD)
def test_what_it_is_instead(text: str, wrt: str, kinds: str, conditions: list[str]) -> None:
    answer = mc.curvature(text, *wrt.split())
    assert answer.verdict == "neither"
    assert {claim: list(c) for claim, c in answer.also.items()} == dict.fromkeys(kinds.split(), conditions)
    on = Segments(mc.parse(text), wrt.split(), conditions)
    assert all(holds(line, on, 8) for line in answer.certificate)
    assert (
        answer.title.endswith(kinds.replace(" ", " and ") + (f" where {conditions[0]}" if conditions else ""))
        or not kinds
    )


@pytest.mark.parametrize(
    ("text", "claim"),
    [("x^3 - x", "quasi-convex"), ("x^3 - x", "quasi-concave"), ("sin(x)", "quasi-convex"), ("x^2", "quasi-concave")],
)
def test_replay_refutes_quasi_convexity(text: str, claim: str) -> None:
    line = Line(text, f"is {claim}", "claimed")
    assert not holds(line, Segments(mc.parse(text, "x: scalar"), ["x"]), 40)
