"""Sizes and indices in an expression: unvec(v, n, n + 1), x[2:k], vector of n (n + 1) / 2 entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matcalc.errors import ShapeError
from matcalc.expr import ONE, Dim, minimum, triangle
from matcalc.language.surface.tree import Surface, walk
from matcalc.patterns import pattern

__all__ = ["size_of"]

_EXPECTATION = pattern(r"\bE\s*\[[\s(]*$")


def size_of(node: Surface, named: Callable[[Surface], Dim], text: str) -> Dim:
    """A size or index as a polynomial in size names; ``named`` gives the size of a name.

    Raises ShapeError for what is no size.
    """
    values: dict[int, Dim] = {}
    for part in walk(node):
        found = named(part) if part.kind == "name" else _quotient(part, values) or _combined(part, values)
        if found is None:
            hint = "a size or an index is an integer, a name, or a sum or product of such"
            if _EXPECTATION.search(text[: node.span[0]]):
                hint = "there are no expectations: one over data is a mean over the rows of a matrix X, as in mean((y - X w).^2)"
            raise ShapeError("this is not a size", code="bad-size", text=text, span=part.span, hint=hint)
        values[id(part)] = found
    return values[id(node)]


def _quotient(node: Surface, values: Mapping[int, Dim]) -> Dim | None:
    """n (n + 1) / 2, the entries of a triangle"""
    if node.kind != "divide":
        return None
    above, below = node.children
    if above.kind == "multiply" and values[id(below)] == Dim.of(2):
        first, second = (values[id(c)] for c in above.children)
        if second == first + 1:
            return triangle(first)
    return None


def _combined(node: Surface, values: Mapping[int, Dim]) -> Dim | None:
    below = [values[id(c)] for c in node.children]
    match node.kind:
        case "number" if node.value.denominator == 1:
            return Dim.of(int(node.value))
        case "add":
            total = Dim({})
            for sign, term in zip(node.value, below, strict=True):
                total = total + term * sign
            return total
        case "multiply":
            return below[0] * below[1]
        case "negate":
            return below[0] * -1
        case "call" if node.value == "min" and len(below) == 2:
            return minimum(*below)
        case "power":
            return _power(*below)
    return None


def _power(base: Dim, exponent: Dim) -> Dim | None:
    times = exponent.value
    if times is None or not 0 <= times <= (8 if base.value is None else 64):
        return None
    result = ONE
    for _ in range(times):
        result = result * base
    return result
