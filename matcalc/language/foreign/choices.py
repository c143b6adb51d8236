"""Axes of names in code: those that its reading assumes, and those that were chosen where it shows too little of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from matcalc.errors import Span
from matcalc.records import dataclass

__all__ = ["Choice"]


@dataclass(frozen=True)
class Choice:
    """How many axes names have.

    Attributes:
        ranks: of names where these are not those of their spelling.
        rival: of names in another choice that is as likely.
        assumed: of every name that the reading made use of.
        columns: of biases that stand beside every column of a matrix.
        rows: of names that stand beside every row of a multiple of a product.
        spread: factors that are vectors by their spelling alone and stand beside every row of a matrix.
        unread: what the reading leaves out, such as constraints, each as a sentence and with its place.
        declared: declarations that the code itself makes.
        single: names of which the code may take each row: they are vectors by their spelling alone.
    """

    ranks: Mapping[str, int] = field(default_factory=dict)
    rival: Mapping[str, int] | None = None
    assumed: Mapping[str, int] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    spread: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    unread: tuple[tuple[str, Span], ...] = ()
    declared: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything that a reader has to know of."""
        return bool(self.ranks or self.rival or self.columns or self.spread or self.single)
