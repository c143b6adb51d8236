"""Products with triangles of ones as cumulative sums, which take n operations and no array of n² ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matcalc.compiling.passes.rebuilding import rebuilt
from matcalc.compiling.planning.program import Program, Value
from matcalc.compiling.planning.stable_functions import LOG_WEIGHTED_ROWS

__all__ = ["cumulated"]

#: What the transpose of a triangle of ones is.
TURNED = {
    "lower": "upper",
    "upper": "lower",
    "strictly_lower": "strictly_upper",
    "strictly_upper": "strictly_lower",
}


def cumulated(program: Program, outputs: Sequence[Value], sums: bool, logs: bool) -> list[Value]:
    """The outputs with cumulative sums, and with those of exponentials below logarithms as arrays where there are no others."""

    def rule(v: Value, args: list[Value], new: Mapping[Value, Value]) -> Value | None:
        if v.op == "log_cumulative" and not logs:
            return _as_array(program, v, args)
        return _cumulative(program, v, args) if v.op == "matmul" and sums else None

    return rebuilt(program, outputs, rule)


def _cumulative(program: Program, v: Value, args: Sequence[Value]) -> Value | None:
    """M X for a triangle M of ones, or X M"""
    left, right = map(_triangle, v.args)
    if left is not None and right is None:
        return program.emit("cumulative", (args[1],), (0, left), v.axes)
    if right is not None and left is None:
        return program.emit("cumulative", (args[0],), (args[0].rank - 1, TURNED[right]), v.axes)
    return None


def _triangle(v: Value) -> str | None:
    """Which triangle of ones a square value is."""
    turned = v.op == "permute" and v.rank == 2
    mask = v.args[0] if turned else v
    if mask.op != "mask" or mask.axes[0] != mask.axes[1] or mask.data[0] not in TURNED:
        return None
    return TURNED[mask.data[0]] if turned else str(mask.data[0])


def _as_array(program: Program, v: Value, args: Sequence[Value]) -> Value:
    (u,), (size,) = args, v.axes
    rows = program.emit("broadcast", (u,), (), (size, size))
    return program.plain(LOG_WEIGHTED_ROWS(program, rows, program.leaf("mask", (size, size), *v.data)))
