"""What is solved: a residual that has to be zero, and its unknown."""

from __future__ import annotations

from fractions import Fraction

from matcalc.calculus.differential import differential
from matcalc.calculus.structure import linear_structure
from matcalc.errors import MatcalcError
from matcalc.expr import (
    Node,
    ShapeMismatch,
    bottom_up,
    combine,
    divide,
    factors,
    hadamard,
    is_number,
    number,
    perturbation,
    postorder,
    power,
    split_scalar,
    substitute,
    terms,
    variables,
    zeros,
)
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.cost import cost
from matcalc.simplify.expansion import expanded

__all__ = ["Affine", "Equation", "Root", "holds", "short"]


@dataclass(frozen=True)
class Equation:
    """``residual = 0``, to be solved for ``unknown``, a variable.

    Attributes:
        residual: a node of any shape; of a gradient the shape of the unknown.
        unknown: the variable.
    """

    residual: Node
    unknown: Node

    @property
    def structure(self) -> str | None:
        """The linear space in which the unknown lives, or None."""
        return linear_structure(self.unknown)

    @property
    def tags(self) -> frozenset[str]:
        """What the unknown was declared to be: positive, spd, orthogonal."""
        return frozenset(self.unknown.data[1])


@dataclass(frozen=True)
class Root:
    """A value of the unknown.

    Attributes:
        value: the node, free of the unknown.
        way: how it was found, a sentence.
        shortest: the value of least norm, right also where an inverse in ``value`` does not exist; or None.
        given: of several unknowns the value in terms of the others, where it was found so.
        is_any_length: whether every multiple but 0 solves it, too.
        also: what else solves it, with ``{x}`` for the name of the unknown and ``{P}`` for ``matrix``.
        matrix: what may be singular, where ``also`` speaks of it.
    """

    value: Node
    way: str
    shortest: Node | None = None
    given: Node | None = None
    is_any_length: bool = False
    also: str = ""
    matrix: Node | None = None


@dataclass(frozen=True)
class Affine:
    """``L[X] = R``: ``operator`` is linear in the perturbation ``d``, ``right`` free of the unknown."""

    operator: Node
    d: Node
    right: Node

    @classmethod
    def of(cls, equation: Equation) -> Affine | None:
        """The reading of a residual whose differential does not hold the unknown, else None."""
        x = equation.unknown
        d = perturbation(x)
        operator = simplify(differential(equation.residual, {x: d}))
        if holds(operator, x):
            operator = simplify(expanded(operator))
        if holds(operator, x) or operator.is_zero:
            return None
        right = _constant(equation, operator, d)
        if right is None:
            return None
        factor, rest = split_scalar(operator)
        return cls(operator, d, right) if factor.linear else cls(rest, d, simplify(divide(right, factor)))


def _constant(equation: Equation, operator: Node, d: Node) -> Node | None:
    """R = L[X] - E(X), from E(0) or, where E has no value there, from what cancels."""
    x, residual = equation.unknown, equation.residual
    try:
        right = short(-substitute(residual, {x: zeros(*x.shape)}))
    except (ZeroDivisionError, ShapeMismatch, MatcalcError):
        right = short(expanded(substitute(operator, {d: x}) - residual))
    return None if holds(right, x) else right


def holds(node: Node, x: Node) -> bool:
    """Whether a variable occurs."""
    return x in variables(node)


def short(node: Node) -> Node:
    """The shortest of the equal forms: as it is, with products written out, without fractions inside of fractions."""
    found = simplify(node)
    if len(postorder(found)) < 4:
        return found
    out = simplify(expanded(found))
    flat = [simplify(bottom_up(form, _without_inner_fractions)) for form in dict.fromkeys((found, out))]
    return min((*flat, out, found), key=lambda form: (_has_inner_fractions(form), cost(form)))


def _without_inner_fractions(node: Node) -> Node:
    """(a - b / c) / (d - e / c) = (a c - b) / (d c - e)"""
    if node.op != "power" or not node.is_scalar:
        return node
    parts = []
    for base, exponent in factors(node):
        below = _denominator(base)
        cleared = combine(((hadamard(term, below), c) for term, c in terms(base)), base.shape)
        parts += [power(cleared, exponent), power(power(below, exponent), -1)]
    return hadamard(*parts)


def _has_inner_fractions(root: Node) -> bool:
    """Whether a fraction stands below another."""
    quotients = (n for n in postorder(root) if n.op == "power" and n.is_scalar)
    bases = (base for n in quotients for base, e in factors(n) if (is_number(e) or 0) < 0)
    return any(_denominator(base) is not number(1) for base in bases)


def _denominator(node: Node) -> Node:
    """What the terms of a sum have below."""
    largest: dict[Node, Fraction] = {}
    for term, _ in terms(node) if node.op == "add" else ():
        for base, exponent in factors(term):
            e = is_number(exponent)
            if e is not None and e < 0:
                largest[base] = max(largest.get(base, Fraction(0)), -e)
    return hadamard(number(1), *(power(base, e) for base, e in largest.items()))
