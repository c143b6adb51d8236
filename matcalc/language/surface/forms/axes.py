"""Functions along an axis: ``max(X, axis=2)`` of each row, ``max(X, axis=1)`` of each column, as ``sum(X, 2)`` and ``sum(X, 1)``."""

from __future__ import annotations

from fractions import Fraction

from lark import Token

from matcalc.errors import ShapeError, Span, SyntaxFault
from matcalc.functions import Function, find
from matcalc.language.mends.hints import write
from matcalc.language.surface.tree import Surface, Typed

__all__ = ["along_axis", "two_readings"]

#: Functions whose second argument is something else than an axis: each has a function of columns and one of rows.
NAMED = frozenset(("max", "min", "var", "std", "norm"))
WAYS = {1: "column", 2: "row"}


def along_axis(name: str, arguments: tuple[Surface, ...], span: Span, token: Token, text: str) -> Surface:
    """The call of a function with its axis. Raises SyntaxFault for a function that has none."""
    axis = int(token.split("=")[1])
    place = (token.start_pos or 0, token.end_pos or 0)
    function = find(name)
    canonical = function.name if function is not None else name
    if axis not in WAYS:
        raise SyntaxFault(
            "an axis is 1 (down the columns) or 2 (along the rows)", code="bad-axis", text=text, span=place
        )
    if canonical in NAMED:
        return Surface("call", arguments, f"{WAYS[axis]}_{canonical}", span)
    if function is None or not _has_axis(function, len(arguments)):
        raise SyntaxFault(f"{name} has no axis", code="bad-axis", text=text, span=place)
    return Surface("call", (*arguments, Surface("number", (), Fraction(axis), place)), name, span)


def _has_axis(function: Function, count: int) -> bool:
    from matcalc.language.sizes.signatures import parse_signature

    signatures = [parse_signature(s).parameters for s in function.signatures]
    return any(len(s) == count + 1 and s[-1].kind == "literal" and s[-1].literal in WAYS for s in signatures)


def two_readings(typed: Typed, text: str) -> ShapeError | None:
    """The error for max(X, 2) of a matrix: the larger of each entry and 2, or the largest entry of each row?"""
    x, other = typed.children
    if other.kind != "number" or other.value not in WAYS or any(d.is_one for d in x.shape):
        return None
    array, axis = " ".join(text[slice(*x.span)].split()), int(other.value)
    found = "row" if axis == 2 else "column"
    most, more = ("largest", "larger") if typed.value == "max" else ("smallest", "smaller")
    purposes = (f"for the {most} entry of each {found}", f"for the {more} of each entry and {axis}")
    calls = (f"{typed.value}({array}, axis={axis})", f"{typed.value}({axis}, {array})")
    message = f"{typed.value} of a matrix and {axis} may be that along an axis, or that of each entry"
    return ShapeError(
        message,
        code="axis-or-number",
        text=text,
        span=typed.span,
        hint=write(typed.span, *zip(calls, purposes, strict=True)),
    )
