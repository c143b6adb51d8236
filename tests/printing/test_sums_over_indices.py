"""Sums over indices in all notations: letters of indices, members of families, conditions, ranges."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

import matcalc as mc
from matcalc.expr import (
    Dim,
    Index,
    Node,
    apply,
    at,
    dimension,
    hadamard,
    identity,
    inverse,
    kron,
    mask,
    matmul,
    member_of,
    multiply,
    number,
    perturbation,
    power,
    scaled,
    selector,
    total,
    unit,
    variable,
)
from matcalc.printing import Manner, Style, displayed_rows, latex, mathml, text, unicode

n, d, K, T = (Dim.of(size) for size in ("n", "d", "K", "T"))
i, j = (Index(letter, n) for letter in "ij")
k = Index("k", K)
t, s = Index("t", T - 1), Index("s", T)
X, Z = variable("X", ("n", "d")), variable("Z", ("T", "d"))
M = variable("M", ("K", "d"))
W, P = variable("W", ("n", "n")), variable("P", ("n", "K"))
A, S = variable("A", ("d", "d")), variable("S", ("d", "d"), ("spd",))
w, mu, y = variable("w", ("d", 1)), variable("mu", ("d", 1)), variable("y", ("n", 1))


def x(index: Index) -> Node:
    return member_of(X, index)


def entry(a: Node, row: Index, column: Index) -> Node:
    return matmul(at(row).T, a, at(column))


def later(a: Node, offset: int) -> Node:
    """Row t + offset as a column."""
    return matmul(a.T, selector(offset, T - 1, T).T, at(t))


residual = w.T @ x(i) - member_of(y, i)
kernel = apply("exp", -x(i).T @ x(j))
upper = entry(mask("strictly_upper", n, n), i, j)
step = later(Z, 1) - A @ later(Z, 0)

# fmt: off
TABLE: list[tuple[Node, str, str, str]] = [
    (total([i], power(residual, 2)), "sum_i (w^T x_i - y_i)^2", "∑_i (wᵀ x_i - y_i)²", r"\sum_{i=1}^{n} (w^{\top} x_{i} - y_{i})^{2}"),
    (total([i], (x(i) - mu).T @ inverse(S) @ (x(i) - mu)), "sum_i (x_i - mu)^T S^-1 (x_i - mu)", "∑_i (x_i - μ)ᵀ S⁻¹ (x_i - μ)", r"\sum_{i=1}^{n} (x_{i} - \mu)^{\top} S^{-1} (x_{i} - \mu)"),
    (total([i, j], hadamard(entry(W, i, j), (x(i) - x(j)).T @ (x(i) - x(j)))), "sum_{i,j} W_ij ||x_j - x_i||^2", "∑_{i,j} W_ij ‖x_j - x_i‖²", r"\sum_{i, j} W_{ij} \lVert x_{j} - x_{i} \rVert^{2}"),
    (total([i], apply("log", total([j], kernel))), "sum_i log(sum_j exp(-x_i^T x_j))", "∑_i log(∑_j exp(-x_iᵀ x_j))", r"\sum_{i=1}^{n} \log\left( \sum_{j=1}^{n} \exp(-x_{i}^{\top} x_{j}) \right)"),
    (total([i, j], hadamard(upper, kernel)), "sum_{i<j} exp(-x_i^T x_j)", "∑_{i<j} exp(-x_iᵀ x_j)", r"\sum_{i < j} \exp(-x_{i}^{\top} x_{j})"),
    (total([j], hadamard(number(1) - at(i).T @ at(j), kernel)), "sum_{j!=i} exp(-x_i^T x_j)", "∑_{j!=i} exp(-x_iᵀ x_j)", r"\sum_{j \ne i} \exp(-x_{i}^{\top} x_{j})"),
    (total([t], step.T @ step), "sum_{t=1}^{T-1} ||A z_t - z_{t+1}||^2", "∑_{t=1}^{T-1} ‖A z_t - zₜ₊₁‖²", r"\sum_{t=1}^{T - 1} \lVert A z_{t} - z_{t+1} \rVert^{2}"),
]
# fmt: on


@pytest.mark.parametrize(("node", "plain", "signs", "tex"), TABLE, ids=[row[1] for row in TABLE])
def test_notations(node: Node, plain: str, signs: str, tex: str) -> None:
    assert (text(node), unicode(node), latex(node)) == (plain, signs, tex)
    ET.fromstring(mathml(node))


@pytest.mark.parametrize(
    ("node", "plain"),
    [
        (x(i), "x_i"),
        (x(i).T, "x_i^T"),
        (member_of(y, i), "y_i"),
        (entry(W, i, j), "W_ij"),
        (at(i), "e_i"),
        (at(i).T @ at(j), "[i = j]"),
        (upper, "[i < j]"),
        (matmul(at(i).T, W, y), "(W y)_i"),
        (entry(X @ A @ X.T, i, j), "x_i^T A x_j"),
        (matmul(at(i).T, apply("tanh", W @ y)), "tanh((W y)_i)"),
        (member_of(apply("tanh", X @ A), i), "tanh(A^T x_i)"),
        (member_of(W, i), "W[i, :]^T"),
        (perturbation(X).T @ at(i), "dx_i"),
        (total([i], at(i) @ (x(i) - mu).T), "sum_i e_i (x_i - mu)^T"),
        (total([k], apply("exp", entry(P, i, k))), "sum_k exp(P_ik)"),
        (total([s], apply("exp", w.T @ member_of(Z, s))), "sum_t exp(w^T z_t)"),
        (matmul(Z.T, unit(1, T)), "Z[1, :]^T"),
    ],
)
def test_members_and_entries(node: Node, plain: str) -> None:
    assert text(node) == plain


def test_what_follows_a_sum_is_summed() -> None:
    """A product goes on to the next sign, so that a sum among its factors is last or in brackets, also above a line."""
    first, second = (total([i], apply(f, w.T @ x(i))) for f in ("exp", "tanh"))
    assert text(hadamard(first, second)) == "(sum_i exp(w^T x_i)) sum_i tanh(w^T x_i)"
    assert text(multiply(first, w)) == "(sum_i exp(w^T x_i)) w"
    assert text(first - second) == "sum_i (exp(w^T x_i) - tanh(w^T x_i))"
    assert text(power(first, 2)) == "(sum_i exp(w^T x_i))^2"
    assert text(hadamard(first, power(dimension(n), -1))) == "(1 / n) sum_i exp(w^T x_i)"


def block(index: Index) -> Node:
    """One of K matrices that stand below one another."""
    return kron(at(index).T, identity(d)) @ variable("F", (K * d, d))


@pytest.mark.parametrize(
    ("node", "plain"),
    [
        (block(k), "F_k"),
        (block(k).T, "F_k^T"),
        (total([k], (w.T @ block(k)) @ mu), "mu^T (sum_k F_k^T) w"),
        (total([k], apply("exp", w.T @ block(k) @ mu)), "sum_k exp(w^T F_k mu)"),
        (total([k], kron(at(k), w @ mu.T)), "sum_{k=1}^K e_k ⊗ (w mu^T)"),
        (kron(at(i).T, at(j).T) @ variable("T", (n * n, "K")) @ at(k), "T_ijk"),
    ],
)
def test_matrices_of_a_family(node: Node, plain: str) -> None:
    assert text(node) == plain


@pytest.mark.parametrize(
    ("f", "wrt", "df"),
    [
        (r"\sum_k m_k^\top \Sigma_k^{-1} m_k", "Sigma", "-sum_k m_k^T Sigma_k^-1 dSigma_k Sigma_k^-1 m_k"),
        (r"\sum_k \log\det \Sigma_k", "Sigma", "sum_k tr(Sigma_k^-1 dSigma_k)"),
        (r"\sum_k x^\top A_k y", "A", "x^T (sum_k dA_k) y"),
        (r"x_T^\top P x_T + \sum_{t=1}^{T-1} \exp(a^\top x_t)", "P", "x_T^T dP x_T"),
        (r"\sum_{i<j} \exp(-\|x_i - x_j\|^2)", "x", "2 sum_{i<j} exp(-||x_i - x_j||^2) (x_i - x_j)^T (dx_j - dx_i)"),
        (r"x^\top x + \sum_i \|x_i - \mu\|", "mu", "-sum_i (x_i - mu)^T dmu / ||x_i - mu||"),
    ],
)
def test_differentials_in_the_letters_and_names_that_were_typed(f: str, wrt: str, df: str) -> None:
    assert str(mc.differential(f, wrt)) == df


@pytest.mark.parametrize(
    ("f", "wrt", "gradient"),
    [
        ("sum_{i<j} exp(-||x_i - x_j||^2)", "x", "-2 sum_i e_i sum_j exp(-||x_i - x_j||^2) (x_i - x_j)^T"),
        (r"\sum_{i,j} W_{ij} \|x_i - x_j\|", "x", "sum_i e_i sum_j (W_ij + W_ji) (x_i - x_j)^T / ||x_i - x_j||"),
        (r"\sum_{i,j} W_{ij} \|x_i - x_j\|", "W", "sum_{i,j} ||x_i - x_j|| e_i e_j^T"),
        (r"\sum_k m_k^\top \Sigma_k^{-1} m_k", "m", "sum_k e_k m_k^T (Sigma_k^-1 + Sigma_k^-T)"),
        (r"\sum_k x^\top A_k y", "A", "sum_{k=1}^K e_k ⊗ (x y^T)"),
    ],
)
def test_pieces_of_a_sum_are_joined(f: str, wrt: str, gradient: str) -> None:
    assert str(mc.gradient(f, wrt)) == gradient


@pytest.mark.parametrize(
    ("relations", "plain"),
    [
        (number(1) - at(i).T @ at(j), "[i != j]"),
        (upper + at(i).T @ at(j), "[i <= j]"),
        (upper + entry(mask("strictly_lower", n, n), i, j), "[i != j]"),
        (number(1) - upper, "[i >= j]"),
        (entry(mask("lower", n, n), i, j) - at(i).T @ at(j), "[i > j]"),
        (upper + entry(mask("strictly_lower", n, n), j, i), "2 [i < j]"),
    ],
)
def test_relations_are_joined(relations: Node, plain: str) -> None:
    assert text(relations) == plain


def test_a_sum_is_broken_behind_its_sign() -> None:
    body = hadamard(*(apply("exp", -(x(i) - v).T @ inverse(S) @ (x(i) - v)) for v in (mu, w, mu + w, mu - w)))
    first, *rest = displayed_rows(scaled(2, total([i], body)), "latex")
    assert first.startswith(r"2 \sum_{i=1}^{n} \exp") and rest


def test_rows_are_members_where_they_were_typed() -> None:
    """A matrix has a family's letter where nobody knows better, but not beside another of that name."""
    node = total([i], apply("exp", w.T @ x(i)))
    assert text(node, style=Style(manner=Manner(members=frozenset()))) == "sum_i exp((X w)_i)"
    small = variable("x", ("d", 1))
    assert text(total([i], apply("exp", small.T @ x(i)))) == "sum_i exp((X x)_i)"
    assert text(member_of(X, i) + small) == "x + X[i, :]^T"
