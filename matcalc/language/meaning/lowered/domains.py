"""What has no value: numbers outside of the domain that the table of functions states, and matrices that have no inverse."""

from __future__ import annotations

from fractions import Fraction

from matcalc.errors import DomainError
from matcalc.expr import Node, is_singular
from matcalc.functions import Function
from matcalc.functions.properties import Interval, Off

__all__ = ["is_outside", "refuse_singular"]


def is_outside(function: Function, value: Fraction) -> bool:
    """Whether a function of one number is not defined there; a domain in words excludes nothing."""
    stated = (need.fact for need in function.domain if len(function.parameters) == 1)
    return any(isinstance(fact, Interval | Off) and not fact.holds(value) for fact in stated)


def refuse_singular(matrix: Node, sentence: str = "{} has no inverse") -> Node:
    """The matrix, if its form leaves it an inverse; else a DomainError."""
    if is_singular(matrix):
        what = "zero" if matrix.is_zero else "a skew-symmetric matrix of odd size"
        raise DomainError(sentence.format(what))
    return matrix
