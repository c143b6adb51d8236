"""Diagonal matrices, diagonals and Hadamard products."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from itertools import pairwise

from matcalc.expr import (
    Node,
    Shape,
    chain,
    combine,
    diag,
    diagonal,
    factors,
    hadamard,
    is_number,
    mask,
    matmul,
    multiply,
    number,
    ones,
    power,
    scale,
    split_scalar,
    terms,
    total,
    transpose,
)
from matcalc.expr.supports import is_diagonal
from matcalc.simplify.patterns import is_entrywise, linear_factors, linear_kinds, outer_factors, product_of, replaced

__all__ = [
    "commuting_diagonals",
    "complementary_triangles",
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


#: A pattern -> others that it does not overlap -> what they are together, where that is not everything.
TOGETHER = {
    "strictly_upper": {"strictly_lower": "off_diagonal", "lower": ""},
    "strictly_lower": {"strictly_upper": "off_diagonal", "upper": ""},
}


def complementary_triangles(node: Node) -> Node | None:
    """triu(A, 1) + tril(A) = A, [i < j] + [i > j] = [i != j]

    triu(A, 1) + tril(A, -1) is A without its diagonal, tril(A) + triu(A, 1) = A, 1 - [i = j] = [i != j]
    """
    weights = dict(terms(node))
    for term, c in weights.items():
        for put, kind, whole, shape in _complements(term):
            other = put(mask(kind, *shape))
            if other is not term and weights.get(other) == c:
                joined = put(mask(whole, *shape) if whole else ones(*shape))
                rest = ((t, k) for t, k in weights.items() if t not in (term, other))
                return combine([*rest, (joined, c)], node.shape)
    return _unequal(node)


Put = Callable[[Node], Node]


def _complements(term: Node) -> Iterator[tuple[Put, str, str, Shape]]:
    """(how another stands in place of a mask, one that it does not overlap, what they are together, their shape)"""
    for part, put in _masks(term):
        for kind, whole in TOGETHER.get(part.data[0], {}).items():
            yield put, kind, whole, part.shape


def _masks(term: Node) -> Iterator[tuple[Node, Put]]:
    """The masks in a product, also in one that is summed over indices."""
    if linear_kinds(term).isdisjoint(("mask", "total")):
        return
    for part in linear_factors(term):
        if part.op == "mask":
            yield part, partial(replaced, term, part)
        elif part.op == "total":
            for inner, put in _masks(part.args[0]):
                yield inner, partial(_put_into_sum, term, part, put)


def _put_into_sum(term: Node, part: Node, put: Put, new: Node) -> Node:
    return replaced(term, part, total(part.data, put(new)))


def _unequal(node: Node) -> Node | None:
    """1 - [i = j] = [i != j]"""
    weights = dict(terms(node))
    c = weights.get(number(1), Fraction(0))
    for term, k in weights.items() if node.is_scalar and c else ():
        if k == -c and term.op == "matmul" and all(f.upright.op == "at" for f in term.args):
            row, column = term.args
            apart = matmul(row, mask("off_diagonal", row.cols, column.rows), column)
            rest = ((t, w) for t, w in weights.items() if t not in (number(1), term))
            return combine([*rest, (apart, c)], node.shape)
    return None


def diag_of_diagonal(node: Node) -> Node | None:
    """diag(u + diagonal(D)) = diag(u) + D

    diag(u + c diagonal(D)) = diag(u) + c D for a diagonal matrix D
    """
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
