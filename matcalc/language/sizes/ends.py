"""The last index, ``x[end]`` and ``x[2:end]``: how long the array is there, whatever is known of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcalc.expr import Dim
from matcalc.language.sizes.sizes import MARK
from matcalc.language.surface.tree import Surface, Typed
from matcalc.language.words.size_texts import size_of

__all__ = ["WORD", "ended", "index_of", "with_ends"]

WORD = "end"
#: What stands for it until the size is known.
_LAST = f"{MARK}{WORD}"


def index_of(node: Surface, named: Callable[[Surface], Dim], text: str, *, known: bool) -> Dim:
    """An index as a polynomial in size names; ``end`` is the last one where it is not known as another name."""

    def name_of(part: Surface) -> Dim:
        return Dim.of(_LAST) if part.value == WORD and not known else named(part)

    return size_of(node, name_of, text)


def ended(index: Dim, size: Dim) -> Dim:
    """An index of an axis of this size."""
    return index.substitute({_LAST: size})


def with_ends(children: Sequence[Typed], forms: Sequence[str]) -> tuple[Typed, ...]:
    """The array and its indices with the sizes that it has."""
    base, *indices = children
    rows, cols = base.shape
    sizes = [cols if rows.is_one else rows] if len(forms) == 1 else [rows, cols]
    places = [
        size for form, size in zip(forms, sizes, strict=True) for _ in range({"at": 1, "all": 0, "range": 2}[form])
    ]
    return base, *(
        Typed(c.kind, c.children, ended(c.value, size), c.span, c.shape)
        for c, size in zip(indices, places, strict=True)
    )
