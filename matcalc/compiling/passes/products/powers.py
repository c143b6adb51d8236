"""Several powers of one matrix by each other: X^2, X^4 and X^8 are three products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from matcalc.compiling.passes.rebuilding import rebuilt
from matcalc.compiling.planning.program import Program, Value, needed

__all__ = ["by_each_other"]


def by_each_other(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with powers of a matrix of which there are several as products of smaller ones."""
    values = needed(outputs)
    exponents: dict[Value, set[int]] = defaultdict(set)
    for v in values:
        if v.op == "matpow" and v.rank == 2:
            exponents[_upright(v.args[0])].add(v.data[0])
    shared = {base for base, found in exponents.items() if len(found) > 1}

    def rule(v: Value, args: list[Value], new: Mapping[Value, Value]) -> Value | None:
        if v.op != "matpow" or v.rank != 2 or _upright(v.args[0]) not in shared:
            return None
        power = _power(program, new[_upright(v.args[0])], v.data[0])
        return program.permute(power, (1, 0)) if v.args[0].op == "permute" else power

    return rebuilt(program, outputs, rule)


def _upright(v: Value) -> Value:
    return v.args[0] if v.op == "permute" else v


def _power(program: Program, base: Value, k: int) -> Value:
    """X^k by squares and products with X, which all powers share."""
    if k == 1:
        return base
    half = _power(program, base, k // 2)
    square = program.matmul(half, half)
    return program.matmul(base, square) if k % 2 else square
