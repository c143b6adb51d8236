"""Functions that nobody defined: convex in what is affine if they are convex, and so on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from matcalc.convexity.composing.calls import NEEDED
from matcalc.convexity.context import Context
from matcalc.convexity.proofs import Need, Proof, Shape, proved
from matcalc.expr import Node, variable
from matcalc.expr.canonical.open_functions import OpenFunction, operands_of

__all__ = ["agree", "of_open"]

RISING = {"nondecreasing": 1, "nonincreasing": -1}
BENDS = ("convex", "concave")


def of_open(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    """g(u) where g bends and rises as that asks for; of several arguments where all of them are affine."""
    function = node.data[0]
    if node.data[1] or len(node.args) != len(operands_of(node)) or not (function.entrywise or node.is_scalar):
        return
    shapes = [shape for a, shape in zip(node.args, below, strict=True) if at.moves(a)]
    affine = [shape.get("affine") for shape in shapes]
    if None not in affine:
        for bend in BENDS:
            yield proved(bend, node, "of affine", [p for p in affine if p is not None], [_need(bend, function)])
    elif len(shapes) == 1 and function.entrywise:
        yield from _composed(node, shapes[0], function)


def _composed(node: Node, inside: Shape, function: OpenFunction) -> Iterator[Proof]:
    for (bend, rising), wanted in NEEDED.items():
        if (proof := inside.get(wanted)) is not None:
            word = next(w for w, way in RISING.items() if way == rising)
            yield proved(bend, node, "composition", [proof], [_need(bend, function), _need(word, function)])


def _need(word: str, function: OpenFunction) -> Need:
    return Need(word, variable(function.name, (1, 1)))


def agree(needs: Iterable[Need]) -> bool:
    """Whether no function is asked to be convex and concave, or to rise and to fall."""
    asked = {(need.kind, need.node) for need in needs}
    return not any(
        (one, node) in asked and (other, node) in asked for _, node in asked for one, other in (BENDS, tuple(RISING))
    )
