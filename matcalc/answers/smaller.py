"""The same function at smaller sizes, for a check: arrays of the declared ones would be too large to compute.

A formula that holds for every number of rows holds for 60000 of them. In the texts of the function and of the claim a name
stands in the place of each large size; a number that is made of them, such as 59999, has no name, and then nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from matcalc.errors import MatcalcError
from matcalc.objects.expressions import Expr, parse
from matcalc.records import dataclass

__all__ = ["Smaller", "smaller"]

#: Smaller sizes stay as they are.
LARGEST_KEPT = 40
#: Names of sizes, the first that nothing else is called by.
NAMES = "nmkpqr"


@dataclass(frozen=True)
class Smaller:
    """A function with names for its large sizes."""

    f: Expr
    names: Mapping[int, str]

    def of(self, text: str) -> str:
        """A text about the function with the same names in it."""
        return _with_names(text, self.names)

    def is_told_by_names(self, text: str) -> bool:
        """Whether no other large number is left in the text, which might be made of the sizes."""
        return all(int(number) <= LARGEST_KEPT for number in re.findall(r"(?<![\w.])\d+(?![\w.])", self.of(text)))

    @property
    def words(self) -> str:
        """n in the place of 60000, m in the place of 784"""
        return ", ".join(f"{name} in the place of {size}" for size, name in self.names.items())


def smaller(f: Expr) -> Smaller | None:
    """The function with names for its large sizes; None where it has none, or was not typed."""
    every = {d.value or 0 for x in f.declarations.values() for d in x.dims}
    sizes = sorted((size for size in every if size > LARGEST_KEPT), reverse=True)
    used = {
        *f.declarations,
        *re.findall(r"[A-Za-z]\w*", f.source or ""),
        *(str(d) for x in f.declarations.values() for d in x.dims),
    }
    free = [name for name in NAMES if name not in used]
    if f.source is None or not sizes or len(sizes) > len(free):
        return None
    names = dict(zip(sizes, free, strict=False))
    defined = ", ".join(f"{d.name} = {d.text}" for d in f.definitions)
    text = f"{f.source} where {defined}" if defined else f.source
    where = {name: _with_names(d.type_text, names) for name, d in f.declarations.items()}
    try:
        return Smaller(parse(_with_names(text, names), where), names)
    except MatcalcError:
        return None


def _with_names(text: str, names: Mapping[int, str]) -> str:
    return re.sub(r"(?<![\w.])\d+(?![\w.])", lambda m: names.get(int(m[0]), m[0]), text)
