"""What the tables of MATLAB, Julia, R and Mathematica have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, call, infix, joined, negated, plain, raised
from matcalc.language.foreign.functions import ELEMENTWISE, Handler, elementwise, transposed
from matcalc.language.foreign.pratt import Grammar, parse

__all__ = [
    "ARITHMETIC",
    "called_by",
    "defined",
    "entry",
    "keyword",
    "keywords",
    "left_division",
    "positional",
    "product",
    "quotient",
    "unary",
    "vector_product",
    "whole_power",
]


def product(left: Code, right: Code) -> Code:
    """The matrix product, or a multiple."""
    return infix(left, "*", right)


def vector_product(left: Code, right: Code) -> Code:
    """A product in which a vector has no orientation."""
    return infix(left, "@", right)


def quotient(left: Code, right: Code) -> Code:
    return infix(left, "/", right)


def left_division(left: Code, right: Code) -> Code:
    return infix(left, "\\", right)


def whole_power(base: Code, exponent: Code) -> Code:
    return raised(base, exponent, entries=False)


def _sign(sign: str) -> Callable[[Code, Code], Code]:
    return lambda left, right: infix(left, sign, right)


#: Signs that mean the same everywhere -> how tightly they bind and what they make.
ARITHMETIC = {
    **{s: (40, 41, _sign(s)) for s in ("+", "-")},
    **{s: (30, 31, _sign(s)) for s in ("<", ">", "<=", ">=", "==")},
}

unary = {"-": (60, negated), "+": (60, lambda a, span: a)}


def positional(arguments: Sequence[Code]) -> list[Code]:
    """Arguments without a name."""
    return [a for a in arguments if not isinstance(a.value, tuple)]


def keywords(arguments: Sequence[Code]) -> dict[str, Code]:
    """name = value, by name."""
    return {str(a.value[0]): a.value[1] for a in arguments if isinstance(a.value, tuple)}


def keyword(arguments: Sequence[Code], name: str) -> Code | None:
    return keywords(arguments).get(name)


def entry(base: Code, arguments: Sequence[Code], span: Span) -> Code:
    """An entry by indices from 1."""
    pieces: list[str | Code] = [base, "["]
    for i, argument in enumerate(arguments):
        pieces += [", ", argument] if i else [argument]
    number = all(isinstance(a.value, str) and a.value.isdigit() for a in arguments)
    return joined([*pieces, "]"], span, number=number)


def called_by(table: Mapping[str, Handler], base: Code, arguments: Sequence[Code], span: Span) -> Code:
    """A call of a function in the table, of entries, or of any other name."""
    name = base.value if isinstance(base.value, str) else None
    if name is None:
        raise Fault("only a name is called", base.span)
    handler = table.get(name)
    if handler is not None:
        return handler(arguments, span)
    plain_arguments = positional(arguments)
    if name in ELEMENTWISE and len(plain_arguments) == 1:
        return elementwise(ELEMENTWISE[name])(plain_arguments, span)
    return call(name, plain_arguments, span)


def defined(left: str, text: str, start: int, end: int, grammar: Grammar) -> Code:
    """left = what stands behind ``end``, from ``start`` to the end of the text."""
    return joined([f"{left} = ", parse(" " * end + text[end:], grammar)], (start, len(text)))


def prime(operand: Code, span: Span) -> Code:
    return transposed(operand, span)


def named(name: str, span: Span) -> Code:
    return plain(name, span, value=name)
