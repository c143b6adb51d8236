"""Lists in round brackets: inner products, 1/2 (u, A u) - (f, u), and parameters behind a semicolon, f(x; theta)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lark import Token

from matcalc.language.surface.bars import place, span_of
from matcalc.language.surface.brackets import Brackets
from matcalc.language.words.names import canonical_name
from matcalc.notes import Note

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["inner_pairs", "with_parameters"]

#: What stands before a bracket that is no call and no factor of a name.
_BEFORE = frozenset("SIGN NUMBER RPAR RBRACE LPAR LBRACE".split())


def inner_pairs(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens with angles for such brackets, with a note; a pair that is the whole text stays one."""
    if context.code or not any(token.type == "COMMA" for token in tokens):
        return tokens
    brackets = Brackets(tokens)
    found = list(tokens)
    for opener in _pairs(tokens, brackets):
        closer = brackets.closer(opener)
        found[opener] = place("LANGLE", "<", span_of(tokens[opener]))
        found[closer] = place("RANGLE", ">", span_of(tokens[closer]))
        span = span_of(tokens[opener])[0], span_of(tokens[closer])[1]
        source = " ".join(context.text[slice(*span)].split())
        inside = " ".join(context.text[span_of(tokens[opener])[1] : span_of(tokens[closer])[0]].split())
        angles = rf"\langle {inside} \rangle" if context.latex else f"<{inside}>"
        message, hint = f"{source} is read as an inner product", f"{angles} says the same"
        context.notes.append(Note(message, hint, "inner", context.text, span))
    return found


def with_parameters(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens with a comma for the semicolon in a call of a function that is not of the language."""
    if context.code or not any(token.type == "SEMICOLON" for token in tokens):
        return tokens
    brackets = Brackets(tokens)
    called = [i for i in brackets.closers if i and tokens[i] == "(" and _may_be_called(tokens[i - 1], context)]
    inside = {k for i in called for k in _directly_inside(brackets, i) if tokens[k].type == "SEMICOLON"}
    return [place("COMMA", ",", span_of(t)) if i in inside else t for i, t in enumerate(tokens)]


def _directly_inside(brackets: Brackets, opener: int) -> Iterator[int]:
    """The places in a bracket that are in no bracket within: not the rows of f([x; y])."""
    i = opener + 1
    while i < brackets.closer(opener):
        yield i
        i = brackets.closers.get(i, i) + 1


def _may_be_called(token: Token, context: Reading) -> bool:
    name = canonical_name(token)
    return token.type == "NAME" and (name in context.open_functions or context.functions(name) is None)


def _pairs(tokens: list[Token], brackets: Brackets) -> Iterator[int]:
    """The opening brackets of two values, each with a name, that stand where a number may."""
    lists = [(i, brackets.closer(i)) for i in brackets.commas]
    for opener, closer in lists:
        if tokens[opener] != "(" or brackets.commas[opener] != 1 or not closer < len(tokens):
            continue
        is_whole = opener == 0 and closer == len(tokens) - 1
        before = tokens[opener - 1] if opener else tokens[opener]
        behind = tokens[closer + 1].type if closer + 1 < len(tokens) else ""
        if is_whole or not (before.type in _BEFORE or before == "/") or behind == "TRANSPOSE":
            continue
        if any(a < opener < b for a, b in lists):
            continue
        comma = _comma(tokens, brackets, opener)
        halves = tokens[opener + 1 : comma], tokens[comma + 1 : closer]
        if all(any(t.type == "NAME" for t in half) for half in halves):
            yield opener


def _comma(tokens: list[Token], brackets: Brackets, opener: int) -> int:
    i = opener + 1
    while tokens[i].type != "COMMA":
        i = brackets.closers.get(i, i) + 1
    return i
