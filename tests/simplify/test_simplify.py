"""Simplification never changes the value, is idempotent, and does not depend on how a sum was written."""

from __future__ import annotations

import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.expr import Node, add, scaled, terms
from matcalc.simplify import cost, simplify
from tests.strategies import expressions

SIZES = {"n": 3, "m": 4}
RNG = np.random.default_rng(5)


def _values() -> dict[str, np.ndarray]:
    square = {name: RNG.standard_normal((3, 3)) * 0.5 for name in "AB"}
    c = RNG.standard_normal((3, 3)) * 0.5
    vectors = {name: RNG.standard_normal((3, 1)) * 0.5 for name in "xy"}
    numbers = {"s": np.array([[0.4]]), "t": np.array([[-0.7]]), "p": np.array([[1.3]])}
    return {**square, "S": (c + c.T) / 2, "M": RNG.standard_normal((4, 3)) * 0.5, **vectors, **numbers}


VALUES = _values()
quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(expressions())
def test_value_is_preserved(node: Node) -> None:
    before, after = evaluate(node, VALUES, SIZES), evaluate(simplify(node), VALUES, SIZES)
    assert after.shape == before.shape
    assert np.allclose(before, after, rtol=1e-9, atol=1e-9 * (1 + np.abs(before).max()))


@quick
@given(expressions())
def test_idempotent_and_never_longer(node: Node) -> None:
    once = simplify(node)
    assert simplify(once) is once
    assert cost(once) <= cost(node)


@quick
@given(expressions())
def test_independent_of_the_order_of_terms(node: Node) -> None:
    pairs = list(terms(node))
    random.Random(3).shuffle(pairs)
    if pairs:
        assert simplify(add(*(scaled(c, t) for t, c in pairs))) is simplify(node)


# expression, the shortest form
FORMS = [
    ("det(I + x x^T)", "1 + x^T x"),
    ("x^T A y + y^T A^T x", "2 x^T A y"),
    ("w^T r + r^T w", "2 r^T w"),
    ("tr(A B) - tr(B A)", "0"),
    ("1 - sigmoid(s) where s: scalar", "sigmoid(-s)"),
    ("log(1 + exp(x))", "softplus(x)"),
    ("exp(x) ./ (1 + exp(x))", "sigmoid(x)"),
    ("exp(x) / sum(exp(x))", "softmax(x)"),
    ("log(sum(exp(x)))", "logsumexp(x)"),
    ("sin(x).^2 + cos(x).^2", "ones(n)"),
    ("A x + A y", "A (x + y)"),
    ("A B + A C", "A (B + C)"),
    ("a^2 / a - a", "0"),
    ("s / (1 + s) + 1 / (1 + s) where s: scalar", "1"),
    ("(I + x x^T)^-1 x", "x / (1 + x^T x)"),
    ("X^-1 X A where X: invertible(n)", "A"),
    ("K(m, n) vec(A) where A: matrix(m, n)", "vec(A^T)"),
]


@pytest.mark.parametrize(("text", "short"), [row for row in FORMS if not row[0].startswith("K(")])
def test_reads_as_a_person_would_write_it(text: str, short: str) -> None:
    assert str(mc.parse(text).simplify()) == short


# function, variable, declarations, its gradient as a person would write it
GRADIENTS = [
    ("-y^T log(sigmoid(X w)) - (1 - y)^T log(1 - sigmoid(X w))", "w", "X: matrix(n, d), y: vector(n), w: vector(d)", "X^T (sigmoid(X w) - y)"),
    ("sum(log(cosh(X w)))", "w", "X: matrix(n, d), w: vector(d)", "X^T tanh(X w)"),
    ("sum((X w - y).^2 ./ (1 + (X w - y).^2))", "w", "X: matrix(n, d), y: vector(n), w: vector(d)", "2 X^T ((X w - y) ./ (1 + (X w - y).^2).^2)"),
    ("sum(F .* (U V^T + b ones(n)^T - T).^2)", "U", "F: matrix(m, n), U: matrix(m, k), V: matrix(n, k), b: vector(m), T: matrix(m, n)", "2 (F .* (U V^T + b ones(n)^T - T)) V"),
    ("1/2 w^T S w - c sum(log(w))", "w", "w: vector(n, positive), S: spd(n), c: scalar", "S w - c ./ w"),
    ("c^T inv(X^T diag(w) X) c", "w", "c: vector(d), X: matrix(n, d), w: vector(n, positive)", "-(X (X^T diag(w) X)^-1 c).^2"),
    ("norm_spec(W)^2", "W", "W: matrix(m, n)", "2 ||W||_2 svd_u_max(W) svd_v_max(W)^T"),
    ("sum(log(eigvals(S)))", "S", "S: spd(n)", "S^-1"),
    ("r log(softmax(W s)[1])", "W", "r: scalar, W: matrix(k, d), s: vector(d)", "r (e(1, k) - softmax(W s)) s^T"),
    ("||vec(T) - kron(a, b)||^2", "a", "T: matrix(n, m), a: vector(m), b: vector(n)", "2 ((b^T b) a - T^T b)"),
    ("1 - ||y - X w||^2 / ||y - mean(y) ones(n)||^2", "w", "X: matrix(n, d), y: vector(n), w: vector(d)", "2 X^T (y - X w) / ||y - mean(y)||^2"),
    ("sum(abs(vec(S))) + sum(vec(S).^3)", "S", "S: matrix(n, n)", "3 S.^2 + sign(S)"),
    ("exp(vec(A))^T (vec(A) .* vec(B))", "B", "A: matrix(m, n), B: matrix(m, n)", "A .* exp(A)"),
    ("norm(x, 3)", "x", "x: vector(n)", "x .* abs(x) / norm(x, 3)^2"),
    ("log(abs(s))", "s", "s: scalar", "1 / s"),
    ("||x - y||^2 + sum(z ./ x)", "z", "x: vector(n), y: vector(n), z: vector(n)", "1 ./ x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "where", "gradient"), GRADIENTS, ids=[row[0] for row in GRADIENTS])
def test_gradients_read_as_a_person_would_write_them(text: str, wrt: str, where: str, gradient: str) -> None:
    g = mc.gradient(text, wrt, where)
    assert str(g) == gradient
    assert mc.equal(g, gradient)
    assert mc.check(text, wrt, where=where, trials=1)


def test_results_do_not_depend_on_the_hash_seed() -> None:
    program = (
        "import matcalc as mc\n"
        "for f, v in [('logdet(X^T X)', 'X'), ('||W2 tanh(W1 x) - y||^2', 'W1'), ('(w^T r - f) / (w^T S w)^.5', 'w')]:\n"
        "    print(mc.gradient(f, v), mc.hessian(f, v), mc.differential(f, v))\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1


def test_of_two_triangles_in_a_term_one_alone_is_joined_with_another_term() -> None:
    """L (a ⊙ L a) + U (a ⊙ U a) is not (L + U) (a ⊙ (L + U) a)."""
    f = "sum((triu(ones(n,n),1) a) .* (tril(ones(n,n),-1) a) .* a) where a: vector(n)"
    assert mc.check(f, "a")
