"""Shares e^(u_l) / Σ_k p_k e^(u_k) of sums over indices, neither part of which is computed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, permutations

from matcalc.compiling.stability.logarithms import exponent_and_weights, exponentials
from matcalc.errors import DomainError
from matcalc.expr import (
    Index,
    Node,
    at,
    combine,
    factors,
    hadamard,
    is_number,
    kron,
    matmul,
    number,
    power,
    rebuild,
    reindex,
    scale,
    terms,
    total,
    transpose,
)

__all__ = ["numbers_before_one_array", "share_of_total", "sum_of_shares", "with_share"]

#: A share is looked for below so many sums and products.
DEPTH = 4


def with_share(body: Node, u: Node, share: Node, depth: int = DEPTH) -> Node | None:
    """What is linear in e^u, with the share in place of that: of several factors the first one."""
    if body.op == "apply" and body.data[0] == "exp" and body.args[0] is u:
        return share
    if body.op == "power":
        return _in_product(body, u, share, depth)
    if not depth or body.op not in ("matmul", "transpose", "scale", "trace", "diag"):
        return None
    for k, arg in enumerate(body.args):
        inside = with_share(arg, u, share, depth - 1)
        if inside is not None:
            return rebuild(body, (*body.args[:k], inside, *body.args[k + 1 :]))
    return None


def _in_product(body: Node, u: Node, share: Node, depth: int) -> Node | None:
    pairs = factors(body)
    for k, (base, e) in enumerate(pairs):
        inside = with_share(base, u, share, depth) if is_number(e) == 1 else None
        if inside is not None:
            return hadamard(*(inside if j == k else power(b, f) for j, (b, f) in enumerate(pairs)))
    return None


def share_of_total(node: Node) -> Node | None:
    """w e^(u_l) / Σ_k p_k e^(u_k) as w times entry l of one array"""
    scalar, body = node.args if node.op == "scale" else (node, None)
    pairs = factors(scalar) if scalar.is_scalar else ()
    for base, exponent in pairs:
        e = is_number(exponent)
        if base.op != "total" or e is None or e.denominator != 1 or e >= 0:
            continue
        others = [b for b, f in pairs if is_number(f) == 1]
        for other, entry in chain(_entries(base, others), _sums_of_entries(base, others)):
            rest = [power(b, f) for b, f in pairs if b is not other and b is not base]
            number_ = hadamard(number(1), *rest, power(base, e + 1), entry)
            return number_ if body is None else scale(number_, body)
    return None


def _sums_of_entries(base: Node, others: list[Node]) -> Iterator[tuple[Node, Node]]:
    """(Σ_l w_l e^(u_l), Σ_l w_l e^(u_l) / S) for the sum S"""
    for other in others:
        if other.op == "total" and other.args[0].is_scalar and not base.free.intersection(other.data):
            inside = share_of_total(hadamard(other.args[0], power(base, -1)))
            if inside is not None:
                yield other, total(other.data, inside)


def _entries(base: Node, others: list[Node]) -> Iterator[tuple[Node, Node]]:
    """Exponentials among the factors that are terms of the sum, each with its share."""
    found = exponentials(base)
    inside = exponent_and_weights(base.args[0])[0]
    if found is None or not inside.is_scalar:
        return
    for other in others:
        if other.op == "apply" and other.data[0] == "exp":
            for places in _places(base.data, inside, other.args[0]):
                yield other, matmul(transpose(found.share()), kron(*map(at, places)))


def _places(bound: tuple[Index, ...], inside: Node, wanted: Node) -> Iterator[tuple[Index, ...]]:
    """The indices at which the exponent of a sum is the wanted one."""
    for places in permutations(wanted.free, len(bound)):
        fit = all(i.size == k.size for i, k in zip(places, bound, strict=True))
        if fit and _at_places(inside, dict(zip(bound, places, strict=True))) is wanted:
            yield places


def _at_places(inside: Node, places: dict[Index, Index]) -> Node | None:
    """None where there is no value: 1 / (x_i - x_j) at i = j."""
    try:
        return reindex(inside, places)
    except DomainError:
        return None


def sum_of_shares(node: Node) -> Node | None:
    """e^u (1 / S + 1 / T) = e^u / S + e^u / T for such sums S and T"""
    scalar, body = node.args if node.op == "scale" else (node, None)
    pairs = factors(scalar) if scalar.is_scalar else ()
    for base, exponent in pairs:
        if base.op != "add" or is_number(exponent) != 1 or not any(map(_divides_by_total, base.args)):
            continue
        rest = [power(b, f) for b, f in pairs if b is not base]
        parts = [(hadamard(number(1), *rest, term), c) for term, c in terms(base)]
        parts = [(share, c) for term, c in parts if (share := share_of_total(term)) is not None]
        if len(parts) == len(base.args):
            total = combine(parts, scalar.shape)
            return total if body is None else scale(total, body)
    return None


def _divides_by_total(term: Node) -> bool:
    return any(b.op == "total" and (is_number(e) or 0) < 0 for b, e in factors(term))


def numbers_before_one_array(node: Node) -> Node | None:
    """s A + t A = (s + t) A"""
    split = [(t.args[0], t.args[1]) if t.op == "scale" else (number(1), t) for t in node.args]
    if node.is_scalar or len(split) < 2 or any(array is not split[0][1] for _, array in split):
        return None
    scalars: list[tuple[Node, Fraction]] = [(s, c) for (s, _), c in zip(split, node.data, strict=True)]
    return scale(combine(scalars, number(1).shape), split[0][1])
