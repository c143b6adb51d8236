"""Values whose digits matter where they are small: what magnifies these is not given a difference of larger numbers."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.compiling.planning.program import Value
from matcalc.functions import UNDEFINED, row_of

__all__ = ["fragile_values"]

#: What leaves a number as small as it is.
SCALING = frozenset({"permute", "expand", "reshape", "broadcast", "times"})


def fragile_values(values: Sequence[Value]) -> set[Value]:
    """Values whose relative accuracy matters where they are small."""
    found: set[Value] = set()
    for v in reversed(values):
        if _magnifies(v) or (v in found and (v.op in SCALING or (v.op == "combine" and len(v.args) == 1))):
            found.update(v.args)
        elif v.op == "divide":
            found.update(v.args if v in found else v.args[1:])
    return found


def _magnifies(v: Value) -> bool:
    match v.op:
        case "power":
            return bool(v.data[0] < 0 or v.data[0].denominator != 1)
        case "raise":
            return True
        case "function":
            return row_of(v.data[0]).at_zero == UNDEFINED
    return False
