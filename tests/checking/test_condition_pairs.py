"""Every condition is enough and is needed: derivatives are finite where it holds, and undefined or wrong where it does not."""

from __future__ import annotations

import re
from itertools import islice, product

import numpy as np
import pytest

from matcalc.calculus.validity.conditions import ALWAYS_TRUE
from matcalc.checking.conditions import predicate
from matcalc.functions.table import FUNCTIONS
from tests.checking.kept_and_broken import Case, Row, conditional, decided, edges
from tests.machine import long, sweep

ENTRYWISE = ("abs log log1p log2 log10 sqrt cbrt asin acos acosh atanh lgamma digamma trigamma gamma relu").split()
OPERANDS = [
    ("x", "x", "x: vector(n)"),
    ("A x - b", "x", "A: matrix(m, n), x: vector(n), b: vector(m)"),
    ("X .* Z", "X", "X: matrix(m, n), Z: matrix(m, n)"),
    ("(A X)^T", "X", "A: matrix(m, n), X: matrix(n, k)"),
]

#: text, variable, declarations
CASES: list[Row] = [
    *((f"sum({f}({u}))", x, where) for f, (u, x, where) in product(ENTRYWISE, OPERANDS)),
    *((f"sum(({u}).^{e})", x, where) for e, (u, x, where) in product(("(-1)", "(1/2)", "(-3/2)", "(-2)"), OPERANDS)),
    *((f"{f}({u})", x, where) for f, (u, x, where) in product(("norm1", "norm2", "norm_inf", "max", "min"), OPERANDS)),
    ("sum(relu(x).^2)", "x", "x: vector(n)"),
    ("sum(abs(x).^3)", "x", "x: vector(n)"),
    ("norm(x, 3)", "x", "x: vector(n)"),
    ("sum(normalize(A x))", "x", "x: vector(n), A: matrix(m, n)"),
    ("sum(log(x / sum(x)))", "x", "x: vector(n)"),
    ("log(x^T x / (1 + x^T x))", "x", "x: vector(n)"),
    ("log(log(x^T x))", "x", "x: vector(n)"),
    ("sqrt(log(det(X)))", "X", "X: matrix(n, n)"),
    ("lgamma(s^2)", "s", "s: scalar"),
    ("tr(sqrtm(X^T X))", "X", "X: matrix(n, n)"),
    ("sqrt(x^T S x)", "x", "x: vector(n), S: spd(n)"),
    ("x^T y / (norm2(x) norm2(y))", "x", "x: vector(n), y: vector(n)"),
    ("tr(sqrt(X^T X))", "X", "X: matrix(m, n)"),
    ("sum(sqrt(diag(X^T X)))", "X", "X: matrix(m, n)"),
    ("sum(normalize(x).^3)", "x", "x: vector(n)"),
    ("sum(max(x, y))", "x", "x: vector(n), y: vector(n)"),
    ("sum(min(A x, y))", "x", "A: matrix(m, n), x: vector(n), y: vector(m)"),
    ("sum(max(X - Z, 0))", "X", "X: matrix(m, n), Z: matrix(m, n)"),
    ("max(max(x, y))", "x", "x: vector(n), y: vector(n)"),
    ("max(abs(x) + y)", "x", "x: vector(n), y: vector(n)"),
    ("sum(max(abs(X) + Z, axis=1))", "X", "X: matrix(m, n), Z: matrix(m, n)"),
    ("sum(max(X, axis=1))", "X", "X: matrix(m, n)"),
    ("sum(min(X, axis=2))", "X", "X: matrix(m, n)"),
    ("sum(min(abs(x), c))", "x", "x: vector(n), c: scalar"),
    ("norm_inf(-2 x)", "x", "x: vector(n)"),
    ("sum(tril(X, -1).^1.5)", "X", "X: matrix(n, n)"),
    ("sum(triu(Y ./ X))", "X", "X: matrix(n, n), Y: matrix(n, n)"),
    ("relu(x)^T y", "x", "x: vector(n), y: vector(n)"),
    ("sum(where(x > 0, A abs(y), x))", "y", "A: matrix(n, m), x: vector(n), y: vector(m)"),
    ("sum(where(X > 0, abs(Y)^T, X))", "Y", "X: matrix(m, n), Y: matrix(n, m)"),
    ("sum(where(X > 0, sqrt(Y)^T, X))", "Y", "X: matrix(n, n), Y: matrix(n, n)"),
    ("1 / s + log(s)", "s", "s: scalar"),
    ("s^t", "s", "s: scalar, t: scalar(positive)"),
    ("sum(sqrt(L))", "L", "L: lower(n)"),
    ("sum(log(diag(L)))", "L", "L: lower(n)"),
    ("sum(sqrt(D))", "D", "D: diagonal(n)"),
    ("tr(X^-1)", "X", "X: matrix(n, n)"),
    ("tr((A X)^-1)", "X", "A: matrix(n, n), X: matrix(n, n)"),
    ("tr(X^-2)", "X", "X: matrix(n, n)"),
    ("tr(S^-1)", "S", "S: symmetric(n)"),
    ("logdet(X)", "X", "X: matrix(n, n)"),
    ("logdet(X^T X)", "X", "X: matrix(m, n)"),
    ("log(det(X))", "X", "X: matrix(n, n)"),
    ("1 / det(X)", "X", "X: matrix(n, n)"),
    ("sqrt(det(X))", "X", "X: matrix(n, n)"),
    ("det(X)^2 / tr(X)", "X", "X: matrix(n, n)"),
    ("tr(B logm(X))", "X", "B: matrix(n, n), X: matrix(n, n)"),
    ("tr(B sqrtm(X))", "X", "B: matrix(n, n), X: matrix(n, n)"),
    ("sum(chol(S))", "S", "S: symmetric(n)"),
    ("eigmax(S)", "S", "S: symmetric(n)"),
    ("eigmin(S)", "S", "S: symmetric(n)"),
    ("sum(eigvals(S) .* y)", "S", "S: symmetric(n), y: vector(n)"),
    ("norm_spec(X)", "X", "X: matrix(m, n)"),
    ("norm_nuc(X)", "X", "X: matrix(m, n)"),
    ("svdvals(X)[3]", "X", "X: matrix(m, n)"),
    ("sum(sylvester(A, X, C))", "X", "A: matrix(n, n), X: matrix(n, n), C: matrix(n, n)"),
    ("tr(B pinv(X))", "X", "X: matrix(m, n), B: matrix(m, n)"),
    # sums over indices
    (r"\sum_{i<j} \log(x_j + x_i)", "x", "x: vector(n)"),
    (r"\sum_{i \ne j} \log|x_j - x_i|", "x", "x: vector(n)"),
    (r"\sum_{i \ne j} y_i/(x_i - x_j)", "x", "x: vector(n), y: vector(n)"),
    (r"\sum_{i, j} y_i/(2 - x_i x_j)", "x", "x: vector(n), y: vector(n)"),
    (r"\sum_{i \le j} y_i \sqrt{x_i x_j}", "x", "x: vector(n), y: vector(n)"),
    (r"\sum_i y_i/(1 + \sum_{j \ne i} x_i x_j)", "x", "x: vector(n), y: vector(n)"),
    (r"\sum_{t=1}^{n-1} |x_{t+1} - x_t|", "x", "x: vector(n)"),
]
#: So often is each condition kept, and each violated.
POINTS = 6


