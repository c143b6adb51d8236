"""Weights over an index: r_ik = s_ik / Σ_j s_ij, as the responsibilities of a mixture and the entries of a softmax."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from matcalc.expr import (
    Index,
    Node,
    bottom_up,
    combine,
    factors,
    hadamard,
    is_number,
    matmul,
    number,
    power,
    reindex,
    scale,
    terms,
    total,
)

__all__ = ["with_weights"]

Pairs = Sequence[tuple[Node, Node]]
#: The name of a weight over an index, or None where it has none.
Naming = Callable[[Node, Index], Node | None]


def with_weights(root: Node, name_of: Naming) -> Node:
    """The expression with names in the place of weights."""
    return bottom_up(root, lambda node: _named(node, name_of))


def _named(node: Node, name_of: Naming) -> Node:
    if node.op == "add":  # where a sign leaves what was named
        return combine(((_named(t, name_of), c) for t, c in terms(node)), node.shape)
    scalars = node.args[0] if node.op == "scale" else node
    pairs = factors(scalars) if scalars.is_scalar else ()
    for base, exponent in pairs:
        if is_number(exponent) == -1 and base.op == "total" and len(base.data) == 1:
            rest = [pair for pair in pairs if pair[0] is not base]
            found = _among_factors(rest, base, node, name_of) or _in_a_sum(rest, base, node, name_of)
            if found is not None:
                return _named(found, name_of)
    return node


def _among_factors(rest: Pairs, below: Node, node: Node, name_of: Naming) -> Node | None:
    """r_ik b for s_ik b / Σ_j s_ij"""
    for index in _like(below, node.free):
        scalars = _weighted(rest, below, index, name_of)
        if scalars is not None:
            return scale(scalars, node.args[1]) if node.op == "scale" else scalars
    return None


def _in_a_sum(rest: Pairs, below: Node, node: Node, name_of: Naming) -> Node | None:
    """Σ_k r_ik b_k for (Σ_k s_ik b_k) / Σ_j s_ij"""
    for base, exponent in rest:
        moved = _moved_in(base, below, name_of) if is_number(exponent) == 1 else None
        if moved is not None:
            scalars = _product([pair for pair in rest if pair[0] is not base])
            return hadamard(scalars, moved) if node.op != "scale" else scale(hadamard(scalars, moved), node.args[1])
    links = () if node.op != "scale" else node.args[1].args if node.args[1].op == "matmul" else (node.args[1],)
    for place, link in enumerate(links):
        moved = _moved_in(link.upright, below, name_of)
        if moved is not None:
            turned = moved.T if link.op == "transpose" else moved
            return scale(_product(rest), matmul(*links[:place], turned, *links[place + 1 :]))
    return None


def _moved_in(above: Node, below: Node, name_of: Naming) -> Node | None:
    if above.op != "total":
        return None
    body = above.args[0]
    scalars, array = body.args if body.op == "scale" else (body, None)
    for index in _like(below, above.data):
        weighted = _weighted(factors(scalars), below, index, name_of) if scalars.is_scalar else None
        if weighted is not None:
            return total(above.data, weighted if array is None else scale(weighted, array))
    return None


def _like(below: Node, indices: Iterable[Index]) -> Iterator[Index]:
    return (index for index in indices if index.size == below.data[0].size and index not in below.free)


def _weighted(rest: Pairs, below: Node, index: Index, name_of: Naming) -> Node | None:
    """The factors with a weight among them; an entry of an array that is missing is divided by."""
    above = reindex(below.args[0], {below.data[0]: index})
    wanted = factors(above)
    missing = [pair for pair in wanted if pair not in rest]
    if len(missing) == len(wanted) or not all(_is_entry(b) and is_number(e) == 1 for b, e in missing):
        return None
    name = name_of(hadamard(above, power(below, -1)), index)
    if name is None:
        return None
    others = [pair for pair in rest if pair not in wanted]
    return hadamard(name, _product(others), *(power(b, -1) for b, _ in missing))


def _is_entry(node: Node) -> bool:
    """p_k"""
    ends = [f.upright.op for f in node.args] if node.op == "matmul" and len(node.args) == 2 else []
    return sorted(ends) == ["at", "variable"]


def _product(pairs: Pairs) -> Node:
    return hadamard(number(1), *(power(b, e) for b, e in pairs))
