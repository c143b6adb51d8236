"""Zeros of the relation i ≠ j as choices: what it leaves out is neither computed with nor guarded, and costs n and not n²."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from matcalc.compiling.planning.program import Axes, Program, Value, needed

__all__ = ["hollow", "with_choices"]


def with_choices(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with [i ≠ j] x_ij as a choice between x_ij and 0, one for each product."""
    values = needed(outputs)
    if not any(v.op == "mask" and v.data == ("off_diagonal",) for v in values):
        return list(outputs)
    uses = Counter(a for v in values for a in v.args) + Counter(outputs)
    shared = {v.number for v in values if uses[v] > 1}
    new: dict[Value, Value] = {}
    for v in values:
        args = [new[a] for a in v.args]
        kept = [k for k, a in enumerate(v.args) if a.number in shared]
        new[v] = RULES.get(v.op, _as_it_stands)(program, v, args, kept)
    return [new[v] for v in outputs]


def hollow(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with x_ij where i ≠ j, else a number, as one instruction that needs no pattern."""
    new: dict[Value, Value] = {}
    for v in needed(outputs):
        args = [new[a] for a in v.args]
        number = _on_diagonal(v) if v.op == "where" and v.args[2].axes == v.axes else None
        if number is not None:
            new[v] = program.emit("hollow", (args[2], new[number]), (), v.axes)
        else:
            new[v] = program.emit(v.op, args, v.data, v.axes)
    return [new[v] for v in outputs]


def _on_diagonal(v: Value) -> Value | None:
    """What a choice has where i = j: one number, or one for each row."""
    if not _is_relation(v):
        return None
    other = v.args[3]
    if other.op == "expand" and other.data == (True, False):
        return other.args[0]
    return other if not other.rank else None


def _is_relation(v: Value) -> bool:
    """Whether it is a choice by [i ≠ j]."""
    return v.data[0] in (">", "!=") and _is_zero(v.args[1]) and _is_pattern(v.args[0], v.axes)


def _is_off_diagonal(v: Value) -> bool:
    """Whether it is x_ij where i ≠ j, else a number."""
    return v.op == "where" and _is_relation(v) and v.args[3].op == "number"


def _is_pattern(v: Value, axes: Axes) -> bool:
    return v.op == "mask" and v.data == ("off_diagonal",) and v.axes == axes


def _is_zero(v: Value) -> bool:
    return v.op == "number" and v.data[0] == 0


def _is_chosen(v: Value, axes: Axes) -> bool:
    return v.axes == axes and _is_off_diagonal(v) and _is_zero(v.args[3])


def _as_it_stands(program: Program, v: Value, args: Sequence[Value], kept: Sequence[int]) -> Value:
    return program.emit(v.op, args, v.data, v.axes)


def _chosen(program: Program, pattern: Value, x: Value) -> Value:
    zero = program.number(0)
    return x if _is_chosen(x, pattern.axes) else program.where(">", pattern, zero, x, zero)


def _times(program: Program, v: Value, args: Sequence[Value], kept: Sequence[int]) -> Value:
    """One choice for the product; of a factor with a choice of its own, that nothing else needs, only what is chosen."""
    pattern = next((a if a.op == "mask" else a.args[0] for a in args if _has_zeros(a, v.axes)), None)
    if pattern is None:
        return _as_it_stands(program, v, args, kept)
    rest = [
        a.args[2] if _is_chosen(a, v.axes) and k not in kept else a
        for k, a in enumerate(args)
        if not _is_pattern(a, v.axes)
    ]
    return _chosen(program, pattern, program.times(*rest)) if rest else pattern


def _has_zeros(a: Value, axes: Axes) -> bool:
    return _is_pattern(a, axes) or _is_chosen(a, axes)


def _dot(program: Program, v: Value, args: Sequence[Value], kept: Sequence[int]) -> Value:
    """Σ [i ≠ j] x_ij"""
    pattern = next((a for a in args if _is_pattern(a, a.axes)), None)
    if pattern is None:
        return _as_it_stands(program, v, args, kept)
    (x,) = (a for a in args if a is not pattern) if args[0] is not args[1] else (pattern,)
    return program.sum(_chosen(program, pattern, x), range(x.rank))


def _where(program: Program, v: Value, args: Sequence[Value], kept: Sequence[int]) -> Value:
    """A choice of a choice is that one."""
    twice = _is_chosen(v, v.axes) and _is_chosen(args[2], v.axes)
    return args[2] if twice else _as_it_stands(program, v, args, kept)


#: operator -> its value where a relation is among the operands
RULES: dict[str, Callable[[Program, Value, Sequence[Value], Sequence[int]], Value]] = {
    "times": _times,
    "dot": _dot,
    "where": _where,
}
