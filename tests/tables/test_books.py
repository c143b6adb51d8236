"""The books' closed forms: proven equal to the engine's, right numerically, and never shorter than what is printed.

Coverage: of the Matrix Cookbook's chapter 2 102 equation numbers (93 rows, 4 by independent entries, 5 tests), 17 rows of
later chapters; 22 gradients, 19 Jacobians and 12 Hessians of Magnus & Neudecker. All are right numerically and proven equal;
all but one print at most as long as the book (``LONGER``).
"""

from __future__ import annotations

import re

import pytest

import matcalc as mc
from matcalc.checking import read_claim
from matcalc.checking.claims.written import Words
from matcalc.expr import Node, add, scaled
from matcalc.printing import text as printed
from matcalc.simplify.proof.prover import prove_zero
from tests.machine import sweep
from tests.tables import cookbook, magnus

#: (book, number) of rows whose printed form is longer than the book's: (41) and (42) are two forms of one differential,
#: tr(adj(X) dX) and det(X) tr(X^-1 dX), of which the second is printed.
LONGER = frozenset({("MC", "41")})

FIRST = [
    *(("MC", *row) for row in cookbook.CHAPTER_2),
    *(("MC", *row) for row in cookbook.LATER),
    *(("M&N", *row) for row in magnus.GRADIENTS),
    *(("M&N", *row) for row in magnus.JACOBIANS),
]
SECOND = [("M&N", *row) for row in magnus.HESSIANS]


def engine_form(d: mc.Derivative, form: str) -> Node:
    """The engine's derivative in the form in which the book writes it."""
    if form == "differential":
        return d.reading.differential
    if form == "operator" or d.reading.matrix is None:
        return d.reading.operator
    return d.reading.matrix


def length(text: str) -> int:
    """How much there is to read: names, numbers and signs; brackets, commas and products of neighbours are free."""
    return len(re.findall(r"[A-Za-z_]\w*|\d+|\.\*|[-+/^]", text))


def compare(book: str, number: str, text: str, wrt: tuple[str, ...], where: str, closed: str) -> tuple[bool, bool]:
    """(proven, not longer) for one row."""
    f = mc.parse(text, where)
    d = mc.derivative(f, *wrt)
    claim = read_claim(closed, f.node, list(d.reading.wrt), Words(f.declarations))
    ours = engine_form(d, claim.form)
    proven = ours is claim.node or prove_zero(add(ours, scaled(-1, claim.node))) is not None
    return proven, length(printed(ours)) <= length(closed)


@sweep(2)
@pytest.mark.parametrize("row", FIRST, ids=[f"{r[0]} {r[1]}" for r in FIRST])
def test_first_derivatives(row: tuple[str, ...]) -> None:
    book, number, text, wrt, where, closed = row
    assert mc.check(text, wrt, where=where, trials=2), "the engine's derivative"
    assert mc.check(text, wrt, where=where, claim=closed, trials=2), "the book's"
    proven, short = compare(book, number, text, (wrt,), where, closed)
    assert proven
    assert short == ((book, number) not in LONGER)


@pytest.mark.parametrize("row", SECOND, ids=[f"{r[0]} {r[1]}" for r in SECOND])
def test_hessians(row: tuple[str, ...]) -> None:
    book, number, text, wrt, where, closed = row
    assert mc.check(text, wrt, where=where, order=2, trials=2), "the engine's derivative"
    assert mc.check(text, wrt, where=where, order=2, claim=closed, trials=2), "the book's"
    proven, short = compare(book, number, text, (wrt, wrt), where, closed)
    assert proven
    assert short == ((book, number) not in LONGER)


@pytest.mark.parametrize("row", cookbook.INDEPENDENT, ids=[r[0] for r in cookbook.INDEPENDENT])
def test_independent_entries(row: tuple[str, ...]) -> None:
    _, text, wrt, where, closed = row
    g = mc.gradient(text, wrt, where, convention="independent")
    assert mc.equal(g, closed)
    assert length(str(g)) <= length(closed)


def test_cofactor_expansion() -> None:
    """MC (47) and (50): Σ_k ∂det(X)/∂X_ik X_jk = δ_ij det(X)."""
    assert mc.equal(mc.gradient("det(X)", "X") * mc.parse("X^T where X: matrix(n, n)"), "det(X) * eye(n)")


def test_second_derivative_of_a_determinant() -> None:
    """MC (48), for Y = A + t B."""
    f = mc.parse("det(A + t * B) where A: matrix(n, n), B: matrix(n, n), t: scalar")
    book = "det(A + t * B) (tr((A + t * B)^-1 B)^2 - tr((A + t * B)^-1 B (A + t * B)^-1 B))"
    second = mc.derivative(f, "t", "t").expr
    assert second is not None
    assert mc.equal(second, book)


def test_derivative_by_the_pseudoinverse() -> None:
    """MC (56), by P = X^+ with X = P^+: for P of full row rank log det(X^T X) = -log det(P P^T)."""
    assert mc.equal(mc.gradient("-logdet(P P^T)", "P", "P: matrix(n, m)"), "-2 (P P^T)^-1 P")


def test_gradient_and_hessian_of_a_quadratic() -> None:
    """MC (98)"""
    second = mc.hessian("x^T A x + b^T x", "x").expr
    assert second is not None
    assert mc.equal(second, "A + A^T")


def test_hessian_of_a_gaussian_density() -> None:
    """MC 8.1.1"""
    declared = "x: vector(n), m: vector(n), Sigma: spd(n)"
    density = "exp(-1/2 (x - m)^T Sigma^-1 (x - m)) / ((2 pi)^(n / 2) sqrt(det(Sigma)))"
    second = mc.hessian(density, "x", declared).expr
    assert second is not None
    book = f"{density} * (Sigma^-1 (x - m) (x - m)^T Sigma^-1 - Sigma^-1)"
    assert mc.equal(second, book, declared)
    assert length(str(second)) <= length(book)
