"""Sums of arrays between zeros, as gradients by all steps of a path have them: each part is added at its place."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matcalc.compiling.planning.program import Program, Value, needed
from matcalc.expr import Dim

__all__ = ["placed"]

#: A part, its coefficient, and its first row.
Piece = tuple[Value, Fraction, Dim]


def placed(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with [A; 0] + [0; B] + e_k c^T as rows that are added to zeros, with no array for each of the terms."""
    new: dict[Value, Value] = {}
    for v in needed(outputs):
        pieces = _pieces_of_sum(v) if v.op == "combine" and v.rank == 2 and len(v.args) > 1 else None
        if pieces is None:
            new[v] = program.emit(v.op, [new[a] for a in v.args], v.data, v.axes)
        else:
            pieces.sort(key=lambda piece: -piece[0].rank)
            values, *data = zip(*pieces, strict=True)
            new[v] = program.emit("placed", [new[a] for a in values], tuple(data), v.axes)
    return [new[v] for v in outputs]


def _pieces_of_sum(v: Value) -> list[Piece] | None:
    """The parts of a sum all of whose terms stand between zeros."""
    found: list[Piece] = []
    for a, c in zip(v.args, v.data, strict=True):
        pieces = _pieces(a) if a.axes == v.axes else None
        if pieces is None:
            return None
        found += [(value, c * e, start) for value, e, start in pieces]
    return found


def _pieces(a: Value) -> list[Piece] | None:
    if a.op == "combine":
        return _pieces_of_sum(a)
    if a.op == "times" and len(a.args) == 2:
        return _row(a)
    return _rows(a) if a.op == "block" and a.data[1] == 1 else None


def _rows(block: Value) -> list[Piece] | None:
    """Arrays below each other, some of which are zeros."""
    start, found = Dim.of(0), []
    for part in block.args:
        if part.op == "combine" and len(part.args) == 1 and part.args[0].axes == part.axes:
            found.append((part.args[0], part.data[0], start))
        elif part.op != "zeros":
            found.append((part, Fraction(1), start))
        start = start + part.axes[0]
    return found if len(found) < len(block.args) else None


def _row(product: Value) -> list[Piece] | None:
    """e_k c^T"""
    for unit, row in (product.args, product.args[::-1]):
        if unit.op == "expand" and unit.args[0].op == "unit" and unit.data == (True, False):
            if row.axes != product.axes[1:]:
                return None
            return [(row, Fraction(1), Dim.of(unit.args[0].data[0]) - 1)]
    return None
