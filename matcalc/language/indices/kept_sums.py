"""Sums as they were typed, with the letters of their indices, until these are bound."""

from __future__ import annotations

from fractions import Fraction

from matcalc.errors import Span, SyntaxFault
from matcalc.language.indices.binders import Binder, Limit
from matcalc.language.indices.limits import below
from matcalc.language.surface.arrange import reading
from matcalc.language.surface.tree import Surface

__all__ = ["kept_sum"]


def kept_sum(function: str, arguments: tuple[Surface, ...], span: Span) -> Surface:
    """The sum of the body over its indices, which names in it may hold."""
    sign, _, shown = function.removeprefix("\\").partition("|")
    found = below(shown)
    text = reading.get().text
    if found is None:
        message = f"a sum over {shown} is not known"
        hint = r"limits are i, i=1, i,j, i<j, j \ne i, 1 \le i < j \le n, i \in [n], and (i,j) \in \Omega"
        raise SyntaxFault(message, code="index", text=text, span=span, hint=hint)
    body, *upper = arguments
    limits = [
        Limit(letter, first, _last(found.last.get(letter), upper, span)) for letter, first in found.letters.items()
    ]
    return Surface("total", (body,), Binder(sign, tuple(limits), tuple(found.relations), tuple(found.sets)), span)


def _last(text: str | None, upper: list[Surface], span: Span) -> Surface | None:
    if text is None:
        return upper[0] if upper else None
    return Surface("number", (), Fraction(text), span) if text.isdigit() else Surface("name", (), text, span)
