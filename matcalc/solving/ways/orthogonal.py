"""Functions of an orthogonal matrix that are linear on the manifold: Procrustes problems."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.calculus import derive_unstructured
from matcalc.expr import Node, call, chain, content, matmul, scale, scaled, split_scalar, terms, transpose, zeros
from matcalc.expr.facts import is_symmetric
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.ways.equations import Root, holds

__all__ = ["procrustes"]


def procrustes(f: Node, q: Node) -> Iterator[Root]:
    """<N, Q> + constant is least at Q = -U V^T and largest at U V^T, for N = U diag(s) V^T [Schönemann 1966]"""
    gradient = derive_unstructured(f, [q]).matrix
    if gradient is None:
        return
    n = _without_constants(expanded(gradient), q)
    if n.is_zero or holds(n, q):
        return
    c, n = content(n)
    left, right = (call(side, scaled(-1 if c > 0 else 1, n), shape=n.shape) for side in ("svd_u", "svd_v"))
    yield Root(simplify(matmul(left, transpose(right))), "the polar factor of the negative gradient")


def _without_constants(gradient: Node, q: Node) -> Node:
    """Without terms M Q and Q M with a symmetric M: tr(Q^T M Q) does not move on the manifold."""
    kept = zeros(*q.shape)
    turned: dict[bool, Node] = {}
    for term, c in terms(gradient):
        side = _side(term, q)
        if side is None:
            kept = kept + scaled(c, term)
        else:
            is_left, matrix = side
            turned[is_left] = turned[is_left] + scaled(c, matrix) if is_left in turned else scaled(c, matrix)
    for is_left, matrix in turned.items():
        if not is_symmetric(simplify(matrix)):
            kept = kept + (matmul(matrix, q) if is_left else matmul(q, matrix))
    return simplify(kept)


def _side(term: Node, q: Node) -> tuple[bool, Node] | None:
    """(True, M) of M Q, (False, M) of Q M."""
    s, rest = split_scalar(term)
    factors = chain(rest)
    if holds(s, q) or len(factors) < 2 or sum(holds(f, q) for f in factors) != 1:
        return None
    if factors[-1] is q:
        return True, scale(s, matmul(*factors[:-1]))
    if factors[0] is q:
        return False, scale(s, matmul(*factors[1:]))
    return None
