"""Diagnoses are true sentences: what each says of a mistake is computed beside it, at other points and sizes.

Of the tables every sentence: gradients, Jacobians, Hessians, claims with dX, other shapes, other conventions. Of planted
mistakes a slice: ``python -m tests.checking.sentences`` takes all of them.
"""

from __future__ import annotations

import pytest

from tests.machine import library, long, sweep

library("jax")

import matcalc as mc
from tests.checking.cases import Asked
from tests.checking.planting import derivatives
from tests.checking.sentences import is_true, judged
from tests.checking.test_claims_as_printed import OF_ANOTHER_CONVENTION
from tests.checking.test_common_mistakes import MISTAKES
from tests.checking.test_diagnosis import CLAIMS

#: One derivative in so many, and the mistakes planted in each.
STEP, EACH = 9, 3


@long
def test_what_is_said_of_planted_mistakes_is_true() -> None:
    told = list(judged(derivatives()[::STEP], EACH, 16))
    assert not [(asked, claim, said) for asked, claim, said, truth in told if truth is not True]
    assert len(told) > 80
    assert {asked.order for asked, *_ in told} == {1, 2}


OF_TABLES = [
    *((row[0], row[1], row[2], row[3], row[4], "structured") for row in (*CLAIMS, *MISTAKES)),
    *(("tr(A S)", "S", claim, "S: symmetric(n)", 1, name) for name, claim, _ in OF_ANOTHER_CONVENTION),
]


@sweep(4)
@pytest.mark.parametrize("start", range(8))
def test_what_is_said_of_the_claims_of_the_tables_is_true(start: int) -> None:
    for f, wrt, claim, where, order, convention in OF_TABLES[start::8]:
        expression = mc.parse(f, where or None)
        declared = ", ".join(f"{n}: {d.type_text}" for n, d in expression.declarations.items())
        said = mc.check(expression, wrt, claim=claim, order=order, convention=convention).diagnosis or ""
        assert is_true(Asked(f, wrt, declared, order, convention), claim, said) is True, f"{f}: {claim}: {said}"


def test_signs_that_agree_by_chance_are_no_scalar_case() -> None:
    where = "x: vector(d), mu: vector(d), b: scalar(positive)"
    for seed in range(4):
        report = mc.check("norm1(x - mu) / b", "mu", where=where, claim="-sign(-mu) / b", seed=seed)
        assert report.fault != "only if", report.diagnosis


def test_whole_numbers_differ_between_the_points_of_a_diagnosis() -> None:
    where = "X: matrix(n, n), k: scalar(integer)"
    for seed in range(4):
        for claim, said in (("det(X)^k X^-T", "1 / k"), ("2 det(X)^k X^-T", "2 / k")):
            report = mc.check("det(X^k)", "X", where=where, claim=claim, seed=seed)
            assert report.diagnosis == f"off by the factor {said}: the derivative is k det(X)^k X^-T"


SQUARE, ONCE = "A: matrix(n, n), x: vector(n)", "the derivative is (A + A^T) x"
#: f, variable, declarations, order, claim, a sentence that is not true of it
FALSE = [
    ("x^T A x", "x", SQUARE, 1, "2 A x", f"right only if A is skew-symmetric: {ONCE}"),
    ("x^T A x", "x", SQUARE, 1, "2 A x", f"off by the factor 2: {ONCE}"),
    ("x^T A x", "x", SQUARE, 1, "A x", f"missing A x: {ONCE}"),
    ("x^T A x", "x", SQUARE, 1, "(A - A^T) x", f"the sign of A x is wrong: {ONCE}"),
    ("x^T A x", "x", SQUARE, 1, "-(A + A^T) x", f"off by the factor 2: {ONCE}"),
    ("x^T A x", "x", SQUARE, 1, "A x", f"right only if A is symmetric: {ONCE}"),
    ("x^T A x", "x", SQUARE, 1, "2 A x", "right only if A is symmetric: the derivative is (A + A) x"),
    ("x^T A x", "x", SQUARE, 1, "2 A x", f"right only for 1 x 1: {ONCE}".replace("A^T) x", "A^T)^2 x")),
    ("x^T A x", "x", SQUARE, 2, "A", "missing A: the derivative is A + A^T"),
    ("x^T A x", "x", SQUARE, 2, "2 A", "the factor x is missing: the derivative is A + A^T"),
    ("X^2", "X", "X: matrix(n, n)", 1, "2 X dX", "right only if X is symmetric: the derivative is X dX + dX X"),
    ("X^2", "X", "X: matrix(n, n)", 1, "X dX", "right only if X and dX commute: the derivative is X dX + dX X"),
    ("A x", "x", "A: matrix(n, n), x: vector(n)", 1, "2 A^T", "the transposed layout: the Jacobian, with a row for each component of f, is A"),
    ("A X B", "X", "A: matrix(n, n), X: matrix(n, n), B: matrix(n, n)", 1, "A ⊗ B", "the order of vec: rows are stacked there; with columns it is B^T ⊗ A"),
    ("tr(A S)", "S", "A: matrix(n, n), S: symmetric(n)", 1, "A", "right for an unstructured S: the gradient within the symmetric matrices is (A + A^T) / 2"),
    ("tr(A S)", "S", "A: matrix(n, n), S: symmetric(n)", 1, "A + A^T", "by the independent entries of a symmetric matrix: it is (A + A^T) / 2"),
    ("||A x - b||^2", "x", "A: matrix(m, n), x: vector(n), b: vector(m)", 1, "2 A (A x - b)", "the shapes fit only if A is square, and then it is right only if A is skew-symmetric: the derivative is 2 A^T (A x - b)"),
    ("logsumexp(A x)", "x", "A: matrix(m, n), x: vector(n)", 1, "softmax(A x)", "the chain rule stops at x: the derivative is A^T softmax(A x)"),
    ("tr(A X B)", "X", "A: matrix(n, n), X: matrix(n, n), B: matrix(n, n)", 1, "A B", "A and B are in the wrong order: the derivative is A^T B^T"),
    ("sum(abs(x))", "x", "x: vector(n)", 1, "ones(n)", "right only where every entry of x is negative: the derivative is sign(x)"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "where", "order", "claim", "said"), FALSE)
def test_a_false_sentence_is_seen(f: str, wrt: str, where: str, order: int, claim: str, said: str) -> None:
    assert is_true(Asked(f, wrt, where, order), claim, said) is False
