"""Scalar expressions applied entry by entry."""

from __future__ import annotations

from collections.abc import Mapping

from matcalc.expr.canonical.application import apply
from matcalc.expr.canonical.open_functions import opened
from matcalc.expr.canonical.powers import hadamard, power
from matcalc.expr.canonical.sums import combine, scale, terms
from matcalc.expr.canonical.transposition import transpose
from matcalc.expr.leaves import is_number, ones
from matcalc.expr.node import Node, Shape, postorder
from matcalc.expr.rebuild import REBUILD

__all__ = ["lift"]


def lift(template: Node, operands: Mapping[Node, Node], shape: Shape) -> Node:
    """A scalar expression applied entry by entry: powers become entrywise powers; scalars beside arrays stay scalars."""
    if shape[0].is_one and not shape[1].is_one:
        flipped = {k: transpose(v) if v.is_row else v for k, v in operands.items()}
        return transpose(lift(template, flipped, (shape[1], shape[0])))
    memo: dict[Node, Node] = dict(operands)
    for node in postorder(template):
        if node not in memo:
            memo[node] = _lifted(node, memo, shape)
    return _filled(memo[template], shape)


def _lifted(node: Node, memo: Mapping[Node, Node], shape: Shape) -> Node:
    match node.op:
        case "add":
            lifted = [(memo[t], c) for t, c in terms(node)]
            if not all(t.is_scalar for t, _ in lifted):
                lifted = [(_filled(t, shape), c) for t, c in lifted]
            return combine(lifted, lifted[0][0].shape)
        case "power":
            pairs = zip(node.args[::2], node.args[1::2], strict=True)
            return hadamard(*(power(memo[b], memo[e] if is_number(e) is None else e) for b, e in pairs))
        case "apply":
            return apply(node.data[0], *(memo[a] for a in node.args))
        case "open" if node.data[0].entrywise:
            args = [memo[a] for a in node.args]
            return opened(
                node.data[0], args, next((a.shape for a in args if not a.is_scalar), args[0].shape), node.data[1]
            )
    return node if not node.args else REBUILD[node.op](node, tuple(memo[a] for a in node.args))


def _filled(node: Node, shape: Shape) -> Node:
    return scale(node, ones(*shape)) if node.shape != shape else node
