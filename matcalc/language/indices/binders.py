"""What binds an index, and what holds one: sums with their limits, members of families, entries at an index."""

from __future__ import annotations

from typing import NamedTuple

from matcalc.language.surface.tree import Surface
from matcalc.records import dataclass

__all__ = ["STACKED", "Binder", "Bound", "Limit", "Member", "Place", "Relation"]


#: The value of what puts the results for all values of an index below each other.
STACKED = "stacked"


class Relation(NamedTuple):
    """i < j, of two indices, by their letters until these are bound."""

    sign: str
    left: str
    right: str


class Limit(NamedTuple):
    """What stands below and above a sum for one index: its letter, where it begins (None: by a relation), and where it ends."""

    letter: str
    first: int | None = 1
    last: Surface | None = None


@dataclass(frozen=True)
class Binder:
    """The value of a surface ``total``.

    Attributes:
        sign: "sum", "prod", "max", "min", "mean", or "stack" of the values themselves, one below the other.
        limits: its indices as they were typed.
        relations: which of their values it runs over.
        weights: names of 0 and 1 that say the same, each with the letters of its indices.
        bound: the number of each index, once it is known.
    """

    sign: str
    limits: tuple[Limit, ...]
    relations: tuple[Relation, ...] = ()
    weights: tuple[tuple[str, tuple[str, ...]], ...] = ()
    bound: tuple[int, ...] = ()


@dataclass(frozen=True)
class Bound:
    """An index of the text: its letter, the value that it begins with, and the tree of its last one."""

    letter: str
    first: int
    last: Surface | None

    @property
    def before(self) -> int:
        """How many values stand before its first one, when these are counted from 1."""
        return self.first - 1


class Place(NamedTuple):
    """t + 1 of x_{t+1}: the number of the index and what is added; without an index a fixed place, or its last one."""

    bound: int | None
    offset: int = 0
    last: str = ""


class Member(str):
    """The name of a member, as typed: x_i with what it is a member of, where its indices stand, and whether it is a number."""

    base: str
    places: tuple[Place, ...]
    is_number: bool

    @classmethod
    def of(cls, name: str, base: str, places: tuple[Place, ...], *, is_number: bool = False) -> Member:
        made = cls(name)
        made.base, made.places, made.is_number = base, places, is_number
        return made
