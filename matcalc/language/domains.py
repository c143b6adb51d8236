"""What has no value: whether a number lies in the domain that the table of functions states: ``x > 0``, ``-1 <= x <= 1``, ``|x| < 1``; which matrices have no inverse."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from operator import ge, gt, le, lt

from matcalc.errors import DomainError
from matcalc.expr import Node, is_singular
from matcalc.functions import Function
from matcalc.patterns import pattern

__all__ = ["is_outside", "refuse_singular"]

_RELATIONS: dict[str, Callable[[Fraction, Fraction], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_SIDES = pattern(r"(?:(-?\d+) (<=?) )?(\|?)x\|?(?: ([<>]=?) (-?\d+))?")


def is_outside(function: Function, value: Fraction) -> bool:
    """Whether a function of one number is not defined there; a domain in other words excludes nothing."""
    if function.domain == "x not in 0, -1, -2, …":
        return value.denominator == 1 and value <= 0
    found = _SIDES.fullmatch(function.domain)
    if found is None or len(function.parameters) != 1:
        return False
    lower, below, bars, relation, bound = found.groups()
    x = abs(value) if bars else value
    inside = lower is None or _RELATIONS[below](Fraction(lower), x)
    return not (inside and (relation is None or _RELATIONS[relation](x, Fraction(bound))))


def refuse_singular(matrix: Node, sentence: str = "{} has no inverse") -> Node:
    """The matrix, if its form leaves it an inverse; else a DomainError."""
    if is_singular(matrix):
        what = "zero" if matrix.is_zero else "a skew-symmetric matrix of odd size"
        raise DomainError(sentence.format(what))
    return matrix
