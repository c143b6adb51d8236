"""What a perturbation is called: dX, unless a variable has that name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import count

__all__ = ["direction_prefix", "direction_spellings", "direction_symbol"]

#: What stands before the name of a variable, the first that leads to no other variable.
PREFIXES = ("d", "delta_", "Delta_", "epsilon_")


def direction_prefix(name: str, names: Collection[str]) -> str:
    """What makes the name of a perturbation of the variable, beside variables of these names."""
    taken = _symbols(names if isinstance(names, frozenset) else frozenset(names))
    return next(prefix for prefix in _prefixes() if prefix + name not in taken)


def _prefixes() -> Iterator[str]:
    yield from PREFIXES
    yield from (f"delta{number}_" for number in count(2))


@lru_cache(maxsize=64)
def _symbols(names: frozenset[str]) -> frozenset[str]:
    """What variables are called, and what of those with an index is left without it: dx and dx_1 take dx."""
    return names | {stem for n in names for stem, _, index in [n.rpartition("_")] if re.fullmatch(r"\d+", index)}


def direction_symbol(name: str, index: int, names: Collection[str]) -> str:
    """dX, dX_1; delta_X beside a variable dX."""
    symbol = direction_prefix(name, names) + name
    return f"{symbol}_{index}" if index else symbol


def direction_spellings(name: str, index: int, names: Collection[str]) -> tuple[str, ...]:
    """The symbol, and how δx is read where a letter stands before the name."""
    symbol = direction_symbol(name, index, names)
    prefix = direction_prefix(name, names)
    return (symbol, symbol.replace("_", "", 1)) if prefix.endswith("_") else (symbol,)
