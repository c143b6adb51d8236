"""Inverses and determinants of a diagonal matrix and one of low rank, by a matrix of that rank.

The diagonal matrix is one that is known to have an inverse whatever the data are: the forms hold wherever those hold that
are typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matcalc.compiling.cheaper.chains import Cost
from matcalc.expr import (
    Dim,
    Node,
    add,
    apply,
    block,
    det,
    diag,
    dimension,
    hadamard,
    identity,
    inverse,
    is_number,
    logdet,
    matmul,
    ones,
    power,
    scale,
    scaled,
    split_scalar,
    terms,
    transpose,
)
from matcalc.expr.facts import is_positive
from matcalc.records import dataclass

__all__ = ["LowRank", "determinant_by_rank", "inverse_by_rank", "log_determinant_by_rank"]

#: A sum of more such products is no short one.
MOST_PRODUCTS = 4


@dataclass(frozen=True)
class LowRank:
    """diag(d) + U V^T with positive d.

    Attributes:
        d: a column of positive entries, or a positive number that all of them are.
        u: the columns.
        v: the rows, transposed.
    """

    d: Node
    u: Node
    v: Node

    @property
    def size(self) -> Dim:
        return self.u.rows

    @property
    def rank(self) -> Dim:
        return self.u.cols

    def divided(self, m: Node) -> Node:
        """diag(d)^-1 M"""
        below = power(self.d, -1)
        return scale(below, m) if self.d.is_scalar else matmul(diag(below), m)

    @property
    def small(self) -> Node:
        """I + V^T diag(d)^-1 U"""
        return add(identity(self.rank), matmul(transpose(self.v), self.divided(self.u)))


def inverse_by_rank(node: Node, size: Cost) -> Node | None:
    """(D + U V^T)^-1 = D^-1 - D^-1 U (I + V^T D^-1 U)^-1 V^T D^-1"""
    found = split(node.args[0], size) if is_number(node.args[1]) == -1 else None
    if found is None:
        return None
    correction = matmul(found.divided(found.u), inverse(found.small), transpose(found.divided(found.v)))
    return add(found.divided(identity(found.size)), scaled(-1, correction))


def determinant_by_rank(node: Node, size: Cost) -> Node | None:
    """det(D + U V^T) = det(I + V^T D^-1 U) det(D)"""
    found = split(node.args[0], size)
    if found is None or not found.d.is_scalar:  # a product of all entries of d may leave the range of numbers
        return None
    return hadamard(det(found.small), power(found.d, dimension(found.size)))


def log_determinant_by_rank(node: Node, size: Cost) -> Node | None:
    """log det(D + U V^T) = log det(I + V^T D^-1 U) + log det(D)"""
    found = split(node.args[0], size)
    if found is None:
        return None
    logs = apply("log", found.d)
    total = hadamard(logs, dimension(found.size)) if logs.is_scalar else matmul(transpose(ones(found.size)), logs)
    return add(logdet(found.small), total)


def split(node: Node, size: Cost) -> LowRank | None:
    """A sum as a positive diagonal matrix and products of few columns, where these are fewer than half of its rows."""
    pairs = terms(node)
    if not 2 <= len(pairs) <= MOST_PRODUCTS + 1 or node.linear or node.free or node.is_scalar:
        return None
    known = [(_diagonal(t), t, c) for t, c in pairs]
    columns = [scaled(c, d) for d, _, c in known if d is not None]
    sides = [_sides(t, c, size) for d, t, c in known if d is None]
    d = _sum_of_diagonals(columns, node.rows)
    if d is None or not is_positive(d) or not sides or any(s is None for s in sides):
        return None
    u, v = (block([[pair[k] for pair in sides if pair]]) for k in (0, 1))
    return LowRank(d, u, v) if 2 * size(u.cols) < size(node.rows) else None


def _sum_of_diagonals(columns: Sequence[Node], size: Dim) -> Node | None:
    """Numbers and columns as one of these."""
    if all(d.is_scalar for d in columns):
        return add(*columns) if columns else None
    return add(*(scale(d, ones(size)) if d.is_scalar else d for d in columns))


def _diagonal(term: Node) -> Node | None:
    """d of diag(d), s of s I; None of anything else."""
    s, m = split_scalar(term)
    if m.op == "identity":
        return s
    return scale(s, m.args[0]) if m.op == "diag" else None


def _sides(term: Node, c: Fraction, size: Cost) -> tuple[Node, Node] | None:
    """(U, V) of c U V^T, with as few columns as any cut of the product gives."""
    s, m = split_scalar(term)
    if m.op == "ones":
        return scaled(c, scale(s, ones(m.rows))), ones(m.cols)
    if m.op != "matmul":
        return None
    cut = min(range(1, len(m.args)), key=lambda k: size(m.args[k].rows))
    left, right = matmul(*m.args[:cut]), transpose(matmul(*m.args[cut:]))
    root = _root(scaled(c, s)) if left is right else None
    if root is not None:
        return scale(root, left), scale(root, left)
    return scaled(c, scale(s, left)), right


def _root(s: Node) -> Node | None:
    """The square root of a positive number: U U^T stays symmetric."""
    value = is_number(s)
    if value is not None:
        return s if value == 1 else power(s, Fraction(1, 2)) if value > 0 else None
    return power(s, Fraction(1, 2)) if is_positive(s) else None
