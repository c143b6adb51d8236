"""Conditions on a matrix and on its transpose are one: which of the two is said."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.expr import Node, postorder, transpose
from matcalc.functions.properties import Fact, Unique

__all__ = ["plain", "turned", "untransposed"]

_OF_TRANSPOSE = {"entry of each row": "entry of each column", "entry of each column": "entry of each row"}


def plain(matrix: Node) -> Node:
    """The matrix or its transpose, whichever is written with fewer signs."""
    return min(matrix, transpose(matrix), key=lambda m: (sum(n.op == "transpose" for n in postorder(m)), m.key))


def turned(kind: Fact, u: Node) -> tuple[Fact, Node]:
    """What is said of the plain one: of each column of X for each row of X^T."""
    upright = plain(u)
    if isinstance(kind, Unique) and upright is not u:
        kind = Unique(kind.which, _OF_TRANSPOSE.get(kind.of, kind.of))
    return kind, upright


def untransposed(pair: Sequence[Node]) -> tuple[Node, ...]:
    """x, y for x^T, y^T"""
    rows = tuple(map(transpose, pair))
    return rows if all(plain(u) is t for u, t in zip(pair, rows, strict=True)) else tuple(pair)
