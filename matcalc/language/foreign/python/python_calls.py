"""One call in Python code: its arguments by place or by name, and what they say of axes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import field
from typing import Protocol

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, call, plain
from matcalc.language.foreign.python_axes.python_names import is_integer
from matcalc.records import dataclass

__all__ = ["IGNORED", "Call", "Reader"]


class Reader(Protocol):
    """What reads the arguments."""

    text: str

    def expression(self, node: ast.expr) -> Code: ...

    def operand(self, node: ast.expr) -> Code: ...

    def span(self, node: ast.AST) -> Span: ...

    def no_row(self, code: Code, left: Code) -> Code: ...


#: Arguments that only say how something is computed and stored.
IGNORED = frozenset(
    "dtype device out requires_grad inplace optimize precision preferred_element_type copy subok casting check_finite overwrite_a"
    " overwrite_b overwrite_x assume_a sym_pos hermitian rcond rtol atol eps memory_format non_blocking name layout pin_memory"
    " symmetrize_input sparse validate_args".split()
)


@dataclass(frozen=True)
class Call:
    """A function with the arguments of its call; for a method the array comes first.

    Attributes:
        given: the arguments by place.
        read: the places and the names of arguments that were looked at.
    """

    reader: Reader
    name: str
    given: tuple[ast.expr, ...]
    keywords: Mapping[str, ast.expr]
    span: Span
    read: set[int | str] = field(default_factory=set)

    @property
    def arguments(self) -> tuple[ast.expr, ...]:
        """All arguments by place."""
        self.read.update(range(len(self.given)))
        return self.given

    def refuse_unread(self) -> None:
        """Raise Fault where an argument would be left out."""
        for name in self.keywords:
            if name not in self.read and name not in IGNORED:
                raise Fault(
                    f"the argument {name} of {self.name} is not known here", self.reader.span(self.keywords[name])
                )
        for place, argument in enumerate(self.given):
            if place not in self.read:
                raise Fault(f"this argument of {self.name} is not known here", self.reader.span(argument))

    def codes(self, most: int | None = None) -> list[Code]:
        """The arguments by place. Raises Fault where there are more, or names that are not known."""
        if most is not None and len(self.arguments) > most:
            raise Fault(f"{self.name} takes {most} argument{'s' * (most > 1)} here", self.span)
        return [self.reader.expression(a) for a in self.arguments]

    def node(self, place: int, *names: str) -> ast.expr | None:
        """An argument by its place or by one of its names; None where it is not given."""
        self.read.update((place, *names))
        given = next((self.keywords[n] for n in names if n in self.keywords), None)
        if given is None and 0 <= place < len(self.given):
            given = self.given[place]
        return None if isinstance(given, ast.Constant) and given.value is None else given

    def code(self, place: int, *names: str) -> Code | None:
        given = self.node(place, *names)
        return None if given is None else self.reader.expression(given)

    def first(self) -> Code:
        """The array that the function is of."""
        found = self.code(0, "input", "a", "x", "A", "input_tensor", "array")
        if found is None:
            raise Fault(f"{self.name} needs an argument", self.span)
        return found

    def two(self) -> tuple[Code, Code]:
        """The first two arguments."""
        if len(self.given) < 2:
            raise Fault(f"{self.name} needs two arguments", self.span)
        self.read.update((0, 1))
        return self.reader.expression(self.given[0]), self.reader.expression(self.given[1])

    def axis(self, place: int) -> int | None:
        """The axis, from 0; None for all entries."""
        given = self.node(place, "axis", "dim")
        if given is None:
            return None
        axis = is_integer(given)
        if axis == -2 and self.first().kind not in ("", "v", None):
            return 0
        if axis not in (0, 1, -1):
            raise Fault("an array has two axes here, 0 and 1", self.reader.span(given))
        return axis

    def is_true(self, *names: str) -> bool:
        """Whether a keyword is True."""
        return "True" in [self.word(n) for n in names]

    def is_false(self, name: str) -> bool:
        return self.word(name) in ("False", "0")

    def word(self, name: str, default: str = "") -> str:
        """The constant behind a keyword as it is written, without quotes."""
        self.read.add(name)
        given = self.keywords.get(name)
        return str(given.value) if isinstance(given, ast.Constant) else default

    @property
    def is_kept(self) -> bool:
        """Whether the axis stays, with one entry."""
        return self.is_true("keepdims", "keepdim", "keep_dims")

    def number(self, value: str) -> Code:
        return plain(value, self.span, literal=True)

    def make(self, name: str, *arguments: Code, number: bool = False) -> Code:
        """name(…)"""
        return call(name, arguments, self.span, number=number)
