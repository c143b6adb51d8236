"""Diagnoses are true sentences: what each says of a planted mistake is computed beside it, at other points and sizes.

A slice of the tables; ``python -m tests.checking.sentences`` takes all of them.
"""

from __future__ import annotations

import pytest

pytest.importorskip("jax")

import matcalc as mc
from tests.checking.sentences import gradients, is_true, judged
from tests.checking.test_common_mistakes import MISTAKES
from tests.checking.test_diagnosis import CLAIMS

#: One gradient in so many, and the mistakes planted in each.
STEP, EACH = 8, 4


def test_what_is_said_of_planted_mistakes_is_true() -> None:
    told = list(judged(gradients()[::STEP], EACH, 16))
    assert not [(row, claim, said) for row, claim, said, truth in told if truth is False]
    assert len(told) > 80
    assert sum(truth is not None for *_, truth in told) > 0.7 * len(told)


OF_GRADIENTS = [row for row in (*CLAIMS, *MISTAKES) if row[4] == 1]


@pytest.mark.parametrize("start", range(4))
def test_what_is_said_of_the_claims_of_the_tables_is_true(start: int) -> None:
    computed = 0
    for f, wrt, claim, where, *_ in OF_GRADIENTS[start::4]:
        expression = mc.parse(f, where or None)
        if not expression.node.is_scalar:
            continue
        declared = ", ".join(f"{n}: {d.type_text}" for n, d in expression.declarations.items())
        said = mc.check(expression, wrt, claim=claim).diagnosis or ""
        truth = is_true((f, wrt, declared), claim, said)
        assert truth is not False, f"{f}: {claim}: {said}"
        computed += truth is not None
    assert computed > 15


def test_signs_that_agree_by_chance_are_no_scalar_case() -> None:
    where = "x: vector(d), mu: vector(d), b: scalar(positive)"
    for seed in range(4):
        report = mc.check("norm1(x - mu) / b", "mu", where=where, claim="-sign(-mu) / b", seed=seed)
        assert report.fault != "only if", report.diagnosis


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("2 A x", "right only if A is skew-symmetric: the derivative is (A + A^T) x"),
        ("2 A x", "off by the factor 2: the derivative is (A + A^T) x"),
        ("A x", "missing A x: the derivative is (A + A^T) x"),
        ("(A - A^T) x", "the sign of A x is wrong: the derivative is (A + A^T) x"),
        ("-(A + A^T) x", "off by the factor 2: the derivative is (A + A^T) x"),
        ("A x", "right only if A is symmetric: the derivative is (A + A^T) x"),
    ],
)
def test_a_false_sentence_is_seen(claim: str, said: str) -> None:
    assert is_true(("x^T A x", "x", "A: matrix(n, n), x: vector(n)"), claim, said) is False
