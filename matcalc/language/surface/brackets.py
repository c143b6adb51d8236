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
        self._around: dict[int, int] = {}
        opened: list[int] = []
        for i, token in enumerate(tokens):
            if token.type in _OPENS:
                opened.append(i)
            elif token.type in _CLOSES and opened:
                self.closers[opener := opened.pop()] = i
                self._find_call(tokens, opener, i)
            elif token.type == "COMMA" and opened:
                self.commas[opened[-1]] = self.commas.get(opened[-1], 0) + 1

    def _find_call(self, tokens: Sequence[Token], opener: int, end: int) -> None:
        """Keep the innermost bracket of one that holds a call alone, or a group of such."""
        first = opener + 1
        if tokens[first].type == "LBRACE":
            if self.closers.get(first) == end - 1 and first in self._around:
                self._around[opener] = self._around[first]
        elif tokens[first].type == "NAME" and tokens[first + 1].type == "LPAR":
            if self.closers.get(first + 1) == end - 1:
                self._around[opener] = self.innermost(first + 1)

    def innermost(self, opener: int) -> int:
        """The (x) of D(E(x)) for the bracket behind D: brackets around one call alone lead to that of the call."""
        return self._around.get(opener, opener)

    def closer(self, opener: int) -> int:
        """The place of the bracket that closes the one at ``opener``, or of the end."""
        return self.closers.get(opener, self.end)

    def is_list(self, opener: int) -> bool:
        """Whether a comma stands directly inside."""
        return opener in self.commas
