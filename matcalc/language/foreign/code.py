"""Pieces of an expression in the words of this language, each with the place that it came from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcalc.errors import Span, SyntaxFault

__all__ = [
    "ATOM",
    "POWER",
    "PRODUCT",
    "SUM",
    "Code",
    "Fault",
    "as_number",
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

    def __init__(self, message: str, span: Span, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.span, self.hint = message, span, hint

    def error(self, text: str) -> SyntaxFault:
        """The error for people."""
        return SyntaxFault(self.message, code="foreign", text=text, span=self.span, hint=self.hint)


@dataclass(frozen=True)
class Code:
    """A piece of text.

    Attributes:
        parts: pieces of the text, each with the place that it stands for.
        level: how tightly its outermost operator binds.
        number: it is a number by its form: a literal, a sum over all entries, a determinant.
        literal: it is a number that is written out.
        value: what it was made of, for the functions that look at it: a name, a string, an integer.
    """

    parts: tuple[tuple[str, Span], ...]
    level: int = ATOM
    number: bool = False
    literal: bool = False
    value: object = None

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
        return replace(self, parts=(("(", (start, start)), *self.parts, (")", (end, end))), level=ATOM)


def plain(text: str, span: Span, *, number: bool = False, literal: bool = False, value: object = None) -> Code:
    """A name or a number."""
    return Code(((text, span),), ATOM, number or literal, literal, value)


def joined(pieces: Sequence[str | Code], span: Span, level: int = ATOM, *, number: bool = False) -> Code:
    """Pieces one behind the other; words between them stand for the whole."""
    parts: list[tuple[str, Span]] = []
    for piece in pieces:
        parts += [(piece, span)] if isinstance(piece, str) else piece.parts
    return Code(tuple(parts), level, number)


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
    number = all(c.number or _is_named_as_number(c) for c in (left, right)) and (left.number or right.number)
    return joined([left.within(level), f" {sign} ", right.within(level + 1)], span, level, number=number)


def entrywise(left: Code, sign: str, right: Code) -> Code:
    """A product or quotient of the entries: with a number, or a name that is rather one, it is the plain one."""
    plain_sign = right.number or (sign == "*" and left.number)
    if not plain_sign and sign == "*":
        plain_sign = _is_factor_of(left, right) or _is_factor_of(right, left)
    elif not plain_sign:
        plain_sign = _is_named_as_number(right)
    return infix(left, sign if plain_sign else f".{sign}", right)


#: What programs call numbers: Greek letters, counts, tolerances and rates.
_NUMBERS = re.compile(
    r"(?:lam|lmbda|lambd|lamb|lambda|alpha|beta|gamma|delta|epsilon|eps|eta|kappa|nu|rho|tau|omega|lr|reg|temp|temperature|scale"
    r"|step|rate|dt|[ntT]|num_?\w*|n_\w+|\w*(?:_size|_count|Size|Count))_?\d*|[αγδεϵηκλντωρ]"
)


def _is_named_as_number(code: Code) -> bool:
    return isinstance(code.value, str) and code.value == code.text and _NUMBERS.fullmatch(code.value) is not None


def _is_factor_of(factor: Code, other: Code) -> bool:
    """t A and lam w: a name of numbers, or a letter that may be one in front of the name of a matrix."""
    if _is_named_as_number(factor) or (other.text.startswith("eye(") and factor.level == ATOM):
        return True
    letter = isinstance(factor.value, str) and re.fullmatch(r"[a-hj-npqrst]", factor.value) is not None
    return letter and isinstance(other.value, str) and other.value[:1].isupper()


def as_number(code: Code) -> Code:
    """A name that is a number beside arrays: a power says so."""
    if not isinstance(code.value, str) or code.number:
        return code
    return joined([code, "^1"], code.span, POWER, number=True)


def raised(base: Code, exponent: Code, *, entries: bool = True) -> Code:
    """A power: of the entries, or of a number or a square matrix as a whole."""
    sign = "^" if base.number or not entries else ".^"
    span = (base.span[0], exponent.span[1])
    return joined([base.within(ATOM), sign, exponent.within(ATOM)], span, POWER, number=base.number)


def negated(operand: Code, span: Span) -> Code:
    return replace(joined(["-", operand.within(POWER)], span, SUM, number=operand.number), literal=operand.literal)
