"""einsum("ij,jk->ik", A, B): its subscripts belong to the function."""

from __future__ import annotations

from lark import Token

from matcalc.language.surface.bars import place

__all__ = ["with_subscripts"]


def with_subscripts(tokens: list[Token]) -> list[Token]:
    """A function for each of them, with the bracket behind it."""
    return [part for token in tokens for part in (_parts(token) if token.type == "EINSUM" else (token,))]


def _parts(token: Token) -> tuple[Token, Token]:
    name, _, inside = token.partition("(")
    start, end = token.start_pos, token.end_pos
    assert start is not None and end is not None
    bracket = start + len(name)
    subscripts = inside.strip(" ,").strip("\"'")
    return place("FUNCTION", rf"\einsum|{subscripts}", (start, bracket)), place("LPAR", "(", (bracket, end))
