"""The ways in which a text with sums may be read, in order: over entries, with its indices, and with entries cut out."""

from __future__ import annotations

from typing import Protocol, TypeVar

from matcalc.errors import MatcalcError, ShapeError
from matcalc.patterns import pattern

__all__ = ["first_reading", "may_bind"]

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
