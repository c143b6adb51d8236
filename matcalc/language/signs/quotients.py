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
        first = tokens[i + 1]
        if first.type == "NUMBER" or (
            first.type == "NAME" and not context.code and (_may_count(first) or _are_glued(tokens[i + 1 : i + 3]))
        ):
            last = _end_of_factors(tokens, i, context)
            if last > i + 1:
                raise _question(first, tokens[i + 2], tokens[last], context)
        elif first.type == "NORM_OPEN":
            second = _closer(tokens, i + 1) + 1
            if second < len(tokens) and tokens[second].type == "NORM_OPEN":
                raise _question(first, tokens[second], tokens[_closer(tokens, second)], context)


def _end_of_factors(tokens: Sequence[Token], slash: int, context: Reading) -> int:
    """The last token of the numbers behind the first divisor that may stand below the line, too; it itself if none does."""
    first = tokens[slash + 1]
    is_number, name = first.type == "NUMBER", tokens[slash + 2]
    fits = _is_number if is_number else _is_capital if _are_glued([first, name]) else _may_count
    constant = (
        is_number and tokens[slash - 1].type == "NUMBER" and (slash < 2 or tokens[slash - 2] not in ("*", "/", "^"))
    )
    spaced = not constant and tokens[slash - 1].end_pos != tokens[slash].start_pos
    touches = first.end_pos == name.start_pos or (context.latex and not is_number)
    if not fits(name) or not (spaced or touches):
        return slash + 1
    last = slash + 1
    while last + 1 < len(tokens) and fits(tokens[last + 1]):
        last = _last_of_power(tokens, last + 1)
    following = tokens[last + 1] if last + 1 < len(tokens) else None
    is_last = following is None or following.type not in (_OPERANDS if is_number else _VALUES)
    return last if is_last else slash + 1


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
    return bool(known) and (_is_symbol(known) or re.fullmatch(r"[a-tNMT](?:_?\w)?", known) is not None)


def _may_count(name: Token) -> bool:
    """A letter that is hardly a vector: k and T of E/kT."""
    known = canonical_name(name) if name.type == "NAME" else ""
    return bool(known) and (_is_symbol(known) or re.fullmatch(r"[dhklmntNMTR](?:_\w)?", known) is not None)


def _is_capital(name: Token) -> bool:
    return name.type == "NAME" and len(name) == 1 and name.isupper()


def _are_glued(names: Sequence[Token]) -> bool:
    """The two capitals of t/RC."""
    first, second = names
    return _is_capital(first) and _is_capital(second) and first.end_pos == second.start_pos


def _is_symbol(name: str) -> bool:
    return is_greek(name) or name in ("ell", "hbar")


#: What stands behind a name that is called, transposed or has an index, and all that may be another factor.
_OPERANDS = frozenset("LPAR LSQB TRANSPOSE NAME NORM BAR".split())
_VALUES = _OPERANDS | frozenset("NORM_OPEN ABS_OPEN COMMAND FUNCTION BARE_FUNCTION LANGLE NUMBER LBRACE".split())


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
