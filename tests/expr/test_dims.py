"""Dimensions are polynomials: they add, multiply, substitute and print."""

import pytest

from matcalc.expr.dims import ONE, Dim, as_dim, minimum, triangle

N, M = Dim.of("n"), Dim.of("m")


@pytest.mark.parametrize(
    ("dim", "text"),
    [
        (N, "n"),
        (N * M, "m*n"),
        (N * N + N, "n^2 + n"),
        (N - 1, "n - 1"),
        (N + N, "2*n"),
        (N - N, "0"),
        (as_dim(3) * 2, "6"),
    ],
)
def test_prints_as_a_polynomial(dim: Dim, text: str) -> None:
    assert str(dim) == text


def test_equal_polynomials_are_equal_and_hash_alike() -> None:
    assert (N + M) * N == N * N + M * N
    assert hash((N + M) * N) == hash(N * N + M * N)


def test_value_is_known_for_numbers_only() -> None:
    assert (as_dim(2) * 3).value == 6
    assert N.value is None
    assert ONE.is_one and not N.is_one


def test_evaluate_and_substitute() -> None:
    assert (N * M + 1).evaluate({"n": 2, "m": 5}) == 11
    assert (N * M + 1).substitute({"n": as_dim(2)}) == M * 2 + 1
    with pytest.raises(KeyError):
        N.evaluate({})


def test_the_smaller_of_two_sizes_and_a_triangle() -> None:
    assert minimum(as_dim(2), as_dim(5)) == as_dim(2) and minimum(N, N) == N and minimum(N, ONE) == ONE
    assert minimum(N, M).evaluate({"n": 7, "m": 3}) == 3
    assert minimum(N, M).substitute({"n": as_dim(2), "m": as_dim(4)}) == as_dim(2)
    assert triangle(N).evaluate({"n": 4}) == 10 and triangle(as_dim(3)) == as_dim(6)
