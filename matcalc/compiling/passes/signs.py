"""What is nowhere negative: by the functions that compute it."""

from __future__ import annotations

from collections.abc import Callable

from matcalc.compiling.planning.program import Program, Value
from matcalc.functions import row_of

__all__ = ["is_nonnegative"]

#: What has the entries of its operand, or their sums and extremes.
SAME = frozenset(
    "permute expand reshape broadcast diagonal take slice sum largest smallest prod cumulative placed".split()
)


def is_nonnegative(program: Program, v: Value) -> bool:
    """Whether every entry is known to be >= 0, or nan."""
    if v.number in program.positive or v.op in ("ones", "eye", "mask", "size", "constant"):
        return True
    if v.op in SAME:
        return all(is_nonnegative(program, a) for a in v.args)
    rule = RULES.get(v.op)
    return rule is not None and rule(program, v)


def _all(program: Program, v: Value) -> bool:
    return all(is_nonnegative(program, a) for a in v.args)


def _times(program: Program, v: Value) -> bool:
    """Factors that are so, and pairs of equal ones."""
    odd = [a for a in set(v.args) if v.args.count(a) % 2]
    return all(is_nonnegative(program, a) for a in odd)


def _power(program: Program, v: Value) -> bool:
    (e,) = v.data
    return (e.denominator == 1 and e % 2 == 0) or _all(program, v)


def _function(program: Program, v: Value) -> bool:
    if v.data[0] == "max":
        return any(is_nonnegative(program, a) for a in v.args)
    found = row_of(v.data[0]).range
    return found is not None and found.low >= 0


RULES: dict[str, Callable[[Program, Value], bool]] = {
    "number": lambda program, v: bool(v.data[0] >= 0),
    "times": _times,
    "divide": _all,
    "power": _power,
    "raise": lambda program, v: is_nonnegative(program, v.args[0]),
    "combine": lambda program, v: all(c > 0 for c in v.data) and _all(program, v),
    "where": lambda program, v: all(is_nonnegative(program, a) for a in v.args[2:]),
    "function": _function,
}
