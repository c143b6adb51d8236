"""The differential of where(c, a, b): what is not chosen leaves no trace, be it infinite or not a number.

d where(c, a, b) is where(c, f, g) ⊙ dx, with the coefficients f and g that da and db have beside the same dx: a product
of 0 and 1 with da would keep 0 times infinity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from matcalc.calculus.adjoint import adjoint, entrywise_parts, inner, product_around
from matcalc.expr import (
    Node,
    apply,
    combine,
    factors,
    hadamard,
    is_number,
    matmul,
    multiply,
    ones,
    postorder,
    scale,
    scaled,
    terms,
    zeros,
)

__all__ = ["differential_of_where"]

#: How a coefficient acts on a linear expression; equal ways and expressions are joined.
Way = Callable[[Node, Node], Node]
Part = tuple[Way, Node, Node]


def differential_of_where(node: Node, d: tuple[Node, ...]) -> Node:
    """d where(c, a, b) = where(c, f_a, f_b) ⊙ dx, with da = f_a ⊙ dx and db = f_b ⊙ dx"""
    condition = node.args[0]
    found: dict[tuple[Way, Node], list[Node | None]] = {}
    for place, step in enumerate(d[1:]):
        for way, coefficient, moving in _parts(node, condition, _shaped(step, node)):
            pair = found.setdefault((way, moving), [None, None])
            before = pair[place]
            pair[place] = coefficient if before is None else before + coefficient
    pieces = (way(_where(condition, *pair), moving) for (way, moving), pair in found.items())
    return combine(((piece, Fraction(1)) for piece in pieces), node.shape)


def _shaped(step: Node, node: Node) -> Node:
    """The differential of a scalar branch beside arrays, in every entry."""
    if step.is_zero or step.shape == node.shape:
        return step
    return scale(step, ones(*node.shape))


def _where(condition: Node, a: Node | None, b: Node | None) -> Node:
    shape = next(x.shape for x in (a, b) if x is not None)
    return apply("where", condition, *(zeros(*shape) if x is None else x for x in (a, b)))


def _parts(node: Node, condition: Node, step: Node) -> Iterator[Part]:
    """The differential of a branch as coefficients and what they act on."""
    if node.is_scalar and not step.free:  # a gradient would be summed over the indices of the branch
        for moving in sorted(step.linear, key=lambda dx: dx.key):
            yield inner, adjoint(step, moving), moving
        return
    for whole, c in terms(step):
        for term, k in _distributed(whole):
            for part, q in terms(term):
                way, coefficient, moving = _part_of_term(condition, part)
                yield way, scaled(c * k * q, coefficient), moving


def _distributed(term: Node) -> Iterator[tuple[Node, Fraction]]:
    """The terms of a linear sum within a product, each with the product: what is not linear in them is a coefficient."""
    if term.op == "scale" and term.args[0].linear:
        yield from ((scale(t, term.args[1]), k) for t, k in _expanded(term.args[0]))
    else:
        yield from _expanded(term)


def _expanded(term: Node) -> Iterator[tuple[Node, Fraction]]:
    """The terms of what is linear in perturbations, without sums that have one within an entrywise product."""
    if term.op == "add":
        for t, c in terms(term):
            yield from ((part, c * k) for part, k in _expanded(t))
    elif term.op == "power":
        rest, inside = entrywise_parts(term, min(term.linear, key=lambda dx: dx.key))
        yield from ((hadamard(rest, part), k) for part, k in _expanded(inside))
    elif term.op == "scale" and not term.args[0].linear and _may_fail(term.args[1]):
        yield from ((scale(term.args[0], part), k) for part, k in _expanded(term.args[1]))
    else:
        yield term, Fraction(1)


def _may_fail(node: Node) -> bool:
    """Whether a part of what acts on perturbations may have no value where it is not chosen."""
    return any(n.op in ("apply", "matpow") or any(_is_partial(e) for _, e in factors(n)) for n in postorder(node))


def _is_partial(exponent: Node) -> bool:
    e = is_number(exponent)
    return e is None or e < 0 or e.denominator != 1


def _part_of_term(condition: Node, term: Node) -> Part:
    (dx, *_) = sorted(term.linear, key=lambda dx: dx.key)
    match term.op:
        case "power":
            coefficient, inside = entrywise_parts(term, dx)
            return hadamard, coefficient, inside
        case "scale" if dx in term.args[0].linear:
            number, array = term.args
            if number.op != "power":
                return _times, array, number
            coefficient, inside = entrywise_parts(number, dx)
            return _times, scale(coefficient, array), inside
        case "scale" if condition.is_scalar:
            return scale, term.args[0], term.args[1]
        case "scale":
            s, inside = term.args
            if inside.op == "add":
                return hadamard, scale(s, ones(*term.shape)), inside
            way, coefficient, moving = _part_of_term(condition, inside)
            return way, scale(s, coefficient), moving
        case "matmul" if condition.is_scalar:
            left, inside, right = product_around(term, dx)
            if left is not None:
                return multiply, left, inside if right is None else matmul(inside, right)
    return hadamard, ones(*term.shape), term


def _times(coefficient: Node, moving: Node) -> Node:
    return scale(moving, coefficient)
