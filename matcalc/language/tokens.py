"""Tokens: pieces of text with their kind and their place."""

from __future__ import annotations

from typing import Any, Self

__all__ = ["Token"]


class Token(str):
    """A piece of text; it equals every string of its characters.

    Attributes:
        type: its kind, the name of a terminal of the grammars.
        value: its text, or what stands for it.
        start_pos: where it begins in the text that was read, and
        end_pos: where it ends.
    """

    __slots__ = ("end_pos", "start_pos", "type", "value")

    type: str
    value: Any
    start_pos: int
    end_pos: int

    def __new__(cls, type: str, value: str, start_pos: int = 0, end_pos: int = 0) -> Self:
        token = super().__new__(cls, value)
        token.type = type
        token.value = value
        token.start_pos = start_pos
        token.end_pos = end_pos
        return token
