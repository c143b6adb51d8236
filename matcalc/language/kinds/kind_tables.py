"""Tables of the solver: for each item the kinds it may have, with what each choice of kinds for the names below costs."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import field
from typing import Any, TypeVar

from matcalc.records import dataclass

__all__ = ["Entries", "Entry", "Key", "Table", "joined", "keep", "names_in", "pruned"]

#: A kind, and two bits for each name below.
Key = tuple[int, int]
#: What it costs, and the keys of the operands that it was made from: ((None, first), second) and so on.
Entry = tuple[int, Any]
Entries = dict[Key, Entry]
Partial = dict[tuple[tuple[int, ...], int], Entry]
First = TypeVar("First", bound=Hashable)

#: How many readings that differ only in names which stand nowhere else are kept, so that the next best is known.
_ALTERNATIVES = 6


@dataclass
class Table:
    """Entries; `open` are the bits of names that occur elsewhere, too, `counts` how often each of these occurs below."""

    entries: Entries
    open: int = 0
    counts: dict[int, int] = field(default_factory=dict)


def joined(partial: Partial, common: int, entries: Entries, twice: Callable[[int], int]) -> Partial:
    """Every combination that agrees on the names in common."""
    found: Partial = {}
    for (kinds, bits), (cost, back) in partial.items():
        less = cost - twice(bits)
        for key, (more, _) in entries.items():
            if not (bits ^ key[1]) & common:
                keep(found, ((*kinds, key[0]), bits | key[1]), less + more, (back, key))
    return found


def keep(entries: dict[tuple[First, int], Entry], key: tuple[First, int], cost: int, back: Any) -> None:
    """Store an entry unless a cheaper one is known."""
    known = entries.get(key)
    if known is None or cost < known[0]:
        entries[key] = (cost, back)


def pruned(entries: dict[tuple[First, int], Entry], open_: int, most: int) -> dict[tuple[First, int], Entry]:
    """The cheapest choices for the names that occur elsewhere, each with a few for the others."""
    if len(entries) <= _ALTERNATIVES:
        return entries
    kept: dict[tuple[First, int], Entry] = {}
    alternatives: dict[tuple[First, int], int] = {}
    for key, entry in sorted(entries.items(), key=lambda pair: pair[1][0]):
        group = key[0], key[1] & open_
        count = alternatives.get(group, 0)
        if count < _ALTERNATIVES and (count or len(alternatives) < most):
            alternatives[group] = count + 1
            kept[key] = entry
    return kept


def names_in(bits: int) -> list[int]:
    """The names whose bits are set."""
    names: list[int] = []
    while bits:
        name = (bits & -bits).bit_length() - 1 >> 1
        names.append(name)
        bits &= ~(3 << 2 * name)
    return names
