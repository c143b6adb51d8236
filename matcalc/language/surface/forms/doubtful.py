r"""Forms that nobody means as they would be read: I^2, the identity to a power, and a \cdot (b \times c), a product of numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matcalc.errors import Span, SyntaxFault
from matcalc.language.mends.hints import declare, declare_all, either
from matcalc.language.surface.tree import Surface
from matcalc.language.words.elsewhere import ELSEWHERE

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["check_crosses", "check_power"]


def check_power(base: Surface, exponent: Surface, span: Span, context: Reading) -> None:
    """Raises SyntaxFault for the identity to a power: P = I^2 R is of a current, or of another matrix."""
    is_power = exponent.kind == "number" and exponent.value > 1
    if base.kind == "name" and base.value == "I" and is_power and "I" not in context.declared:
        hint = declare(context.text, "I: scalar", "I: matrix(n, n)")
        raise SyntaxFault(
            "I is the identity, and its power says nothing", code="identity", text=context.text, span=span, hint=hint
        )


def check_crosses(items: Sequence[Any], context: Reading) -> None:
    r"""Raises SyntaxFault for a \cdot (b \times c) of letters that nothing shows to be numbers."""
    if "×" not in context.text and r"\times" not in context.text:
        return
    if not any(sign in ("·", "⋅") for sign in items[1::2]):
        return
    for factor in items[::2]:
        names = [part for part in factor.children if part.kind == "name"]
        crossed = factor.kind == "multiply" and re.search(r"×|\\times", context.text[slice(*factor.span)]) is not None
        if crossed and len(names) == 2 and context.declared.isdisjoint(n.value for n in names):
            numbers = declare_all(context.text, [f"{n.value}: scalar" for n in names])
            hint = either(f"of columns x and y with 3 entries it is {ELSEWHERE['cross']}", numbers, joint="; or ")
            message = "there is no cross product here"
            raise SyntaxFault(message, code="cross", text=context.text, span=factor.span, hint=hint)
