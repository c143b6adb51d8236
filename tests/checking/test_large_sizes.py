"""Declared sizes that are too large to compute: names stand in their place, and what is printed is accepted as a claim."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.objects.results import Result
from tests.checking.test_claims_as_printed import printed

#: f, variables, declarations
LARGE = [
    ("||X w - y||^2", ("w",), "X: matrix(60000, 784)"),
    ("mean((X w - y).^2)", ("w",), "X: matrix(60000, 784)"),
    ("sum(log(1 + exp(-y .* (X w)))) / 60000", ("w", "w"), "X: matrix(60000, 784), w: vector(784), y: vector(60000)"),
    ("logdet(X)", ("X", "X"), "X: spd(5000)"),
    ("tr(A S)", ("S",), "A: matrix(2000, 2000), S: symmetric(2000)"),
    ("||X - ones(100000) mu^T||^2", ("mu",), "X: matrix(100000, 50), mu: vector(50)"),
    ("logdet(I + X X^T / 50000)", ("X",), "X: matrix(1000, 5000)"),
    (r"\|X w - y\|_2^2 + \lambda \|w\|^2", ("w",), "X: matrix(60000, 784), w: vector(784), y: vector(60000)"),
]


@pytest.mark.parametrize(("f", "wrt", "where"), LARGE, ids=[row[0] for row in LARGE])
def test_answers_are_verified_and_accepted_as_claims(f: str, wrt: tuple[str, ...], where: str) -> None:
    result = Result.of(f, wrt, None, where, checked=True)
    assert result.report, str(result.report)
    assert "in the place of" in result.report.summary
    for claim in dict.fromkeys(printed(result)):
        report = mc.check(result.f, *wrt, claim=claim, trials=1)
        assert report.ok and report.stand_in, f"{claim}: {report}"


#: claim of ||X w - y||^2 / 60000, what is said of it
CLAIMS = [
    ("X^T (X w - y) / 60000", "off by the factor 1/2"),
    ("1/30000 X^T (X w - y)", "verified"),
    ("2/60000 X^T (X w - y)", "verified"),
    ("2/60000 X^T (X w + y)", "the sign of"),
    ("1/29999 X^T (X w - y)", "not verified: an array of 60000 x 784 is too large"),
]


@pytest.mark.parametrize(("claim", "said"), CLAIMS)
def test_claims(claim: str, said: str) -> None:
    report = mc.check("||X w - y||^2 / 60000", "w", where="X: matrix(60000, 784)", claim=claim)
    assert said in str(report), report
    assert bool(report) == (said == "verified")


@pytest.mark.parametrize("convention", ["independent", "unstructured"])
def test_conventions(convention: str) -> None:
    where = "A: matrix(3000, 3000), S: symmetric(3000)"
    result = Result.of("tr(A S)", ("S",), None, where, checked=False, convention=convention)
    for claim in dict.fromkeys(printed(result)):
        assert mc.check(result.f, "S", claim=claim, convention=convention), claim
    wrong = mc.check("tr(A S)", "S", where=where, claim="(A + A^T) / 2", convention=convention)
    assert not wrong and "in the place of 3000" in wrong.summary


def test_values_that_are_given_stay_what_they_are() -> None:
    report = mc.check(
        "||X w - y||^2", "w", where="X: matrix(60000, 784)", claim="2 X^T (X w - y)", at={"w": [0.0] * 784}
    )
    assert report.problem is not None and "too large" in report.problem


def test_a_claim_outside_of_the_structure_is_not_refuted_by_an_error() -> None:
    report = mc.check("tr(A S)", "S", where="S: symmetric(n)", claim="A^T")
    assert report.summary.startswith("REFUTED: it agrees with the differences at 3 random points")