@sweep(3)
@pytest.mark.parametrize("case", CASES, ids=[f"{text}, {where}" for text, _, where in CASES])
def test_conditions_are_enough_and_needed(case: Row) -> None:
    subject, rng = Case(*case), np.random.default_rng(len(case[0]))
    good = list(islice(subject.kept(rng), POINTS))
    assert len(good) == POINTS, f"no points satisfy {subject.needed}"
    for values in good:
        assert subject.is_defined(values), f"{subject.derivative.conditions} hold, and there is no derivative"
        assert subject.is_right(values, rng), f"{subject.derivative.conditions} hold, and the derivative is wrong"
    for condition in subject.needed:
        bad = [w for v in good[:3] for w in islice(subject.broken(condition, v), 4)]
        assert bad, f"{condition.kind} was not violated"
        for values in bad:
            found = subject.is_right_all_the_same(values, rng)
            assert not found, f"{condition.kind} does not hold, and the derivative is right at {values}"


#: One row of the tables in so many: ``python -m tests.checking.kept_and_broken`` decides all.
EVERY = 31


@long
def test_rows_of_the_tables() -> None:
    found = [(row, *pair) for row in conditional(EVERY) for pair in decided(row, kept=2, broken=4)]
    assert len(found) > 200
    assert not [(row, fault) for row, _, _, fault in found if fault]


#: Cases whose derivatives are read from more than one entry at a time.
JOINT = [c for c in CASES if re.search("sqrt|det|norm_spec|norm_nuc|norm2|eig|svd|lower|diagonal", " ".join(c))]


@pytest.mark.parametrize("case", JOINT, ids=[f"{text}, {where}" for text, _, where in JOINT])
def test_no_condition_is_missing_at_the_edges(case: Row) -> None:
    subject, rng = Case(*case), np.random.default_rng(len(case[0]))
    good = list(islice(subject.kept(rng), 1))
    for values in edges(subject, good):
        if subject.keeps(values):
            assert subject.is_defined(values), f"{subject.derivative.conditions} hold at {values}"
            assert subject.is_right(values, rng), f"{subject.derivative.conditions} hold at {values}"


def test_every_condition_of_the_table_has_a_predicate() -> None:
    rows = [row for row in FUNCTIONS.values() if row.kind in ("elementwise", "call") and row.name != "where"]
    for row in rows:
        for need in (*row.condition, *row.domain):
            assert need.fact in ALWAYS_TRUE or predicate(need.fact), f"{row.name}: {need.fact.words}"
