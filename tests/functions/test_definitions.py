"""Functions of the user's own: abbreviations, entrywise functions, rules, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import sympy

import matcalc as mc
from matcalc.language.rows.definitions import USER_DEFINED, define_text, undefine


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    for name in list(USER_DEFINED):
        undefine(name)


@pytest.mark.parametrize(
    ("definition", "text", "same_as"),
    [
        ("swish2(t) = t * sigmoid(t)", "swish2(A x)", "(A x) .* sigmoid(A x)"),
        ("swish2(t) = t sigmoid(t)", "sum(swish2(X))", "sum(X .* sigmoid(X))"),
        ("sq(t) = t^2", "sq(x)", "x.^2"),
        ("sq(t) = t^2", "sq(c)", "c^2"),
        ("ratio(s, t) = s / (1 + t)", "ratio(x, c)", "x ./ (1 + c) + 0 x"),
        ("hinge(t) = max(0, 1 - t)", "sum(hinge(y .* (X w)))", "sum(max(0, 1 - y .* (X w)))"),
        ("energy(x, A) = 1/2 x^T A x", "energy(y - B x, S)", "1/2 (y - B x)^T S (y - B x)"),
        ("ssq(X) = ||X||_F^2", "ssq(A B)", "||A B||_F^2"),
        ("ssq(X: matrix(m, n)) -> scalar = tr(X^T X) / n", "ssq(A)", "tr(A^T A) / n where A: matrix(m, n)"),
        ("part(X: matrix(n, n)) = (X + X') / 2", "tr(part(A B))", "tr(A B)"),
    ],
)
def test_a_definition_is_its_body(definition: str, text: str, same_as: str) -> None:
    mc.define(definition)
    where = {n: d.type_text for n, d in mc.parse(same_as).declarations.items()}
    assert mc.parse(text, where) == mc.parse(same_as, where)


@pytest.mark.parametrize(
    ("definition", "text", "wrt"),
    [
        ("swish2(t) = t * sigmoid(t)", "sum(swish2(A x))", "x"),
        ("rosen(s, t) = (1 - s)^2 + 100 (t - s^2)^2", "rosen(a, b)", "a"),
        ("bregman(X: spd(n), Y: spd(n)) = tr(X Y^-1) - logdet(X Y^-1) - n", "bregman(X, Y) where X: spd(n), Y: spd(n)", "X"),
        ("loss(X, y, w) = ||X w - y||^2 / 2", "loss(A, b, x)", "x"),
        ("twice(t) = 2 t", "sum(twice(twice(x)).^2)", "x"),
    ],
)  # fmt: skip
def test_its_derivative_is_verified_against_the_definition(definition: str, text: str, wrt: str) -> None:
    mc.define(definition)
    assert mc.check(text, wrt)


def test_a_rule_keeps_the_name() -> None:
    mc.define("g(X: matrix(n, n)) -> matrix(n, n)", value=lambda x: x)
    mc.define("f(X: matrix(n, n)) -> scalar", differential="tr(g(X)^T dX)", value=lambda x: (x * x).sum() / 2)
    assert str(mc.gradient("f(A X)", "X")) == "A^T g(A X)"
    assert mc.check("f(A X)", "X")
    with pytest.raises(mc.MatcalcError, match="the derivative of g is not known"):
        mc.hessian("f(X)", "X")


def test_a_wrong_rule_is_found() -> None:
    mc.define("f(x: vector(n)) -> scalar", differential="x^T dx", value=lambda x: np.dot(x, x))
    assert not mc.check("f(x)", "x")


def test_lines_of_definitions() -> None:
    rows = define_text("# activation\nmish(t) = t * tanh(softplus(t))\n\nq(x: vector(n)) -> scalar; df = 2 x^T dx\n")
    assert [row.name for row in rows] == ["mish", "q"]
    assert str(mc.gradient("q(A x)", "x")) == "2 A^T A x"


def test_a_sympy_expression_gives_a_scalar_function() -> None:
    mc.define("bump(t)", sympy.exp(-(sympy.Symbol("t") ** 2)))
    assert mc.parse("bump(x)") == mc.parse("exp(-x.^2)")


def test_a_definition_may_be_replaced() -> None:
    mc.define("k2(t) = t^2")
    mc.define("k2(t) = t^3")
    assert mc.parse("k2(x)") == mc.parse("x.^3")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exp(t) = t", "exp is a function of the language already"),
        ("h(t) = t * c", "c is not a parameter of h(t)"),
        ("h(t) = t +", "the expression ends after +"),
        ("h(t, t) = t", "the parameter t stands twice"),
        ("h = t", "this is not the definition of a function"),
        ("h() = 1", "h has no parameter"),
        ("h(2) = 1", "2 is not a name"),
        ("h(h) = h", "h is its own parameter"),
        ("h(t) = h(t) + 1", "h is defined by itself"),
        ("h(x: vectr(n)) = x^T x", "unknown kind vectr"),
        ("h(x: vector(n)) -> vector(n) = x^T x", "the value of h is 1 x 1, not n x 1"),
        ("h(X) -> scalar", "h: X has no kind"),
        ("h(X: matrix(n, n))", "h: the kind of its value is missing"),
        ("h(x, y) = ||x||", "the definition of h does not use y"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(mc.MatcalcError) as caught:
        mc.define(text)
    assert caught.value.message == message
    assert "h" not in USER_DEFINED


@pytest.mark.parametrize("rule", ["dX", "tr(dY)", "tr(X)", "tr(X dX) +"])
def test_a_rule_has_to_fit(rule: str) -> None:
    with pytest.raises(mc.MatcalcError):
        mc.define("h(X: matrix(n, n)) -> scalar", differential=rule)
    assert "h" not in USER_DEFINED
