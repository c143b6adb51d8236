"""Shares of sums that leave a term out, e^(u_ij) / Σ_{k≠i} e^(u_ik): at j = i they are no shares, and may be infinite.

Where what is multiplied with them is 0 there, as x_i - x_j is, the relation i != j is not written; it is what keeps 0 ∞ away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from matcalc.errors import DomainError
from matcalc.expr import (
    Index,
    Node,
    Rewrite,
    at,
    factors,
    hadamard,
    in_order,
    is_number,
    mask,
    matmul,
    multiply,
    number,
    postorder,
    reindex,
    split_scalar,
    terms,
    total,
    transpose,
)

__all__ = ["with_relations"]


def with_relations(node: Node) -> Node:
    """The sums over pairs i, j beside such shares with their terms of i = j left out where these are 0."""
    return _RELATIONS(node) if any(map(_divides_by_others, postorder(node))) else node


def _divides_by_others(node: Node) -> bool:
    """Whether it is divided by a sum that leaves a term out."""
    if node.op != "power":
        return False
    below = [b for b, e in factors(node) if b.op == "total" and (is_number(e) or 0) < 0]
    return any(part.op == "mask" and part.data[0] == "off_diagonal" for part in postorder(*below)) if below else False


def _related(node: Node) -> Node | None:
    """Σ_j f_ij = Σ_j [i != j] f_ij for f_ii = 0 and exponentials of both indices in f"""
    inside = node.args[0]
    scalar, body = (inside, number(1)) if inside.is_scalar else split_scalar(inside)
    for i, j in _pairs(node.data, inside):
        written = {_unequal(i, j), _unequal(j, i)}
        is_written = all(any(b in written for b, _ in factors(t)) for t, _ in terms(scalar))
        if not is_written and _is_nothing(inside, i, j):
            return total(node.data, multiply(hadamard(_unequal(i, j), scalar), body))
    return None


def _unequal(i: Index, j: Index) -> Node:
    """[i != j]"""
    return matmul(transpose(at(i)), mask("off_diagonal", i.size, j.size), at(j))


def _pairs(bound: Iterable[Index], inside: Node) -> Iterator[tuple[Index, Index]]:
    """Indices of one size, one of them bound, that an exponential has both of."""
    exponents = [part.free for part in postorder(inside) if part.op == "apply" and part.data[0] == "exp"]
    for i, j in combinations(in_order(inside.free), 2):
        if i.size == j.size and {i, j} & {*bound} and any({i, j} <= free for free in exponents):
            yield i, j


def _is_nothing(inside: Node, i: Index, j: Index) -> bool:
    try:
        return reindex(inside, {j: i}).is_zero
    except DomainError:  # 1 / (x_i - x_j) has no value there
        return False


#: A sum over three indices has three pairs.
_RELATIONS = Rewrite({"total": (_related,)}, 3)
