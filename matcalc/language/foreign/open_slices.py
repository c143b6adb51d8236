"""Slices whose end is left open, ``theta(2:end)`` and ``x[1:]``: what they are with the size of the array."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from matcalc.errors import Fix, Hint, Offers, Span
from matcalc.language.foreign.signs import language_of, perhaps
from matcalc.language.hints import declare_all

__all__ = ["sized_in_matlab", "sized_in_python"]

#: A name before its indices, which hold no further brackets.
_MATLAB = re.compile(r"(?P<name>[^\W\d]\w*)\((?P<inside>[^()\[\]]*\bend\b[^()\[\]]*)\)")
_PYTHON = re.compile(r"(?P<name>[^\W\d]\w*)\[(?P<inside>[^()\[\]]*:[^()\[\]]*)\]")
_SLICE = re.compile(r"(\d*):(-?\d*)")


def sized_in_matlab(text: str) -> Hint | None:
    """x(2:end) is x[2:n] of a vector(n)."""
    return _hint(text, list(_edits(text, _MATLAB, lambda part, size: re.sub(r"\bend\b", size, part))))


def sized_in_python(text: str) -> Hint | None:
    """x[1:] is x[1:n] in Python, which counts from 0, and x[2:n] in a text that is no Python otherwise."""
    for first in (0, 1):
        edits = list(_edits(text, _PYTHON, partial(_closed, first)))
        hint = _hint(text, edits)
        fixed = hint.fixes[0].applied(text) if hint is not None else ""
        if ((language_of(fixed) or perhaps(fixed)) == "Python") == (first == 0):
            return hint
    return None


def _closed(first: int, part: str, size: str) -> str:
    found = _SLICE.fullmatch(part.strip())
    if found is None or not any(found.groups()):
        return part.strip()
    start = int(found.group(1) or 0) + first
    end = found.group(2)
    return f"{start}:{end}" if end.isdigit() else f"{start}:{size}{end}"


def _edits(text: str, pattern: re.Pattern[str], closed: Callable[[str, str], str]) -> Iterator[tuple[Span, str, str]]:
    """The place of every such slice, what is written there, and the declaration of its array."""
    for found in pattern.finditer(text):
        name, parts = found["name"], found["inside"].split(",")
        if len(parts) <= 2:
            sizes = ("n",) if len(parts) == 1 else ("m", "n")
            shown = ", ".join(closed(part.strip(), size) for part, size in zip(parts, sizes, strict=True))
            kind = f"{'vector' if len(parts) == 1 else 'matrix'}({', '.join(sizes)})"
            yield found.span(), f"{name}[{shown}]", f"{name}: {kind}"


def _hint(text: str, edits: list[tuple[Span, str, str]]) -> Hint | None:
    if not edits:
        return None
    declared = list(dict.fromkeys(kind for _, _, kind in edits))
    together = declare_all(text, declared).fixes[0].edits
    words = f"{' and '.join(dict.fromkeys(shown for _, shown, _ in edits))} where {', '.join(declared)}"
    fix = Fix((*((span, shown) for span, shown, _ in edits), *together))
    return Hint(Offers("write it with the size, as {}", ((words, fix),)))
