"""The functions that a text may call: those of complex numbers are names like others where all numbers are real."""

from __future__ import annotations

from collections.abc import Mapping

from matcalc.functions import FUNCTIONS, find
from matcalc.language.words.names import COMPLEX_PARTS

__all__ = ["function_named", "function_names"]


def function_named(named: Mapping[str, str], of_complex: bool, name: str) -> str | None:
    """The canonical function of a name, which the text may have given to another; None where it is none."""
    spelled = named.get(name, name)
    row = find(COMPLEX_PARTS.get(spelled, spelled) if of_complex else spelled)
    return None if row is None or (row.name in COMPLEX_PARTS and not of_complex) else row.name


def function_names() -> list[str]:
    """All of them, for suggestions."""
    return [
        *(n for n in FUNCTIONS if n not in COMPLEX_PARTS),
        *(alias for row in FUNCTIONS.values() for alias in row.aliases),
    ]
