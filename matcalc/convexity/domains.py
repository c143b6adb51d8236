"""Whether a function is defined on a convex set: every requirement of a part has to hold everywhere, or cut out a convex set."""

from __future__ import annotations

from matcalc.convexity.composing.cones import FACTORED
from matcalc.convexity.context import Context
from matcalc.convexity.proofs import Need
from matcalc.convexity.ranges import RANGE
from matcalc.expr import Node, factors, is_number, postorder, scaled
from matcalc.expr.facts import is_nonnegative, is_pd, is_positive, is_psd
from matcalc.functions import row_of
from matcalc.functions.properties import (
    ABOVE_0,
    DEFINITE,
    EVERYWHERE,
    INFINITE,
    INVERTIBLE,
    NO_NEGATIVE_EIGENVALUE,
    SYMMETRIC,
    Interval,
    Off,
)

__all__ = ["has_convex_domain", "is_on_cone"]

#: Kinds of variables that are no convex sets.
BENT = {"orthogonal", "invertible", "integer"}


def has_convex_domain(root: Node, needs: tuple[Need, ...], at: Context) -> bool:
    """Whether the natural domain is convex, where the needs hold."""
    if any(BENT.intersection(v.data[1]) for v in at.moving):
        return False
    held = {need.node for need in needs if need.kind in ("positive", "at least 1")}
    return all(_is_convex(node, held, at) for node in postorder(root) if at.moves(node))


def _is_convex(node: Node, held: set[Node], at: Context) -> bool:
    """Whether the node has values on a convex set of those of its operands, or everywhere."""
    if node.op == "power":
        pairs = zip(node.args[::2], node.args[1::2], strict=True)
        return all(_has_power(b, e, held, at) for b, e in pairs if at.moves(b) or at.moves(e))
    if node.op in ("matpow", "logdet", "adjugate"):
        return _is_inverted_well(node, at)
    if node.op in ("apply", "call"):
        return _has_call(node, held, at)
    return True


def _has_power(base: Node, exponent: Node, held: set[Node], at: Context) -> bool:
    e = is_number(exponent)
    if e is not None and e.denominator == 1 and e > 0:
        return True
    if is_positive(exponent) or exponent in held:
        return is_nonnegative(base) or _is_above(base, at)
    bounded = base in held or base in at.positive
    if is_positive(base) or ABOVE_0.covers(RANGE(base)) or (bounded and _is_above(base, at)):
        return True
    return scaled(-1, base) in held and _is_above(base, at, "convex")


def _is_above(base: Node, at: Context, shape: str = "concave") -> bool:
    """Whether {base > 0} is convex, or of a convex one {base < 0}."""
    return (
        not at.moves(base) or at.shape(base).get(shape) is not None or (shape == "concave" and _is_factored(base, at))
    )


def _is_factored(node: Node, at: Context) -> bool:
    """Whether it is a number that is positive everywhere, times what is concave."""
    return any(mean.rule == FACTORED for mean in at.shape(node).means.values())


def _is_inverted_well(node: Node, at: Context) -> bool:
    if node.op == "matpow" and (is_number(node.args[1]) or -1) > 0:
        return True
    return not at.moves(node.args[0]) or is_on_cone(node.args[0], at)


def is_on_cone(matrix: Node, at: Context) -> bool:
    """Whether a matrix is definite everywhere, or on a convex set and nowhere indefinite."""
    return is_pd(matrix) or (is_psd(matrix) and at.shape(matrix).get("order concave") is not None)


def _has_call(node: Node, held: set[Node], at: Context) -> bool:
    row = row_of(node.data[0])
    if node.data[0] == "where":
        return False
    names = row.given(len(node.args)) if row.parameters else ()
    operands = dict(zip(names, node.args, strict=False))
    for need in row.domain:
        if need.fact in (EVERYWHERE, SYMMETRIC):
            continue
        for operand in (operands[name] for name in need.of if name in operands):
            if at.moves(operand) and not _meets(need.fact, operand, at):
                return False
    return True


def _has_positive_factors(product: Node, at: Context) -> bool:
    """Whether a product is positive where its only factor of unknown sign is in a convex set: u / v > 0 where v > 0."""
    unknown = [b for b, _ in factors(product) if not (is_positive(b) or ABOVE_0.covers(RANGE(b)))]
    return not unknown or (len(unknown) == 1 and unknown[0] in at.positive and _is_above(unknown[0], at))


def _meets(fact: object, operand: Node, at: Context) -> bool:
    """Whether a fact holds of an operand everywhere, or where that is in a convex set."""
    inside = RANGE(operand)
    if isinstance(fact, Off):
        return inside.low > fact.first or (inside.low == fact.first and not inside.with_low)
    if not isinstance(fact, Interval):
        return fact in (DEFINITE, INVERTIBLE, NO_NEGATIVE_EIGENVALUE) and is_on_cone(operand, at)
    if fact.covers(inside) or (fact == ABOVE_0 and operand.op == "power" and _has_positive_factors(operand, at)):
        return True
    shape = at.shape(operand)
    if fact == ABOVE_0 and _is_factored(operand, at):
        return True
    return all(
        shape.get(claim) is not None
        for claim, end in (("concave", fact.low), ("convex", fact.high))
        if abs(end) != INFINITE
    )
