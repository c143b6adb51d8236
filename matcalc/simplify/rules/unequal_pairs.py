"""Sums over pairs i != j, and the matrix of ones without its diagonal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from matcalc.errors import DomainError
from matcalc.expr import (
    Index,
    Node,
    chain,
    combine,
    factors,
    hadamard,
    identity,
    is_number,
    matmul,
    multiply,
    number,
    ones,
    postorder,
    power,
    reindex,
    scale,
    split_scalar,
    terms,
    total,
    transpose,
)
from matcalc.simplify.cost import cost

__all__ = ["pairs_that_vanish_when_equal", "unequal_beside_identity", "unequal_in_product"]

ONCE = Fraction(1)

#: Functions that overflow for arguments of a few hundred.
GROWING = frozenset({"exp", "expm1", "sinh", "cosh", "gamma"})
POWERS = frozenset({"power", "matpow"})


def unequal_in_product(node: Node) -> Node | None:
    """(1 1^T - I) x = (1^T x) 1 - x, where that is shorter"""
    links = chain(node)
    for k, link in enumerate(links):
        beside = [links[i] for i in (k - 1, k + 1) if 0 <= i < len(links)]
        if not _is_unequal(link) or any(f.upright.op == "at" for f in beside):
            continue
        before, after = links[:k], links[k + 1 :]
        whole = matmul(*before, ones(link.rows, link.cols), *after)
        apart = matmul(*before, *after) if before or after else identity(link.rows)
        return _if_shorter(combine([(whole, ONCE), (apart, -ONCE)], node.shape), node)
    return None


def unequal_beside_identity(node: Node) -> Node | None:
    """(1 1^T - I) + s I = 1 1^T + (s - 1) I, where that is shorter"""
    pairs = terms(node)
    bodies = [split_scalar(t)[1] for t, _ in pairs]
    if not (any(map(_is_unequal, bodies)) and any(body.op == "identity" for body in bodies)):
        return None
    apart = combine([(ones(*node.shape), ONCE), (identity(node.rows), -ONCE)], node.shape)
    total_ = [
        (scale(split_scalar(t)[0], apart) if _is_unequal(body) else t, c)
        for (t, c), body in zip(pairs, bodies, strict=True)
    ]
    return _if_shorter(combine([(u, c * d) for t, c in total_ for u, d in terms(t)], node.shape), node)


def pairs_that_vanish_when_equal(node: Node) -> Node | None:
    """Σ_j [i != j] (x_i - x_j) = Σ_j (x_i - x_j), whose term of i = j is 0, in floating point, too"""
    inside = node.args[0]
    scalar, body = (inside, number(1)) if inside.is_scalar else split_scalar(inside)
    for condition, first, second in _conditions(scalar):
        if second not in node.data and first not in node.data:
            continue
        others = [power(*p) for p in factors(scalar) if p[0] is not condition]
        rest = multiply(hadamard(number(1), *others), body)
        try:
            if not reindex(rest, {second: first}).is_zero:
                continue
            equal = [reindex(part, {second: first}) for part in (*others, *chain(body))]
        except DomainError:  # 1 / (x_i - x_j) has no value there
            continue
        if not any(_may_be_infinite(part, first) for part in equal):
            return total(node.data, rest)
    return None


def _may_be_infinite(factor: Node, index: Index) -> bool:
    """Whether it may overflow in the term of an index where it does not in others: 0 ∞ is no number there.

    Shares e^{u_ij} / Σ_{k≠i} e^{u_ik} are not bounded at i = j, where the sum may vanish beside a term that is none of it.
    """
    parts = [part for part in postorder(factor) if index in part.free]
    return any(part.op == "apply" and part.data[0] in GROWING for part in parts) or any(
        (k := is_number(e)) is None or k < 0 for part in parts if part.op in POWERS for _, e in _powers(part)
    )


def _powers(node: Node) -> Sequence[tuple[Node, Node]]:
    return factors(node) if node.op == "power" else ((node.args[0], node.args[1]),)


def _conditions(scalar: Node) -> Iterator[tuple[Node, Index, Index]]:
    """The factors [i != j] with their indices."""
    for base, _ in factors(scalar):
        links = base.args if base.op == "matmul" else ()
        if len(links) == 3 and _is_unequal(links[1]) and transpose(links[0]).op == "at" and links[2].op == "at":
            yield base, transpose(links[0]).data[0], links[2].data[0]


def _is_unequal(node: Node) -> bool:
    return node.op == "mask" and node.data[0] == "off_diagonal"


def _if_shorter(after: Node, before: Node) -> Node | None:
    return after if cost(after) < cost(before) else None
