"""In which variables a function is strictly convex, read from the proof that it is convex.

A convex value is strictly so in v where it lies below the chord of any two points that differ in v. Sums collect the variables
of their terms; functions of what is affine have those in which that is injective; increasing ones keep what is strict.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce

from matcalc.convexity.composing.calls import words_at
from matcalc.convexity.context import Context
from matcalc.convexity.kinds.injective import forms_of, injective_in
from matcalc.convexity.proofs import Proof
from matcalc.expr import Node, factors, is_number, postorder, power, scaled, terms, variables
from matcalc.expr.facts import is_pd, is_positive
from matcalc.functions import row_of

__all__ = ["directions_of", "strict_in"]

NOTHING: frozenset[Node] = frozenset()


def strict_in(proof: Proof, at: Context) -> frozenset[Node]:
    """The variables in which a convex, or concave, value is strictly so; empty where that is not known."""
    if proof.claim == "affine":
        return NOTHING
    rule = RULES.get(proof.rule)
    return NOTHING if rule is None else rule(proof, at)


def _any(proof: Proof, at: Context) -> frozenset[Node]:
    """Of a sum: where one term is strict, all of them together are."""
    return reduce(frozenset.union, (strict_in(p, at) for p in proof.below), NOTHING)


def _linear(proof: Proof, at: Context) -> frozenset[Node]:
    """Sums of entries with weights > 0; a trace leaves entries out."""
    node = proof.node
    fixed = [a for a in node.args if not at.moves(a)]
    if node.op == "matmul" and all(map(at.is_positive, fixed)):
        return _any(proof, at)
    return _any(proof, at) if node.op in ("total", "transpose", "vec", "unvec") else NOTHING


def _minkowski(proof: Proof, at: Context) -> frozenset[Node]:
    """Sums of powers, with weights > 0."""
    return _any(proof, at) if proof.node.op == "add" else _linear(proof, at)


def _times(proof: Proof, at: Context) -> frozenset[Node]:
    """A constant factor that is not 0."""
    fixed = [power(b, e) for b, e in factors(proof.node) if not at.moves(b) and not at.moves(e)]
    if proof.node.op == "scale":
        fixed = [a for a in proof.node.args if not at.moves(a)]
    return _any(proof, at) if all(map(at.is_positive, fixed)) else NOTHING


def _inside(proof: Proof, at: Context) -> frozenset[Node]:
    """Where what stands inside is affine: the variables in which that is injective; else those in which it is strict."""
    return reduce(
        frozenset.union,
        (injective_in(p.node, at) if _is_affine(p, at) else strict_in(p, at) for p in proof.below),
        NOTHING,
    )


def _is_affine(proof: Proof, at: Context) -> bool:
    return at.shape(proof.node).get("affine") is not None


def _exponential(proof: Proof, at: Context) -> frozenset[Node]:
    """exp(u), and a^u with a number a."""
    is_known = proof.node.op == "apply" or is_number(proof.node.args[0]) is not None
    return _inside(proof, at) if is_known else NOTHING


def _square(proof: Proof, at: Context) -> frozenset[Node]:
    """Even powers, and forms with a definite matrix."""
    node = proof.node
    if node.op == "power":
        return injective_in(node.args[0], at) if len(node.args) == 2 else NOTHING
    found = (b for b, m in forms_of(node) if at.moves(b) and (m is None or (is_pd(m) and not at.moves(m))))
    return reduce(frozenset.union, (injective_in(b, at) for b in found), NOTHING)


def _of_function(proof: Proof, at: Context) -> frozenset[Node]:
    """An analytic function of one number that is convex and not affine is strictly so."""
    node = proof.node
    if node.op != "apply" or len(node.args) != 1:
        return NOTHING
    row = row_of(node.data[0])
    if not row.analytic or not row.continuous or row.linear_in(row.parameters[0]):
        return NOTHING
    (inside,) = proof.below
    words = words_at(row.monotone.get(row.parameters[0], ()), node.args[0], at)
    if inside.claim == "affine":
        return injective_in(inside.node, at)
    return strict_in(inside, at) if words & {"increasing", "decreasing"} else NOTHING


def _power(proof: Proof, at: Context) -> frozenset[Node]:
    """Convex powers e > 1 of what is convex and not negative, e < 0 of what is affine; concave ones with 0 < e < 1."""
    node = proof.node
    e = is_number(node.args[1]) if node.op == "power" and len(node.args) == 2 else None
    if e is None or len(proof.below) != 1:
        return NOTHING
    if _is_norm_with_constant(proof.below[0], e, at):
        return _any(proof.below[0], at)
    bends = 0 < e < 1 if proof.claim == "concave" else e > 1 or (e < 0 and _is_affine(proof.below[0], at))
    return _inside(proof, at) if bends else NOTHING


def _is_norm_with_constant(inside: Proof, e: Fraction, at: Context) -> bool:
    """(c + h_1^p + …)^(1/p) with c > 0 and p > 1: equality in Minkowski's inequality asks that all h_i stay what they are."""
    degree = None if inside.degree is None else is_number(inside.degree)
    if degree is None or degree <= 1 or degree * e != 1 or inside.rule != "minkowski" or inside.node.op != "add":
        return False
    return any(not at.moves(term) and at.is_positive(scaled(c, term)) for term, c in terms(inside.node))


