"""Tokens: pieces of a text with their kind and place."""

from __future__ import annotations

from typing import Any

__all__ = ["Token"]


class Token(str):
    """The text of a token; tokens of different types are unequal, a token and a text are compared as texts.

    Attributes:
        type: the terminal of the grammar.
        value: what it stands for, the text unless a reader knows better.
        start_pos, end_pos: its place in the text.
    """

    __slots__ = ("end_pos", "start_pos", "type", "value")

    type: str
    value: Any
    start_pos: int | None
    end_pos: int | None

    def __new__(cls, type: str, value: str, start_pos: int | None = None, end_pos: int | None = None) -> Token:
        token = super().__new__(cls, value)
        token.type = type
        token.value = value
        token.start_pos = start_pos
        token.end_pos = end_pos
        return token

    def __repr__(self) -> str:
        return f"Token({self.type!r}, {str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) and not (isinstance(other, Token) and other.type != self.type)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__
