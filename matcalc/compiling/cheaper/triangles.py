"""Triangles of triangular matrices, and diagonals of their inverses, by the diagonals that are there."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matcalc.expr import (
    Dim,
    Node,
    add,
    combine,
    diag,
    diagonal,
    factors,
    hadamard,
    identity,
    is_number,
    matmul,
    power,
    terms,
)
from matcalc.expr.supports import is_triangular

__all__ = ["diagonal_of_inverse", "diagonal_variable", "triangle_of_sum"]

OPPOSITE = {"lower": "upper", "upper": "lower"}


def diagonal_of_inverse(node: Node, size: Callable[[Dim], float]) -> Node | None:
    """diagonal(L^-1) = 1 ./ diagonal(L)"""
    (inside,) = node.args
    if inside.op != "matpow" or is_number(inside.args[1]) != -1:
        return None
    base = inside.args[0]
    return power(diagonal(base), -1) if any(is_triangular(base, kind) for kind in OPPOSITE) else None


def diagonal_variable(node: Node, size: Callable[[Dim], float]) -> Node | None:
    """D = diag(diagonal(D))"""
    is_diagonal = "diagonal" in node.data[1] and not node.is_scalar and node.is_square
    return diag(diagonal(node)) if is_diagonal else None


def triangle_of_sum(node: Node, size: Callable[[Dim], float]) -> Node | None:
    """tril(A + U) = tril(A) + diag(diagonal(U)), where U is 0 below its diagonal"""
    pairs = factors(node)
    masks = [b for b, e in pairs if b.op == "mask" and b.data[0] in OPPOSITE and is_number(e) == 1]
    if len(masks) != 1 or not node.is_square or node.linear or node.free:
        return None
    (mask,), rest = masks, [(b, e) for b, e in pairs if b is not masks[0]]
    if len(rest) != 1 or is_number(rest[0][1]) != 1:
        return None
    found = _split(rest[0][0], OPPOSITE[mask.data[0]])
    if found is None:
        return None
    turned, others = found
    kept = [hadamard(mask, others)] if others is not None and not others.is_zero else []
    return add(diag(diagonal(turned)), *kept)


def _split(node: Node, kind: str) -> tuple[Node, Node | None] | None:
    """The part of a sum that is triangular of this kind, and the rest; None where there is no such part."""
    if is_triangular(node, kind):
        return node, None
    pairs = [(t, c) for term, e in terms(node) for t, c in _spread(term, kind, e)]
    inside = [(t, c) for t, c in pairs if is_triangular(t, kind)]
    if not inside:
        return None
    return combine(inside, node.shape), combine([pair for pair in pairs if pair not in inside], node.shape)


def _spread(term: Node, kind: str, c: Fraction) -> list[tuple[Node, Fraction]]:
    """c A (s I + B) C as s c A C + c A B C, where A C is triangular of this kind."""
    sums = [k for k, f in enumerate(term.args) if f.op == "add" and f.is_square] if term.op == "matmul" else []
    if len(sums) != 1:
        return [(term, c)]
    (place,) = sums
    before, after = term.args[:place], term.args[place + 1 :]
    plain = matmul(*before, identity(term.args[place].rows), *after)
    ones = [(t, e) for t, e in terms(term.args[place]) if t.op == "identity"]
    if not ones or not is_triangular(plain, kind):
        return [(term, c)]
    others = [(t, e) for t, e in terms(term.args[place]) if t.op != "identity"]
    rest = matmul(*before, combine(others, term.args[place].shape), *after)
    return [(plain, c * ones[0][1]), *((t, c * e) for t, e in terms(rest))]
