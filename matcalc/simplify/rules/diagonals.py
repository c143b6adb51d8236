"""Diagonal matrices, diagonals and Hadamard products."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from matcalc.expr import (
    Node,
    chain,
    combine,
    diag,
    diagonal,
    factors,
    hadamard,
    is_number,
    matmul,
    multiply,
    ones,
    power,
    scale,
    split_scalar,
    terms,
    transpose,
)
from matcalc.expr.supports import is_diagonal
from matcalc.simplify.patterns import is_entrywise, outer_factors, product_of

__all__ = [
    "commuting_diagonals",
    "diag_of_diagonal",
    "diagonal_of_diagonal_product",
    "diagonal_of_entrywise_product",
    "hadamard_with_outer_product",
    "trace_of_diagonal_product",
]


def diagonal_of_unit(node: Node) -> Node | None:
    """diag(e_i) = e_i e_i^T"""
    (column,) = node.args
    return matmul(column, transpose(column)) if column.op == "unit" else None


def diagonal_times_column(node: Node) -> Node | None:
    """diag(u) A x = u ⊙ (A x)"""
    links = chain(node)
    if not node.is_column or node.is_scalar or links[0].op != "diag":
        return None
    return hadamard(links[0].args[0], matmul(*links[1:]))


def diag_of_diagonal(node: Node) -> Node | None:
    """diag(u + c diagonal(D)) = diag(u) + c D for a diagonal matrix D"""
    pairs = [(*split_scalar(t), c) for t, c in terms(node.args[0])]
    whole = [(scale(s, m.args[0]), c) for s, m, c in pairs if m.op == "diagonal" and is_diagonal(m.args[0])]
    if not whole:
        return None
    rest = [(scale(s, m), c) for s, m, c in pairs if m.op != "diagonal" or not is_diagonal(m.args[0])]
    return combine([*whole, (diag(combine(rest, node.args[0].shape)), Fraction(1))], node.shape)


def commuting_diagonals(node: Node) -> Node | None:
    """D E = E D for diagonal matrices"""
    links = chain(node)
    for i, (left, right) in enumerate(pairwise(links)):
        if right < left and is_diagonal(left) and is_diagonal(right):
            return product_of([*links[:i], right, left, *links[i + 2 :]])
    return None


def diagonal_of_diagonal_product(node: Node) -> Node | None:
    """diagonal(diag(u) A) = u ⊙ diagonal(A)"""
    links = chain(node.args[0])
    if len(links) < 2:
        return None
    if links[0].op == "diag":
        return hadamard(links[0].args[0], diagonal(matmul(*links[1:])))
    if links[-1].op == "diag":
        return hadamard(links[-1].args[0], diagonal(matmul(*links[:-1])))
    return None


def trace_of_diagonal_product(node: Node) -> Node | None:
    """tr(diag(v) A) = v^T diagonal(A)"""
    links = chain(node.args[0])
    at = [i for i, f in enumerate(links) if f.op == "diag"]
    if len(links) < 2 or len(at) != 1:
        return None
    rest = matmul(*links[at[0] + 1 :], *links[: at[0]])
    return matmul(transpose(links[at[0]].args[0]), diagonal(rest))


def hadamard_with_outer_product(node: Node) -> Node | None:
    """A ⊙ (u v^T)^k = diag(u^k) A diag(v^k) for an integer k; not of a mask, as tril(u v^T) reads better"""
    pairs = list(factors(node))
    if len(pairs) < 2 or node.is_column or all(b.upright.op in ("mask", "matmul") for b, _ in pairs):
        return None
    for i, (b, e) in enumerate(pairs):
        k = is_number(e)
        split = outer_factors(b) if b.op == "matmul" and k is not None and k.denominator == 1 else None
        if split is not None:
            rest = hadamard(*(power(*p) for j, p in enumerate(pairs) if j != i))
            return multiply(multiply(diag(power(split[0], e)), rest), diag(power(split[1], e)))
    return None


def diagonal_of_entrywise_product(node: Node) -> Node | None:
    """diagonal(f(A)^T B) = (f(A) ⊙ B)^T 1, also with the entrywise function at the end"""
    links = chain(node.args[0])
    if len(links) < 2:
        return None
    if is_entrywise(links[0]):
        return _row_sums(links[0], matmul(*links[1:]))
    return _row_sums(transpose(links[-1]), transpose(matmul(*links[:-1]))) if is_entrywise(links[-1]) else None


def _row_sums(a: Node, b: Node) -> Node:
    """(A ⊙ B^T) 1, so that of A and B^T the one with fewer transposes stands below a transpose"""
    return matmul(hadamard(a, transpose(b)), ones(a.cols))
