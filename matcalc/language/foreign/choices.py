"""Axes of names that were chosen where code shows too little of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Choice"]


@dataclass(frozen=True)
class Choice:
    """The axes of names that are not those of their spelling, and those of another choice that is as likely."""

    ranks: Mapping[str, int] = field(default_factory=dict)
    rival: Mapping[str, int] | None = None
