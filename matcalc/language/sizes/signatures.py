"""Signatures of functions, as the table of functions writes them.

``(m, n), (n, k) -> (m, k)`` takes two arrays; ``=1`` is a literal argument, ``#m`` a size, ``@i`` an index.
The names in a signature stand for any size, the size 1 included.
"""

from __future__ import annotations

import re
from functools import cache, cached_property

from matcalc.expr import ONE, Dim, minimum, triangle
from matcalc.records import dataclass

__all__ = ["Parameter", "Signature", "dim_of", "parse_signature"]


@dataclass(frozen=True)
class Parameter:
    """One argument: `kind` is "array", "literal", "size" or "index"."""

    kind: str
    shape: tuple[Dim, Dim] = (ONE, ONE)
    name: str = ""
    literal: int = 0

    @cached_property
    def sides(self) -> tuple[str | None, str | None]:
        """The symbol of each size that is one, "" for the size 1."""
        rows, cols = (("" if d.is_one else d.names[0] if _is_symbol(d) else None) for d in self.shape)
        return rows, cols


@dataclass(frozen=True)
class Signature:
    """The shapes that a function takes and gives."""

    text: str
    parameters: tuple[Parameter, ...]
    result: tuple[Dim, Dim]

    def symbols(self) -> tuple[str, ...]:
        """The names that stand for sizes."""
        arrays = (d for p in self.parameters for d in p.shape)
        names = {name for d in (*arrays, *self.result) for name in d.names}
        return tuple(sorted(names | {p.name for p in self.parameters if p.kind == "size"}))


def _is_symbol(dim: Dim) -> bool:
    return len(dim.names) == 1 and dim == Dim.of(dim.names[0])


@cache
def parse_signature(text: str) -> Signature:
    """Read ``(m, n), #k -> (m, k)``."""
    left, arrow, right = text.partition("->")
    if not arrow:
        raise ValueError(f"signature without an arrow: {text}")
    parameters = tuple(_parameter(part) for part in _split(left) if part)
    return Signature(text, parameters, _shape(right.strip()))


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r",(?![^()]*(?:\([^()]*\)[^()]*)*\))", text)]


def _parameter(text: str) -> Parameter:
    if text[0] == "=":
        return Parameter("literal", literal=int(text[1:]))
    if text[0] in "#@":
        return Parameter("size" if text[0] == "#" else "index", name=text[1:])
    return Parameter("array", _shape(text))


def _shape(text: str) -> tuple[Dim, Dim]:
    if not (text.startswith("(") and text.endswith(")")):
        raise ValueError(f"not a shape: {text}")
    rows, cols = _split(text[1:-1])
    return dim_of(rows), dim_of(cols)


def dim_of(text: str) -> Dim:
    """A sum of products of names and numbers, such as ``m*n + 1`` or ``n*(n+1)/2``."""
    compact = text.replace(" ", "")
    entries = re.fullmatch(r"(\w+)\*?\(\1\+1\)/2", compact)
    if entries:
        return triangle(dim_of(entries.group(1)))
    smaller = re.fullmatch(r"min\((\w+),(\w+)\)", compact)
    if smaller:
        return minimum(dim_of(smaller.group(1)), dim_of(smaller.group(2)))
    total = Dim({})
    for term in re.findall(r"[+-]?[^+-]+", compact):
        product = Dim.of(-1 if term[0] == "-" else 1)
        for factor in term.lstrip("+-").split("*"):
            base, _, power = factor.partition("^")
            for _ in range(int(power or 1)):
                product = product * Dim.of(int(base) if base.isdigit() else base)
        total = total + product
    return total
