"""Derivatives of powers: sums of X^i M X^j over i + j = k - 1, which nested products take k steps for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from matcalc.expr import Dim, Node, chain, combine, is_number, matmul, matrix_power, scale, terms

__all__ = ["sum_of_powers"]

#: Shorter sums are best as they stand.
SHORTEST = 4

#: i, M, j and the coefficient of c X^i M X^j.
Piece = tuple[int, Node, int, Fraction]


def sum_of_powers(node: Node, size: Callable[[Dim], float]) -> Node | None:
    """Σ_(i+j=2k-1) X^i M X^j = X^k S + S X^k for S = Σ_(i+j=k-1) X^i M X^j; in flat form for M = u v^T"""
    if node.linear or node.free or not node.is_square or node.is_scalar:
        return None
    for base in _bases(node):
        groups: dict[tuple[Node, Fraction], list[Piece]] = {}
        for piece in _pieces(node, base, Fraction(1)):
            groups.setdefault((piece[1], piece[3]), []).append(piece)
        whole = [_is_whole(pieces) for pieces in groups.values()]
        if any(whole) and all(w or len(g) < SHORTEST for w, g in zip(whole, groups.values(), strict=True)):
            parts = [(_summed(base, pieces, w), c) for w, ((_, c), pieces) in zip(whole, groups.items(), strict=True)]
            found = combine(parts, node.shape)
            return None if found is node else found
    return None


def _is_whole(pieces: list[Piece]) -> bool:
    """Whether there is one for each i + j = k - 1."""
    count = len(pieces)
    return count >= SHORTEST and sorted((i, j) for i, _, j, _ in pieces) == [(i, count - 1 - i) for i in range(count)]


def _summed(base: Node, pieces: list[Piece], whole: bool) -> Node:
    """The sum of X^i M X^j, by halves where M has no thin factor."""
    core = pieces[0][1]
    if whole and all(f.is_square for f in chain(core)):
        return _doubled(base, core, len(pieces))
    flat = [(matmul(matrix_power(base, i), core, matrix_power(base, j)), Fraction(1)) for i, _, j, _ in pieces]
    return combine(flat, base.shape)


def _doubled(base: Node, core: Node, count: int) -> Node:
    """Σ_(i+j=count-1) X^i M X^j by halves."""
    if count == 1:
        return core
    if count % 2:
        whole = _doubled(base, core, count - 1)
        return matmul(base, whole) + matmul(core, matrix_power(base, count - 1))
    half, power = _doubled(base, core, count // 2), matrix_power(base, count // 2)
    return matmul(power, half) + matmul(half, power)


def _bases(node: Node) -> list[Node]:
    """What stands at an end of a term as a factor or a power."""
    found = [end for t, _ in terms(node) for end in (_links(t)[0], _links(t)[-1])]
    powers = [f.args[0] for f in found if f.op == "matpow"]
    return [b for b in dict.fromkeys((*powers, *found)) if b.is_square and b.op != "add"]


def _links(term: Node) -> tuple[Node, ...]:
    return chain(term.args[1] if term.op == "scale" else term)


def _pieces(node: Node, base: Node, c: Fraction, left: int = 0, right: int = 0) -> Iterator[Piece]:
    """The terms of a sum, those of sums between powers of the base in their place."""
    for term, e in terms(node):
        links = list(_links(term))
        i, j = left, right
        while len(links) > 1 and (k := _exponent(links[0], base)):
            i, links = i + k, links[1:]
        while len(links) > 1 and (k := _exponent(links[-1], base)):
            j, links = j + k, links[:-1]
        core = matmul(*links)
        if term.op == "scale":
            core = scale(term.args[0], core)
        if core.op == "add":
            yield from _pieces(core, base, c * e, i, j)
        else:
            yield i, core, j, c * e


def _exponent(factor: Node, base: Node) -> int:
    """k where the factor is X^k with k > 0, else 0."""
    if factor is base:
        return 1
    value = is_number(factor.args[1]) if factor.op == "matpow" and factor.args[0] is base else None
    return int(value) if value is not None and value > 0 else 0
