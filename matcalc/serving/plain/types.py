"""Kinds of entries: truth values, whole numbers, floats, complex numbers, and any objects."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

__all__ = ["BOOL", "COMPLEX", "FLOAT", "INT", "OBJECT", "DType", "finfo", "joined", "kind_of", "named"]


class DType:
    """One of five kinds, in the order in which one holds the values of those before it."""

    def __init__(self, rank: int, kind: str, char: str, name: str, convert: Any) -> None:
        self.rank, self.kind, self.char, self.name, self.convert = rank, kind, char, name, convert
        self.hasobject = kind == "O"

    def __class_getitem__(cls, of: Any) -> type[DType]:
        return cls

    def __eq__(self, other: object) -> bool:
        return other is not None and named(other) is self

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"dtype('{self.name}')"


BOOL = DType(0, "b", "?", "bool", bool)
INT = DType(1, "i", "l", "int64", int)
FLOAT = DType(2, "f", "d", "float64", float)
COMPLEX = DType(3, "c", "D", "complex128", complex)
OBJECT = DType(4, "O", "O", "object", lambda x: x)
ALL = (BOOL, INT, FLOAT, COMPLEX, OBJECT)
_BY_TYPE: dict[Any, DType] = {bool: BOOL, int: INT, float: FLOAT, complex: COMPLEX, object: OBJECT}


def named(kind: Any) -> DType:
    """The kind of a Python type, a name or another kind."""
    if isinstance(kind, DType):
        return kind
    if isinstance(kind, str):
        return next((d for d in ALL if kind in (d.name, d.char, d.kind)), OBJECT)
    return _BY_TYPE.get(kind, OBJECT)


def kind_of(values: Iterable[Any]) -> DType:
    """The first kind that holds all of these; floats where there are none."""
    types = set(map(type, values))
    return max((_BY_TYPE.get(t, OBJECT) for t in types), key=lambda d: d.rank) if types else FLOAT


def joined(*kinds: DType) -> DType:
    """The first kind that holds the values of all of these."""
    return max(kinds, key=lambda d: d.rank)


class finfo:
    """What is to be known of floats."""

    eps = 2.0**-52
    tiny = 2.0**-1022
    max = math.ldexp(1 - 2.0**-53, 1024)

    def __init__(self, kind: Any = float) -> None:
        self.dtype = named(kind)
