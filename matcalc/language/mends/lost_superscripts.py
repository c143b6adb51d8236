"""Inverses whose superscript was lost where a text was copied from a page: Σ−1(y − Xβ) beside minus signs with spaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import SyntaxFault
from matcalc.language.kinds.kinds import MATRIX, Letter
from matcalc.language.mends.hints import write
from matcalc.language.surface.bars import span_of
from matcalc.language.words.names import canonical_name

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["check_inverses"]


def check_inverses(tokens: Sequence[Token], context: Reading) -> None:
    """Raises SyntaxFault for a matrix, a minus sign, 1 and a factor without spaces, where another minus sign has spaces."""
    for i in range(1, len(tokens) - 2):
        if tokens[i] not in ("-", "−") or tokens[i + 1] != "1" or tokens[i + 2].type not in ("LPAR", "NAME"):
            continue
        glued = all(a.end_pos == b.start_pos for a, b in zip(tokens[i - 1 : i + 2], tokens[i : i + 3], strict=True))
        if glued and _is_matrix(tokens[i - 1], context) and _sets_signs_apart(tokens):
            span = span_of(tokens[i - 1])[0], span_of(tokens[i + 1])[1]
            space = " " * (tokens[i + 2].type == "NAME")
            name = context.text[slice(*span_of(tokens[i - 1]))]
            hint = write(span, (f"{name}^-1{space}", "for the inverse"), (f"{name} - 1 *", "for the difference"))
            message = f"{context.text[slice(*span)]} may be the inverse, whose superscript was lost"
            raise SyntaxFault(message, code="lost-superscript", text=context.text, span=span, hint=hint)


def _is_matrix(token: Token, context: Reading) -> bool:
    name = canonical_name(token)
    return token.type == "NAME" and name not in context.declared and Letter(name).usual == MATRIX


def _sets_signs_apart(tokens: Sequence[Token]) -> bool:
    """Whether a sign between two values has spaces on both sides."""
    return any(
        sign.type == "SIGN" and left.end_pos != sign.start_pos and sign.end_pos != right.start_pos
        for left, sign, right in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )
