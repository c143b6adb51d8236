"""Numbers that are known before any array is: literals, sizes, and what is computed from them by Python itself.

Python raises where an array library gives inf or nan; what might do that is left to the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matcalc.compiling.planning.program import Value, needed
from matcalc.functions import row_of
from matcalc.functions.spelling import PLANNED, Spelling

__all__ = ["is_static", "number_template", "numbers_of_array_type"]

#: A higher power of a size may be too large for a float.
LARGEST_POWER = 12
LEAVES = frozenset({"number", "size", "constant"})


def number_template(name: str) -> str | None:
    """What Python computes the function of a number by."""
    return _words(name).number or None


def _words(name: str) -> Spelling:
    return row_of(name).spelled or PLANNED


def is_static(value: Value) -> bool:
    """Whether Python computes it, before any array is there."""
    stack, seen = [value], set()
    while stack:
        v = stack.pop()
        if v.op in LEAVES or v in seen:
            continue
        if v.rank or not _is_safe(v):
            return False
        seen.add(v)
        stack.extend(v.args)
    return True


def _is_safe(v: Value) -> bool:
    """Whether an operation of Python numbers never raises."""
    match v.op:
        case "combine" | "times" | "where":
            return True
        case "divide":
            return _is_positive(v.args[1])
        case "power":
            return 0 < v.data[0] <= LARGEST_POWER and (v.data[0].denominator == 1 or _is_positive(v.args[0]))
        case "raise":
            return v.args[0].op == "number" and v.args[0].data[0] in (1, -1)
        case "function" if number_template(v.data[0]):
            raises = _words(v.data[0]).raises
            return raises == "never" or (raises == "unless positive" and _is_positive(v.args[0]))
    return False


def _is_positive(v: Value) -> bool:
    match v.op:
        case "number":
            return bool(v.data[0] > 0)
        case "constant":
            return True
        case "size":
            return all(c > 0 for _, c in v.data[0].terms)
        case "combine":
            return all(c > 0 for c in v.data) and all(map(_is_positive, v.args))
        case "times" | "divide":
            return all(map(_is_positive, v.args))
        case "power":
            return _is_positive(v.args[0])
    return False


def numbers_of_array_type(outputs: Sequence[Value]) -> frozenset[str]:
    """The inputs that have to be numbers of the library, since something is computed from numbers alone.

    The others may be numbers of Python, which take the type of the array beside them: sums and products of such never
    raise.
    """
    below: dict[Value, frozenset[str]] = {}
    found: frozenset[str] = frozenset()
    for v in needed(outputs):
        held = [below[a] for a in v.args if a in below]
        alone = all(a in below or is_static(a) for a in v.args)
        if v.op == "input" and not v.rank:
            below[v] = frozenset(v.data)
        elif held and alone and not v.rank and v.op in ("combine", "times"):
            below[v] = _union(held)
        elif held and (alone or v.op not in ("combine", "times", "divide", "power", "raise")):
            found |= _union(held)
    return found


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
