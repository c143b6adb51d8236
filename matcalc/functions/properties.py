"""What is said of values, as values: intervals, numbers that are left out, properties of matrices; and one way to say it.

A fact has ``words``, a sentence with ``{0}``, ``{1}`` for what it is about.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

__all__ = [
    "ABOVE_0",
    "AT_LEAST_0",
    "DEFINITE",
    "EVERYWHERE",
    "INFINITE",
    "INVERTIBLE",
    "NONZERO",
    "NO_NEGATIVE_EIGENVALUE",
    "NO_POLE",
    "RANK",
    "SEMIDEFINITE",
    "SOMEWHERE",
    "SYMMETRIC",
    "UNEQUAL",
    "Above",
    "AtLeast",
    "Below",
    "Distinct",
    "Fact",
    "Inside",
    "Interval",
    "Need",
    "Off",
    "Said",
    "Unique",
    "Within",
    "needs",
    "sentence",
    "template",
]

Number = int | float | Fraction
INFINITE = math.inf


class Interval(NamedTuple):
    """The numbers between two ends, which may belong to it."""

    low: Number = -INFINITE
    high: Number = INFINITE
    with_low: bool = False
    with_high: bool = False

    @property
    def words(self) -> str:
        """x > 0, |x| < 1, -1 <= x <= 1"""
        low, high = (" <= " if self.with_low else " < "), (" <= " if self.with_high else " < ")
        if self.high == INFINITE:
            return f"{{0}}{' >= ' if self.with_low else ' > '}{self.low}"
        if self.low == -INFINITE:
            return f"{{0}}{high}{self.high}"
        if self.low == -self.high and not self.with_low and not self.with_high:
            return f"|{{0}}|{high}{self.high}"
        return f"{self.low}{low}{{0}}{high}{self.high}"

    def holds(self, value: Number) -> bool:
        """Whether the number belongs to it."""
        above = value >= self.low if self.with_low else value > self.low
        return above and (value <= self.high if self.with_high else value < self.high)

    def times(self, factor: Fraction) -> Interval:
        """What its numbers are, times a number other than 0."""
        ends = (self.low * factor, self.with_low), (self.high * factor, self.with_high)
        (low, with_low), (high, with_high) = ends if factor > 0 else ends[::-1]
        return Interval(low, high, with_low, with_high)

    def covers(self, other: Interval) -> bool:
        """Whether every number of the other one belongs to it."""
        low = self.low < other.low or (self.low == other.low and (self.with_low or not other.with_low))
        return low and (self.high > other.high or (self.high == other.high and (self.with_high or not other.with_high)))


def Above(bound: Number) -> Interval:
    """x > bound"""
    return Interval(bound)


def AtLeast(bound: Number) -> Interval:
    """x >= bound"""
    return Interval(bound, with_low=True)


def Below(bound: Number) -> Interval:
    """x < bound"""
    return Interval(high=bound)


def Inside(low: Number, high: Number) -> Interval:
    """low < x < high"""
    return Interval(low, high)


def Within(low: Number, high: Number) -> Interval:
    """low <= x <= high"""
    return Interval(low, high, True, True)


class Off(NamedTuple):
    """Every number but ``first``, and, if they are meant, all in steps of 1 ``below`` or on ``both`` sides of it."""

    first: Fraction = Fraction(0)
    also: str = ""

    @property
    def words(self) -> str:
        """No entry of an array is 0; of a number see `sentence`."""
        if self.also == "below":
            return f"{{0}} not in {', '.join(str(self.first - k) for k in range(3))}, …"
        if self.also == "both":
            return f"{{0}}{f' + {self.first}' if self.first else ''} is no whole number"
        return f"no entry of {{0}} is {self.first}"

    def holds(self, value: Number) -> bool:
        """Whether the number is none of those that are left out."""
        steps = value - self.first
        if self.also:
            return steps != round(steps) or (self.also == "below" and steps > 0)
        return steps != 0


class Unique(NamedTuple):
    """The largest or smallest entry, eigenvalue or singular value occurs once."""

    which: str
    of: str

    @property
    def words(self) -> str:
        """The largest eigenvalue of S is simple, the largest entry of each row is unique."""
        word = {"eigenvalue": "simple", "singular value": "simple and not 0"}.get(self.of, "unique")
        return f"the {self.which} {self.of}{'' if 'each' in self.of else ' of {0}'} is {word}"


class Distinct(NamedTuple):
    """No two eigenvalues or singular values are equal."""

    of: str

    @property
    def words(self) -> str:
        """The eigenvalues of S are distinct."""
        return f"the {self.of}s of {{0}} are distinct{' and not 0' if self.of == 'singular value' else ''}"


class Said(NamedTuple):
    """A property in words."""

    words: str


Fact = Interval | Off | Unique | Distinct | Said

ABOVE_0, AT_LEAST_0 = Above(0), AtLeast(0)
#: Of every entry, and of an array as a whole.
NONZERO, SOMEWHERE = Off(), Said("{0} != 0")
#: of Γ and its relatives
NO_POLE = Off(also="below")
UNEQUAL = Said("{0} != {1}")
EVERYWHERE = Said("every {0}")
SYMMETRIC, DEFINITE = Said("{0} symmetric"), Said("{0} is positive definite")
SEMIDEFINITE = Said("{0} is positive semidefinite")
INVERTIBLE, RANK = Said("{0} is invertible"), Said("{0} has full rank")
NO_NEGATIVE_EIGENVALUE = Said("{0} has no eigenvalue on (-inf, 0]")


class Need(NamedTuple):
    """A fact that has to hold of these parameters; if ``alone``, where the first one is the only argument."""

    fact: Fact
    of: tuple[str, ...]
    alone: bool = False


def needs(fact: Fact, *of: str) -> tuple[Need, ...]:
    """One fact of one or more parameters."""
    return (Need(fact, of),)


def template(fact: Fact, count: int = 1) -> str:
    """The words with places for so many subjects: a property of one is said of all of them."""
    return fact.words if "{1}" in fact.words else fact.words.replace("{0}", ", ".join(f"{{{k}}}" for k in range(count)))


def sentence(fact: Fact, *names: str) -> str:
    """The fact of arrays with these names.

    >>> from matcalc.functions.properties import Inside, Unique, sentence
    >>> sentence(Inside(-1, 1), "x"), sentence(Unique("largest", "eigenvalue"), "S")
    ('|x| < 1', 'the largest eigenvalue of S is simple')
    """
    return template(fact, len(names)).format(*names)
