"""Derivatives of functions that nobody defined: one more leg for each argument that moves, and legs exchanged.

D^k f is linear in each filling, and symmetric in those of one argument.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcalc.expr import Node, hadamard, multiply, opened, scale, transpose, zeros
from matcalc.expr.canonical.open_functions import fillings_of, operands_of

__all__ = ["adjoint_of_open", "differential_of_open", "vec_form_of_open"]


def differential_of_open(node: Node, d: tuple[Node, ...]) -> Node:
    """d f(x) = D f(x)[dx]; d D^k f(x)[E, …] = D^(k+1) f(x)[E, …, dx] + D^k f(x)[dE, …]; d g(u) = g'(u) ⊙ du"""
    function, partials, free, _ = node.data
    args, fillings = operands_of(node), fillings_of(node)
    total = zeros(*node.shape)
    for i, (x, dx) in enumerate(zip(args, d, strict=False)):
        if dx.is_zero:
            continue
        if function.entrywise or x.is_scalar:
            slope = opened(function, args, node.shape, (*partials, i), free, fillings)
            total = total + (hadamard(slope, dx) if function.entrywise else scale(dx, slope))
        else:
            total = total + opened(function, args, node.shape, partials, free, [*fillings, ((i,), dx)])
    for k, ((legs, _), step) in enumerate(zip(fillings, d[len(args) :], strict=True)):
        moved = [*fillings[:k], (legs, step), *fillings[k + 1 :]]
        total = total + opened(function, args, node.shape, partials, free, moved)
    return total


def adjoint_of_open(node: Node, g: Node, dx: Node) -> Iterator[tuple[Node, Node]]:
    """What a filling that holds dX receives: its leg is free, and the one that was free is filled with G"""
    function, partials, free, _ = node.data
    fillings = fillings_of(node)
    for k, (legs, filling) in enumerate(fillings):
        if dx in filling.linear:
            others = [*fillings[:k], *fillings[k + 1 :], *([(free, g)] if free else [])]
            piece = opened(function, operands_of(node), filling.shape, partials, legs, others)
            yield filling, piece if free else multiply(g, piece)


def vec_form_of_open(node: Node, v: Sequence[Node], dx: Node) -> Node | None:
    """The matrix of the free leg and that of the filling, where both are columns"""
    function, partials, free, _ = node.data
    fillings = fillings_of(node)
    moving = [k for k, (_, filling) in enumerate(fillings) if dx in filling.linear]
    (k, *_) = moving
    legs, filling = fillings[k]
    if not (filling.is_column and node.is_column):
        return None
    others = [*fillings[:k], *fillings[k + 1 :]]
    if not free:
        row = transpose(opened(function, operands_of(node), filling.shape, partials, legs, others))
        return multiply(row, v[0])
    shape = (node.rows, filling.rows)
    return multiply(opened(function, operands_of(node), shape, partials, (*free, *legs), others), v[0])
