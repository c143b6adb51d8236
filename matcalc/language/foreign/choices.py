"""Axes of names that were chosen where code shows too little of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Choice"]


@dataclass(frozen=True)
class Choice:
    """The axes of names that are not those of their spelling, and those of another choice that is as likely.

    `single` are names of which the code may take each row: they are vectors by their spelling alone.
    """

    ranks: Mapping[str, int] = field(default_factory=dict)
    rival: Mapping[str, int] | None = None
    single: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything that a reader has to know of."""
        return bool(self.ranks or self.rival or self.single)
