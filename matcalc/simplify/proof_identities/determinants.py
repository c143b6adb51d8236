"""Determinants in one form each, for proofs: of sums of two terms and of blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from matcalc.expr import (
    Node,
    add,
    chain,
    det,
    hadamard,
    identity,
    inverse,
    is_number,
    logdet,
    matmul,
    multiply,
    postorder,
    power,
    rebuild,
    scale,
    scaled,
    split_scalar,
    terms,
    transpose,
)
from matcalc.expr.facts import is_invertible
from matcalc.simplify.patterns import outer_factors

__all__ = ["with_canonical_determinants"]

#: det or logdet
Build = Callable[[Node], Node]
#: A product whose factors may be turned round.
Ring = tuple[Node, ...]


def with_canonical_determinants(root: Node) -> Node:
    """det(A + U V) = det(A) det(I + V A^-1 U), det(I + U V) = det(I + V U), Schur complements of blocks"""
    memo: dict[Node, Node] = {}
    for node in postorder(root):
        again = rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node
        memo[node] = _determinant(again) if again.op in ("det", "logdet") else again
    return memo[root]


def _determinant(node: Node) -> Node:
    """One determinant in canonical form."""
    (p,) = node.args
    found = None
    if p.op == "block" and p.data == (2, 2):
        found = _of_blocks(node, *p.args)
    elif p.op == "add" and len(p.args) == 2:
        found = _of_two_terms(node)
    return node if found is None else found


def _build(node: Node) -> Build:
    return det if node.op == "det" else logdet


def _joined(node: Node, *parts: Node) -> Node:
    """Determinants multiply, their logarithms add."""
    return hadamard(*parts) if node.op == "det" else add(*parts)


def _without(node: Node, whole: Node, part: Node) -> Node:
    """det(P) / det(Q), or the difference of their logarithms."""
    return hadamard(whole, power(part, -1)) if node.op == "det" else whole - part


def _of_blocks(node: Node, corner: Node, above: Node, left: Node, below: Node) -> Node | None:
    """det([A, B; B, A]) = det(A + B) det(A - B), det([A, B; C, D]) = det(A) det(D - C A^-1 B)"""
    build = _build(node)
    if corner is below and above is left:
        return _joined(node, *(with_canonical_determinants(build(corner + scaled(s, above))) for s in (1, -1)))
    if not _is_regular(corner):
        return None
    schur = build(below - multiply(multiply(left, inverse(corner)), above))
    return _joined(node, build(corner), with_canonical_determinants(schur))


def _of_two_terms(node: Node) -> Node | None:
    """det(A + U V) by a product that is turned round until it is the least."""
    pairs = sorted(
        terms(node.args[0]), key=lambda pair: (pair[0].op != "identity", pair[0].op == "matmul", pair[0].key)
    )
    for (lead, k), (rest, c) in (pairs, pairs[::-1]):
        s, body = split_scalar(rest)
        outer = outer_factors(body) if body.op == "ones" else None
        links = chain(body) if outer is None else (outer[0], transpose(outer[1]))
        if lead.op == "scale" and lead.args[1].op == "identity" and all(link.is_square for link in links):
            return _of_multiple_of_identity(node, scaled(k, lead), scaled(c, s), links)
        if _is_regular(lead):
            return _of_regular(node, lead, k, scaled(c / k, s), links)
    return None


def _of_multiple_of_identity(node: Node, lead: Node, scalar: Node, links: Ring) -> Node:
    """det(s I + A B) = det(s I + B A) of square factors"""
    return _build(node)(min((lead + scale(scalar, product) for product in _turned(links)), key=_size))


def _of_regular(node: Node, lead: Node, k: Fraction, scalar: Node, links: Ring) -> Node | None:
    """det(k (A + s U V)) = det(k A) det(I + s V A^-1 U)"""
    if len(links) < 2:
        return None
    build, outside = _build(node), _build(node)(scaled(k, lead))
    ring = links if lead.op == "identity" else (inverse(lead), *links)
    half = ring[: len(ring) // 2]
    if half * 2 == ring and is_number(scalar) == -1:
        both = (identity(lead.rows) + scaled(sign, matmul(*half)) for sign in (1, -1))
        return _joined(node, outside, *(with_canonical_determinants(build(p)) for p in both))
    if len(ring) == 2 and (parts := _inverse_beside(ring)) is not None:
        over, other = parts
        return _joined(node, outside, _without(node, build(over + scale(scalar, other)), build(over)))
    shorter = _shorter(node, ring, scalar)
    if shorter is not None:
        return _joined(node, outside, shorter)
    inside = min((identity(p.rows) + scale(scalar, p) for p in _turned(ring)), key=_size)
    return _joined(node, outside, build(inside))


def _shorter(node: Node, ring: Ring, scalar: Node) -> Node | None:
    """det(I + P^-1 R) = det(P + R) / det(P), where that cancels terms of P"""
    build = _build(node)
    for i, link in enumerate(ring):
        if link.op != "matpow" or is_number(link.args[1]) != -1 or link.args[0].op != "add":
            continue
        p = link.args[0]
        total = p + scale(scalar, matmul(*ring[i + 1 :], *ring[:i])) if len(ring) > 1 else p
        if len(terms(total)) < len(terms(p)):
            return _without(node, build(total), build(p))
    return None


def _inverse_beside(ring: Ring) -> tuple[Node, Node] | None:
    """(X, Y) of X^-1 Y or Y X^-1, for a square Y that is no inverse."""
    for first, second in (ring, ring[::-1]):
        is_inverse = first.op == "matpow" and is_number(first.args[1]) == -1
        if is_inverse and second.is_square and second.op != "matpow":
            return first.args[0], second
    return None


def _is_regular(x: Node) -> bool:
    """Invertible for almost all values of its variables: det is continuous, so that is enough."""
    free = x.op == "variable" and x.is_square and "skew" not in x.data[1]
    free = free or (x.op == "diag" and x.args[0].op == "variable")
    return free or is_invertible(x) or (x.op in ("transpose", "matpow") and _is_regular(x.args[0]))


def _turned(ring: Ring) -> Iterator[Node]:
    """The products that start at each of the factors, and those of the transpose."""
    for links in (ring, tuple(transpose(f) for f in reversed(ring))):
        yield from (matmul(*links[i:], *links[:i]) for i in range(len(links)))


def _size(p: Node) -> tuple[str, tuple[int, str, bytes]]:
    return str(p.rows), p.key
