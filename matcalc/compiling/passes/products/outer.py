"""Sums of outer products as one product of matrices: one pass over the result in place of one for each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from matcalc.compiling.passes.rebuilding import rebuilt
from matcalc.compiling.planning.program import Axes, Program, Value, needed
from matcalc.expr import Dim
from matcalc.records import dataclass

__all__ = ["gathered"]


@dataclass(frozen=True)
class Outer:
    """c u v^T, with a column as one axis of values and a row likewise; numbers among the factors of the column."""

    coefficient: Fraction
    column: tuple[Value, ...]
    row: tuple[Value, ...]


def gathered(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with u a^T + v b^T + … as [u v …] [a b …]^T."""
    values = needed(outputs)
    uses = Counter(a for v in values for a in v.args) + Counter(outputs)

    def rule(v: Value, args: list[Value], new: Mapping[Value, Value]) -> Value | None:
        return _gathered(program, v, uses, new) if v.op == "combine" and v.rank == 2 else None

    return rebuilt(program, outputs, rule)


def _gathered(program: Program, v: Value, uses: Counter[Value], new: Mapping[Value, Value]) -> Value | None:
    terms = _terms(v, Fraction(1), uses, v)
    outer: list[Outer] = []
    others: list[tuple[Value, Fraction]] = []
    inside = Counter(_upright(t) for t, _ in terms)
    for term, c in terms:
        alone = uses[term] == 1 or uses[_upright(term)] == inside[_upright(term)]
        found = _outer(term, c, uses) if alone else None
        if found is None:
            others.append((term, c))
        else:
            outer.append(found)
    if len(outer) < 2:
        return None
    pairs = _grouped(program, outer, new)
    rest = [(new[term], c) for term, c in others]
    return program.combine([(_product(program, pairs, v.axes), Fraction(1)), *rest], v.axes)


def _product(program: Program, pairs: list[tuple[Value, Value]], axes: Axes) -> Value:
    """The sum of outer products of columns and rows."""
    if len(pairs) == 1:
        ((column, row),) = pairs
        return program.times(program.expand(column, (True, False)), row)
    columns, rows = (_stacked(program, side, size) for side, size in zip(zip(*pairs, strict=True), axes, strict=True))
    return program.matmul(program.permute(columns, (1, 0)), rows)


def _terms(v: Value, c: Fraction, uses: Counter[Value], root: Value) -> list[tuple[Value, Fraction]]:
    """The terms of a sum, those of sums in it in their place."""
    if v.op == "combine" and v.axes == root.axes and (v is root or uses[v] == 1):
        return [pair for a, e in zip(v.args, v.data, strict=True) for pair in _terms(a, c * e, uses, root)]
    return [(v, c)]


def _upright(v: Value) -> Value:
    return v.args[0] if v.op == "permute" else v


def _outer(v: Value, c: Fraction, uses: Counter[Value]) -> Outer | None:
    if v.op == "permute":
        found = _outer(v.args[0], c, uses)
        return None if found is None else _turned(found)
    parts = _factors(v, uses) if v.op == "times" else []
    column = [a.args[0] for a in parts if a.op == "expand" and a.data == (True, False) and a.args[0].rank == 1]
    row = [a for a in parts if a.rank == 1]
    numbers = [a for a in parts if not a.rank]
    if not column or not row or len(column) + len(row) + len(numbers) < len(parts):
        return None
    if any(a.op == "unit" for a in (*column, *row)):  # a row or a column between zeros, see `placing`
        return None
    plain = [x for a in row for x in (a.args if a.op == "times" else [a])]
    numbers += [a for a in plain if not a.rank]
    return Outer(c, (*numbers, *column), tuple(a for a in plain if a.rank))


def _turned(outer: Outer) -> Outer:
    """The transpose; the numbers stay with the column."""
    column = [x for a in outer.column for x in (a.args if a.op == "times" else [a])]
    numbers = [a for a in column if not a.rank]
    return Outer(outer.coefficient, (*numbers, *outer.row), tuple(a for a in column if a.rank))


def _factors(v: Value, uses: Counter[Value]) -> list[Value]:
    """The factors of a product, those of products in it in their place."""
    inside = [(a, a.op == "times" and a.rank == 2 and uses[a] == 1) for a in v.args]
    return [x for a, opened in inside for x in (_factors(a, uses) if opened else [a])]


def _grouped(program: Program, outer: Sequence[Outer], new: Mapping[Value, Value]) -> list[tuple[Value, Value]]:
    """Columns and rows, as few as there are: u a^T + v a^T is one pair, and so is u a^T + u b^T."""
    columns = [program.times(*(new[a] for a in o.column)) for o in outer]
    rows = [program.times(*(new[a] for a in o.row)) for o in outer]
    by_row: dict[Value, list[tuple[Value, Fraction]]] = {}
    by_column: dict[Value, list[tuple[Value, Fraction]]] = {}
    for o, column, row in zip(outer, columns, rows, strict=True):
        by_row.setdefault(row, []).append((column, o.coefficient))
        by_column.setdefault(column, []).append((row, o.coefficient))
    if len(by_column) < len(by_row):
        return [(column, program.combine(pairs)) for column, pairs in by_column.items()]
    return [(program.combine(pairs), row) for row, pairs in by_row.items()]


def _stacked(program: Program, parts: Sequence[Value], size: Dim) -> Value:
    return program.emit("stack", parts, (0,), (Dim.of(len(parts)), size))
