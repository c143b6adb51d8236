"""Quotients whose divisor may end late: ``||x - y||^2/2σ^2``, a half or divided by 2σ²; ``x^T y/||x|| ||y||``."""

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
        if slash != "/":
            continue
        if number.type == "NUMBER" and _is_number(name) and number.end_pos == name.start_pos:
            if not _is_operand(tokens, i + 3):
                raise _question(tokens, i, context)
        elif number.type == "NORM_OPEN" and (closer := _closer_before_norm(tokens, i + 1)) is not None:
            raise _question_of_norms(tokens, i + 1, closer, context)


def _closer_before_norm(tokens: Sequence[Token], i: int) -> int | None:
    """Where the norm that opens at i ends, if another one follows it."""
    depth = 0
    for k in range(i, len(tokens) - 1):
        depth += (tokens[k].type == "NORM_OPEN") - (tokens[k].type == "NORM_CLOSE")
        if depth == 0:
            return k if tokens[k + 1].type == "NORM_OPEN" else None
    return None


def _question_of_norms(tokens: Sequence[Token], first: int, closer: int, context: Reading) -> SyntaxFault:
    depth, last = 0, closer + 1
    for last in range(closer + 1, len(tokens)):
        depth += (tokens[last].type == "NORM_OPEN") - (tokens[last].type == "NORM_CLOSE")
        if depth == 0:
            break
    start, middle, end = span_of(tokens[first])[0], span_of(tokens[closer + 1])[0], span_of(tokens[last])[1]
    left, right = context.text[start:middle].strip(), context.text[middle:end]
    dot = r" \cdot " if "\\" in context.text else " * "
    return SyntaxFault(
        f"is {right} below the line?",
        code="ambiguous",
        text=context.text,
        span=(start, end),
        hint=offer("write {}", (start, end), f"({left} {right})", f"{left}{dot}{right}"),
    )


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
    start, end = span_of(name)[0], span_of(tokens[_last_of_power(tokens, i + 2)])[1]
    if context.text[start:end].count("{") > context.text[start:end].count("}"):
        end = context.text.index("}", end) + 1
    span, rest = (span_of(number)[0], end), context.text[start:end]
    dot = r" \cdot " if "\\" in context.text else " * "
    return SyntaxFault(
        f"is {rest} below the line?",
        code="ambiguous",
        text=context.text,
        span=span,
        hint=offer("write {}", span, f"({number} {rest})", f"{number}{dot}{rest}"),
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
