"""Sums over indices in matrix notation where that reads as well, and random ones: values are kept."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.checking.values.exact import exact_value
from matcalc.expr import (
    Dim,
    Index,
    Node,
    add,
    apply,
    at,
    hadamard,
    inverse,
    mask,
    matmul,
    member_of,
    number,
    power,
    scale,
    scaled,
    summed_out,
    total,
    variable,
)
from matcalc.printing import text
from matcalc.simplify import simplify
from matcalc.simplify.proof.prover import prove_zero
from tests.machine import sweep
from tests.simplify.sums_over_indices import SIZES, agree, differs, gradient, is_slope, nest, point, wrongly_proved

n, d = Dim.of("n"), Dim.of("d")
i, j = Index("i", n), Index("j", n)
WHERE = "X: matrix(n, d), W: matrix(n, n), w: vector(d), mu: vector(d), y: vector(n), S: spd(d)"
X, W, S = variable("X", (n, d)), variable("W", (n, n)), variable("S", (d, d), ("spd",))
w, mu, y = variable("w", (d, 1)), variable("mu", (d, 1)), variable("y", (n, 1))
x_i, x_j, y_i, y_j = member_of(X, i), member_of(X, j), member_of(y, i), member_of(y, j)
W_ij, W_ji = matmul(at(i).T, W, at(j)), matmul(at(j).T, W, at(i))
EARLIER = matmul(at(i).T, mask("strictly_upper", n, n), at(j))

LEAST_SQUARES = total([i], power(y_i - w.T @ x_i, 2))
LOGISTIC = total([i], apply("softplus", -hadamard(y_i, w.T @ x_i)))
GAUSSIAN = total([i], (x_i - mu).T @ inverse(S) @ (x_i - mu))
LAPLACIAN = total([i, j], hadamard(W_ij, (x_i - x_j).T @ (x_i - x_j)))
KERNEL = total([i, j], hadamard(W_ij, apply("tanh", x_i.T @ x_j)))
EARLIER_PAIRS = total([i, j], hadamard(EARLIER, apply("exp", x_i.T @ x_j)))
LOG_SUMS = total([i], apply("log", total([j], apply("exp", x_i.T @ x_j))))
REPULSION = total([i, j], hadamard(EARLIER, power((x_i - x_j).T @ (x_i - x_j), Fraction(-1, 2))))
WEIGHTED = total([i, j], hadamard(W_ij, apply("log", number(1) + (x_i - x_j).T @ (x_i - x_j))))


@pytest.mark.parametrize(
    ("f", "v", "matrices"),
    [
        (LEAST_SQUARES, None, "(X w - y)^T (X w - y)"),
        (LEAST_SQUARES, w, "2 X^T (X w - y)"),
        (LEAST_SQUARES, X, "2 (X w - y) w^T"),
        (LEAST_SQUARES, y, "2 (y - X w)"),
        (LOGISTIC, w, "-X^T (y .* sigmoid(-y .* (X w)))"),
        (LOGISTIC, X, "-(y .* sigmoid(-y .* (X w))) w^T"),
        (LOGISTIC, y, "-sigmoid(-y .* (X w)) .* (X w)"),
        (GAUSSIAN, mu, "2 S^-1 (n mu - X^T ones(n))"),
        (GAUSSIAN, X, "2 (X - ones(n) mu^T) S^-1"),
        (LAPLACIAN, X, "2 (diag((W + W^T) ones(n)) - W - W^T) X"),
        (KERNEL, None, "tr(W tanh(X X^T))"),
        (KERNEL, X, "((W + W^T) .* (1 - tanh(X X^T).^2)) X"),
        (KERNEL, W, "tanh(X X^T)"),
        (total([i], apply("abs", y_i - w.T @ x_i)), w, "X^T sign(X w - y)"),
        (EARLIER_PAIRS, X, "((ones(n, n) - I) .* exp(X X^T)) X"),
        (LOG_SUMS, X, "(softmax(X X^T) + softmax(X X^T)^T) X"),
        (total([i, j], hadamard(W_ij, power(y_i - y_j, 2))), W, "(y ones(n)^T - ones(n) y^T).^2"),
    ],
)
def test_matrix_notation_where_it_reads_as_well(f: Node, v: Node | None, matrices: str) -> None:
    found = simplify(f if v is None else gradient(f, v))
    assert text(found) == text(simplify(mc.parse(matrices, WHERE).node))
    assert not found.free


@pytest.mark.parametrize(
    ("f", "sums"),
    [
        (EARLIER_PAIRS, "sum_{i<j} exp(x_i^T x_j)"),
        (LOG_SUMS, "sum_i logsumexp(X x_i)"),
        (gradient(WEIGHTED, X), "2 sum_i e_i sum_j (W_ij + W_ji) (x_i - x_j)^T / (1 + ||x_j - x_i||^2)"),
        (
            total([i], scale(apply("exp", y_i), x_i)) - total([j], scale(apply("sin", y_j), x_j)),
            "X^T (exp(y) - sin(y))",
        ),
    ],
)
def test_sums_are_one_where_they_share_factors(f: Node, sums: str) -> None:
    assert text(simplify(f)) == sums


def test_terms_that_are_left_out_stay_left_out() -> None:
    """1 / ||x_i - x_j|| has no value for i = j, where [i < j] is 0."""
    values = point(3)
    slope = simplify(gradient(REPULSION, X))
    assert np.isfinite(evaluate(slope, values, SIZES)).all()
    assert is_slope(REPULSION, X, slope, values)


@pytest.mark.parametrize("function", ["tanh", "sin", "exp"])
def test_two_relations_with_one_index_in_common_stay_two(function: str) -> None:
    """[j > l] [i < l] + [j < l] [i > l] is not [j != l] [i != l], though one mask stands in both."""
    k = Index("k", n)
    later = matmul(at(j).T, mask("strictly_upper", n, n), at(k))
    y_k = matmul(at(k).T, y)
    for body in (hadamard(y_i - y_j, apply(function, y_j - y_k)), power(hadamard(y_i - y_j, y_j - y_k), -1)):
        f, values = total([i, j, k], hadamard(EARLIER, later, body)), point(4)
        slope = simplify(gradient(f, y))
        assert agree(slope, gradient(f, y), values)
        assert is_slope(f, y, slope, values)


@pytest.mark.parametrize(
    "body",
    [
        (x_i - mu).T @ inverse(S) @ (x_i - mu),
        (x_i - mu) @ (x_i - mu).T,
        power((x_i - mu).T @ (x_i - mu), -1),
    ],
)
def test_sums_stay_where_matrices_are_longer(body: Node) -> None:
    assert simplify(total([i], body)) is total([i], body)


@sweep(3)
@pytest.mark.parametrize("start", range(0, 320, 40))
def test_random_sums_and_their_gradients_keep_their_values(start: int) -> None:
    with np.errstate(all="ignore"):
        assert not {seed: found for seed in range(start, start + 40) if (found := differs(seed))}


@sweep(3)
@pytest.mark.parametrize("start", range(0, 320, 40))
def test_sums_with_another_index_relation_or_variable_are_not_proved_equal(start: int) -> None:
    with np.errstate(all="ignore"):
        assert not {seed: found for seed in range(start, start + 40) if (found := wrongly_proved(seed))}


def test_an_index_of_an_inner_sum_is_not_that_of_an_outer_one() -> None:
    def nested(column: Node) -> Node:
        return total([i], apply("tanh", y_i + apply("log", total([j], apply("exp", hadamard(column, w.T @ x_j))))))

    assert prove_zero(add(nested(y_i), scaled(-1, nested(y_j)))) is None
    assert prove_zero(add(nested(y_j), scaled(-1, nested(y_i)))) is None


@pytest.mark.parametrize("seed", range(40))
def test_sums_written_out_have_the_same_value(seed: int) -> None:
    f, values = nest(seed, "ijkl"), point(seed)
    with np.errstate(all="ignore"):
        assert agree(f, summed_out(f, SIZES), values)


def test_sums_have_values_in_rational_numbers() -> None:
    values = {"X": [[Fraction(1), Fraction(2)], [Fraction(3), Fraction(5)]], "y": [[Fraction(1)], [Fraction(1, 2)]]}
    f = total([i], power(y_i, 2)) + total([i, j], hadamard(EARLIER, power((x_i - x_j).T @ (x_i - x_j), -1)))
    assert exact_value(f, values, {"n": 2, "d": 2}) == [[Fraction(5, 4) + Fraction(1, 13)]]
