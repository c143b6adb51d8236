"""The machine that parses by tables: Aho, Sethi & Ullman, *Compilers*, sections 3.8 and 4.7.

`python -m matcalc.language.parse_tables` makes the tables from the grammars, with Lark. The machine is all that a start
needs of a parser generator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from matcalc.language.tokens import Token

if TYPE_CHECKING:
    from typing import Protocol

    class Tables(Protocol):
        """A module of stored tables.

        Attributes:
            TERMINALS: all of them as one regular expression with a group each; the first that fits is meant.
            IGNORED: those that are white space.
            SYMBOLS: terminals and what rules make.
            RULES: for each the symbol it makes, of how many parts, the method that builds it ("" for the items of a
                repetition), whether a single part stands for itself, and which parts are repetitions, whose items are taken.
            STATES: for each state, in turn, a symbol and what to do: go to a state, or, -1 - r, apply rule r.
            LAST: the state in which the whole text was read.
        """

        TERMINALS: str
        IGNORED: frozenset[str]
        SYMBOLS: tuple[str, ...]
        RULES: tuple[tuple[str, int, str, bool, tuple[int, ...]], ...]
        STATES: tuple[tuple[int, ...], ...]
        LAST: int

    class Arranges(Protocol):
        """What stands between the scanner and the rules."""

        def process(self, stream: Iterator[Token]) -> Iterable[Token]: ...


__all__ = ["END", "Machine", "UnexpectedCharacter", "UnexpectedToken", "stored"]

#: The type of the token behind the last one.
END = "$END"


class UnexpectedToken(Exception):
    """No rule goes on with this token."""

    def __init__(self, token: Token) -> None:
        super().__init__(token)
        self.token = token


class UnexpectedCharacter(Exception):
    """No terminal begins here."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


def stored(dialect: str) -> Tables:
    """The tables of a dialect, ``matcalc`` or ``latex``."""
    return cast("Tables", import_module(f"matcalc.language.parse_tables.{dialect}"))


class Machine:
    """A parser: texts to what a builder makes of them.

    Args:
        tables: those of the grammar.
        arranger: its ``process`` takes all tokens of a text and gives those that the rules are about.
        builder: has a method for each rule, of the list of its parts.
    """

    def __init__(self, tables: Tables, arranger: Arranges, builder: object) -> None:
        self.tables = tables
        self.arranger = arranger
        self.methods = [getattr(builder, method) if method else None for _, _, method, _, _ in tables.RULES]
        self.match = re.compile(tables.TERMINALS).match
        #: What a state does, by the symbol; made when a text first comes there.
        self.actions: list[dict[str, int] | None] = [None] * len(tables.STATES)

    def parse(self, text: str) -> Any:
        """What the builder makes of a text; UnexpectedToken or UnexpectedCharacter where the grammar has no rule."""
        run = _Run(self)
        for token in self.arranger.process(self.scan(text)):
            run.take(token)
        return run.end()

    def scan(self, text: str) -> Iterator[Token]:
        """The tokens, but white space; UnexpectedCharacter where there is none."""
        position, end, ignored = 0, len(text), self.tables.IGNORED
        while position < end:
            found = self.match(text, position)
            if found is None:
                raise UnexpectedCharacter(position)
            kind, start, position = str(found.lastgroup), position, found.end()
            if kind not in ignored:
                yield Token(kind, text[start:position], start, position)

    def at(self, state: int) -> dict[str, int]:
        """What a state does with each symbol."""
        found = self.actions[state]
        if found is None:
            symbols, row = self.tables.SYMBOLS, self.tables.STATES[state]
            found = {symbols[s]: action for s, action in zip(row[::2], row[1::2], strict=True)}
            self.actions[state] = found
        return found


class _Run:
    """The two stacks while a text is parsed: states, and what was built on the way to each of them."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.rules = machine.tables.RULES
        self.states = [0]
        self.built: list[Any] = []

    def take(self, token: Token) -> None:
        """Apply the rules that end before the token, then put it on the stack."""
        action = self._action(token)
        while action < 0:
            self._apply(-1 - action)
            action = self._action(token)
        self.states.append(action)
        self.built.append(token)

    def end(self) -> Any:
        """Apply the rules that end with the text."""
        token = Token(END, "")
        while self.states[-1] != self.machine.tables.LAST:
            self._apply(-1 - self._action(token))
        return self.built[-1]

    def _action(self, token: Token) -> int:
        action = self.machine.at(self.states[-1]).get(token.type)
        if action is None:
            raise UnexpectedToken(token)
        return action

    def _apply(self, number: int) -> None:
        """Replace the parts of a rule by what they make, and go on from the state before them."""
        symbol, size, _, single, repeated = self.rules[number]
        del self.states[-size:]
        self.states.append(self.machine.at(self.states[-1])[symbol])
        if single and size == 1:
            return
        parts = self.built[-size:]
        for place in reversed(repeated):
            parts[place : place + 1] = parts[place]
        method: Callable[[list[Any]], Any] | None = self.machine.methods[number]
        self.built[-size:] = [parts if method is None else method(parts)]