def _reciprocal(proof: Proof, at: Context) -> frozenset[Node]:
    """u^e with e < 0 and an affine u > 0."""
    node = proof.node
    e = is_number(node.args[1]) if node.op == "power" and len(node.args) == 2 else None
    is_one = e is not None and e < 0 and len(proof.below) == 1 and _is_affine(proof.below[0], at)
    return _inside(proof, at) if is_one else NOTHING


def _of_one_number(proof: Proof, at: Context) -> frozenset[Node]:
    """A smooth function that is not affine, whatever its constants are."""
    (inside,) = proof.below
    return injective_in(inside.node, at) if _is_never_affine(proof, at) and _is_affine(inside, at) else NOTHING


def _is_never_affine(proof: Proof, at: Context) -> bool:
    """Whether the second derivative is 0 at single points at the most: there are no constants, or it is not 0 anywhere."""
    second = proof.shown
    if second is None or second.is_zero:
        return False
    sign = scaled(1 if proof.claim == "convex" else -1, second)
    has_constants = any(part.op == "dimension" for part in postorder(proof.node))
    return (at.moving.issuperset(variables(proof.node)) and not has_constants) or is_positive(sign)


def _trace(proof: Proof, at: Context) -> frozenset[Node]:
    """tr f(S) for an f that is strictly convex."""
    (inside,) = proof.below
    function = proof.node.args[0]
    if inside.claim != "affine":
        return NOTHING
    if proof.shown is not None:
        return injective_in(inside.node, at) if _is_never_affine(proof, at) else NOTHING
    smooth = function.op == "matpow" or row_of(row_of(function.data[0]).primary).analytic
    return injective_in(inside.node, at) if smooth else NOTHING


def directions_of(proof: Proof, at: Context) -> tuple[Context, dict[Node, Node]]:
    """Where the direction moves in a second differential, and the variable of each direction."""
    assert proof.shown is not None
    names = {f"d{v.data[0]}": v for v in at.moving}
    found = {d: names[d.data[0]] for d in variables(proof.shown) if d.data[0] in names}
    here = Context(at.fold, proof.shown, found, differentiates=False)
    here.positive |= at.positive
    here.definite |= at.definite
    return here, found


def _logarithm(proof: Proof, at: Context) -> frozenset[Node]:
    """u log(c / u) with an affine u alone."""
    return _inside(proof, at) if len(proof.below) == 1 and _is_affine(proof.below[0], at) else NOTHING


def _in_order(proof: Proof, at: Context) -> frozenset[Node]:
    """f(S) with an affine S: tr f(S) is strictly convex, so that f(S) is off the chord."""
    function = proof.node
    smooth = function.op == "matpow" or (function.op == "call" and row_of(row_of(function.data[0]).primary).analytic)
    return _inside(proof, at) if smooth and _is_affine(proof.below[0], at) else NOTHING


def _trace_of_order(proof: Proof, at: Context) -> frozenset[Node]:
    """tr(N), and tr(N C) with a definite C."""
    (below,) = proof.below
    if below.rule == "gram":
        return _square(proof, at)
    inside = proof.node.args[0] if proof.node.op == "trace" else None
    if inside is None or below.rule != "loewner":
        return NOTHING
    rest = [a for a in inside.args if a is not below.node] if inside is not below.node else []
    return strict_in(below, at) if all(is_pd(a) and not at.moves(a) for a in rest) else NOTHING


def _hessian(proof: Proof, at: Context) -> frozenset[Node]:
    """A second differential that is strictly convex in the direction is positive for every one that is not 0."""
    if proof.shown is None:
        return NOTHING
    here, of = directions_of(proof, at)
    form = here.shape(proof.shown).get(proof.claim)
    if form is None or form.needs:
        return NOTHING
    return at.moving if strict_in(form, here) >= set(of) and len(of) == len(at.moving) else NOTHING


#: rule -> the variables in which a step by it is strict
RULES: dict[str, Callable[[Proof, Context], frozenset[Node]]] = {
    "sum": _any,
    "minkowski": _minkowski,
    "squares": _any,
    "log-convex sum": _any,
    "exp of": _any,
    "log-convex": _reciprocal,
    "linear": _linear,
    "constant factor": _times,
    "square": _square,
    "of affine": _of_function,
    "composition": _of_function,
    "exponential": _exponential,
    "logdet": _inside,
    "power": _power,
    "root": _power,
    "univariate": _of_one_number,
    "trace function": _trace,
    "hessian": _hessian,
    "perspective": _logarithm,
    "loewner": _in_order,
    "order": _trace_of_order,
}
