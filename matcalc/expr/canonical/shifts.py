"""Toeplitz and circulant matrices, convolutions, and the sums along diagonals that are their adjoints: what they are of small arrays.

``conv(a, b)`` is NumPy's full convolution and ``correlate(c, b)`` its valid correlation, so that
<c, conv(a, b)> = <a, correlate(c, b)>.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from matcalc.expr import leaves
from matcalc.expr.canonical import powers, products, sums, transposition, unary
from matcalc.expr.dims import ONE, Dim
from matcalc.expr.node import Node, Shape, make

__all__ = ["SHIFTS"]

Args = tuple[Node, ...]
Data = tuple[Hashable, ...]


def _toeplitz(args: Args, data: Data, shape: Shape) -> Node:
    """c_(i-j) on and below the diagonal, r_(j-i) above it; [c_1, r_2, …] in one row"""
    column, *rest = args
    if all(a.is_zero for a in args):
        return leaves.zeros(*shape)
    if not rest:
        return column if column.is_scalar else _of_one(args, data, shape)
    (row,) = rest
    if row.is_scalar:
        return column
    if column.is_scalar:
        tail = unary.slice_of(row, (ONE, row.rows - 1), (Dim.of(0), ONE))
        return unary.block([[column], [tail]])
    return make("call", args, data, shape)


def _of_one(args: Args, data: Data, shape: Shape) -> Node:
    """f(c s x) = c s f(x), f(0) = 0"""
    if args[0].is_zero:
        return leaves.zeros(*shape)
    scalar, inside = powers.split_scalar(args[0])
    return sums.scale(scalar, make("call", (inside,), data, shape))


def _of_two(args: Args, data: Data, shape: Shape) -> Node:
    """f(s x, t y) = s t f(x, y)"""
    if any(a.is_zero for a in args):
        return leaves.zeros(*shape)
    (s, x), (t, y) = map(powers.split_scalar, args)
    return sums.scale(powers.hadamard(s, t), make("call", (x, y), data, shape))


def _conv(args: Args, data: Data, shape: Shape) -> Node:
    """A number as one of both is a factor; a * b = b * a"""
    a, b = sorted(args, key=lambda x: x.key)
    if a.is_scalar or b.is_scalar:
        return products.multiply(a, b)
    return _of_two((a, b), data, shape)


def _correlate(args: Args, data: Data, shape: Shape) -> Node:
    """Σ_j c_(i+j) b_j; of two columns of one length their inner product"""
    c, b = args
    if b.is_scalar:
        return sums.scale(b, c)
    return products.multiply(transposition.transpose(b), c) if c.rows == b.rows else _of_two(args, data, shape)


def _circulant(args: Args, data: Data, shape: Shape) -> Node:
    (c,) = args
    return c if c.is_scalar else _of_one(args, data, shape)


def _diagonal_sums(args: Args, data: Data, shape: Shape) -> Node:
    """Of a column itself, of a row its first entry"""
    (x,) = args
    if x.is_row and not x.is_scalar:
        return products.multiply(x, leaves.unit(1, x.cols))
    return x if x.is_column else _of_one(args, data, shape)


#: call -> (operands, data of the node, shape) -> its node
SHIFTS: dict[str, Callable[[Args, Data, Shape], Node]] = {
    "toeplitz": _toeplitz,
    "circulant": _circulant,
    "conv": _conv,
    "correlate": _correlate,
    "diagonal_sums": _diagonal_sums,
    "cyclic_sums": _circulant,
}
