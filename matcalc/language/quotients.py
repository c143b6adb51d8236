"""A quotient by a number that touches a name, ``||x - y||^2/2σ^2``: a half of the rest, or divided by 2σ²."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import SyntaxFault
from matcalc.language.bars import span_of
from matcalc.language.hints import offer
from matcalc.language.names import canonical_name, is_greek

if TYPE_CHECKING:
    from matcalc.language.arrange import Reading

__all__ = ["check_quotients"]


def check_quotients(tokens: Sequence[Token], context: Reading) -> None:
    """Raises SyntaxFault where both readings are meant as often."""
    for i in range(1, len(tokens) - 2):
        slash, number, name = tokens[i : i + 3]
        if slash == "/" and number.type == "NUMBER" and _is_number(name) and number.end_pos == name.start_pos:
            is_fraction = tokens[i - 1].type == "NUMBER" and (i < 2 or tokens[i - 2].type != "POWER")
            if not is_fraction and not _is_operand(tokens, i + 3):
                raise _question(tokens, i, context)


def _is_number(name: Token) -> bool:
    """A letter of numbers: σ, s, n, N."""
    known = canonical_name(name) if name.type == "NAME" else ""
    return bool(known) and (is_greek(known) or re.fullmatch(r"[a-tNMT](?:_?\w)?", known) is not None)


def _is_operand(tokens: Sequence[Token], i: int) -> bool:
    """Whether the name is called, transposed or has an index."""
    following = tokens[i] if i < len(tokens) else None
    return following is not None and following.type in ("LPAR", "LSQB", "TRANSPOSE", "NAME", "NORM", "BAR")


def _question(tokens: Sequence[Token], i: int, context: Reading) -> SyntaxFault:
    number, name = tokens[i + 1 : i + 3]
    is_power = i + 4 < len(tokens) and tokens[i + 3] in ("^", "**") and tokens[i + 4].type == "NUMBER"
    last = tokens[i + 4] if is_power else tokens[i + 2]
    if not is_power and i + 3 < len(tokens) and tokens[i + 3].type == "SUPERSCRIPT":
        last = tokens[i + 3]
    span = span_of(number)[0], span_of(last)[1]
    rest = context.text[span_of(name)[0] : span[1]]
    return SyntaxFault(
        f"is {rest} below the line?",
        code="ambiguous",
        text=context.text,
        span=span,
        hint=offer("write {}", span, f"({number} {rest})", f"{number} * {rest}"),
    )
