"""Sums as they were typed, with the letters of their indices, until these are bound."""

from __future__ import annotations

from fractions import Fraction

from matcalc.errors import Span, SyntaxFault
from matcalc.language.indices.binders import Binder, Limit, Relation
from matcalc.language.indices.limits import below
from matcalc.language.surface.arrange import reading
from matcalc.language.surface.relations import related
from matcalc.language.surface.tree import Surface
from matcalc.language.words.names import canonical_name

__all__ = ["kept_sum"]


def kept_sum(function: str, arguments: tuple[Surface, ...], span: Span) -> Surface:
    """The sum of the body over its indices, which names in it may hold."""
    sign, _, shown = function.removeprefix("\\").partition("|")
    found = below(shown)
    text = reading.get().text
    if found is None:
        message = f"a sum over {shown} is not known"
        hint = (
            r"limits are i, i=1, i,j, i<j, j \ne i, 1 \le i < j \le n, i \in [n], (i,j) \in \Omega, and j: t_j \ge t_i"
        )
        raise SyntaxFault(message, code="index", text=text, span=span, hint=hint)
    body, *upper = arguments
    if found.conditions and sign != "sum":
        hint = "give a large number, or a small one, to those that do not count"
        raise SyntaxFault(
            "only a sum runs over the values of a condition", code="index", text=text, span=span, hint=hint
        )
    for condition in found.conditions:
        body = Surface("multiply", (_holds(condition, span), body), None, span)
    limits = [
        Limit(letter, first, _last(found.last.get(letter), upper, span)) for letter, first in found.letters.items()
    ]
    return Surface("total", (body,), Binder(sign, tuple(limits), tuple(found.relations), tuple(found.sets)), span)


def _holds(condition: Relation, span: Span) -> Surface:
    """1 where the members are so related, else 0."""
    sides = [_side(typed, span) for typed in (condition.left, condition.right)]
    return related(sides, [condition.sign], span)


def _side(typed: str, span: Span) -> Surface:
    if typed.isdigit():
        return Surface("number", (), Fraction(typed), span)
    return Surface("name", (), canonical_name(typed.lstrip("\\")), span)


def _last(text: str | None, upper: list[Surface], span: Span) -> Surface | None:
    if text is None:
        return upper[0] if upper else None
    return Surface("number", (), Fraction(text), span) if text.isdigit() else Surface("name", (), text, span)
