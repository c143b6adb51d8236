"""Strong convexity: how much of a square can be taken off so that what is left is convex.

A function is strongly convex in x with constant m where f - m/2 ||x||^2 is convex. The constant of a sum is that of its
convex terms together, that of a form with a definite matrix is twice its smallest eigenvalue, and of a function of one
number it is the least value of its second derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from matcalc.convexity.context import Context
from matcalc.convexity.kinds.injective import forms_of, stretch_of
from matcalc.convexity.kinds.strict import directions_of
from matcalc.convexity.proofs import FLIPPED, Proof
from matcalc.convexity.ranges import RANGE
from matcalc.expr import (
    Node,
    add,
    call,
    factors,
    hadamard,
    identity,
    is_number,
    matmul,
    number,
    power,
    scaled,
    transpose,
)
from matcalc.expr.facts import is_orthogonal, is_pd, is_positive
from matcalc.simplify import simplify

__all__ = ["constants_of"]

Constants = Mapping[Node, Node]
TWO = number(2)
SECOND = Fraction(1, 2)


def constants_of(proof: Proof, at: Context) -> Constants:
    """For each variable a constant m > 0 such that m/2 ||v||^2 may be taken off, all of them together."""
    rule = RULES.get(proof.rule)
    return {} if rule is None or proof.claim == "affine" else rule(proof, at)


def _together(*parts: Constants) -> Constants:
    found: dict[Node, Node] = {}
    for part in parts:
        for v, m in part.items():
            found[v] = add(found[v], m) if v in found else m
    return found


def _times(c: Node, constants: Constants) -> Constants:
    return {v: hadamard(c, m) for v, m in constants.items()}


def _sum(proof: Proof, at: Context) -> Constants:
    """Of terms that are all convex."""
    if proof.node.op != "add":
        return {}
    bend = "concave" if proof.claim == "concave" else "convex"
    found: list[Constants] = []
    for term, c in zip(proof.node.args, proof.node.data, strict=True):
        below = at.shape(term).get(bend if c > 0 else FLIPPED[bend])
        if below is not None:
            found.append(_times(number(abs(c)), constants_of(below, at)))
    return _together(*found)


def _factor(proof: Proof, at: Context) -> Constants:
    node = proof.node
    fixed = [power(b, e) for b, e in factors(node) if not at.moves(b) and not at.moves(e)]
    if node.op == "power" and node.is_scalar and all(is_positive(c) for c in fixed):
        return _times(hadamard(*fixed), _together(*(constants_of(p, at) for p in proof.below)))
    return {}


def _same(proof: Proof, at: Context) -> Constants:
    """Sums of entries."""
    weights = [a for a in proof.node.args if not at.moves(a)]
    if proof.node.op == "total" or (proof.node.op == "matmul" and all(a.op == "ones" for a in weights)):
        return _together(*(constants_of(p, at) for p in proof.below))
    return {}


def _form(proof: Proof, at: Context) -> Constants:
    """u^T M u with an affine u that stretches x: 2 c^2 times the smallest eigenvalue."""
    node = proof.node
    if node.op == "power":
        is_square = len(node.args) == 2 and is_number(node.args[1]) == 2
        return _of_stretch(node.args[0], None, at) if is_square else {}
    for b, m in forms_of(node):
        if at.moves(b) and not (m is not None and at.moves(m)) and (found := _of_stretch(b, m, at)):
            return found
    return {}


def _of_stretch(b: Node, m: Node | None, at: Context) -> Constants:
    """That of tr(B^T M B): of a definite M that is orthogonal, which is the identity, that of tr(B^T B)."""
    known = stretch_of(b, at)
    if known is None:
        return {}
    x, scale, left = known
    if not is_positive(scale):
        return {}
    middle = m if left is None else matmul(transpose(left), identity(left.rows) if m is None else m, left)
    middle = None if middle is None else simplify(middle)
    if middle is not None and not is_pd(middle):
        return {}
    if middle is None or is_orthogonal(middle):
        return {x: hadamard(TWO, scale)}
    return {x: hadamard(TWO, scale, call("eigmin", middle, shape=scale.shape))}


def _least(proof: Proof, at: Context) -> Constants:
    """The least value of the second derivative."""
    (inside,) = proof.below
    known = stretch_of(inside.node, at)
    if known is None or known[2] is not None or proof.shown is None or not is_positive(known[1]):
        return {}
    inside_range = RANGE(proof.shown if proof.claim == "convex" else scaled(-1, proof.shown))
    low = inside_range.low
    if not 0 < low < float("inf"):
        return {}
    least = Fraction(low).limit_denominator(1000)
    return {known[0]: hadamard(number(least), known[1])} if 0 < least <= low else {}


def _hessian(proof: Proof, at: Context) -> Constants:
    """Of a second differential q(d) >= m/2 ||d||^2: half of that."""
    if proof.shown is None:
        return {}
    here, variables_of = directions_of(proof, at)
    form = here.shape(proof.shown).get(proof.claim)
    if form is None or form.needs:
        return {}
    return {variables_of[d]: scaled(SECOND, m) for d, m in constants_of(form, here).items()}


#: rule -> the constants of a step by it
RULES: dict[str, Callable[[Proof, Context], Constants]] = {
    "sum": _sum,
    "minkowski": _sum,
    "constant factor": _factor,
    "linear": _same,
    "square": _form,
    "order": _form,
    "univariate": _least,
    "hessian": _hessian,
}
