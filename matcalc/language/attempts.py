"""The ways in which a text may be read, in order.

Sums run over entries, keep their indices, or cut entries out; functions that the text defines stand in place of their calls; matrices that
words call symmetric have sizes of their own, or one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from matcalc.errors import MatcalcError, ShapeError
from matcalc.expr import Dim
from matcalc.language.clauses import shown_as
from matcalc.language.mends.hints import try_out
from matcalc.patterns import pattern

if TYPE_CHECKING:
    from matcalc.language.declarations import Where
    from matcalc.language.meaning.inference import Parsed

__all__ = ["as_typed", "first_reading", "may_bind", "with_functions_in_place", "with_sizes_apart"]

P = TypeVar("P", covariant=True)


class Read(Protocol[P]):
    """Reads a text; with ``binders`` sums keep their indices, with ``sliced`` these need not run over all entries."""

    def __call__(self, *, binders: bool, sliced: bool = False) -> P: ...


#: What is said of a text whose sums keep their indices: other faults are those of its entries.
_OF_MEMBERS = frozenset({"index", "index-range", "ambiguous", "function-or-factor"})
#: What is no sum over entries: the fault of one that keeps its indices is that of the text.
_OF_SIGNS = "sum-sign"
_SIGNS_OF_SUMS = r"\sum \Sigma ∑ Σ sum_ Sum_ \prod \max_ \min_ prod_ max_ min_ mean_ \mathbb{E} \mathbb".split()
#: (W a)_i and [X w]_i
_ENTRY = pattern(r"[)\]]\s*_\s*[{a-z]")


def may_bind(text: str) -> bool:
    """Whether the text may hold a sum over an index."""
    return any(sign in text for sign in _SIGNS_OF_SUMS)


def first_reading(text: str, read: Read[P]) -> P:
    """The first that there is, or the fault that tells most."""
    if "einsum(" in text.replace(" ", ""):
        return read(binders=True)
    try:
        return read(binders=False)
    except MatcalcError as error:
        if not may_bind(text):
            raise
        try:
            return _with_indices(text, read)
        except MatcalcError as other:
            raise (other if _tells_more(other, error) else error) from None


def _tells_more(other: MatcalcError, error: MatcalcError) -> bool:
    """Whether the fault of a text whose sums keep their indices says more than that of one over entries."""
    of_form = error.code == "sum" and not isinstance(other, ShapeError)
    return other.code in _OF_MEMBERS or error.code == _OF_SIGNS or of_form


def _with_indices(text: str, read: Read[P]) -> P:
    """With indices; where sizes clash, entries are those of expressions that may have more than the sums run over."""
    try:
        return read(binders=True)
    except ShapeError:
        if _ENTRY.search(text) is None:
            raise
        try:
            return read(binders=True, sliced=True)
        except MatcalcError:
            pass
        raise


def as_typed(text: str, plain: str, again: Callable[[str], Parsed]) -> Parsed:
    """What a text means in a plain spelling of the same length; errors and notes show it as it was typed."""
    with shown_as(text, plain):
        parsed = again(plain)
    return replace(parsed, notes=tuple(replace(n, text=text) if n.text == plain else n for n in parsed.notes))


def with_functions_in_place(error: MatcalcError, text: str, again: Callable[[str], Parsed]) -> Parsed:
    """What a text means with functions that it defines in place of their calls. Raises the error where it has none."""
    from matcalc.language.statements.inlined import in_place

    if (parsed := in_place(text, again)) is not None:
        return parsed
    try_out(error, text, again)
    raise error


def with_sizes_apart(declared: Where) -> Where:
    """The same where each matrix of which words tell a structure alone has a size of its own."""
    used = {n for d in declared.declarations.values() for dim in d.dims for n in dim.names}
    letters = (c for c in "nmkpqrst" if c not in declared.declarations and (c == "n" or c not in used))
    sizes = {name: Dim.of(letter) for name, letter in zip(declared.unsized, letters, strict=False)}
    apart = {n: replace(d, dims=(sizes[n],)) if n in sizes else d for n, d in declared.declarations.items()}
    return replace(declared, declarations=apart)
