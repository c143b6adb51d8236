"""Pieces of an expression in the words of this language, each with the place that it came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from matcalc.errors import Hint, Span, SyntaxFault
from matcalc.records import dataclass

__all__ = [
    "ATOM",
    "POWER",
    "PRODUCT",
    "SUM",
    "Claim",
    "Code",
    "Fault",
    "call",
    "entrywise",
    "infix",
    "joined",
    "negated",
    "plain",
    "raised",
]

#: How tightly the outermost operator binds.
RELATION, SUM, PRODUCT, POWER, ATOM = range(5)


class Fault(Exception):
    """What cannot be said in this language, with its place and what to write instead."""

    def __init__(self, message: str, span: Span, hint: str | Callable[[str], Hint | None] | None = None) -> None:
        super().__init__(message)
        self.message, self.span, self.hint = message, span, hint

    def error(self, text: str) -> SyntaxFault:
        """The error for people; a hint may be made of the whole text."""
        hint = self.hint(text) if callable(self.hint) else self.hint
        return SyntaxFault(self.message, code="foreign", text=text, span=self.span, hint=hint)


class Claim(NamedTuple):
    """From where to where, and the axes there."""

    start: int
    end: int
    axes: str

    def shifted(self, by: int) -> Claim:
        return Claim(self.start + by, self.end + by, self.axes)


@dataclass(frozen=True)
class Code:
    """A piece of text.

    Attributes:
        parts: pieces of the text, each with the place that it stands for.
        level: how tightly its outermost operator binds.
        number: it is a number by its form: a literal, a sum over all entries, a determinant.
        literal: it is a number that is written out.
        value: what it was made of, for the functions that look at it: a name, a string, an integer.
        axes: its axes where they are known: "" of a number, "v" of an array of one axis, "m" of a matrix, "c" and "r" of one
            with a single column or row.
        claims: places in its text, each with the axes that the reading gave to what stands there.
    """

    parts: tuple[tuple[str, Span], ...]
    level: int = ATOM
    number: bool = False
    literal: bool = False
    value: object = None
    axes: str | None = None
    claims: tuple[Claim, ...] = ()

    @property
    def kind(self) -> str | None:
        """Its axes; a number by its form has none."""
        return "" if self.axes is None and self.number else self.axes

    @property
    def text(self) -> str:
        return "".join(part for part, _ in self.parts)

    @property
    def span(self) -> Span:
        """From its first place to its last."""
        return min(s for _, (s, _) in self.parts), max(e for _, (_, e) in self.parts)

    def within(self, level: int) -> Code:
        """In brackets, where its operator binds more loosely than that."""
        if self.level >= level:
            return self
        start, end = self.span
        parts = ("(", (start, start)), *self.parts, (")", (end, end))
        return replace(self, parts=parts, level=ATOM, claims=tuple(c.shifted(1) for c in self.claims))

    def claimed(self) -> tuple[Claim, ...]:
        """Its claims, and its own."""
        return self.claims if self.kind is None else (*self.claims, Claim(0, len(self.text), self.kind))


def plain(text: str, span: Span, *, number: bool = False, literal: bool = False, value: object = None) -> Code:
    """A name or a number."""
    return Code(((text, span),), ATOM, number or literal, literal, value)


def joined(pieces: Sequence[str | Code], span: Span, level: int = ATOM, *, number: bool = False) -> Code:
    """Pieces one behind the other; words between them stand for the whole."""
    parts: list[tuple[str, Span]] = []
    claims: list[Claim] = []
    length = 0
    for piece in pieces:
        new = ((piece, span),) if isinstance(piece, str) else piece.parts
        claims += () if isinstance(piece, str) else (c.shifted(length) for c in piece.claimed())
        parts += new
        length += sum(len(part) for part, _ in new)
    return Code(tuple(parts), level, number, claims=tuple(claims))


def call(name: str, arguments: Sequence[Code], span: Span, *, number: bool = False) -> Code:
    """name(a, b, …)"""
    pieces: list[str | Code] = [f"{name}("]
    for i, argument in enumerate(arguments):
        pieces += [", ", argument] if i else [argument]
    return joined([*pieces, ")"], span, number=number)


_LEVELS = {"+": SUM, "-": SUM, "<": RELATION, ">": RELATION, "<=": RELATION, ">=": RELATION, "==": RELATION}


def infix(left: Code, sign: str, right: Code) -> Code:
    """left sign right, with the brackets that this language needs."""
    level = _LEVELS.get(sign, PRODUCT)
    span = (left.span[0], right.span[1])
    return joined(
        [left.within(level), f" {sign} ", right.within(level + 1)], span, level, number=left.number and right.number
    )


def entrywise(left: Code, sign: str, right: Code) -> Code:
    """A product or quotient of the entries: with a number by its form it is the plain one."""
    plain_sign = right.number or (sign == "*" and left.number)
    return infix(left, sign if plain_sign else f".{sign}", right)


def raised(base: Code, exponent: Code, *, entries: bool = True) -> Code:
    """A power: of the entries, or of a number or a square matrix as a whole."""
    spread = base.number and exponent.kind not in ("", None)
    sign = ".^" if entries and (spread or not base.number or not exponent.number) else "^"
    span = (base.span[0], exponent.span[1])
    number = base.number and exponent.kind == ""
    made = joined([base.within(ATOM), sign, exponent.within(ATOM)], span, POWER, number=number)
    return replace(made, axes=exponent.axes if spread or (entries and base.kind == "" and exponent.kind) else base.axes)


def negated(operand: Code, span: Span) -> Code:
    made = joined(["-", operand.within(POWER)], span, SUM, number=operand.number)
    return replace(made, literal=operand.literal, axes=operand.axes)
