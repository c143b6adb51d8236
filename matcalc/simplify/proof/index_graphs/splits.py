"""Where the indices of matrices are split: that of rows of A ⊗ B consists of one of A and one of B."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcalc.expr import ONE, Dim, Node
from matcalc.expr.passes import Fold, rows_of

__all__ = ["carried", "prefix", "split"]

Split = tuple[Dim, ...]


def _longest(node: Node, below: Sequence[tuple[Split, Split]]) -> tuple[Split, Split]:
    return max((rows for rows, _ in below), key=len), max((cols for _, cols in below), key=len)


def _unsplit(node: Node, below: object) -> tuple[Split, Split]:
    return (node.rows,), (node.cols,)


def _but_ones(row: Callable[..., tuple[Split, Split]], node: Node, below: object) -> tuple[Split, Split]:
    rows, cols = row(node, below)
    return () if node.rows.is_one else rows, () if node.cols.is_one else cols


# fmt: off
#: The sizes of the indices that the row index consists of, and those of the column index; none for a single one.
SPLIT: Fold[tuple[Split, Split]] = Fold("sizes of indices", {
    **rows_of("variable perturbation unit constant dimension zero ones identity at mask selector", _unsplit),
    **rows_of("duplication elimination apply call open det logdet trace matpow adjugate unvec block total", _unsplit),
    "transpose":   lambda node, below: below[0][::-1],
    "kron":        lambda node, below: (sum((r for r, _ in below), ()), sum((c for _, c in below), ())),
    "vec":         lambda node, below: ((*below[0][1], *below[0][0]), ()),
    "commutation": lambda node, below: (node.data, node.data[::-1]),
    "matmul":      lambda node, below: (below[0][0], below[-1][1]),
    "scale":       lambda node, below: below[1],
    "diag":        lambda node, below: (below[0][0], below[0][0]),
    "diagonal":    lambda node, below: (below[0][0], ()),
    "add":         _longest,
    "power":       lambda node, below: _longest(node, below[::2]),
}, around=_but_ones)
# fmt: on


def split(node: Node, side: int) -> Split:
    """The sizes of the indices that the index of one side consists of, 0 that of rows and 1 that of columns."""
    return SPLIT(node)[side]


def carried(node: Node, sizes: tuple[Dim, ...], side: int) -> tuple[Dim, ...]:
    """How the other side is split if this one is split into these sizes: A ⊗ I_{n p} carries n and p over."""
    if node.op == "identity":
        return sizes
    other = split(node, 1 - side)
    if node.op != "kron" or not any(a.op == "identity" for a in node.args):
        return other
    found: tuple[Dim, ...] = ()
    for factor in node.args:
        count = prefix(sizes, factor.shape[side])
        if count is None:
            return other
        found += carried(factor, sizes[:count], side)
        sizes = sizes[count:]
    return found


def prefix(sizes: Sequence[Dim], size: Dim) -> int | None:
    """How many of the first sizes make up this one."""
    total = ONE
    for taken in range(len(sizes) + 1):
        if total == size:
            return taken
        if taken < len(sizes):
            total = total * sizes[taken]
    return None
