r"""Letters that are functions before a bracket: Γ(x), gamma(x), B(a, b), beta(a, b) and K(m, n), beside γ and β as factors.

K(x - x_i) and V(|r_i - r_j|) are kernels and potentials where they are the whole term of a sum: a factor would stand in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import SyntaxFault
from matcalc.language import limits
from matcalc.language.surface.bars import span_of
from matcalc.language.surface.brackets import Brackets
from matcalc.language.words.names import canonical_name, spelled
from matcalc.notes import Note

if TYPE_CHECKING:
    from matcalc.language.signs.called.open_calls import Called
    from matcalc.language.surface.arrange import Reading

__all__ = ["ALSO_LETTERS", "LETTERS_OF_PAIRS", "function_of_letter", "is_factor", "is_value_of_members"]

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


def is_factor(tokens: Sequence[Token], name: str) -> bool:
    """Whether a name stands beside another factor, as in f x and 2 f, and not only in ||f||."""
    types = ["", *(t.type for t in tokens), ""]
    return any(
        t.type == "NAME" and after != "LPAR" and canonical_name(t) == name and not _FACTORS.isdisjoint((before, after))
        for before, t, after in zip(types, tokens, types[2:], strict=False)
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


_FACTORS = frozenset({"NAME", "NUMBER", "OPERATOR"})
_OPENS = frozenset({"LPAR", "LSQB", "LANGLE"})
_CLOSES = frozenset({"RPAR", "RSQB", "RANGLE"})


def _note(token: Token, function: str, context: Reading) -> Note:
    start, end = span_of(token)
    shown = rf"\{token}" if context.latex and len(token) > 1 else str(token)
    product = rf"{shown} \cdot (…)" if context.latex else f"{shown} * (…)"
    return Note(
        f"{shown} is {_CALLED[function]} here", f"a product is {product}", "letter-function", context.text, (start, end)
    )


# Functions of members.

#: Letters of kernels and potentials.
LETTERS_OF_PAIRS = frozenset("K k U V".split())
_MEMBER = re.compile("[i-nst]+")


def is_value_of_members(tokens: Sequence[Token], brackets: Brackets, call: Called) -> bool:
    """Whether the call ends the term of a sum, has no index of it, and holds a difference or a quotient of members."""
    if _is_member(call.name):
        return False
    end = brackets.closer(call.bracket)
    inside = tokens[call.bracket + 1 : end]
    compound = any(t.type in ("SIGN", "BAR") or t == "/" for t in inside)
    members = any(t.type == "NAME" and _is_member(canonical_name(t)) for t in inside)
    return compound and members and _ends_term(tokens, brackets, call.start, end)


def _is_member(name: str) -> bool:
    below = spelled(name).below
    return bool(below) and _MEMBER.fullmatch(below[-1]) is not None


def _ends_term(tokens: Sequence[Token], brackets: Brackets, start: int, end: int) -> bool:
    """Whether a sum closes behind the bracket, and what stands in front of the name are factors with an index."""
    if end + 1 >= len(tokens) or tokens[end + 1].type not in ("RPAR", "COMMA"):
        return False
    for i in range(start - 1, 0, -1):
        if tokens[i].type == "LPAR":
            is_sum = tokens[i - 1].type == "FUNCTION" and tokens[i - 1].startswith(r"\sum")
            return is_sum and (tokens[end + 1].type == "COMMA" or brackets.closer(i) == end + 1)
        if tokens[i].type != "NAME" or not _is_member(canonical_name(tokens[i])):
            return False
    return False
