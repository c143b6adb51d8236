"""Which bracket closes which, and how many commas stand directly inside, found in one walk over the tokens."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

__all__ = ["Brackets"]

_OPENS = frozenset("LPAR LSQB LBRACE LANGLE".split())
_CLOSES = frozenset("RPAR RSQB RBRACE RANGLE".split())


class Brackets:
    """The brackets of a list of tokens."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.closers: dict[int, int] = {}
        self.commas: dict[int, int] = {}
        self.end = len(tokens)
        opened: list[int] = []
        for i, token in enumerate(tokens):
            if token.type in _OPENS:
                opened.append(i)
            elif token.type in _CLOSES and opened:
                self.closers[opened.pop()] = i
            elif token.type == "COMMA" and opened:
                self.commas[opened[-1]] = self.commas.get(opened[-1], 0) + 1

    def closer(self, opener: int) -> int:
        """The place of the bracket that closes the one at ``opener``, or of the end."""
        return self.closers.get(opener, self.end)

    def is_list(self, opener: int) -> bool:
        """Whether a comma stands directly inside."""
        return opener in self.commas
