"""Eigen equations of several columns, A W = B W M with an unknown M: principal components and their like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcalc.expr import (
    ONE,
    Node,
    call,
    chain,
    diag,
    divide,
    identity,
    inverse,
    matmul,
    number,
    scale,
    scaled,
    selector,
    split_scalar,
    terms,
    transpose,
    zeros,
)
from matcalc.expr.facts import is_pd, is_symmetric
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.ways.equations import Equation, holds

__all__ = ["Subspace", "subspace_equation"]


@dataclass(frozen=True)
class Subspace:
    """``A W = B W M``, where M = ``value`` holds a multiplier."""

    left: Node
    right: Node
    value: Node

    def bases(self, w: Node) -> Iterator[tuple[Node, Node]]:
        """(W, M) of the least and of the largest eigenvalues, of a symmetric A and a definite B = L L^T, with W^T B W = I."""
        if not (is_symmetric(self.left) and is_pd(self.right)):
            return
        matrix, factor = self.left, identity(w.rows)
        if self.right.op != "identity":
            root = call("chol", self.right, shape=self.right.shape)
            matrix = simplify(matmul(inverse(root), self.left, transpose(inverse(root))))
            factor = transpose(inverse(root))
        vectors = call("eigvecs", matrix, shape=matrix.shape)
        values = call("eigvals", matrix, shape=(matrix.rows, ONE))
        for offset in (w.rows - w.rows, w.rows - w.cols):
            chosen = selector(offset, w.cols, w.rows)
            yield matmul(factor, vectors, transpose(chosen)), diag(matmul(chosen, values))


def subspace_equation(equation: Equation, multipliers: Sequence[Node]) -> Subspace | None:
    """The reading of A W + B W N = 0, where only N holds multipliers."""
    w = equation.unknown
    if w.is_column or w.is_row:
        return None
    left, value = zeros(w.rows, w.rows), zeros(w.cols, w.cols)
    rights: set[Node] = set()
    for term, c in terms(expanded(equation.residual)):
        found = _around(term, w) or _behind(term, w)
        if found is None:
            return None
        before, after = found
        if not any(holds(after, m) for m in (*multipliers, w)):
            if after.op != "identity" or any(holds(before, m) for m in multipliers):
                return None
            left = left + scaled(c, before)
        else:
            rights.add(before)
            value = value + scaled(-c, after)
    if len(rights) != 1 or value.is_zero:
        return None
    s, rest = split_scalar(simplify(left))
    return Subspace(rest, rights.pop(), simplify(scale(_inverse(s), value)))


def _behind(term: Node, w: Node) -> tuple[Node, Node] | None:
    """(I, N) of W N, where N holds W, too."""
    s, rest = split_scalar(term)
    found = chain(rest)
    if found[0] is not w or holds(s, w) or len(found) < 2:
        return None
    return identity(w.rows), scale(s, matmul(*found[1:]))


def _inverse(s: Node) -> Node:
    return divide(number(1), s)


def _around(term: Node, w: Node) -> tuple[Node, Node] | None:
    """(P, Q) of P W Q, numbers in Q where it holds something, else in P."""
    s, rest = split_scalar(term)
    found = chain(rest)
    places = [i for i, f in enumerate(found) if f is w]
    if len(places) != 1 or holds(s, w) or any(holds(f, w) for f in found if f is not w):
        return None
    (i,) = places
    before = matmul(*found[:i]) if i else identity(w.rows)
    after = matmul(*found[i + 1 :]) if i + 1 < len(found) else identity(w.cols)
    return (scale(s, before), after) if after.op == "identity" else (before, scale(s, after))
