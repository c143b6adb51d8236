"""Refutations are confirmed in high precision; claims are right on every branch, or what is said of them is true."""

from __future__ import annotations

import pytest

import matcalc as mc

TRUE = [
    ("expm(3 A) expm(-3 A)", "I", "A: matrix(n, n)"),
    ("exp(10 s)*(cosh(10 s) - sinh(10 s))", "1", "s: scalar"),
    ("eigmin(expm(5 S))", "exp(5 eigmin(S))", "S: symmetric(n)"),
    ("sign(1/s)", "sign(s)", "s: scalar"),
    ("atan(1/s)", "pi/2 sign(s) - atan(s)", "s: scalar"),
    ("expm(8 A) expm(B) expm(-8 A)", "expm(expm(8 A) B expm(-8 A))", "A: matrix(n, n), B: matrix(n, n)"),
    ("(1 + 1e8 s)^2 - 1e16 s^2", "1 + 2e8 s", "s: scalar"),
    ("log(exp(30 s) + exp(-30 s))", "30 abs(s) + log1p(exp(-60 abs(s)))", "s: scalar"),
]
FALSE = [
    ("max(x, -50)", "x", "x: vector(n)"),
    ("relu(x - 7)", "0 x", "x: vector(n)"),
    ("s + 1e-13 * s", "s", "s: scalar"),
    ("log(1 + exp(s + 1e-12))", "log(1 + exp(s))", "s: scalar"),
    ("sum(huber(x, 100))", "sum(x.^2) / 2", "x: vector(n)"),
    ("norm_inf([x; 40])", "40", "x: vector(n)"),
]


@pytest.mark.parametrize(("left", "right", "where"), TRUE)
def test_rounding_refutes_nothing(left: str, right: str, where: str) -> None:
    assert mc.equal(left, right, where).verdict != "refuted"


@pytest.mark.parametrize(("left", "right", "where"), FALSE)
def test_far_branches_and_small_differences_refute(left: str, right: str, where: str) -> None:
    assert mc.equal(left, right, where).verdict == "refuted"


@pytest.mark.parametrize(
    ("f", "claim", "where", "said"),
    [
        (
            "sum(huber(A x - b, 10))",
            "A^T (A x - b)",
            None,
            "right only where every entry of abs(A x - b) - 10 is negative",
        ),
        ("sum(max(x, -4))", "ones(n)", "x: vector(n)", "the factor step(x + 4) is missing"),
        ("norm_inf([x; 4])", "0 x", "x: vector(n)", "the derivative is not zero"),
        ("sum(relu(x - 9) + x)", "ones(n)", "x: vector(n)", "missing step(x - 9)"),
    ],
)
def test_the_other_branch_is_visited(f: str, claim: str, where: str | None, said: str) -> None:
    report = mc.check(f, "x", claim=claim, where=where)
    assert not report
    assert said in (report.diagnosis or "")


#: f, variable, a claim that is right on one side of a threshold that is far away
FAR = [
    ("huber(s, 1000)", "s", "s", "s: scalar"),
    ("where(s > 10^6, s^2, s)", "s", "1", "s: scalar"),
    ("huber(s, 10^9)", "s", "s", "s: scalar"),
    ("relu(a^T x - 10^5)", "x", "0 a", "a: vector(n), x: vector(n)"),
    ("sum(max(x, -10^12))", "x", "ones(n)", "x: vector(n)"),
]


@pytest.mark.parametrize(("f", "x", "claim", "where"), FAR)
def test_thresholds_are_visited_however_far(f: str, x: str, claim: str, where: str) -> None:
    report = mc.check(f, x, claim=claim, where=where)
    assert not report and not report.problem


@pytest.mark.parametrize(
    ("f", "claim", "side"),
    [("where(s > 10^200, s^2, s)", "1", "s - 10^200"), ("max(s^2, 10^-6)", "2 s", "s^2 - 1/1000000")],
)
def test_what_was_seen_on_one_side_only_is_not_verified(f: str, claim: str, side: str) -> None:
    report = mc.check(f, "s", claim=claim, where="s: scalar")
    assert not report and f"no point was found at which {side} has the other sign" in (report.problem or "")


@pytest.mark.parametrize(
    ("f", "claim"),
    [
        ("sum(max(exp(x), -3))", "exp(x)"),
        ("sum(abs(x.^2 + 1))", "2 x"),
        ("sum(relu(sigmoid(x)))", "sigmoid(x) - sigmoid(x).^2"),
    ],
)
def test_switches_that_have_one_side_ask_for_no_other(f: str, claim: str) -> None:
    assert mc.check(f, "x", claim=claim, where="x: vector(n)")


def test_a_claim_that_differs_by_less_than_rounding_shows_is_wrong() -> None:
    report = mc.check("x^T x", "x", claim="(2 + 1e-14) x", where="x: vector(n)")
    assert not report
    assert "differ in more digits" in (report.diagnosis or "")


@pytest.mark.parametrize(
    ("f", "x", "claim", "said"),
    [
        ("A X B", "X", "A^T dX B", "the shapes fit only if A is square, and then it is right only if A is symmetric"),
        ("inv(X)", "X", "-X^-2", "right only for 1 x 1"),
        ("tr(X)", "X", "1", "right only for 1 x 1"),
    ],
)
def test_claims_of_another_shape(f: str, x: str, claim: str, said: str) -> None:
    report = mc.check(f, x, claim=claim)
    assert not report
    assert said in (report.diagnosis or "")


def test_a_gradient_as_a_row_is_right_with_a_note() -> None:
    report = mc.check("||A x - b||^2", "x", claim="2 (A x - b)' A")
    assert report
    assert [note.code for note in report.notes] == ["layout"]
    assert not mc.check("||A x - b||^2", "x", claim="2 A' (A x - b)").notes


@pytest.mark.parametrize(
    ("f", "order", "claim", "where"),
    [
        ("logdet(X)", 2, "-kron(X^-1, X^-1)", "X: symmetric(n)"),
        ("A X B", 1, "kron(B^T, A)", "X: symmetric(n)"),
        ("A X", 1, "kron(I, A)", "X: skew(n)"),
    ],
)
def test_a_vec_form_is_compared_within_the_space_of_its_variable(f: str, order: int, claim: str, where: str) -> None:
    report = mc.check(f, *["X"] * order, claim=claim, where=where)
    assert report
    assert "right in every direction within the" in (report.diagnosis or "")


def test_a_vec_form_that_is_wrong_within_the_space_is_refuted() -> None:
    assert not mc.check("A X B", "X", claim="kron(B^T, A^T)", where="X: symmetric(n)")
    assert not mc.check("logdet(X)", "X", "X", claim="-2 kron(X^-1, X^-1)", where="X: symmetric(n)")
