"""Products with families of matrices, rearranged so that a member shows: a family is an array of blocks below one another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from matcalc.expr import Index, Node, chain, identity, kron, matmul, total, transpose
from matcalc.expr.node import make

__all__ = ["meet_around", "stacked", "sum_as_it_stands", "with_blocks"]

_NAMED = frozenset({"variable", "perturbation"})


def stacked(links: Sequence[Node]) -> Node | None:
    """e_k ⊗ (A B) for (e_k ⊗ A) B, also in a sum over k, and the same from the other side."""
    if not any(_summand(f).upright.op == "kron" for f in (links[0], links[-1])):
        return None
    turned = _stacked_first([transpose(f) for f in reversed(links)])
    return _stacked_first(links) if turned is None else transpose(turned)


def _stacked_first(links: Sequence[Node]) -> Node | None:
    first, *rest = links
    body = _summand(first)
    if body.op != "kron" or not all(f.op == "at" for f in body.args[:-1]):
        return None
    if body is not first and any(index in f.free for f in rest for index in first.data):
        return None
    inside = kron(*body.args[:-1], matmul(body.args[-1], *rest))
    return inside if body is first else total(first.data, inside)


def _summand(factor: Node) -> Node:
    return factor.args[0] if factor.op == "total" else factor


def with_blocks(links: tuple[Node, ...]) -> tuple[Node, ...]:
    """B A_k for (e_k^T ⊗ B) A and Σ_k A_k for (Σ_k e_k^T ⊗ I) A, from either side."""
    for place, (first, second) in enumerate(pairwise(links)):
        found = _picked(first, second)
        if found is None and (turned := _picked(transpose(second), transpose(first))):
            found = tuple(transpose(f) for f in reversed(turned))
        if found is not None:
            return with_blocks((*links[:place], *found, *links[place + 2 :]))
    return links


def meet_around(links: Sequence[Node]) -> bool:
    """Whether e_k^T ⊗ I at the end of a trace picks from an array at its beginning, or the other way round."""
    first, *_, last = links
    return _picks_from(last, first) or _picks_from(transpose(first), transpose(last))


def _picks_from(first: Node, array: Node) -> bool:
    units = _last(first).args[:-1] if _last(first).op == "kron" else ()
    return array.op in _NAMED and bool(units) and all(_is_row(chain(f)[-1]) for f in units)


def _is_row(factor: Node) -> bool:
    return factor.op == "transpose" and factor.args[0].op == "at"


def _last(first: Node) -> Node:
    """The last factor of what it is, or sums, beside a number."""
    body = _summand(first)
    return chain(body.args[1] if body.op == "scale" else body)[-1]


def _picked(first: Node, array: Node) -> tuple[Node, ...] | None:
    """The factors that do what these two do."""
    if not _picks_from(first, array):
        return None
    last = _last(first)
    units, inside = last.args[:-1], last.args[-1]
    if first.op == "total":
        return (sum_as_it_stands(first.data, matmul(_summand(first), array)),)
    if first is not last:
        return None
    if all(f.op == "matmul" for f in units):  # (e_k e_k^T) ⊗ B
        columns = (matmul(*f.args[:-1]) for f in units)
        return kron(*columns, identity(inside.rows)), kron(*(f.args[-1] for f in units), inside), array
    if inside.op == "identity" or any(f.op == "matmul" for f in units):
        return None
    return *chain(inside), kron(*units, identity(inside.cols)), array


def sum_as_it_stands(indices: tuple[Index, ...], body: Node) -> Node:
    """The sum with everything in it, and its transpose beside it, which would else be built anew."""
    node = make("total", (body,), indices, body.shape)
    if not (node.is_column or node.is_row) and "transpose" not in node.cache:
        mirror = make("total", (transpose(body),), indices, (node.cols, node.rows))
        node.cache["transpose"] = mirror
        mirror.cache.setdefault("transpose", node)
    return node
