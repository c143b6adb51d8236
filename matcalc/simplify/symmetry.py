"""Symmetric matrices in a form whose symmetry can be seen.

``S^-1 (C S^-1 - I)`` is symmetric, but a reader has to prove it; in ``S^-1 C S^-1 - S^-1`` every term is. So a factor is
taken out of such a sum only where it comes out on both sides, ``A M A^T + A N A^T = A (M + N) A^T``, or out of terms and
out of their transposes alike, ``M B + N B + (…)^T = (M + N) B + ((M + N) B)^T``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from fractions import Fraction

from matcalc.expr import (
    Node,
    chain,
    combine,
    content,
    identity,
    is_number,
    matmul,
    number,
    postorder,
    scale,
    substitute,
    terms,
    transpose,
    variable,
)
from matcalc.expr.facts import is_symmetric
from matcalc.records import dataclass
from matcalc.simplify.cost import cost
from matcalc.simplify.factoring import factored, groupings

__all__ = ["symmetric_form"]

#: A form that shows its symmetry may cost this many times what a shorter one costs.
WORTH = Fraction(3, 2)
#: Products are written out until the sum is symmetric term by term, and so often once more.
MOST_ROUNDS = 6
#: Longer sums are not written out.
MOST_TERMS = 12
#: So many ways to take out factors are compared for one form of a sum.
MOST_CANDIDATES = 300

Weighted = list[tuple[Node, Fraction]]


def symmetric_form(node: Node) -> Node | None:
    """An equal expression that is its own transpose as a node, where one is found that is not much longer."""
    if node.is_scalar or not node.is_square or not _holds_sum(node):
        return None
    found = _symmetric_form(node)
    turned = {} if found is not None or transpose(node) is node else _as_symmetric(node)
    if turned:
        found = _symmetric_form(substitute(node, turned))
        found = None if found is None else substitute(found, {s: x for x, s in turned.items()})
    return found


def _as_symmetric(node: Node) -> dict[Node, Node]:
    """Symmetric variables for square ones that are inverted and stand in one orientation only.

    The gradient by a matrix S that was not declared symmetric is read like that by one that was: all its S are S^T.
    """
    nodes = postorder(node)
    seen = set(nodes)
    inverted = {n.args[0] for n in nodes if n.op == "matpow" and (is_number(n.args[1]) or 0) < 0}
    found: dict[Node, Node] = {}
    for x in inverted:
        plain = x.upright
        if plain.op == "variable" and not is_symmetric(plain) and "skew" not in plain.data[1]:
            alone = x is not plain or transpose(plain) not in seen
            if alone and not (x is not plain and _stands_plain(nodes, plain)):
                found[x] = variable(plain.data[0], plain.shape, ("symmetric",))
    return found


def _stands_plain(nodes: list[Node], x: Node) -> bool:
    return any(x in n.args and n.op != "transpose" for n in nodes)


def _symmetric_form(node: Node) -> Node | None:
    shown = transpose(node) is node
    candidates = [gathered(form) for form in _written_out(node)]
    if not candidates:
        return None
    best = min(candidates, key=cost)
    if shown:
        return best if cost(best) < cost(node) else None
    return best if cost(best) <= WORTH * cost(node) else None


def _holds_sum(node: Node) -> bool:
    return any(n.op == "add" and len(n.args) > 1 for n in postorder(node))


def _written_out(node: Node) -> Iterator[Node]:
    """Sums equal to the node that are symmetric term by term, the least expanded first."""
    for _ in range(MOST_ROUNDS):
        if transpose(node) is node:
            yield node
        after = _distributed_once(node)
        if after is node or len(terms(after)) > MOST_TERMS:
            return
        node = after


def _distributed_once(node: Node) -> Node:
    """Every term with its outermost sum written out; a square (x - y) (x - y)^T stays one."""
    total: Weighted = []
    for term, c in terms(node):
        total += [(part, c * d) for part, d in _distributed_term(term)]
    return combine(total, node.shape)


def _distributed_term(term: Node) -> Weighted:
    if term.op == "scale":
        s, m = term.args
        return [(scale(s, part), c) for part, c in _distributed_term(m)]
    links = chain(term)
    if len(links) < 2:
        return [(term, Fraction(1))]
    at = next((i for i, f in enumerate(links) if _is_sum(f) and not _has_partner(links, i)), None)
    if at is None:
        return [(term, Fraction(1))]
    return [(matmul(*links[:at], part, *links[at + 1 :]), c) for part, c in terms(links[at])]


def _is_sum(node: Node) -> bool:
    node = node.upright
    return node.op == "add" and len(node.args) > 1


def _has_partner(links: tuple[Node, ...], at: int) -> bool:
    """The factor is half of a product R R^T, or the middle of a mirrored product."""
    other = links[len(links) - 1 - at]
    mirrored = all(transpose(a) is b for a, b in zip(links, reversed(links), strict=True))
    beside = [links[i] for i in (at - 1, at + 1) if 0 <= i < len(links)]
    return mirrored or any(transpose(links[at]) is f for f in (other, *beside) if f is not links[at])


# --- what may be taken out of a symmetric sum ---------------------------------------------------


@dataclass
class _Search:
    """The sums that were gathered, and how many more may be tried: their parts can be taken out in very many orders."""

    left: int = MOST_CANDIDATES
    known: dict[Node, Node] = field(default_factory=dict)


def gathered(node: Node, search: _Search | None = None) -> Node:
    """A symmetric sum with factors taken out so that it stays symmetric, as long as it gets shorter."""
    if transpose(node) is not node:
        return factored(node)
    search = search or _Search()
    start = node
    if start in search.known:
        return search.known[start]
    while node.op == "add" and len(node.args) > 1:
        best = min(_candidates(node, search), key=cost, default=node)
        if cost(best) >= cost(node):
            break
        node = best
    search.known[start] = node
    return node


def _candidates(node: Node, search: _Search) -> Iterator[Node]:
    pairs = terms(node)
    yield from _congruences(node, search)
    for indices, wrap, inner in groupings(node):
        for members in _one_sided(pairs, indices):
            parts = [(inner[indices.index(i)], pairs[i][1]) for i in members]
            body = combine(parts, inner[0].shape)
            if cost(body) >= cost(node):
                continue
            mirrors = _mirrors(pairs, members)
            if mirrors is None or search.left <= 0:
                continue
            search.left -= 1
            part = wrap(gathered(body, search))
            rest = [pair for i, pair in enumerate(pairs) if i not in members]
            if mirrors != set(members):
                rest = [(t, c) for t, c in rest if _mirror(t) not in {pairs[i][0] for i in members}]
                rest.append((transpose(part), Fraction(1)))
            total = combine([(part, Fraction(1)), *rest], node.shape)
            if transpose(total) is total:
                yield total


def _mirror(term: Node) -> Node:
    """The transpose, without the sign that skew factors bring."""
    return content(transpose(term))[1]


def _mirrors(pairs: tuple[tuple[Node, Fraction], ...], members: list[int]) -> set[int] | None:
    """Where the transposes of the members stand; None where one of them is not among the terms."""
    place = {t: i for i, (t, _) in enumerate(pairs)}
    found = [place.get(_mirror(pairs[i][0])) for i in members]
    return None if None in found else {i for i in found if i is not None}


def _one_sided(pairs: tuple[tuple[Node, Fraction], ...], indices: list[int]) -> Iterator[list[int]]:
    """The terms as they are where they are all symmetric, else those of them whose transposes are others."""
    mirrors = _mirrors(pairs, indices)
    if mirrors is None:
        return
    if mirrors == set(indices) or mirrors.isdisjoint(indices):
        yield indices
    for turned in (False, True):
        members = [i for i in indices if _turned_directions(pairs[i][0]) == {turned}]
        if 2 <= len(members) < len(indices) and not set(members) & (_mirrors(pairs, members) or set(members)):
            yield members


def _turned_directions(term: Node) -> set[bool]:
    """Whether dX or dX^T stands in a product."""
    body = term.args[1] if term.op == "scale" else term
    return {f.op == "transpose" for f in chain(body) if f.linear}


def _congruences(node: Node, search: _Search) -> Iterator[Node]:
    """A M A^T + A N A^T = A (M + N) A^T"""
    opened = [(*_opened(t), c) for t, c in terms(node)]
    firsts = {links[0] for _, links, _ in opened if _inside(links, 1) is not None}
    for first in sorted(firsts):
        members = [i for i, (_, links, _) in enumerate(opened) if links[0] is first and _inside(links, 1) is not None]
        if len(members) < 2 or search.left <= 0:
            continue
        search.left -= 1
        depth = 1
        while all(_inside(opened[i][1], depth + 1) is not None for i in members):
            if len({opened[i][1][depth] for i in members}) > 1:
                break
            depth += 1
        outside = matmul(*opened[members[0]][1][:depth])
        inner: Weighted = []
        for i in members:
            s, links, c = opened[i]
            inside = _inside(links, depth)
            inner.append((scale(s, matmul(*inside) if inside else identity(outside.cols)), c))
        body = combine(inner, inner[0][0].shape)
        rest = [pair for i, pair in enumerate(terms(node)) if i not in members]
        total = matmul(outside, gathered(body, search), transpose(outside))
        yield combine([(total, Fraction(1)), *rest], node.shape)


def _opened(term: Node) -> tuple[Node, tuple[Node, ...]]:
    """(s, factors) of a term s A B C."""
    c, body = content(term)
    assert c == 1, "terms of a sum have no coefficient"
    return (body.args[0], chain(body.args[1])) if body.op == "scale" else (number(1), chain(body))


def _inside(links: tuple[Node, ...], depth: int) -> tuple[Node, ...] | None:
    """M of A M A^T, with A of this many factors, else None; a column is no such A, since u^T M u leaves the product."""
    if len(links) < 2 * depth or any(f.is_scalar for f in links):
        return None
    mirrored = all(transpose(links[i]) is links[-1 - i] and not links[i].is_column for i in range(depth))
    return links[depth : len(links) - depth] if mirrored and not links[depth - 1].cols.is_one else None
