"""In what terms something is printed: beside which names, its sums as they were typed, in the user's names and manner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

from matcalc.expr import Node
from matcalc.printing.defined import Defined, contracted
from matcalc.printing.layout import Layout, number_layout
from matcalc.printing.reading.spelling import Spelling, Sum
from matcalc.records import dataclass

__all__ = ["PLAIN", "Manner", "Style"]


@dataclass(frozen=True)
class Manner:
    """How numbers, functions and members of families were typed.

    Attributes:
        decimals: whether there are decimals among the numbers.
        functions: those that the engine writes by others, such as silu.
        members: (array, number of indices, family), such as (X, 1, x) for x_i; None where nothing was typed.
    """

    decimals: bool = False
    functions: frozenset[str] = frozenset()
    members: frozenset[tuple[str, int, str]] | None = None

    def __or__(self, other: Manner) -> Manner:
        known = [m.members for m in (self, other) if m.members is not None]
        members = frozenset[tuple[str, int, str]]().union(*known) if known else None
        return Manner(self.decimals or other.decimals, self.functions | other.functions, members)


@dataclass(frozen=True)
class Style:
    """Everything that printing depends on beside the expression and the format.

    Attributes:
        names: variables that an expression has to be told from: the matrix K(m, n) beside a variable K.
        sums: the sums that were typed; where their signs are free they stand as they were.
        definitions: the user's names for parts.
        manner: of numbers, functions and members.
    """

    names: frozenset[str] = frozenset()
    sums: tuple[Sum, ...] = ()
    definitions: tuple[Defined, ...] = ()
    manner: Manner = Manner()

    def number(self, value: Fraction | int) -> Layout:
        """A rational number."""
        return number_layout(value, self.manner.decimals)

    def beside(self, names: Iterable[str]) -> Style:
        """The same beside more names."""
        more = self.names.union(names)
        return self if more == self.names else replace(self, names=more)

    @property
    def undefined(self) -> Style:
        """The same names and sums, without what the user defines, and in the engine's manner."""
        return replace(self, definitions=(), manner=Manner(members=self.manner.members))

    @property
    def told_from(self) -> frozenset[str]:
        """The names, with those that are defined."""
        return self.names.union(str(d.name.data[0]) for d in self.definitions)

    @cached_property
    def typed(self) -> tuple[Sum, ...]:
        """The sums, also in the names that are defined."""
        renamed = (tuple((contracted(t, self.definitions), c) for t, c in typed) for typed in self.sums)
        return (*self.sums, *(renamed if self.definitions else ()))

    @cached_property
    def spelling(self) -> Spelling:
        """How sums were typed."""
        return Spelling(self.typed)

    def named(self, node: Node) -> Node:
        """The expression in the names that are defined."""
        return contracted(node, self.definitions)

    @property
    def bodies(self) -> tuple[tuple[Node, Node], ...]:
        """Each name that is defined with what it stands for in terms of earlier ones."""
        known = self.definitions
        return tuple((d.name, contracted(d.body, known[:place])) for place, d in enumerate(known))


#: No names, nothing typed.
PLAIN = Style()
