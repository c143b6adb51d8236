"""What the scalars of several terms share: the largest power, with symbolic exponents as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TypeVar

from matcalc.expr import Node, combine, content, factors, hadamard, is_number, multiply, number, power, scaled, terms
from matcalc.simplify.patterns import loses_zeros

__all__ = ["Grouping", "common_scalars", "grouped"]

#: The places of terms, how a sum is made of what is left of them, and that.
Grouping = tuple[list[int], Callable[[Node], Node], list[Node]]
Key = TypeVar("Key")


def grouped(keys: list[tuple[int, Key]]) -> Iterator[tuple[Key, list[int]]]:
    """The keys that two or more places have, with these places."""
    groups: dict[Key, list[int]] = {}
    for i, key in keys:
        group = groups.setdefault(key, [])
        if not group or group[-1] != i:
            group.append(i)
    for key, members in groups.items():
        if len(members) >= 2:
            yield key, members


def common_scalars(bodies: list[tuple[Node, Node]], node: Node) -> Iterator[Grouping]:
    """s M + s N = s (M + N), with the largest power of s that all share; k s^(k - 1) + s^(2 k) = s^(k - 1) (k + s^(k + 1))"""
    keys: list[tuple[int, tuple[Node, Node]]] = []
    exponents: dict[tuple[int, tuple[Node, Node]], Fraction] = {}
    multiples: dict[tuple[int, tuple[Node, Node]], Fraction] = {}
    for i, (s, m) in enumerate(bodies):
        for base, exponent in factors(m if node.is_scalar else s):
            symbolic, e = _constant_apart(exponent)
            times, primitive = content(symbolic)
            place = (i, (base, primitive))
            keys.append(place)
            exponents[place], multiples[place] = e, times
            if e and not symbolic.is_zero:  # x^(k + 1) - x = x (x^k - 1)
                keys.append((i, (base, number(0))))
                exponents[i, (base, number(0))] = e
    for (base, symbolic), members in grouped(keys):
        powers = [exponents[i, (base, symbolic)] for i in members]
        if not symbolic.is_zero:
            times = min(multiples[i, (base, symbolic)] for i in members)
            yield from _divided(power(base, scaled(times, symbolic) + number(min(powers))), members, bodies)
        elif min(powers) > 0 or max(powers) < 0:
            shared = power(base, min(powers) if min(powers) > 0 else max(powers))
            yield from _divided(shared, members, bodies)
            if max(powers) < 0 and min(powers) != max(powers):
                yield from _divided(power(base, min(powers)), members, bodies)
        elif base.op == "dimension":  # sqrt(n) g - sum(g) / sqrt(n) = sqrt(n) (g - mean(g))
            yield from _divided(power(base, max(powers)), members, bodies)


def _constant_apart(exponent: Node) -> tuple[Node, Fraction]:
    """(k, -1) for k - 1"""
    symbolic = combine([(t, c) for t, c in terms(exponent) if t is not number(1)], exponent.shape)
    constant = is_number(exponent - symbolic)
    return symbolic, Fraction(0) if constant is None else constant


def _divided(shared: Node, members: list[int], bodies: list[tuple[Node, Node]]) -> Iterator[Grouping]:
    over = power(shared, -1)
    inner = [multiply(hadamard(over, bodies[i][0]), bodies[i][1]) for i in members]
    if loses_zeros(shared, inner):
        return
    yield members, lambda body: multiply(shared, body), inner
