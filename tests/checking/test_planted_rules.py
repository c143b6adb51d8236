"""Every wrong rule is caught: a checker that passes planted errors would prove nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

import matcalc as mc
from matcalc.calculus import structure
from matcalc.calculus.adjoint import ADJOINT, entrywise_parts, product_around
from matcalc.calculus.differential import DIFFERENTIAL
from matcalc.calculus.vecform import VEC_FORM
from matcalc.expr import (
    adjugate,
    combine,
    diag,
    diagonal,
    hadamard,
    identity,
    inverse,
    is_number,
    kron,
    matmul,
    matrix_power,
    multiply,
    number,
    power,
    scale,
    scaled,
    trace,
    transpose,
    vec,
)
from matcalc.functions import FUNCTIONS
from matcalc.language.rows import templates

F = Fraction

# what is wrong, table, operator, the wrong rule, an expression that meets it, its variable
PLANTED: list[tuple[str, dict, str, Callable, str, str]] = [
    ("logdet transposed", DIFFERENTIAL.rows, "logdet", lambda n, d: trace(matmul(inverse(transpose(n.args[0])), d[0])), "logdet(X)", "X"),
    ("det without the factor", DIFFERENTIAL.rows, "det", lambda n, d: trace(matmul(inverse(n.args[0]), d[0])), "det(X)", "X"),
    ("det with a factor 2", DIFFERENTIAL.rows, "det", lambda n, d: scaled(2, multiply(n, trace(matmul(inverse(n.args[0]), d[0])))), "det(X)", "X"),
    ("inverse with the wrong sign", DIFFERENTIAL.rows, "matpow", lambda n, d: matmul(n, d[0], n), "tr(A X^-1)", "X"),
    ("inverse with one factor only", DIFFERENTIAL.rows, "matpow", lambda n, d: scaled(-1, matmul(n, d[0])), "a^T X^-1 b where a: vector(n), b: vector(n)", "X"),
    ("product without its second term", DIFFERENTIAL.rows, "matmul", lambda n, d: matmul(d[0], *n.args[1:]) if not d[0].is_zero else matmul(*n.args[:-1], d[-1]), "x^T A x", "x"),
    ("transpose dropped", DIFFERENTIAL.rows, "matmul", lambda n, d: combine(((matmul(*n.args[:i], transpose(x) if x.is_square else x, *n.args[i + 1 :]), F(1)) for i, x in enumerate(d) if not x.is_zero), n.shape), "tr(A X) where A: matrix(n, n), X: matrix(n, n)", "X"),
    ("power without its factor", DIFFERENTIAL.rows, "power", lambda n, d: hadamard(power(n.args[0], n.args[1] - number(1)), d[0]), "sum(x.^3)", "x"),
    ("power with the old exponent", DIFFERENTIAL.rows, "power", lambda n, d: hadamard(n.args[1], n, d[0]), "sum(x.^3)", "x"),
    ("matrix power as if it commuted", DIFFERENTIAL.rows, "matpow", lambda n, d: matmul(n.args[1].is_number and matrix_power(n.args[0], int(is_number(n.args[1]) or 1) - 1), scaled(is_number(n.args[1]) or 1, d[0])), "a^T X^2 b where a: vector(n), b: vector(n)", "X"),
    ("scale without ds", DIFFERENTIAL.rows, "scale", lambda n, d: scale(n.args[0], d[1]), "(x^T x) x", "x"),
    ("trace adjoint with a factor", ADJOINT.rows, "trace", lambda n, g, dx: iter([(n.args[0], scaled(2, scale(g, identity(n.args[0].rows))))]), "tr(A X B)", "X"),
    ("diagonal adjoint off", ADJOINT.rows, "diagonal", lambda n, g, dx: iter([(n.args[0], matmul(g, transpose(g)))]), "sum(exp(diag(A X)))", "X"),
    ("transpose adjoint not transposed", ADJOINT.rows, "transpose", lambda n, g, dx: iter([(n.args[0], g if g.shape == n.args[0].shape else transpose(g))]), "a^T (X^T A + X) b where X: matrix(n, n), A: matrix(n, n), a: vector(n), b: vector(n)", "X"),
    ("Kronecker vec form swapped", VEC_FORM.rows, "matmul", lambda n, v, dx: _swapped(n, v, dx), "A X B where A: matrix(n, n), X: matrix(n, n), B: matrix(n, n)", "X"),
    ("commutation dropped", VEC_FORM.rows, "transpose", lambda n, v, dx: v[0], "X^T where X: matrix(n, n)", "X"),
    ("Hadamard vec form transposed", VEC_FORM.rows, "power", lambda n, v, dx: _transposed_mask(n, v, dx), "A .* X where A: matrix(n, n), X: matrix(n, n)", "X"),
    ("adjugate without its trace term", DIFFERENTIAL.rows, "adjugate", lambda n, d: scaled(-1, matmul(inverse(n.args[0]), d[0], adjugate(n.args[0]))), "adj(X)", "X"),
    ("wrong at O(1e-6)", DIFFERENTIAL.rows, "logdet", lambda n, d: scaled(F(1000001, 1000000), trace(matmul(inverse(n.args[0]), d[0]))), "logdet(X)", "X"),
]  # fmt: skip


def _swapped(node, v, dx):  # type: ignore[no-untyped-def]
    left, inside, right = product_around(node, dx)
    a = left if left is not None else identity(inside.rows)
    b = right if right is not None else identity(inside.cols)
    return multiply(kron(a, transpose(b)), v[0])


def _transposed_mask(node, v, dx):  # type: ignore[no-untyped-def]
    rest, _ = entrywise_parts(node, dx)
    return multiply(diag(vec(transpose(rest))), v[0])


@pytest.mark.parametrize(
    ("what", "table", "operator", "rule", "expression", "wrt"), PLANTED, ids=[row[0] for row in PLANTED]
)
def test_planted_rule_is_caught(
    what: str, table: dict, operator: str, rule: Callable, expression: str, wrt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mc.check(expression, wrt), "the right rule passes"
    monkeypatch.setitem(table, operator, rule)
    report = mc.check(expression, wrt)
    assert not report and report.problem is None, f"{what}: {report}"


# function, its wrong derivative or differential, an expression
WRONG_ROWS = [
    ("tanh", "derivatives", ("1 - tanh(x)",), "sum(tanh(x))"),
    ("sigmoid", "derivatives", ("sigmoid(x)",), "sum(sigmoid(x))"),
    ("cos", "derivatives", ("sin(x)",), "sum(cos(x))"),
    ("erf", "derivatives", ("exp(-x^2)",), "sum(erf(x))"),
    ("softmax", "differential", ("softmax(X) .* dX",) * 4, "softmax(x)"),
    ("logsumexp", "differential", ("tr(exp(X)^T dX)",), "logsumexp(x)"),
    ("sqrtm", "differential", ("sylvester(sqrtm(X), sqrtm(X), dX^T)",), "sqrtm(X)"),
    ("pinv", "differential", ("-pinv(X) dX pinv(X)",), "pinv(X)"),
    ("eigmax", "differential", ("eigvec_min(S)^T dS eigvec_min(S)",), "eigmax(S) where S: symmetric(n)"),
    ("chol", "differential", ("chol(S) tril(chol(S)^-1 dS chol(S)^-T)",), "chol(S) where S: spd(n)"),
]


@pytest.mark.parametrize(("name", "column", "text", "expression"), WRONG_ROWS, ids=[row[0] for row in WRONG_ROWS])
def test_wrong_row_is_caught(
    name: str, column: str, text: tuple[str, ...], expression: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mc.check(expression), "the right row passes"
    monkeypatch.setitem(FUNCTIONS, name, FUNCTIONS[name]._replace(**{column: text}))
    templates._scalar_template.cache_clear()
    try:
        assert not mc.check(expression)
    finally:
        templates._scalar_template.cache_clear()


def test_projection_onto_the_wrong_space_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gradient that is not projected still agrees along directions in the space: the claim must have its structure."""
    assert mc.check("tr(A X) where X: symmetric(n), A: matrix(n, n)", "X")
    monkeypatch.setattr(structure, "project", lambda g, variable: scaled(F(1, 2), g + diag(diagonal(g))))
    monkeypatch.setattr(sys.modules["matcalc.calculus.derivative"], "project", structure.project)
    assert not mc.check("tr(A X) where X: symmetric(n), A: matrix(n, n)", "X")


def test_a_wrong_lemma_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The function is evaluated as it was typed, so a wrong identity of the simplifier shows, too."""
    from matcalc.simplify import driver, lemmas, recorder

    wrong = replace(lemmas.LEMMAS[0], apply=lambda node: number(1))
    assert wrong.name == "determinant lemma"
    monkeypatch.setitem(driver._BY_LEMMAS._rules, "det", recorder.by_operator((wrong,))["det"])
    assert not mc.check("det(I + z z^T)", "z")
