"""A parser that runs on stored tables: terminals to tokens, and tokens to what a builder makes of each rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Protocol

from matcalc.language.tokens import Token

__all__ = ["END", "Parser", "Tables", "Unexpected", "Unreadable"]

#: The type of the token behind the last one.
END = "$END"

#: What is made of the children of a rule; None where the only one stands for it.
Make = Callable[[list[Any]], Any] | None


class Tables(Protocol):
    """What `matcalc.language.tables` makes of a grammar.

    Attributes:
        PATTERN: the terminals, each as a group of its name, in the order in which they are tried.
        IGNORED: the terminals that are left out.
        RULES: of each its name, how many children it has, the builder's method or nothing, and the places of children that
            are rules of repetition, in whose place their own children stand.
        STATES: the action for each terminal or rule: the next state, or the index of a rule to be applied, from the end of
            `RULES`.
        LAST: the state in which everything was read.
    """

    PATTERN: str
    IGNORED: frozenset[str]
    RULES: Sequence[tuple[str, int, str, tuple[int, ...]]]
    STATES: Sequence[Mapping[str, int]]
    LAST: int


class Unexpected(Exception):
    """A token that no rule allows at its place."""

    def __init__(self, token: Token) -> None:
        super().__init__(token)
        self.token = token


class Unreadable(Exception):
    """A place where no terminal begins."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class Parser:
    """The parser of one grammar."""

    def __init__(self, tables: Tables, builder: object) -> None:
        self._match = re.compile(tables.PATTERN).match
        self._ignored = tables.IGNORED
        self._states = tables.STATES
        self._last = tables.LAST
        self._rules = [(name, size, _maker(builder, name, method, at)) for name, size, method, at in tables.RULES]

    def tokens(self, text: str) -> Iterator[Token]:
        """The tokens of a text. Raises Unreadable."""
        position, end = 0, len(text)
        while position < end:
            found = self._match(text, position)
            if found is None:
                raise Unreadable(position)
            start, position = position, found.end()
            kind = found.lastgroup or ""
            if kind not in self._ignored:
                yield Token(kind, found.group(), start, position)

    def parse(self, tokens: Iterable[Token]) -> Any:
        """What the builder makes of all tokens, while they are read. Raises Unexpected."""
        table, rules = self._states, self._rules
        states, values = [0], list[Any]()
        for token in chain(tokens, (Token(END, ""),)):
            while (action := table[states[-1]].get(token.type)) is not None and action < 0:
                name, size, make = rules[action]
                if make is None:
                    states.pop()
                else:
                    first = len(values) - size
                    values[first:] = [make(values[first:])]
                    del states[first + 1 :]
                states.append(table[states[-1]][name])
            if action is None and states[-1] != self._last:
                raise Unexpected(token)
            if action is not None:
                states.append(action)
                values.append(token)
        return values[-1]


def _maker(builder: object, name: str, method: str, repeated: tuple[int, ...]) -> Make:
    if not method and not name.startswith("_"):
        return None
    make: Callable[[list[Any]], Any] = getattr(builder, method) if method else lambda children: children
    return make if not repeated else lambda children: make(_joined(children, repeated))


def _joined(children: list[Any], repeated: tuple[int, ...]) -> list[Any]:
    """The children with what was repeated in its place; the list of the first grows, so that this is linear."""
    first, *others = children
    whole: list[Any] = first if repeated[0] == 0 else [first]
    for i, child in enumerate(others, 1):
        whole += child if i in repeated else (child,)
    return whole
