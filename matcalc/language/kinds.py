"""The kind of a value, scalar, column, row or matrix: which of its two sizes are 1."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.expr import Dim
from matcalc.functions import Function
from matcalc.language.names import is_greek
from matcalc.language.signatures import Signature, parse_signature

__all__ = [
    "COLUMN",
    "MATRIX",
    "ROW",
    "SCALAR",
    "broadcasts",
    "is_sometimes_scalar",
    "kind_of",
    "letter_costs",
    "matching",
    "preferred",
    "result_kind",
]

#: Kinds as bits: 1 where there is more than one row, 2 where there is more than one column.
SCALAR, COLUMN, ROW, MATRIX = range(4)


def kind_of(rows: Dim, cols: Dim) -> int:
    """The kind of a known shape."""
    return (not rows.is_one) + 2 * (not cols.is_one)


def letter_costs(name: str) -> dict[int, int]:
    """What each kind costs for an undeclared name, in hundredths: the convention of the contract costs nothing."""
    if name[0].isupper():
        return {MATRIX: 0, COLUMN: 160, SCALAR: 170}
    if is_greek(name) or name[0] <= "g":
        return {SCALAR: 0, COLUMN: 100, MATRIX: 120}
    return {COLUMN: 0, SCALAR: 100, MATRIX: 140}


def preferred(name: str) -> int:
    """The kind by letter."""
    return next(iter(letter_costs(name)))


def is_sometimes_scalar(name: str) -> bool:
    """Letters of vectors that are read as scalars where only a scalar fits, as in s^2, A / s_1 and |s|; x is not."""
    return re.fullmatch(r"[hjklmnpqrst](_?\d+)?", name) is not None


def broadcasts(function: Function, count: int) -> bool:
    """Whether scalars may stand beside arrays: entrywise functions of several arrays of one shape."""
    if not (function.kind == "elementwise" or function.entrywise) or count != len(function.parameters):
        return False
    first = parse_signature(function.signatures[0])
    return all(p.shape == first.result for p in first.parameters)


def matching(signatures: Sequence[Signature], k: Sequence[int]) -> Signature | None:
    """The first signature that the kinds fit."""
    return next((s for s in signatures if symbols(s, k) is not None), None)


def symbols(signature: Signature, k: Sequence[int]) -> dict[str, bool] | None:
    """For each symbol whether it is more than 1, or None where the kinds do not fit."""
    long: dict[str, bool] = {}
    for parameter, kind in zip(signature.parameters, k, strict=True):
        if parameter.kind != "array":
            continue
        for dim, more in zip(parameter.shape, (bool(kind & 1), bool(kind & 2)), strict=True):
            if dim.is_one:
                if more:
                    return None
            elif len(dim.names) == 1 and dim == Dim.of(dim.names[0]):
                if long.setdefault(dim.names[0], more) != more:
                    return None
    return long


def result_kind(signature: Signature, k: Sequence[int]) -> int:
    """The kind of the result of a signature that fits."""
    long = symbols(signature, k) or {}

    def more(dim: Dim) -> bool:
        return dim.evaluate({name: 2 if long.get(name, True) else 1 for name in dim.names}) != 1

    return more(signature.result[0]) + 2 * more(signature.result[1])
