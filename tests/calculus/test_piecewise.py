"""Functions by cases: derivatives that select instead of multiplying, conditions, and values on both sides."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import matcalc as mc
from matcalc.calculus import derive
from matcalc.expr import apply, number, ones, scaled, variable
from matcalc.language import parse
from tests.machine import sweep

X = "x: vector(n)"
S = "s: scalar"
# expression, variable, declarations, derivative, conditions
ROWS = [
    ("sum(where(x > 0, sqrt(x), 0))", "x", X, "where(x > 0, 1 ./ (2 sqrt(x)), 0)", ("no entry of x is 0",)),
    ("sum(where(x > 0, x.^2, -x.^3))", "x", X, "where(x > 0, 2 x, -3 x.^2)", ()),
    ("sum(where(x > 0, x.^2, x))", "x", X, "where(x > 0, 2 x, 1)", ("no entry of x is 0",)),
    ("sum(where(x < 1, x, 2 x - 1))", "x", X, "where(x < 1, 1, 2)", ("x != 1 in every entry",)),
    ("sum((x > 0) .* x)", "x", X, "(x > 0)", ("no entry of x is 0",)),
    ("sum(where(x > 0, x, 0).^2)", "x", X, "2 (x > 0) .* where(x > 0, x, 0)", ("no entry of x is 0",)),
    ("sum(where(x >= 0, log(1 + x), -log(1 - x)))", "x", X, "where(x >= 0, 1 ./ (1 + x), 1 ./ (1 - x))",
     ("1 + x > 0 where x >= 0", "1 - x > 0 where x < 0")),
    ("where(s > 0, log(s), s)", "s", S, "where(s > 0, 1 / s, 1)", ("s != 0",)),
    ("where(s > 1, log(s), s - 1)", "s", S, "where(s > 1, 1 / s, 1)", ()),
    ("where(s == 0, 1, sin(s) / s)", "s", S, "where(s == 0, 0, cos(s) / s - sin(s) / s^2)", ("s != 0",)),
    ("where(s != 0, s^2, 0)", "s", S, "where(s != 0, 2 s, 0)", ()),
    ("where(s > 0, x^T A x, b^T x)", "x", "s: scalar, x: vector(n), A: matrix(n, n), b: vector(n)",
     "where(s > 0, (A + A^T) x, b)", ()),
    ("where(c^T x > 0, x^T A x, 0)", "x", "c: vector(n), x: vector(n), A: symmetric(n)",
     "where(c^T x > 0, 2 A x, 0)", ("c^T x != 0",)),
    ("where(c^T x > 0, (c^T x)^2, 0)", "x", "c: vector(n), x: vector(n)", "where(c^T x > 0, 2 c^T x c, 0)", ()),
    ("sum(where(x > 0, A x, x))", "x", "x: vector(n), A: matrix(n, n)", "A^T (x > 0) + (x <= 0)", ("no entry of x is 0",)),
    ("sum(where(abs(x) <= c, x.^2 / 2, c (abs(x) - c / 2)))", "x", "x: vector(n), c: scalar",
     "where(abs(x) <= c, x, c sign(x))", ("no entry of x is 0 where abs(x) > c",)),
    ("sum(where(abs(x) <= c, x.^2 / 2, c (abs(x) - c / 2)))", "x", f"{X}, c: scalar(positive)",
     "where(abs(x) <= c, x, c sign(x))", ()),
    ("sum(where(0 < x < 1, x, 0))", "x", X, "(x > 0) .* (x < 1)", ("x != 1 in every entry", "no entry of x is 0")),
    ("sum(where(x > 0 or y > 0, x .* y, 0))", "x", "x: vector(n), y: vector(n)",
     "where(x > 0 or y > 0, y, 0)", ("no entry of x is 0",)),
    ("where(s > 0, s, 0) where s: scalar(positive)", "s", None, "1", ()),
    ("where(s < 1, a, where(s < 2, s, b)) where s: scalar, a: scalar, b: scalar", "s", None,
     "where(s < 1, 0, (s < 2))", ("s != 1", "s != 2")),
    ("where(m, a, 2 a) where m: scalar, a: scalar", "m", None, "0", ("m != 0",)),
    ("where(m, a, 2 a) where m: scalar, a: scalar", "a", None, "where(m != 0, 1, 2)", ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "where", "expected", "conditions"), ROWS, ids=[f"{r[0]} {r[2]}" for r in ROWS])
def test_derivative(text: str, wrt: str, where: str | None, expected: str, conditions: tuple[str, ...]) -> None:
    derivative = mc.derivative(text, wrt, where=where)
    declared = ", ".join(map(str, mc.parse(text, where=where).declarations.values()))
    wanted = parse(expected, declared, shape=derivative.expr.node.shape).node
    assert derivative.expr.node is wanted, str(derivative.expr)
    assert derivative.conditions == conditions


@sweep(4)
@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize(("text", "wrt", "where"), [r[:3] for r in ROWS], ids=[f"{r[0]} {r[2]}" for r in ROWS])
def test_every_order_is_verified(text: str, wrt: str, where: str | None, order: int) -> None:
    assert mc.check(text, wrt, where=where, order=order, trials=2)


def test_what_is_not_chosen_may_be_infinite_or_undefined() -> None:
    """At 0, left of it and beside it: never 0 times infinity."""
    for text in ("sum(where(x > 0, sqrt(x), 0))", "sum(where(x > 0, x.^-2, 0))", "sum(where(x > 0, log(x), x.^3))"):
        for order in (1, 2):
            values = mc.compile(mc.derivative(text, *["x"] * order, where=X))(np.array([-2.0, 0.0, -0.5]))
            assert np.all(np.isfinite(values)), (text, order)
    weighted = mc.compile(mc.gradient("(y^T where(x > 0, sqrt(x), 0))^2", "x", where=f"{X}, y: vector(n)"))
    np.testing.assert_allclose(weighted(x=[-1.0, 4.0], y=[2.0, 3.0]), [0.0, 2 * 6 * 3 / 4])


def test_compiled_values_on_both_sides() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal(200)
    f = mc.gradient("sum(where(-1 < x <= 0.5, exp(x), where(x > 0.5, x.^2, sin(x))))", "x", where=X)
    wanted = np.where((x > -1) & (x <= 0.5), np.exp(x), np.where(x > 0.5, 2 * x, np.cos(x)))
    np.testing.assert_allclose(mc.compile(f)(x), wanted)


def test_the_join_is_that_of_every_entry_alone() -> None:
    """A x vanishes where all of x does, and yet where(x > 0, A x, 0) jumps where one entry of x changes its sign."""
    derivative = mc.derivative("where(x > 0, A x, 0)", "x", where=f"{X}, A: matrix(n, n)")
    assert derivative.conditions == ("no entry of x is 0",)


def test_a_join_may_be_smooth_once_and_not_twice() -> None:
    text = "sum(where(x > 0, x.^2, 0))"
    assert mc.derivative(text, "x", where=X).conditions == ()
    assert mc.derivative(text, "x", "x", where=X).conditions == ("no entry of x is 0",)


# --- constructors -------------------------------------------------------------------------------

XN, YN, SN = variable("x", ("n", 1)), variable("y", ("n", 1)), variable("s", (1, 1))
POSITIVE = apply("greater", XN, number(0))


def test_relations_are_kept_in_one_form() -> None:
    assert apply("greater", scaled(2, XN), scaled(2, ones("n"))) is apply("greater", XN, number(1))
    assert apply("greater", XN, YN) is apply("greater", XN - YN, number(0))
    assert apply("equals", XN, YN) is apply("equals", YN, XN)
    assert apply("at_least", number(0), XN) is apply("at_least", scaled(-1, XN), number(0))


@pytest.mark.parametrize(
    ("name", "values"), [("greater", (0, 1, 0)), ("at_least", (1, 1, 0)), ("equals", (1, 0, 0)), ("differs", (0, 1, 1))]
)
def test_known_relations(name: str, values: tuple[int, int, int]) -> None:
    pairs = [(XN, XN), (apply("exp", SN), number(0)), (number(0), apply("exp", SN))]
    for (a, b), value in zip(pairs, values, strict=True):
        assert apply(name, a, b) is (ones(*a.shape) if value else scaled(0, ones(*a.shape)))


def test_choices_simplify() -> None:
    assert apply("where", POSITIVE, XN, XN) is XN
    assert apply("where", number(0), XN, YN) is YN
    assert apply("where", number(3), XN, YN) is XN
    assert apply("where", POSITIVE, number(1), number(0)) is POSITIVE
    assert apply("where", POSITIVE, number(0), number(1)) is apply("at_least", number(0), XN)
    assert apply("where", ones("n") - POSITIVE, XN, YN) is apply("where", POSITIVE, YN, XN)
    assert apply("where", POSITIVE, apply("where", POSITIVE, XN, YN), number(0)) is apply(
        "where", POSITIVE, XN, number(0)
    )
    scalar = apply("where", apply("greater", SN, number(0)), number(2), number(3))
    assert apply("where", apply("greater", SN, number(0)), scaled(2, ones("n")), scaled(3, ones("n"))).args[0] is scalar


def test_differentials_of_a_scalar_choice_stay_operators() -> None:
    f = parse("where(s > 0, tr(A X), tr(X^T X))", "s: scalar, X: matrix(m, n), A: matrix(n, m)")
    reading = derive(f.node, [f.declarations["X"].node])
    assert mc.Expr(reading.operator, f.declarations).node.shape == f.declarations["X"].shape


def test_mixed_derivatives() -> None:
    where = "x: vector(n), w: vector(n), t: scalar"
    for wrt in itertools.product(["x", "w", "t"], repeat=2):
        assert mc.check("sum(where(x > t, w .* x.^2, t exp(w)))", *wrt, where=where, trials=2), wrt


@pytest.mark.parametrize(
    ("text", "wrt"),
    [
        ("where(s > norm(A, 3), sqrt(s - norm(A, 3)), s)", ("A", "s")),
        ("where(s > norm(A, 3), sqrt(s - norm(A, 3)), s)", ("A", "A")),
        ("where(s > x^T y, sqrt(s - x^T y) x, y)", ("x",)),
        ("where(digamma(x) > 0, sqrt(digamma(x)), y)", ("x", "x")),
        ("where(gelu(x) > 0, sqrt(gelu(x)), y)", ("x", "x")),
        ("where(s > 0, exp(2 x) sqrt(s), y)", ("x", "s")),
        ("where(s > x^T y, sqrt(s - x^T y) x, y)", ("x", "y")),
        ("where(s > x^T y, log(s - x^T y)^2, s)", ("x", "x")),
        ("where(s > x^T y, log(s - x^T y)^2 / (s - x^T y), s)", ("x", "x")),
    ],
)
def test_no_factor_of_a_branch_stands_outside(text: str, wrt: tuple[str, ...]) -> None:
    """A root of what is negative in the other branch would make 0 times nan of what is not chosen."""
    f = mc.parse(text, "A: matrix(m, n), s: scalar, x: vector(n), y: vector(n)")
    compiled = mc.compile(mc.derivative(f, *wrt))
    given = {"A": np.ones((2, 3)), "s": -1.0, "x": np.ones(4), "y": np.ones(4)}
    value = compiled(**{name: given[name] for name in f.declarations if name in text})
    assert np.all(np.isfinite(value))
    assert mc.check(f, *wrt)


@pytest.mark.parametrize(
    ("text", "wrt"),
    [
        ("sum_i where(y_i > 0, log(y_i), 0)", "y"),
        ("sum_i where(y_i > 0, sin(y_i), y_i)", "y"),
        ("sum_i where(x_i^T w > 0, log(x_i^T w), 0)", "w"),
        ("sum_i where(y_i > 0, exp(x_i^T A x_i), 2)", "x"),
        ("sum_{i,j} where(i < j, log(1 + (y_i - y_j)^2), y_i y_j)", "y"),
    ],
)
def test_a_choice_inside_of_a_sum_is_that_of_each_term(text: str, wrt: str) -> None:
    assert mc.check(text, wrt)


def test_the_slope_of_a_choice_inside_of_a_sum() -> None:
    y = np.array([0.5, -1.0, 2.0])
    found = mc.compile(mc.gradient("sum_i where(y_i > 0, log(y_i), 0)", "y"))(y=y)
    np.testing.assert_allclose(found, [2.0, 0.0, 0.5])
