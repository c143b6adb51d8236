"""Quotients whose divisor may end late: ``||x - y||^2/2σ^2``, a half or divided by 2σ²; ``x^T y/||x|| ||y||``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import SyntaxFault
from matcalc.language.latex.latex_places import whole
from matcalc.language.mends.hints import offer
from matcalc.language.surface.bars import span_of
from matcalc.language.words.names import canonical_name, is_greek

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["check_quotients"]


def check_quotients(tokens: Sequence[Token], context: Reading) -> None:
    """Raises SyntaxFault where both readings are meant as often."""
    for i in range(1, len(tokens) - 2):
        if tokens[i] != "/":
            continue
        number, name = tokens[i + 1 : i + 3]
        if number.type == "NUMBER" and _is_number(name) and number.end_pos == name.start_pos:
            if not _is_operand(tokens, i + 3):
                raise _question(number, name, tokens[_last_of_power(tokens, i + 2)], context)
        elif number.type == "NORM_OPEN":
            second = _closer(tokens, i + 1) + 1
            if second < len(tokens) and tokens[second].type == "NORM_OPEN":
                raise _question(number, tokens[second], tokens[_closer(tokens, second)], context)


def _closer(tokens: Sequence[Token], i: int) -> int:
    """Where the norm ends that opens at i."""
    depth = 0
    for k in range(i, len(tokens)):
        depth += (tokens[k].type == "NORM_OPEN") - (tokens[k].type == "NORM_CLOSE")
        if depth == 0:
            return k
    return len(tokens) - 1


def _is_number(name: Token) -> bool:
    """A letter of numbers: σ, s, n, N."""
    known = canonical_name(name) if name.type == "NAME" else ""
    return bool(known) and (is_greek(known) or re.fullmatch(r"[a-tNMT](?:_?\w)?", known) is not None)


def _is_operand(tokens: Sequence[Token], i: int) -> bool:
    """Whether the name is called, transposed or has an index."""
    following = tokens[i] if i < len(tokens) else None
    return following is not None and following.type in ("LPAR", "LSQB", "TRANSPOSE", "NAME", "NORM", "BAR")


def _question(first: Token, second: Token, last: Token, context: Reading) -> SyntaxFault:
    """Whether what begins at ``second`` and ends with ``last`` is below the line, as what begins at ``first`` is."""
    text, start = context.text, span_of(first)[0]
    middle, end = whole(text, (span_of(second)[0], span_of(last)[1]))
    left, right = text[start:middle].strip(), text[middle:end]
    dot = r" \cdot " if "\\" in text else " * "
    return SyntaxFault(
        f"is {right} below the line?",
        code="ambiguous",
        text=text,
        span=(start, end),
        hint=offer("write {}", (start, end), f"({left} {right})", f"{left}{dot}{right}"),
    )


def _last_of_power(tokens: Sequence[Token], name: int) -> int:
    """Where the name ends with its exponent."""
    following = tokens[name + 1] if name + 1 < len(tokens) else None
    if following is not None and following.type == "SUPERSCRIPT":
        return name + 1
    if following is None or following.type != "POWER" or name + 2 >= len(tokens):
        return name
    depth = 0
    for k in range(name + 2, len(tokens)):
        depth += (tokens[k].type in ("LBRACE", "LPAR")) - (tokens[k].type in ("RBRACE", "RPAR"))
        if depth == 0:
            return k
    return name
