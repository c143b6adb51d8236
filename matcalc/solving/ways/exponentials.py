"""Equations in several powers of one exponential: `exp(2 t) + exp(t) = a` is a quadratic equation for u = exp(t)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import reduce

from matcalc.expr import (
    Node,
    apply,
    combine,
    content,
    hadamard,
    number,
    postorder,
    power,
    scaled,
    substitute,
    terms,
    variable,
)
from matcalc.solving.ways.equations import Equation, Root, holds

__all__ = ["by_exponentials"]

Solve = Callable[[Equation], list[Root]]
#: The name of the exponential while it is the unknown.
PART = "matcalcexponential"


def by_exponentials(equation: Equation, solve: Solve) -> Iterator[Root]:
    """u = exp(g w), where every exponent that holds the unknown is a multiple of g w, and a part that does not hold it."""
    x = equation.unknown
    found = [n for n in postorder(equation.residual) if n.op == "apply" and n.data[0] == "exp" and holds(n, x)]
    split = {n: _split(n.args[0], x) for n in found}
    inner = {w for _, w, _ in split.values()}
    if len(found) < 2 or len(inner) != 1:
        return
    (w,) = inner
    unit = reduce(_common, (abs(q) for q, _, _ in split.values()))
    u = variable(PART, w.shape, ["positive"])
    places = {n: hadamard(power(u, number(q / unit)), apply("exp", rest)) for n, (q, _, rest) in split.items()}
    outer = substitute(equation.residual, places)
    if holds(outer, x):
        return
    for value in solve(Equation(outer, u)):
        for root in solve(Equation(apply("exp", scaled(unit, w)) - value.value, x)):
            yield Root(root.value, f"in powers of an exponential: {value.way}; {root.way}")


def _split(exponent: Node, x: Node) -> tuple[Fraction, Node, Node]:
    """(q, w, rest) of q w + rest, where w holds the unknown."""
    parts = [(term, c) for term, c in terms(exponent) if holds(term, x)]
    others = [(term, c) for term, c in terms(exponent) if not holds(term, x)]
    q, w = content(combine(parts, exponent.shape))
    return q, w, combine(others, exponent.shape)


def _common(a: Fraction, b: Fraction) -> Fraction:
    """The largest number of which both are multiples."""
    below = math.lcm(a.denominator, b.denominator)
    return Fraction(math.gcd(int(a * below), int(b * below)), below)
