"""Scalar expressions applied entry by entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matcalc.expr.canonical.application import apply
from matcalc.expr.canonical.open_functions import opened
from matcalc.expr.canonical.powers import hadamard, power
from matcalc.expr.canonical.sums import combine, scale
from matcalc.expr.canonical.transposition import transpose
from matcalc.expr.leaves import is_number, ones
from matcalc.expr.node import Node, Shape
from matcalc.expr.passes import Fold, rows_of
from matcalc.expr.rebuild import rebuild

__all__ = ["lift"]


def lift(template: Node, operands: Mapping[Node, Node], shape: Shape) -> Node:
    """A scalar expression applied entry by entry: powers become entrywise powers; scalars beside arrays stay scalars."""
    if shape[0].is_one and not shape[1].is_one:
        flipped = {k: transpose(v) if v.is_row else v for k, v in operands.items()}
        return transpose(lift(template, flipped, (shape[1], shape[0])))
    return _filled(LIFT.within(template, dict(operands), shape), shape)


Args = Sequence[Node]


def _of_sum(node: Node, args: Args, shape: Shape) -> Node:
    if not all(t.is_scalar for t in args):
        args = [_filled(t, shape) for t in args]
    return combine(zip(args, node.data, strict=True), args[0].shape)


def _of_powers(node: Node, args: Args, shape: Shape) -> Node:
    exponents = [e if is_number(e) is None else typed for e, typed in zip(args[1::2], node.args[1::2], strict=True)]
    return hadamard(*map(power, args[::2], exponents))


def _of_open(node: Node, args: Args, shape: Shape) -> Node:
    if not node.data[0].entrywise:
        return _as_it_is(node, args, shape)
    of = next((a.shape for a in args if not a.is_scalar), args[0].shape)
    return opened(node.data[0], args, of, node.data[1])


def _as_it_is(node: Node, args: Args, shape: Shape) -> Node:
    return rebuild(node, tuple(args))


LIFT: Fold[Node] = Fold(
    "lifting",
    {
        **rows_of("constant dimension zero ones identity unit at mask selector commutation duplication", _as_it_is),
        **rows_of("elimination variable trace det logdet call matmul matpow transpose scale kron diag", _as_it_is),
        **rows_of("diagonal adjugate vec unvec total block perturbation", _as_it_is),
        "add": _of_sum,
        "power": _of_powers,
        "apply": lambda node, args, shape: apply(node.data[0], *args),
        "open": _of_open,
    },
)


def _filled(node: Node, shape: Shape) -> Node:
    return scale(node, ones(*shape)) if node.shape != shape else node
