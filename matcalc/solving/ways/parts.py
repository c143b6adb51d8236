"""Equations that hold the unknown in one part u only, or that do so once they are rewritten: solved for u, then u for the unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from matcalc.calculus.differential import differential
from matcalc.expr import (
    LEAVES,
    Node,
    apply,
    bottom_up,
    combine,
    factors,
    hadamard,
    is_number,
    number,
    ones,
    perturbation,
    postorder,
    power,
    scale,
    scaled,
    split_scalar,
    substitute,
    terms,
    variable,
    zeros,
)
from matcalc.expr.facts import is_positive
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.ways.equations import Equation, Root, holds

__all__ = ["by_clearing", "by_part", "by_separating"]

Solve = Callable[[Equation], list[Root]]
#: So many parts are tried.
MOST_PARTS = 12
#: The name of a part while it is the unknown.
PART = "matcalcpart"


def by_part(equation: Equation, solve: Solve) -> Iterator[Root]:
    """E(u(x)) = 0 gives u = v, and u(x) = v gives x."""
    for part in _parts(equation):
        fresh = variable(f"{PART}_{part.digest.hex()[:6]}", part.shape, ["positive"] * is_positive(part))
        outer = substitute(equation.residual, {part: fresh})
        if holds(outer, equation.unknown):
            continue
        for value in solve(Equation(outer, fresh)):
            for root in solve(Equation(simplify(part - value.value), equation.unknown)):
                yield Root(root.value, f"{value.way}; {root.way}")
        return


def _parts(equation: Equation) -> list[Node]:
    """What holds the unknown, the smallest first, but for what an equation would be that says the same."""
    x, residual = equation.unknown, equation.residual
    moving = [t for t, _ in terms(residual) if holds(t, x)]
    whole = {residual, *moving, *(split_scalar(t)[1] for t in moving)} if len(moving) == 1 else {residual}
    found = [n for n in postorder(residual) if n.op not in LEAVES and holds(n, x) and n not in whole]
    return found[:MOST_PARTS]


def by_separating(equation: Equation, solve: Solve) -> Iterator[Root]:
    """exp(u + k t 1) = exp(k t) exp(u) for an unknown number t, which then leaves sums."""
    t = equation.unknown
    if not t.is_scalar:
        return
    apart = bottom_up(equation.residual, lambda node: _separated(node, t))
    if apart is not equation.residual:
        yield from solve(Equation(apart, t))


def _separated(node: Node, t: Node) -> Node:
    if node.op != "apply" or node.data[0] != "exp" or node.is_scalar or not holds(node, t):
        return node
    inside = node.args[0]
    d = perturbation(t)
    slope = simplify(substitute(differential(inside, {t: d}), {d: ones(1, 1)}))
    k, rest = split_scalar(slope)
    if rest is not ones(*inside.shape) or is_number(k) is None:
        return node
    rest = substitute(inside, {t: zeros(1, 1)})
    shift = sum((c for term, c in terms(rest) if term.op == "ones"), Fraction(0))
    rest = rest - scaled(shift, ones(*rest.shape))
    return scale(apply("exp", hadamard(k, t) + number(shift)), apply("exp", rest))


def by_clearing(equation: Equation, solve: Solve) -> Iterator[Root]:
    """An entrywise equation times what stands below: a ./ x - b ./ (1 - x) = 0 is a (1 - x) = b x."""
    x, residual = equation.unknown, expanded(equation.residual)
    if residual.shape != x.shape:
        return
    below: dict[Node, Fraction] = {}
    for term, _ in terms(residual):
        for base, exponent in _all_factors(term):
            e = is_number(exponent)
            if e is not None and e < 0 and holds(base, x):
                below[base] = max(below.get(base, Fraction(0)), -e)
    if not below:
        return
    factor = hadamard(*(power(base, e) for base, e in below.items()))
    cleared = simplify(expanded(_times(residual, factor)))
    if not any(
        n.op == "power" and any(holds(b, x) and (is_number(e) or 0) < 0 for b, e in factors(n))
        for n in postorder(cleared)
    ):
        yield from solve(Equation(cleared, x))


def _all_factors(term: Node) -> list[tuple[Node, Node]]:
    s, rest = split_scalar(term)
    return [*factors(s), *factors(rest)]


def _times(total: Node, factor: Node) -> Node:
    return combine(((hadamard(term, factor), c) for term, c in terms(total)), total.shape)
