"""The layout tree: how an expression is read, before it is known in which notation it is written.

==================  ======================  ==========================================================
kind                parts                   value
==================  ======================  ==========================================================
number              —                       its integer (negative only in exponents), or a Decimal
ratio               —                       its Fraction, such as 1/2
name                —                       (name, "scalar" | "vector" | "matrix")
perturbation        —                       (name, index, "scalar" | "vector" | "matrix")
constant            —                       "pi"
literal             —                       text of an argument that is a size or an option
identity            —                       its size, or None where the context fixes it
ones, zeros         —                       (m, n); None for ones that broadcast in a sum
unit                —                       (i, n)
at                  —                       the index of a unit column, such as "i" or "t+1"
commutation         —                       (m, n)
duplication         —                       n
elimination         —                       n
mask                —                       (kind, m, n)
selector            —                       (offset, k, n)
sum                 terms                   a sign, +1 or -1, for each
negative            x                       —
product             factors                 — (written side by side)
quotient            numerator, denominator  —
hadamard            factors                 —
multiple            scalars, array          — (a scalar times an entrywise product, without brackets)
hadamard_quotient   numerator, denominator  —
kron                factors                 —
power               base, exponent          — (of a scalar or a square matrix)
hadamard_power      base, exponent          —
root                x                       — (the square root)
transpose           x                       —
inverse             x                       —
inverse_transpose   x                       —
conjugate           x                       —
adjoint             x                       — (the transpose of the conjugate)
pseudoinverse       x                       —
bracketed           x                       — (brackets that only help the reader)
relation            sides                   the signs between them, as ("<", "<="), of a condition
conjunction         conditions              — (all of them hold)
disjunction         conditions              — (one of them holds)
indicator           left, right             the sign between them: 1 where the relation holds, else 0
cases               value, condition, …     — (… and last the value where none holds)
function            arguments               its name
open                as of the surface tree  the `OpenUse` of a function that nobody defined
norm                x                       subscript: "", "F", "1", "2", "inf", "*"
absolute            s                       —
entry               x                       places: each "2", "i", ":" or "a:b"
member              x                       indices: each "i", "t+1" or "2", written below the line
condition           —                       (left, sign, right): 1 where this relation of indices holds, else 0
total               summand                 ((letter, size, whether it is written), …) and a condition, one of them empty
block               blocks, row by row      (rows of blocks, columns of blocks)
==================  ======================  ==========================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from matcalc.language.undefined.open_uses import use_size
from matcalc.printing.decimals import decimal_of
from matcalc.printing.precedence import DISPLAYED, PLAIN, needs_brackets
from matcalc.records import dataclass

__all__ = ["LARGEST", "Layout", "is_open", "lay", "leading_kind", "number_layout", "transposed"]

#: Sizes saturate here: a DAG can stand for a tree of astronomic size.
LARGEST = 10**9
#: Names compared when all else about two layouts is equal.
NAMES_COMPARED = 6


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """One piece of a printed expression.

    Attributes:
        kind: a key of the tables of the emitters; the module says which there are.
        parts: the pieces it is made of.
        value: what else it shows.
        size: the length of its text, with a surcharge for what is hard to read.
        depth: how many pieces are nested in it.
        degree: how many names are multiplied in it, for the order of terms.
        names: the first names in it, and the places of entries, to put equals in alphabetical order: x[1] x[2].
    """

    kind: str
    parts: tuple[Layout, ...]
    value: Any
    size: int
    depth: int
    degree: int
    names: tuple[str, ...]


def lay(kind: str, *parts: Layout, value: Any = None) -> Layout:
    """A piece with its measures; all that follows belongs to a sum over indices, which stands in brackets before others."""
    if kind == "product" and any(map(is_open, parts[:-1])):
        parts = (*(_bracketed(part) if is_open(part) else part for part in parts[:-1]), parts[-1])
    brackets = sum(2 for i, p in enumerate(parts) if needs_brackets(PLAIN, kind, i, p.kind))
    size = sum(p.size for p in parts) + brackets + _own_size(kind, len(parts), value)
    depth = 1 + max((p.depth for p in parts), default=0)
    degree = min(_degree(kind, parts), LARGEST)
    return Layout(kind, parts, value, min(size, LARGEST), depth, degree, _first_names(kind, parts, value))


def _first_names(kind: str, parts: Iterable[Layout], value: Any) -> tuple[str, ...]:
    found: tuple[str, ...] = (value[0],) if kind in ("name", "perturbation") else ()
    for part in parts:
        if len(found) >= NAMES_COMPARED:
            break
        found += part.names
    if kind in ("entry", "member", "unit"):
        found += tuple(str(place).rjust(4) for place in (value[:1] if kind == "unit" else value))
    return found[:NAMES_COMPARED]


def is_open(layout: Layout) -> bool:
    """Whether what follows would be summed, too."""
    return layout.kind == "total" or (layout.kind == "product" and is_open(layout.parts[-1]))


def _bracketed(layout: Layout) -> Layout:
    return lay("bracketed", layout)


def number_layout(value: Fraction | int, decimals: bool = False) -> Layout:
    """A rational number, with its sign in front; where decimals are used, the decimal that it is."""
    exact = Fraction(value)
    decimal = decimal_of(abs(exact)) if decimals else None
    if decimal is not None:
        return lay("number", value=decimal) if exact > 0 else lay("negative", lay("number", value=decimal))
    if exact.denominator == 1:
        return lay("number", value=int(exact))
    return lay("ratio", value=exact) if exact > 0 else lay("negative", lay("ratio", value=-exact))


def transposed(layout: Layout) -> Layout:
    """Its transpose, without a second prime: (X^T)^T = X."""
    match layout.kind:
        case "transpose":
            return layout.parts[0]
        case "conjugate":
            return lay("adjoint", *layout.parts)
        case "adjoint":
            return lay("conjugate", *layout.parts)
        case "inverse":
            return lay("inverse_transpose", *layout.parts)
        case "inverse_transpose":
            return lay("inverse", *layout.parts)
        case "negative":
            return lay("negative", transposed(layout.parts[0]))
        case "sum" if all(sign < 0 for sign in layout.value):
            return lay("negative", lay("transpose", lay("sum", *layout.parts, value=(1,) * len(layout.parts))))
        case "number" | "ratio" | "identity":
            return layout
        case "product" if len(layout.parts) == 2 and layout.parts[0].kind in ("number", "ratio"):
            return lay("product", layout.parts[0], transposed(layout.parts[1]))
    return lay("transpose", layout)


# Surcharges beyond the signs themselves: a transpose 1, an inverse 1, their combination 3.
_FIXED = {
    "negative": 1,
    "quotient": 3,
    "hadamard_quotient": 4,
    "power": 1,
    "hadamard_power": 2,
    "root": 6,
    "transpose": 3,
    "inverse": 4,
    "inverse_transpose": 6,
    "pseudoinverse": 6,
    "conjugate": 3,
    "adjoint": 3,
    "bracketed": 2,
    "absolute": 5,
    "indicator": 6,
    "ones": 8,
    "zeros": 8,
    "unit": 7,
    "condition": 7,
    "commutation": 7,
    "duplication": 4,
    "elimination": 4,
    "mask": 14,
    "selector": 14,
}
_BETWEEN = {
    "relation": 4,
    "conjunction": 5,
    "disjunction": 4,
    "cases": 6,
    "sum": 3,
    "product": 1,
    "multiple": 1,
    "hadamard": 4,
    "kron": 2,
    "function": 2,
    "open": 2,
    "block": 2,
}


def _own_size(kind: str, count: int, value: Any) -> int:
    between = _BETWEEN.get(kind, 0) * max(count - 1, 0)
    match kind:
        case "number" | "ratio" | "literal" | "constant":
            return len(str(value))
        case "name" | "perturbation":
            return len(value[0]) + (kind == "perturbation")
        case "identity":
            return 1 if value is None else 6
        case "ones" if value is None:
            return 1
        case "sum":
            return between + int(value[0] < 0)
        case "kron":
            return between + 6
        case "block":
            return between + 2
        case "function":
            return between + len(value) + 2
        case "open":
            return between + use_size(value)
        case "norm":
            return 4 + (len(value) + 1 if value else 0)
        case "at":
            return 2 + len(value)
        case "member":
            return 1 + sum(map(len, value))
        case "total":
            return 5 + (
                2 + sum(map(len, value[1])) if value[1] else 2 * len(value[0]) + 5 * any(r[2] for r in value[0])
            )
        case "entry":
            return 2 + sum(len(index) for index in value) + 2 * (len(value) - 1)
    return between + _FIXED.get(kind, 0)


def _degree(kind: str, parts: Iterable[Layout]) -> int:
    degrees = [p.degree for p in parts]
    match kind:
        case "number" | "ratio" | "literal" | "constant" | "condition":
            return 0
        case "product" | "multiple" | "hadamard" | "kron" | "quotient" | "hadamard_quotient":
            return sum(degrees)
        case "power" | "hadamard_power":
            exponent = list(parts)[1]
            times = exponent.value if exponent.kind == "number" else 1
            return degrees[0] * abs(int(times))
        case "inverse" | "inverse_transpose" | "transpose" | "conjugate" | "adjoint" | "negative" | "bracketed" | "sum":
            return max(degrees)
    return max([1, *degrees])


_PREFIXED = frozenset({"power", "hadamard_power", "product", "multiple"})


def leading_kind(layout: Layout) -> str:
    """The kind of what stands first in a displayed formula: a number in 2^x."""
    while layout.kind in _PREFIXED and not needs_brackets(DISPLAYED, layout.kind, 0, layout.parts[0].kind):
        layout = layout.parts[0]
    return layout.kind
