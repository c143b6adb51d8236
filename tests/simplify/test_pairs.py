"""Pairs that are known to be equal or not by other means: none that is false is proved, none that is true refuted.

A slice of them; ``python -m tests.simplify.pairs`` decides all.
"""

from __future__ import annotations

import pytest

import matcalc as mc
from tests.machine import sweep
from tests.simplify.pairs import false_pairs, proved_alone, true_pairs, verdicts

#: One pair in so many.
STEP = 3


def test_there_are_many() -> None:
    assert len(true_pairs()) > 600 and len(false_pairs()) > 700


@sweep(4)
@pytest.mark.parametrize("start", range(4))
def test_no_true_pair_is_refuted(start: int) -> None:
    assert not list(verdicts(true_pairs()[start * STEP :: 4 * STEP], "refuted"))


@sweep(4)
@pytest.mark.parametrize("start", range(4))
def test_no_false_pair_is_proved(start: int) -> None:
    assert not list(verdicts(false_pairs()[start * STEP :: 4 * STEP], "proved"))


@sweep(4)
@pytest.mark.parametrize("start", range(4))
def test_the_prover_alone_proves_no_false_pair(start: int) -> None:
    """Values would have refuted them before it is asked."""
    assert not list(proved_alone(false_pairs()[start::8]))


#: left, right, declarations, what the proof says behind "by"
NAMED = [
    ("s / s", "1", "s: scalar", "simplification, where s != 0"),
    ("inv(A) A", "I", "A: matrix(n, n)", "simplification, where A is invertible"),
    ("A (A \\ b)", "b", "A: matrix(n, n), b: vector(n)", "simplification, where A is invertible"),
    ("P^-1 P", "I", "P: spd(n)", "simplification"),
    ("x ./ y .* y", "x", "x: vector(n), y: vector(n)", "simplification, where no entry of y is 0"),
    ("log(u^2)", "2 log(u)", "u: scalar", "logarithm of a product, where u > 0"),
    ("sqrt(s)^2", "s", "s: scalar", "simplification, where s >= 0"),
    ("sin(asin(s))", "s", "s: scalar", "simplification, where -1 <= s <= 1"),
    ("sign(1/s)", "sign(s)", "s: scalar", "sign of a product, where s != 0"),
    ("atan(1/s)", "pi/2 sign(s) - atan(s)", "s: scalar", "arctangent of a reciprocal, where s != 0"),
    ("s / abs(s)", "sign(s)", "s: scalar", "absolute value and sign, where s != 0"),
    ("chol(S) chol(S)^T", "S", "S: symmetric(n)", "Cholesky factorisation, where S is positive definite"),
    ("sqrtm(A)^2", "A", "A: matrix(n, n)", "square of sqrtm, where A has no eigenvalue on (-inf, 0]"),
    ("sigmoid(s)", "1 / (1 + exp(-s))", "s: scalar", "simplification"),
    ("tan(s) cos(s)", "sin(s)", "s: scalar", "definition in exponentials"),
    ("log(det(A))", "logdet(A)", "A: matrix(n, n)", "logarithm of a product, where det(A) > 0"),
    ("inv(D)", "diag(1 ./ diag(D))", "D: diagonal(n)", "diagonal matrices as diag(d), simplification, where D is invertible, no entry of diag(D) is 0"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "where", "said"), NAMED, ids=[row[0] for row in NAMED])
def test_a_proof_names_what_it_used_and_where_it_holds(left: str, right: str, where: str, said: str) -> None:
    assert mc.equal(left, right, where).reason == f"by {said}"
