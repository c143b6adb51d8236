"""Numbers and functions are printed as they were typed, and long answers in Python name their parts."""

from __future__ import annotations

import re

import pytest

import matcalc as mc
from matcalc.objects.results import Result, rows_of

# (function, variable, declarations, what is printed)
DECIMALS = [
    ("0.5*||A x - b||^2 + 0.1*||x||^2", "x", "A: matrix(m, n), b: vector(m), x: vector(n)", "A^T (A x - b) + 0.2 x"),
    ("0.01*sum(x.^2) + 0.3*sum(x)", "x", "x: vector(n)", "0.3 + 0.02 x"),
    ("x^0.3", "x", "x: scalar(positive)", "0.3 / x^0.7"),
    ("0.9*tr(X^T X)^1.5", "X", "X: matrix(m, n)", "2.7 ||X||_F X"),
    ("sum(huber(x, 1.35))", "x", "x: vector(n)", "min(max(x, -1.35), 1.35)"),
    ("sum(sqrt(x.^2 + 1e-6))", "x", "x: vector(n)", "x ./ sqrt(x.^2 + 0.000001)"),
    ("tanh(0.797885*(x + 0.044715*x^3))", "x", "x: scalar",
     "0.797885 (1 + 0.134145 x^2) (1 - tanh(0.797885 x (1 + 0.044715 x^2))^2)"),
    ("0.1*x^2/3", "x", "x: scalar", "x / 15"),
    ("x^2/10", "x", "x: scalar", "x / 5"),
    ("K x^2 where K = 0.25*a", "x", "x: scalar, a: scalar", "2 K x\nwhere K = 0.25 a"),
]  # fmt: skip
FOLDED = [
    ("1/2 ||silu(W x) - y||^2", "W", "x: vector(n), W: matrix(m, n), y: vector(m)",
     "(sigmoid(W x) .* (1 + sigmoid(-W x) .* (W x)) .* (silu(W x) - y)) x^T"),
    ("gelu(x)^2", "x", "x: scalar", "gelu(x) (1 + 2 x exp(-x^2 / 2) / sqrt(2 pi) + erf(x / sqrt(2)))"),
    ("||V gelu(W X)||^2", "V", "V: matrix(k, m), W: matrix(m, n), X: matrix(n, p)", "2 V gelu(W X) gelu(W X)^T"),
    ("||v .* (x .* sigmoid(x))||^2", "v", "v: vector(n), x: vector(n)", "2 v .* x.^2 .* sigmoid(x).^2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "where", "printed"), DECIMALS + FOLDED)
def test_as_typed(text: str, wrt: str, where: str, printed: str) -> None:
    d = mc.derivative(text, wrt, where=where)
    assert str(d) == printed
    for claim in (printed, d.latex(), str(d.differential)):
        assert mc.check(text, wrt, where=where, claim=claim, trials=1), claim


def test_without_decimals_fractions_stay() -> None:
    decimals, fractions = mc.gradient("0.1*x^2", "x", "x: scalar"), mc.gradient("1/10 x^2", "x", "x: scalar")
    assert (str(decimals), str(fractions)) == ("0.2 x", "x / 5")
    assert decimals == fractions
    assert str(fractions + decimals) == "0.4 x"


ATTENTION = ("tr(G^T softmax(Q K^T / sqrt(d)) V)", "Q: matrix(n, d), K: matrix(m, d), V: matrix(m, p), G: matrix(n, p)")


def test_long_answers_name_their_parts() -> None:
    shown = str(mc.gradient(ATTENTION[0], "Q", ATTENTION[1]))
    assert shown.splitlines()[1] == "where M_1 = softmax(Q K^T / sqrt(d))"
    assert mc.check(ATTENTION[0], "Q", where=ATTENTION[1], claim=shown, trials=1)


def test_names_that_save_nothing_are_not_used() -> None:
    """One part of 12 characters that stands twice in a line of 120 saves nothing once its own line is read."""
    long = "a^T tanh(X + Y + Z) b + c^T sinh(X Y Z X Y Z X Y Z) d + e^T cosh(Y X Z Z Y X Y Z) f + g^T tanh(X + Y + Z) h"
    assert "where" not in str(mc.parse(long + " where X: matrix(n, n), Y: matrix(n, n), Z: matrix(n, n)"))


def test_each_form_has_its_names_below_it() -> None:
    where = "S: spd(n), X: matrix(n, k)"
    text = "logdet(X^T S X) + tr((X^T S X)^-1 X^T X)"
    shown = str(mc.hessian(text, "X", where))
    assert "\nvec form " in shown and ", vec form" not in shown
    assert mc.check(text, "X", where=where, order=2, claim=shown, trials=1)


def test_one_name_stands_for_one_part_of_an_answer() -> None:
    result = Result.of("det((y - X beta)(y - X beta)^T + S)", ["beta"], None, None, checked=False)
    shown = "\n".join(text for _, text in rows_of(result, "text"))
    bodies = re.findall(r"(M_\d) = (.+)", shown)
    assert len(bodies) > 1 and len(dict(bodies)) == len(set(bodies))


#: Signs: A + B (I - X) rather than A - B (X - I); X - Y as it was typed.
SIGNS = [
    ("w .* (S w) / sqrt(w^T S w)", "w", "w: vector(n), S: spd(n)",
     "(diag(S w) (I - w w^T S / (w^T S w)) + diag(w) S) / sqrt(w^T S w)"),
    ("||X||_* + 1/(2 t)*||X - Y||_F^2", "X", "X: matrix(m, n), Y: matrix(m, n), t: scalar(positive)",
     "(X - Y) / t + svd_u(X) svd_v(X)^T"),
    ("sqrt(tr(S^2))", "S", "S: symmetric(n)", "S / ||S||_F"),
    ("tr(S^2)^2", "S", "S: symmetric(n)", "4 tr(S^2) S"),
    ("sqrt(tr((S - a I)^2))", "S", "S: symmetric(n), a: scalar", "(S - a I) / ||S - a I||_F"),
    ("x[1]^2 + x[3]^2", "x", "x: vector(n)", "2 (x[1] e(1, n) + x[3] e(3, n))"),
    ("A K^a L^b", "K", "K: scalar(positive), L: scalar(positive), A: scalar, a: scalar, b: scalar",
     "A a K^(a - 1) L^b"),
    ("lambda^k exp(-lambda) / gamma(k + 1)", "lambda", "k: scalar, lambda: scalar(positive)",
     "lambda^(k - 1) exp(-lambda) (k - lambda) / gamma(k + 1)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "where", "printed"), SIGNS)
def test_signs_and_order(text: str, wrt: str, where: str, printed: str) -> None:
    assert str(mc.derivative(text, wrt, where=where)) == printed
    assert mc.check(text, wrt, where=where, claim=printed, trials=1)
