"""Products with conditions skip what these leave out: of Σ_i [y_i > 0] log(y_i) there is no term with y_i <= 0.

A product of a matrix and a vector multiplies with 0 what is no number, too. Where one of its operands is a relation
between values and the other is not defined for all numbers, that is made 0 first where the relation does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matcalc.compiling.planning.program import Program, Value, needed
from matcalc.compiling.planning.values import inside_domain

__all__ = ["with_chosen_terms"]

#: Values that are not finite for some operands.
LIMITED = frozenset({"inv", "solve", "cholesky", "matpow", "raise", "inverse_from_cholesky", "gaps", "call"})
#: Operands of entries 0 and 1 give such a value.
KEEPING = frozenset({"permute", "expand", "broadcast", "times", "reshape"})


def with_chosen_terms(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with sums that run over the terms for which a relation holds, and no others."""
    values = needed(outputs)
    conditions = _conditions(values)
    if not any(v.op in PAIRS and not v.batched and conditions.intersection(v.args) for v in values):
        return list(outputs)
    limited = _limited(program, values)
    new: dict[Value, Value] = {}
    for v in values:
        args = [new[a] for a in v.args]
        skipping = None
        if v.op in PAIRS and not v.batched:
            held = next((k for k, a in enumerate(v.args) if a in conditions and v.args[1 - k] in limited), None)
            skipping = None if held is None else _skipping(program, v, args, held)
        new[v] = skipping or program.emit(v.op, args, v.data, v.axes, v.lead)
    return [new[v] for v in outputs]


def _conditions(values: Sequence[Value]) -> set[Value]:
    """Relations between values, as arrays of 1 and 0, and products of them."""
    found: set[Value] = set()
    for v in values:
        chosen = v.op == "where" and [a.op == "number" and a.data[0] for a in v.args[2:]] == [1, 0]
        if chosen or (v.op in KEEPING and v.args and found.issuperset(v.args)):
            found.add(v)
    return found


def _limited(program: Program, values: Sequence[Value]) -> set[Value]:
    """Values that may be no numbers for some numbers."""
    found: set[Value] = set()
    positive: set[Value] = set()
    for v in values:
        if _is_positive(program, v, positive):
            positive.add(v)
        below = v.args[2:] if v.op == "where" else v.args
        if v.op in LIMITED or _has_limits(v, positive) or not found.isdisjoint(below):
            found.add(v)
    return found


def _has_limits(v: Value, positive: set[Value]) -> bool:
    match v.op:
        case "divide":
            return v.args[1].op != "number" and v.args[1] not in positive
        case "power":
            return (v.data[0] < 0 or v.data[0].denominator != 1) and v.args[0] not in positive
        case "function":
            return len(v.args) == 1 and inside_domain(v.data[0]) is not None and v.args[0] not in positive
    return False


def _is_positive(program: Program, v: Value, positive: set[Value]) -> bool:
    if v.op == "number":
        return bool(v.data[0] > 0)
    if v.op == "function":
        return bool(v.data[0] == "exp")
    kept = v.op in KEEPING | {"divide", "power", "sum"} or (v.op == "combine" and min(v.data) > 0)
    return v.number in program.positive or (kept and bool(v.args) and positive.issuperset(v.args))


# --- products ----------------------------------------------------------------------------------------------

Axes = list[tuple[int, int]]

#: product of two arrays -> the pairs of axes that it sums over
PAIRS: dict[str, Any] = {
    "dot": lambda v: [(axis, axis) for axis in range(v.args[0].rank)],
    "matmul": lambda v: [(v.args[0].rank - 1, 0)],
    "tensordot": lambda v: list(zip(*v.data, strict=True)),
}


def _skipping(program: Program, v: Value, args: Sequence[Value], held: int) -> Value | None:
    """The product, with zeros where the condition has them; None for two arrays that each have axes of their own."""
    condition, other = args[held], args[1 - held]
    pairs: Axes = [pair if held == 0 else pair[::-1] for pair in PAIRS[v.op](v)]
    if len(pairs) == condition.rank:
        filled = _where(program, _along(program, condition, pairs, other.rank), other)
        operands = (condition, filled) if held == 0 else (filled, condition)
        return program.emit(v.op, operands, v.data, v.axes, v.lead)
    if len(pairs) == other.rank:
        spread = _along(program, other, [(b, a) for a, b in pairs], condition.rank)
        return program.sum(_where(program, condition, spread), [a for a, _ in pairs])
    return None


def _along(program: Program, value: Value, pairs: Axes, rank: int) -> Value:
    """The array with each of its axes at the place of that which it meets in another array."""
    by_place = sorted(pairs, key=lambda pair: pair[1])
    turned = program.permute(value, [own for own, _ in by_place])
    return program.expand(turned, [axis in {place for _, place in by_place} for axis in range(rank)])


def _where(program: Program, condition: Value, value: Value) -> Value:
    zero = program.number(0)
    return program.where(">", condition, zero, value, zero)
