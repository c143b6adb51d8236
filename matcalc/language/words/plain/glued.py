"""Names typed without a space, in plain text: λx is λ x, Xβ is X β, w_1x_1 is w_1 x_1, but Δx is an increment of x."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lark import Token

from matcalc.functions import find
from matcalc.language.surface.bars import place, span_of
from matcalc.language.words.names import GREEK, canonical_name
from matcalc.patterns import pattern

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["parted"]

_INDEX = r"(?:_(?:\d+|\{[^{}]*\})|[₀-₉]+)"
#: w_1 x_1: each letter with its own number below.
_INDEXED = pattern(rf"(?:[^\W\d_]{_INDEX}){{2,}}")
#: K_k H_k: each letter with one letter below.
_LETTERED = pattern(r"(?:[A-Za-z]_(?:[a-z]|\{[^{}]*\})){2,}")
_GREEK = "".join(GREEK)
#: Greek letters, then at most one Latin letter, with what stands below it.
_MIXED = pattern(rf"([{_GREEK}]+)([A-Za-z]?(?:[_₀-₉ᵢⱼₖₙₜ].*)?)")
#: Xβ, Xβ_1 and aλb: single letters, Latin ones before Greek ones; dβ is an increment.
_LETTERS = pattern(rf"(?!d[{_GREEK}])([A-Za-z](?:(?!T)[A-Za-z])?[{_GREEK}]+[A-Za-z]?)(?:[_₀-₉ᵢⱼₖₙₜ].*)?")
#: lnσ is the logarithm of σ, where a function has that name.
_CALLED = pattern(rf"([A-Za-z]{{2,}})[{_GREEK}].*")
_INCREMENTS = "Δδ∆"


def parted(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens with products in place of names that are none; how names are set is recorded."""
    if not any(_may_be_product(t) for t in tokens):
        return tokens
    return [part for token in tokens for part in (_parts(token, context) if _may_be_product(token) else (token,))]


def _may_be_product(token: Token) -> bool:
    """Whether it is a name of more than Latin letters, or dX."""
    return token.type == "NAME" and not (token.isalpha() and token.isascii() and (len(token) == 1 or token[0] != "d"))


def _parts(token: Token, context: Reading) -> Iterator[Token]:
    name = canonical_name(token)
    if name in context.declared or name in context.dimensions:
        yield token
        return
    _record_face(token, name, context)
    mixed = _MIXED.fullmatch(token)
    if mixed and (len(mixed.group(1)) > 1 or _begins_with_letter(mixed.group(2))):
        yield from _product(token, mixed, context)
    elif (called := _CALLED.fullmatch(token)) and find(called.group(1)):
        yield from _split(token, [called.end(1), len(token)])
    elif letters := _LETTERS.fullmatch(token):
        yield from _split(token, [*range(1, letters.end(1)), len(token)])
    elif _INDEXED.fullmatch(token):
        yield from _split(token, [m.end() for m in re.finditer(rf"[^\W\d_]{_INDEX}", token)])
    elif _LETTERED.fullmatch(token):
        yield from _split(token, [m.end() for m in re.finditer(r"[A-Za-z]_(?:[a-z]|\{[^{}]*\})", token)])
    else:
        yield token


def _product(token: Token, mixed: re.Match[str], context: Reading) -> Iterator[Token]:
    """λx as λ and x, Δx as one name."""
    letters, rest = mixed.groups()
    if letters in _INCREMENTS and _begins_with_letter(rest):
        name = f"{canonical_name(letters)}_{canonical_name(rest)}"
        context.faces[name] = "increment"
        yield place("NAME", name, span_of(token))
        return
    ends = list(range(1, len(letters) + _begins_with_letter(rest)))
    yield from _split(token, [*ends, len(token)])


def _begins_with_letter(rest: str) -> bool:
    """Whether a letter on the line comes first, not an index below it."""
    return rest[:1].isascii() and rest[:1].isalpha()


def _split(token: Token, ends: list[int]) -> Iterator[Token]:
    start, offset = 0, span_of(token)[0]
    for end in ends:
        yield place("NAME", token[start:end], (offset + start, offset + end))
        start = end


def _record_face(token: Token, name: str, context: Reading) -> None:
    """Bold letters of Unicode, and dX, which is a matrix if X is one."""
    if token[0] >= "\U0001d400" and "BOLD" in unicodedata.name(token[0], ""):
        context.faces[name] = "bold"
    elif re.fullmatch(r"d[A-Z]\w*", name):
        context.faces[name] = "increment"
