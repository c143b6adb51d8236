"""Letters that are functions before a bracket: Γ(x), gamma(x), B(a, b), beta(a, b) and K(m, n), beside γ and β as factors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import SyntaxFault
from matcalc.language import limits
from matcalc.language.surface.bars import span_of
from matcalc.language.words.names import canonical_name
from matcalc.notes import Note

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["ALSO_LETTERS", "function_of_letter"]

#: letter -> the function that it may be, and with how many arguments
ALSO_LETTERS = {
    "gamma": ("gamma", 1),
    "Gamma": ("gamma", 1),
    "beta": ("beta", 2),
    "Beta": ("beta", 2),
    "B": ("beta", 2),
    "K": ("commutation", 2),
}
_CALLED = {"gamma": "the gamma function", "beta": "the beta function"}


def function_of_letter(tokens: Sequence[Token], i: int, context: Reading) -> str | None:
    """The function that a letter before a bracket is, or None where it is a factor. A choice between the two is noted."""
    name = canonical_name(tokens[i])
    function, count = ALSO_LETTERS[name]
    if _arguments(tokens, i + 1) != count:
        _check_factor(tokens, i, context)
        return None
    if count == 1 and not _may_be_function(tokens, i, context):
        return None
    if function in _CALLED and (count == 1 or str(tokens[i]) != function):
        context.notes.append(_note(tokens[i], function, context))
    return function


def _may_be_function(tokens: Sequence[Token], i: int, context: Reading) -> bool:
    """gamma(x), not γ(x), gamma (x + y), nor beside another gamma that is a factor."""
    start, end = span_of(tokens[i])
    written = context.text[start:end]
    is_small_sign = written in ("γ", r"\gamma")
    touches = context.latex or end == span_of(tokens[i + 1])[0]
    return touches and not is_small_sign and not _stands_alone(tokens, canonical_name(tokens[i]))


def _check_factor(tokens: Sequence[Token], i: int, context: Reading) -> None:
    """beta(x) of a name alone may be a function: beta (x - y) is a product."""
    inside = tokens[i + 2 : i + 4]
    alone = [t.type for t in inside] == ["NAME", "RPAR"]
    touches = span_of(tokens[i])[1] == span_of(tokens[i + 1])[0]
    if (
        context.latex
        or not (alone and touches)
        or ALSO_LETTERS[canonical_name(tokens[i])][0] != "beta"
        or tokens[i] == "B"
    ):
        return
    if not _stands_alone(tokens, canonical_name(tokens[i])):
        raise SyntaxFault(
            f"{tokens[i]} before a bracket may be a function or a factor",
            code="function-or-factor",
            text=context.text,
            span=span_of(tokens[i]),
            hint=f"a product is {tokens[i]} * {inside[0]}; the beta function is beta(a, b)",
        )


def _stands_alone(tokens: Sequence[Token], name: str) -> bool:
    """Whether the name is a value somewhere else in the text."""
    following = [*(t.type for t in tokens[1:]), ""]
    return any(
        t.type == "NAME" and after != "LPAR" and canonical_name(t) == name
        for t, after in zip(tokens, following, strict=True)
    )


def _arguments(tokens: Sequence[Token], opener: int) -> int:
    """How many arguments stand in this bracket."""
    depth, commas = 0, 0
    for token in tokens[opener:]:
        depth += (token.type in _OPENS) - (token.type in _CLOSES)
        if depth == 0:
            return commas + 1
        if depth > limits.current().nesting:
            break
        commas += depth == 1 and token.type == "COMMA"
    return 0


_OPENS = frozenset({"LPAR", "LSQB", "LANGLE"})
_CLOSES = frozenset({"RPAR", "RSQB", "RANGLE"})


def _note(token: Token, function: str, context: Reading) -> Note:
    start, end = span_of(token)
    shown = rf"\{token}" if context.latex and len(token) > 1 else str(token)
    product = rf"{shown} \cdot (…)" if context.latex else f"{shown} * (…)"
    return Note(
        f"{shown} is {_CALLED[function]} here", f"a product is {product}", "letter-function", context.text, (start, end)
    )
