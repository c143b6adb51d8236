"""Several powers of one matrix by each other: X^2, X^4 and X^8 are three products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

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
    new: dict[Value, Value] = {}
    for v in values:
        args = [new[a] for a in v.args]
        if v.op == "matpow" and v.rank == 2 and _upright(v.args[0]) in shared:
            power = _power(program, new[_upright(v.args[0])], v.data[0])
            new[v] = program.permute(power, (1, 0)) if v.args[0].op == "permute" else power
        elif v.op == "permute":
            new[v] = program.permute(args[0], v.data)
        else:
            new[v] = program.emit(v.op, args, v.data, v.axes)
    return [new[v] for v in outputs]


def _upright(v: Value) -> Value:
    return v.args[0] if v.op == "permute" else v


def _power(program: Program, base: Value, k: int) -> Value:
    """X^k by squares and products with X, which all powers share."""
    if k == 1:
        return base
    half = _power(program, base, k // 2)
    square = program.matmul(half, half)
    return program.matmul(base, square) if k % 2 else square
